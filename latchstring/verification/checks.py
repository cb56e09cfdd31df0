"""What must hold of questions to other agencies, as queries that return the offending rows."""

from typing import Any

from django.db.models import Q

from latchstring.kernel import clock
from latchstring.partners import door as partners
from latchstring.verification.models import Check, Exchange


def open_checks() -> list[Check]:
    """Return every check without an end, however old, that is due: for the sweeper."""
    rows = Check.objects.filter(answered_at__isnull=True, given_up_at__isnull=True)
    return list(rows.filter(next_try_at__lte=clock.now()).order_by("next_try_at")[:500])


def checks_nobody_will_ask() -> list[dict[str, Any]]:
    """Return open checks that have no next try: they would wait for ever."""
    rows = Check.objects.filter(
        answered_at__isnull=True, given_up_at__isnull=True, next_try_at__isnull=True
    )
    return [dict(row) for row in rows.values("id", "agency", "case")]


def calls_without_standing() -> list[dict[str, Any]]:
    """Return calls that were made under an agreement that is not there (there must be none)."""
    known = set(partners.Agreement.objects.values_list("id", flat=True))
    return [
        {"id": row.id, "agency": row.agency}
        for row in Exchange.objects.order_by("id").iterator(chunk_size=1_000)
        if row.agreement not in known
    ]


def answers_half_kept() -> list[dict[str, Any]]:
    """Return checks whose answer, its moment and its outcome are not there all three or none."""
    rows = Check.objects.exclude(
        answered_at__isnull=True, answer_sealed__isnull=True, outcome=""
    ).exclude(Q(answered_at__isnull=False) & ~Q(outcome=""))
    return [dict(row) for row in rows.values("id", "agency", "case")]


CHECKS = {
    "I2 every open question has a next try": checks_nobody_will_ask,
    "I10 every call stood under an agreement": calls_without_standing,
    "I11 every answer is kept whole": answers_half_kept,
}
