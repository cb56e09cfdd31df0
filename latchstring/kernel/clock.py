"""The clock that can be turned.

Business time is real time plus an offset kept in the database, so that a six-month program can be
replayed in minutes and every process agrees. It is read once per transaction. Triggers, sign-in
sessions and one-time codes use real time.
"""

import contextlib
import contextvars
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

MOUNTAIN = ZoneInfo("America/Denver")  # New Mexico and Wyoming
LAST_SECOND = time(23, 59, 59)
_moment: contextvars.ContextVar[datetime | None] = contextvars.ContextVar("moment", default=None)


def _offset() -> timedelta:
    with connection.cursor() as cursor:
        cursor.execute("SELECT offset_by FROM kernel_clock")
        row = cursor.fetchone()
    return row[0] if row else timedelta()


def now() -> datetime:
    """Return the business moment, in UTC: the transaction's own where one is frozen."""
    return _moment.get() or datetime.now(UTC) + _offset()


def today() -> date:
    """Return the business day in Mountain time, where both states lie."""
    return now().astimezone(MOUNTAIN).date()


def end_of(day: date) -> datetime:
    """Return the last second of a Mountain day, when a clock that counts days runs out."""
    return datetime.combine(day, LAST_SECOND, MOUNTAIN).astimezone(UTC)


def is_end_of_day(moment: datetime) -> bool:
    """Whether a moment is the last second of a Mountain day: a clock of days, not of hours."""
    return moment.astimezone(MOUNTAIN).time() == LAST_SECOND


@contextlib.contextmanager
def frozen() -> Iterator[datetime]:
    """Hold one business moment for a block; an inner block keeps the outer one's."""
    held = _moment.get()
    if held is not None:
        yield held
        return
    token = _moment.set(now())
    try:
        yield _moment.get()  # type: ignore[misc]
    finally:
        _moment.reset(token)


def turn(by: timedelta) -> datetime:
    """Turn the business clock forward (tests and the demo); return the new business moment."""
    with connection.cursor() as cursor:
        # psycopg takes a timedelta as an interval; Django's stubs do not list it.
        cursor.execute(
            "UPDATE kernel_clock SET offset_by = offset_by + %s",
            [by],  # type: ignore[list-item]
        )
    return now()


def turn_to_present() -> datetime:
    """Turn the business clock back to real time (after the demo's past was lived)."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kernel_clock SET offset_by = interval '0'")
    return now()
