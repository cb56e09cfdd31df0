"""Signing in and out: our words and pages over django-allauth."""
