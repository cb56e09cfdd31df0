from django.apps import AppConfig


class FundsConfig(AppConfig):
    """The funds room."""

    name = "latchstring.funds"
    label = "funds"
