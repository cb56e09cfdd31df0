from django.apps import AppConfig


class FlowConfig(AppConfig):
    """The flow room."""

    name = "latchstring.flow"
    label = "flow"
