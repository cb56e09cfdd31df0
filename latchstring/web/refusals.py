"""Pages for when we cannot answer just now. They touch no database: it may be what is missing.

A form that was sent comes back in the page with what was typed in it, so that one button sends the
same again; what was loaded with a link is asked for again by itself where scripts run.
"""

import random
import re
import sys

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.views.defaults import server_error as plain_server_error

from latchstring.kernel import metrics
from latchstring.web import gate

NOT_NOW = (OperationalError, InterfaceError)  # no connection, none free, or it took too long
_NEVER_SHOWN = re.compile(r"password|^code$", re.IGNORECASE)


def busy(request: HttpRequest, reason: str, lane: str = "any") -> HttpResponse:
    """Answer 503 with a page that says when to come again and keeps what was typed."""
    metrics.turned_away.labels(lane, reason).inc()
    seconds = random.randint(*gate.RETRY_SECONDS)  # noqa: S311 - nothing secret
    fields, had_files = _typed(request)
    page = gate.busy_page(
        "es" if request.path_info.startswith("/es/") else "en",
        seconds,
        request.get_full_path(),
        sent=request.method == "POST",
        fields=fields,
        had_files=had_files,
    )
    answer = HttpResponse(page, status=503)
    answer["Retry-After"] = str(seconds)
    answer["Cache-Control"] = "no-store"
    return answer


def _typed(request: HttpRequest) -> tuple[list[tuple[str, str]], bool]:
    """What a form held, field by field, passwords and files left out; and whether it had files."""
    if request.method != "POST":
        return [], False
    try:
        held = request.POST
        fields = [
            (name, value)
            for name, values in held.lists()
            for value in values
            if not _NEVER_SHOWN.search(name)
        ]
        return fields, bool(request.FILES)
    except (BadRequest, SuspiciousOperation, MultiPartParserError, OSError):
        return [], False


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what nobody caught: 503 when the database is not there, else the page for 500."""
    problem = sys.exc_info()[1]
    if isinstance(problem, NOT_NOW):
        return busy(request, "database")
    return plain_server_error(request)
