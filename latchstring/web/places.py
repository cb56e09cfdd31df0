"""Places: how many requests do work at once, and who comes first when they are many.

Three lanes share the places of a process. Newcomers may fill half of them, people who are signed
in three quarters, staff all: so work that somebody has begun goes on however many newcomers come,
and staff can always act. In each lane a bounded number waits in order for a short while; who finds
even the waiting places taken is asked at once to come back (refusals.busy). Nothing is started for
them, so nothing that was saved is lost.
"""

import collections
import hashlib
import threading
import time
from collections.abc import Mapping

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from latchstring.kernel import limits, metrics

LANES = ("newcomer", "signed_in", "staff")
_SALT = "latchstring.web.places"


class Places:
    """The places of one process. `ceilings[i]` bounds lane i and those below it together."""

    def __init__(self, places: int, waiting_max: dict[str, int], wait_seconds_max: float) -> None:
        staff_own = max(1, places // 4)
        signed_in_own = max(1, places // 4)
        self.ceilings = (max(1, places - staff_own - signed_in_own), places - staff_own, places)
        self._waiting_max = waiting_max
        self._wait_seconds_max = wait_seconds_max
        self._busy = dict.fromkeys(LANES, 0)
        self._queues: dict[str, collections.deque[threading.Event]] = {
            lane: collections.deque() for lane in LANES
        }
        self._lock = threading.Lock()

    def take(self, lane: str) -> str:
        """Take a place, waiting for it a little; returns why not (`full`, `long`) or nothing."""
        with self._lock:
            queue = self._queues[lane]
            if not queue and self._fits(lane):
                self._busy[lane] += 1
                return ""
            if len(queue) >= self._waiting_max[lane]:
                return "full"
            called = threading.Event()
            queue.append(called)
        began = time.monotonic()
        called.wait(self._wait_seconds_max)
        metrics.place_seconds.labels(lane).inc(time.monotonic() - began)
        with self._lock:
            if called.is_set():
                return ""
            queue.remove(called)
            return "long"

    def give_back(self, lane: str) -> None:
        """Leave a place to the next: staff first, then who is signed in, then newcomers."""
        with self._lock:
            self._busy[lane] -= 1
            for waiting in reversed(LANES):
                queue = self._queues[waiting]
                while queue and self._fits(waiting):
                    self._busy[waiting] += 1
                    queue.popleft().set()

    def _fits(self, lane: str) -> bool:
        rank = LANES.index(lane)
        return all(
            sum(self._busy[other] for other in LANES[: level + 1]) < self.ceilings[level]
            for level in range(rank, len(LANES))
        )


here = Places(settings.WEB_PLACES, limits.WEB_WAITING_MAX, limits.WEB_WAIT_SECONDS_MAX)


def lane_of(cookies: Mapping[str, str]) -> str:
    """Return the lane of a request from its cookies alone: no database is asked.

    The cookie is signed and bound to the session, so it cannot be made or handed on; whoever lacks
    it (or has signed out) is a newcomer.
    """
    session = cookies.get(settings.SESSION_COOKIE_NAME, "")
    given = cookies.get(settings.LANE_COOKIE_NAME, "")
    if not session or not given:
        return "newcomer"
    try:
        lane, bound = signing.loads(given, salt=_SALT, max_age=settings.SESSION_COOKIE_AGE)
    except (signing.BadSignature, ValueError, TypeError):
        return "newcomer"
    return lane if lane in LANES and bound == _bound(session) else "newcomer"


def remember_lane(request: HttpRequest, response: HttpResponse) -> None:
    """Give who is signed in the cookie of their lane; take it back from who is not."""
    user = getattr(request, "user", None)
    session = getattr(request, "session", None)
    if user is None or session is None or not user.is_authenticated or not session.session_key:
        if settings.LANE_COOKIE_NAME in request.COOKIES:
            response.delete_cookie(settings.LANE_COOKIE_NAME, samesite="Lax")
        return
    lane = "staff" if getattr(request, "staff", None) else "signed_in"
    if lane_of(request.COOKIES) == lane:
        return
    response.set_cookie(
        settings.LANE_COOKIE_NAME,
        signing.dumps([lane, _bound(session.session_key)], salt=_SALT),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _bound(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()[:16]
