"""A PDF of ours as an answer: shown in place, kept by nobody on the way."""

from django.http import HttpResponse


def pdf_response(raw: bytes, name: str) -> HttpResponse:
    """Send a PDF under a file name; no cache keeps it."""
    response = HttpResponse(raw, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
