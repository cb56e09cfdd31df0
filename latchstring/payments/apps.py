from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """The payments room."""

    name = "latchstring.payments"
    label = "payments"
