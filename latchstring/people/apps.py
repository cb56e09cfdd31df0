from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The people room."""

    name = "latchstring.people"
    label = "people"
