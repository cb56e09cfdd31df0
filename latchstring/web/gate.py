"""The gate in front of everything: a place for each request, or a kind word at next to no cost.

It stands before the framework, because being turned away must cost almost nothing: otherwise those
turned away would take the time of those who are served. Who asked for a page gets a ready-made
answer; a form that was sent goes on with a mark, so that the answer can keep what was typed
(middleware.turned_away).
"""

import functools
import html
import logging
import random
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.http import parse_cookie
from django.template.loader import render_to_string
from django.utils import translation

from latchstring.kernel import log as lines
from latchstring.kernel import metrics
from latchstring.web import places

log = logging.getLogger("latchstring.request")
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
MARK = "latchstring.turned_away"  # (reason, lane) in the environ of a form that found no place
ALWAYS = ("/static/", "/healthz", "/readyz", "/metrics")  # answered whoever is waiting
RETRY_SECONDS = (5, 15)  # spread, so that those turned away do not come back together
_ADDRESS, _SECONDS = "/the-address/", 4711
_ROUTE = "turned away"


def gate(application: Application) -> Application:
    """Wrap a WSGI application so that it works on no more requests than there are places."""

    def wrapped(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "/")
        if path.startswith(ALWAYS):
            return application(environ, start)
        lane = places.lane_of(parse_cookie(environ.get("HTTP_COOKIE", "")))
        why_not = places.here.take(lane)
        if why_not:
            if environ["REQUEST_METHOD"] in ("GET", "HEAD"):
                return _come_again(environ, start, lane, why_not)
            environ[MARK] = (why_not, lane)
            return application(environ, start)
        try:
            return application(environ, start)
        finally:
            places.here.give_back(lane)

    return wrapped


def _come_again(
    environ: dict[str, Any], start: Callable[..., Any], lane: str, why_not: str
) -> Iterable[bytes]:
    metrics.turned_away.labels(lane, why_not).inc()
    metrics.requests.labels(_ROUTE, environ["REQUEST_METHOD"], "5xx").inc()
    seconds = random.randint(*RETRY_SECONDS)  # noqa: S311 - nothing secret
    path = environ.get("PATH_INFO", "/").encode("latin-1", "replace").decode("utf-8", "replace")
    query = environ.get("QUERY_STRING", "")
    address = html.escape(f"/{path.lstrip('/')}{'?' + query if query else ''}")
    page = _page("es" if path.startswith("/es/") else "en")
    body = page.replace(_ADDRESS, address).replace(str(_SECONDS), str(seconds)).encode()
    start(
        "503 Service Unavailable",
        [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Retry-After", str(seconds)),
            ("Cache-Control", "no-store"),
            *_guarding_headers(),
        ],
    )
    with lines.about(request=lines.request_id(environ.get("HTTP_X_REQUEST_ID"))):
        extra = {"method": environ["REQUEST_METHOD"], "status": 503, "lane": lane, "why": why_not}
        log.info("turned away", extra=extra)
    return [body]


@functools.cache
def _page(language: str) -> str:
    """The page for who asked for a page, made once per language."""
    return busy_page(language, _SECONDS, _ADDRESS)


def busy_page(
    language: str,
    seconds: int,
    address: str,
    *,
    sent: bool = False,
    fields: Iterable[tuple[str, str]] = (),
    had_files: bool = False,
) -> str:
    """Return the page that asks to come again; with `sent`, it holds what was typed."""
    with translation.override(language):
        return render_to_string(
            "errors/busy.html",
            {
                "language": language,
                "other": "en" if language == "es" else "es",
                "seconds": seconds,
                "address": address,
                "sent": sent,
                "fields": fields,
                "had_files": had_files,
                "brand": {"slug": "latchstring"},
            },
        )


@functools.cache
def _guarding_headers() -> tuple[tuple[str, str], ...]:
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    words = "; ".join(f"{name} {' '.join(values)}" for name, values in policy.items())
    return (
        ("Content-Security-Policy", words),
        ("X-Frame-Options", settings.X_FRAME_OPTIONS),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", settings.SECURE_REFERRER_POLICY),
    )
