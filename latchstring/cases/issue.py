"""Issue: what a decision grants by the month goes onto the household's card, month by month.

No promise of ours stands behind it (payments/issue.py), so neither ledger nor allocation has a
part. The first month is that of the filing and may be less; the others follow on their first day
until the household's certification ends.
"""

import uuid
from datetime import date, datetime, time

from django.db.models import QuerySet

from latchstring.cases.claims import month_from
from latchstring.cases.models import Case, Decision, DecisionLine
from latchstring.cases.pay import payee_of
from latchstring.kernel import clock
from latchstring.kernel.find import find
from latchstring.payments import door as payments

CARD = "ebt_card"


def granted(case: Case) -> Decision | None:
    """Return the approved decision that grants something by the month, if a case has one."""
    for found in find(_granted, case.id):
        found.case = case
        return found
    return None


def _granted(case_id: uuid.UUID) -> QuerySet[Decision]:
    rows = Decision.objects.filter(case=case_id, kind="approve", approved_at__isnull=False)
    return rows.filter(certified_until__isnull=False).order_by("id")[:1]


def months_due(decision: Decision, line: DecisionLine, today: date) -> list[tuple[date, int]]:
    """Return (month, cents) of what a line grants up to a day; months of nothing are left out."""
    found = []
    month = decision.certified_from
    while month and decision.certified_until and month <= min(today, decision.certified_until):
        first = month == decision.certified_from and line.first_cents is not None
        cents = line.first_cents if first else line.amount_cents
        if cents:
            found.append((month, cents))
        month = month_from(month, 1)
    return found


def issue_due(case: Case) -> int:
    """Write down every month that is due and was not issued; returns how many wait for the card."""
    decision = granted(case)
    if decision is None:
        return 0
    for line in decision.lines.filter(payee_kind=CARD).order_by("id"):
        known = {row.month for row in payments.issuances_of(case.id)}
        for month, cents in months_due(decision, line, clock.today()):
            holder = payee_of(case, CARD) if month not in known else None
            if holder is not None:
                _issue(case, decision, line, month, cents, holder)
    return sum(row.issued_at is None for row in payments.issuances_of(case.id))


def _issue(
    case: Case,
    decision: Decision,
    line: DecisionLine,
    month: date,
    cents: int,
    holder: uuid.UUID,
) -> None:
    payments.issue(
        line.id,
        month,
        amount_cents=cents,
        payee_id=holder,
        prepared_by=decision.prepared_by,
        approved_by=decision.approved_by,
        case_id=case.id,
        agency=case.agency,
    )


def next_issuance_at(case_id: uuid.UUID) -> datetime | None:
    """Return when the next month of a case's help falls due; None where none is left."""
    case = Case.objects.filter(id=case_id).first()
    decision = granted(case) if case else None
    if decision is None or decision.certified_until is None:
        return None
    ahead = month_from(clock.today(), 1)
    if ahead > decision.certified_until:
        return None
    return datetime.combine(ahead, time(), clock.MOUNTAIN)
