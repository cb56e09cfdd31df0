"""Grant an award: federal money comes into the books."""

import uuid
from datetime import date

from latchstring.audit import door as audit
from latchstring.funds.errors import NotAnAmount
from latchstring.funds.ledger import Move, post
from latchstring.funds.models import Award
from latchstring.kernel import events, transactions
from latchstring.kernel.ids import new_id


def grant_award(
    *,
    agency: str,
    name: str,
    assistance_listing: str,
    fain: str,
    amount_cents: int,
    period_start: date,
    period_end: date,
    authority: str,
    actor: str,
    invented: bool = False,
    award_id: uuid.UUID | None = None,
) -> Award:
    """Record a federal award with its period of performance. Same id again: the same award."""
    with transactions.verb():
        known = Award.objects.filter(id=award_id).first() if award_id else None
        if known:
            return known
        if amount_cents <= 0:
            raise NotAnAmount()
        award = Award.objects.create(
            id=award_id or new_id(),
            agency=agency,
            name=name,
            assistance_listing=assistance_listing,
            fain=fain,
            amount_cents=amount_cents,
            period_start=period_start,
            period_end=period_end,
            authority=authority,
            invented=invented,
        )
        post(
            award.id,
            "award",
            [Move("awarded", "unallocated", amount_cents, award)],
            reference=award.id,
            actor=actor,
        )
        audit.record(
            "award.granted",
            agency=agency,
            actor=actor,
            object_type="award",
            object_id=award.id,
        )
        events.record("award.granted.v1", subject=award.id, agency=agency, actor=actor)
    return award
