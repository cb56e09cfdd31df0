"""`/metrics`: figures for Prometheus, to this machine or to whoever holds the token; else 404.

Process counts come from the folder that all processes of this home share (kernel/metrics.py), the
state of the work from the database (flow/measure.py). Without a database the counts still answer.
"""

import hmac
import ipaddress
from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from latchstring.flow import door as flow
from latchstring.kernel import metrics
from latchstring.web.who import who_may

PREFIX = "latchstring_"


class WorkNow(Collector):
    """The figures that are read from the database at each asking."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield each figure; only `latchstring_database_up 0` when the database does not answer."""
        up = GaugeMetricFamily(f"{PREFIX}database_up", "1 when the database answered.")
        try:
            found = flow.figures()
        except DatabaseError:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        for figure in found:
            family = GaugeMetricFamily(
                PREFIX + figure.name, figure.says, labels=list(figure.labels)
            )
            for labels, value in figure.values.items():
                family.add_metric(list(labels), value)
            yield family


@who_may("anyone")
def figures(request: HttpRequest) -> HttpResponse:
    """Answer the figures to this machine, or to a bearer of LATCHSTRING_METRICS_TOKEN."""
    if not _may_read(request):
        raise Http404
    registry = metrics.registry()
    registry.register(WorkNow())
    answer = HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
    answer["Cache-Control"] = "no-store"
    return answer


def _may_read(request: HttpRequest) -> bool:
    """The token where one is set; else a neighbour on this machine that no proxy speaks for."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").encode()
        return hmac.compare_digest(given, f"Bearer {settings.METRICS_TOKEN}".encode())
    if any(f"HTTP_{name}" in request.META for name in ("X_FORWARDED_FOR", "FORWARDED", "VIA")):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
