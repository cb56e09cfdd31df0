"""Forget abandoned: files that never came whole, or became a paper, leave nothing behind."""

import time

from latchstring.documents import halves
from latchstring.documents.models import Sending
from latchstring.kernel import clock

_HOUR = 3600


def forget_abandoned(limit: int = 500) -> int:
    """Remove the pieces of sendings that became a paper or are past their day; returns how many.

    Safe to repeat: pieces go before their row, and a row without pieces is swept again.
    """
    done = 0
    given = Sending.objects.filter(document__isnull=False)
    for sending in given.order_by("begun_at")[:limit]:
        if halves.path_of(sending.id).exists():
            halves.remove(sending.id)  # the row stays until its day: the same form sent again
            done += 1
    for sending in Sending.objects.filter(expires_at__lt=clock.now())[:limit]:
        halves.remove(sending.id)
        sending.delete()
        done += 1
    return done + _without_a_row()


def _without_a_row() -> int:
    """Remove pieces whose row never came: the transaction that began them did not commit."""
    before, done = time.time() - _HOUR, 0
    known = {str(id) for id in Sending.objects.values_list("id", flat=True)}
    for path in halves.folder().glob("*/*.pieces"):
        if path.stem not in known and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            done += 1
    return done
