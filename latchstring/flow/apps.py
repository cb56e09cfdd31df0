from django.apps import AppConfig
from django.utils.module_loading import import_string

from latchstring.kernel import events


class FlowConfig(AppConfig):
    """The flow room: names the one router of events when everything is loaded."""

    name = "latchstring.flow"
    label = "flow"

    def ready(self) -> None:
        """Let each event defer the jobs it wakes, in its own transaction."""
        # Not at the top: the route's rooms have models, which are there only when apps are ready.
        events.route_with(import_string("latchstring.flow.route.route"))
