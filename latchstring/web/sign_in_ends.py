"""When a sign-in ends by itself, and the button that lets it go on.

Half an hour without a page, or half a day in all, by real time. Two minutes before, a page with
scripts says so and asks (assets/js/stay.js); what is typed after that is kept (kept_words.py).
"""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_only_middleware

from latchstring.web.who import who_may

Next = Callable[[HttpRequest], HttpResponse]


@who_may("resident")
def stay(request: HttpRequest) -> HttpResponse:
    """Stay signed in: being asked for is enough (a button, so only by POST)."""
    return HttpResponse(status=204 if request.method == "POST" else 405)


@sync_only_middleware
def sign_in_ends(get_response: Next) -> Next:
    """End a sign-in that nobody used for a while, and any after half a day, by real time."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            _watch(request)
        return get_response(request)

    return middleware


def _watch(request: HttpRequest) -> None:
    session, now = request.session, time.time()
    since, seen = session.get("since", now), session.get("seen", 0.0) or now
    if now - seen > settings.SIGN_IN_IDLE_SECONDS or now - since > settings.SESSION_COOKIE_AGE:
        door = session.get("state")
        logout(request)
        if door:
            request.session["state"] = door
        return
    by_itself = "HX-Request" in request.headers  # a page that looks again by itself is nobody
    if "seen" not in session or (now - seen > settings.SIGN_IN_IDLE_SECONDS / 20 and not by_itself):
        session["since"], session["seen"] = since, now


def seconds_left(request: HttpRequest) -> int:
    """Return after how many seconds without a page this sign-in ends; 0 for nobody."""
    session = getattr(request, "session", None)
    if session is None or not request.user.is_authenticated:
        return 0
    whole = session.get("since", time.time()) + settings.SESSION_COOKIE_AGE - time.time()
    return max(0, int(min(settings.SIGN_IN_IDLE_SECONDS, whole)))
