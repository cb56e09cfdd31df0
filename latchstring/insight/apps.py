from django.apps import AppConfig


class InsightConfig(AppConfig):
    """The insight room."""

    name = "latchstring.insight"
    label = "insight"
