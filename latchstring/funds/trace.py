"""Trace: from one obligation up to the federal award, with every movement it made."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Sum

from latchstring.funds.errors import NoSuchMoney
from latchstring.funds.models import LedgerTransaction, Obligation


@dataclass(frozen=True)
class Source:
    """Cents of the obligation that one allocation of one award carries."""

    award_id: uuid.UUID
    award: str
    fain: str
    assistance_listing: str
    allocation_id: uuid.UUID
    public_body: str
    amount_cents: int


@dataclass(frozen=True)
class Movement:
    """One ledger transaction of the obligation: cents put where, when and by whom."""

    id: uuid.UUID
    kind: str
    at: datetime
    actor: str
    reason: str
    to_account: str
    amount_cents: int


@dataclass(frozen=True)
class Chain:
    """An obligation with where it comes from and all that became of it, oldest first."""

    obligation: Obligation
    sources: Sequence[Source]
    months: Sequence[date]
    movements: Sequence[Movement]


def trace_up(obligation_id: uuid.UUID) -> Chain:
    """Follow an obligation up to its awards; NoSuchMoney when there is none."""
    row = Obligation.objects.filter(id=obligation_id).first()
    if row is None:
        raise NoSuchMoney()
    return Chain(
        obligation=row,
        sources=_sources(row),
        months=sorted(set(row.claims.values_list("month", flat=True))),
        movements=_movements(row),
    )


def _sources(row: Obligation) -> list[Source]:
    return [
        Source(
            award_id=draw.allocation.award_id,
            award=draw.allocation.award.name,
            fain=draw.allocation.award.fain,
            assistance_listing=draw.allocation.award.assistance_listing,
            allocation_id=draw.allocation_id,
            public_body=draw.allocation.public_body,
            amount_cents=draw.amount_cents,
        )
        for draw in row.sources.select_related("allocation__award").order_by("id")
    ]


def _movements(row: Obligation) -> list[Movement]:
    found = (
        LedgerTransaction.objects.filter(postings__obligation=row.id, postings__amount_cents__gt=0)
        .values("id", "kind", "at", "actor", "reason", "postings__account__kind")
        .annotate(cents=Sum("postings__amount_cents"))
        .order_by("at", "id")
    )
    return [
        Movement(
            id=one["id"],
            kind=one["kind"],
            at=one["at"],
            actor=one["actor"],
            reason=one["reason"],
            to_account=one["postings__account__kind"],
            amount_cents=int(one["cents"]),
        )
        for one in found
    ]
