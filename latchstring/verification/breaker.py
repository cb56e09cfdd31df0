"""A source's circuit breaker: after failures in a row nobody calls it for a while.

One call in each pause is let through to see whether the source is back; it closes the breaker or
begins the next, longer pause.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from latchstring.kernel import transactions
from latchstring.verification.models import Breaker

FAILURES_MAX = 5
PAUSE_SECONDS = 30
PAUSE_SECONDS_MAX = 300


def opened_until(source: str) -> datetime | None:
    """Return until when (real time) nobody should call a source; None when it may be called."""
    row = Breaker.objects.filter(source=source, open_until__gt=timezone.now()).first()
    return row.open_until if row else None


def note(source: str, worked: bool) -> None:
    """Count a call that worked (closes the breaker) or failed (opens it after several)."""
    with transactions.verb():
        Breaker.objects.get_or_create(source=source)
        row = Breaker.objects.select_for_update().get(source=source)
        if worked:
            row.failures, row.open_until = 0, None
        else:
            row.failures += 1
            over = row.failures - FAILURES_MAX
            if over >= 0:
                pause = min(PAUSE_SECONDS * 2 ** min(over, 6), PAUSE_SECONDS_MAX)
                row.open_until = timezone.now() + timedelta(seconds=pause)
        row.save()


def states() -> dict[str, datetime]:
    """Return the sources that are not called just now, with the moment of the next try."""
    rows = Breaker.objects.filter(open_until__gt=timezone.now())
    return {row.source: row.open_until for row in rows if row.open_until}
