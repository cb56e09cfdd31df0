"""What happens around every request: a log line, the row scope, errors in plain words."""

import logging
import time
from collections.abc import Callable

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import sync_only_middleware

from latchstring.kernel import errors, scope
from latchstring.people import door as people

log = logging.getLogger("latchstring.request")
Next = Callable[[HttpRequest], HttpResponse]

# Pages that must answer without a database, and files.
_UNSCOPED = ("/static/", "/healthz")
STATUS: dict[type[errors.LatchstringError], int] = {
    errors.Invalid: 422,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Unavailable: 503,
}


@sync_only_middleware
def one_line_per_request(get_response: Next) -> Next:
    """Write one line: method, route pattern (never the path: it may hold a reference), status."""

    def middleware(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = get_response(request)
        match = getattr(request, "resolver_match", None)
        log.info(
            "request",
            extra={
                "method": request.method,
                "route": match.route if match else "unknown",
                "status": response.status_code,
                "ms": round((time.perf_counter() - began) * 1000, 1),
            },
        )
        return response

    return middleware


@sync_only_middleware
def within_scope(get_response: Next) -> Next:
    """Limit the connection to one agency's rows: staff's own, or that of the door's state."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(_UNSCOPED):
            return get_response(request)
        scope.enter(_agency(request))
        return get_response(request)

    return middleware


def _agency(request: HttpRequest) -> str:
    staff = people.staff_of(request.user)
    request.staff = staff  # type: ignore[attr-defined]
    request.agency = None  # type: ignore[attr-defined]
    parts = [part for part in request.path.split("/") if part]
    if parts and parts[0] == "es":
        parts = parts[1:]
    if parts and len(parts[0]) == 2:
        request.agency = people.agency_of_state(parts[0])  # type: ignore[attr-defined]
    elif staff is not None:
        request.agency = staff.agency  # type: ignore[attr-defined]
    return request.agency.slug if request.agency else ""  # type: ignore[attr-defined]


class errors_in_plain_words:  # noqa: N801 - named as the setting reads
    """Turn our errors into a page that says what to do; nothing technical reaches a person."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """Answer a kernel error with its page; let everything else be a 500 that is logged."""
        if isinstance(problem, Http404):
            return render(request, "errors/404.html", status=404)
        if isinstance(problem, OperationalError):
            return render(request, "errors/503.html", status=503)
        if not isinstance(problem, errors.LatchstringError):
            return None
        for kind, status in STATUS.items():
            if isinstance(problem, kind):
                template = f"errors/{status}.html"
                return render(request, template, {"problem": problem}, status=status)
        return render(request, "errors/500.html", status=500)
