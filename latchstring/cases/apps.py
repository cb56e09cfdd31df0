from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The cases room."""

    name = "latchstring.cases"
    label = "cases"
