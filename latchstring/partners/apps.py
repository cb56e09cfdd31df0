from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """The partners room."""

    name = "latchstring.partners"
    label = "partners"
