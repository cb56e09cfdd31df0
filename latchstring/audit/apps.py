from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The audit room."""

    name = "latchstring.audit"
    label = "audit"
