from django.apps import AppConfig


class WebConfig(AppConfig):
    """The web room."""

    name = "latchstring.web"
    label = "web"
