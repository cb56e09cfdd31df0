from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The kernel's tables: clock, events, timers."""

    name = "latchstring.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"
