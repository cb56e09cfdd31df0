"""Reading the money."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Sum

from latchstring.funds.models import Allocation, AssistanceClaim, Award, Obligation, Posting
from latchstring.kernel import clock


@dataclass(frozen=True)
class Balance:
    """What an allocation has and has left, in cents."""

    allocation: Allocation
    amount_cents: int
    obligated_cents: int

    @property
    def left_cents(self) -> int:
        """Cents that may still be promised."""
        return self.amount_cents - self.obligated_cents


@dataclass(frozen=True)
class Held:
    """A month of a purpose that somebody holds: behind which promise, of when."""

    month: date
    amount_cents: int
    promised_on: date


def awards(agency: str) -> list[Award]:
    """Return an agency's awards, the newest period first."""
    return list(Award.objects.filter(agency=agency).order_by("-period_start", "id"))


def balances(agency: str, program: str | None = None) -> list[Balance]:
    """Return an agency's allocations with what is left, in the order they are drawn on."""
    rows = Allocation.objects.filter(agency=agency).select_related("award")
    if program:
        rows = rows.filter(program=program)
    return [
        Balance(row, row.amount_cents, row.obligated_cents)
        for row in rows.order_by("-award__period_start", "priority", "id")
    ]


def obligations_of(case_id: uuid.UUID) -> list[Obligation]:
    """Return what was promised to a case, oldest first."""
    return list(Obligation.objects.filter(case=case_id).order_by("made_at", "id"))


def obligation(obligation_id: uuid.UUID) -> Obligation | None:
    """Return one obligation."""
    return Obligation.objects.filter(id=obligation_id).first()


def claims_held(
    claimants: Sequence[uuid.UUID], purpose: str, *, except_case: uuid.UUID
) -> list[Held]:
    """Return what any of these claimants holds of a purpose, a month once, one case left out."""
    rows = AssistanceClaim.objects.filter(
        claimant__in=claimants, purpose=purpose, released_at__isnull=True
    ).exclude(obligation__case=except_case)
    found = rows.values_list("month", "obligation__amount_cents", "obligation__made_at").distinct()
    return [
        Held(month, cents, made_at.astimezone(clock.MOUNTAIN).date())
        for month, cents, made_at in found
    ]


def trial_balance(agency: str) -> list[Mapping[str, Any]]:
    """Return cents per award and kind of account; the whole sums to zero."""
    return list[Mapping[str, Any]](
        Posting.objects.filter(agency=agency)
        .values("account__award_id", "account__award__name", "account__kind")
        .annotate(cents=Sum("amount_cents"))
        .order_by("account__award__name", "account__kind")
    )


def balance(obligation_id: uuid.UUID, kind: str) -> int:
    """Return how many cents of an obligation stand on accounts of a kind."""
    total = Posting.objects.filter(obligation=obligation_id, account__kind=kind).aggregate(
        total=Sum("amount_cents")
    )["total"]
    return int(total or 0)
