from django.apps import AppConfig


class VerificationConfig(AppConfig):
    """The verification room."""

    name = "latchstring.verification"
    label = "verification"
