"""What happens around every request: a log line, the row scope, errors in plain words."""

import contextlib
import logging
import time
from collections.abc import Callable

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import resolve
from django.utils.decorators import sync_only_middleware

from latchstring.kernel import clock, errors, kept, metrics, scope
from latchstring.kernel import log as lines
from latchstring.people import door as people
from latchstring.web import gate, places, refusals

log = logging.getLogger("latchstring.request")
Next = Callable[[HttpRequest], HttpResponse]

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_SAFE = ("GET", "HEAD")
STATUS: dict[type[errors.LatchstringError], int] = {
    errors.Invalid: 422,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Unavailable: 503,
}


@sync_only_middleware
def one_line_per_request(get_response: Next) -> Next:
    """Write one line: method, route pattern (never the path: it may hold a reference), status.

    The id that ties it to its events and jobs is taken from the proxy's X-Request-ID or made.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        number = lines.request_id(request.headers.get("X-Request-ID"))
        with lines.about(request=number):
            response = get_response(request)
            seconds = time.perf_counter() - began
            route = _route_of(request)
            log.info(
                "request",
                extra={
                    "method": request.method,
                    "route": route,
                    "status": response.status_code,
                    "ms": round(seconds * 1000, 1),
                },
            )
        response.headers.setdefault("X-Request-ID", number)
        _count(request.method or "", route, response.status_code, seconds)
        return response

    return middleware


def _route_of(request: HttpRequest) -> str:
    """The route's pattern; resolved here where the request was turned away before its view."""
    match = getattr(request, "resolver_match", None)
    if match is None:
        try:
            match = resolve(request.path_info)
        except Http404:
            return "unknown"
    return str(match.route)


def _count(method: str, route: str, status: int, seconds: float) -> None:
    known = method if method in _METHODS else "other"
    metrics.requests.labels(route, known, f"{status // 100}xx").inc()
    metrics.request_seconds.labels(route, known).observe(seconds)
    pool = getattr(connection, "pool", None)
    if pool is not None:
        stats = pool.get_stats()
        free = stats.get("pool_available", 0)
        metrics.pool_connections.labels("idle").set(free)
        metrics.pool_connections.labels("busy").set(stats.get("pool_size", 0) - free)
        metrics.pool_waiting.set(stats.get("requests_waiting", 0))


@sync_only_middleware
def turned_away(get_response: Next) -> Next:
    """Answer a form that found no place (gate.py) with a page that keeps what was typed."""

    def middleware(request: HttpRequest) -> HttpResponse:
        mark = request.META.get(gate.MARK)
        if mark:
            return refusals.busy(request, *mark)
        return get_response(request)

    return middleware


@sync_only_middleware
def within_scope(get_response: Next) -> Next:
    """Limit the connection to one agency's rows: staff's own, or that of the door's state."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(gate.ALWAYS):
            return get_response(request)
        with kept.for_a_while(), contextlib.ExitStack() as looking:
            try:
                scope.enter(_agency(request))
                if request.method in _SAFE:  # one moment for a page
                    looking.enter_context(clock.frozen())
            except refusals.NOT_NOW:
                return refusals.busy(request, "database")
            response = get_response(request)
            places.remember_lane(request, response)
            return response

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
        if isinstance(problem, refusals.NOT_NOW):
            log.warning("not now", extra={"why": type(problem).__name__})
            return refusals.busy(request, "database")
        if not isinstance(problem, errors.LatchstringError):
            return None
        for kind, status in STATUS.items():
            if isinstance(problem, kind):
                template = f"errors/{status}.html"
                return render(request, template, {"problem": problem}, status=status)
        return render(request, "errors/500.html", status=500)
