from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The notices room."""

    name = "latchstring.notices"
    label = "notices"
