from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """The documents room."""

    name = "latchstring.documents"
    label = "documents"
