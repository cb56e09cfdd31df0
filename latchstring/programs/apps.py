from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    """The programs room."""

    name = "latchstring.programs"
    label = "programs"
