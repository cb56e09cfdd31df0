"""What happens to promised money: it goes to the bank, settles, comes back, is given up.

Each verb moves the obligation's own sources by one ledger transaction whose id the caller made;
posting it again moves nothing.
"""

import uuid

from django.db.models import F, Sum

from latchstring.audit import door as audit
from latchstring.funds import locks
from latchstring.funds.errors import NotReleasable
from latchstring.funds.ledger import Move, post
from latchstring.funds.models import Allocation, AssistanceClaim, Obligation, Posting
from latchstring.kernel import clock, events, transactions


def _move_all(
    obligation: Obligation,
    source: str,
    target: str,
    kind: str,
    transaction_id: uuid.UUID,
    actor: str,
    reason: str = "",
) -> bool:
    moves = [
        Move(source, target, row.amount_cents, row.allocation.award, row.allocation, obligation.id)
        for row in obligation.sources.select_related("allocation__award").order_by("id")
    ]
    return post(transaction_id, kind, moves, reference=obligation.id, actor=actor, reason=reason)


def post_disbursed(obligation_id: uuid.UUID, transaction_id: uuid.UUID, *, actor: str) -> bool:
    """The obligation is on its way to the bank: obligated -> disbursing."""
    with transactions.verb():
        row = locks.obligation(obligation_id)
        return _move_all(row, "obligated", "disbursing", "disburse", transaction_id, actor)


def post_settled(obligation_id: uuid.UUID, transaction_id: uuid.UUID, *, actor: str) -> bool:
    """The bank has paid: disbursing -> expended."""
    with transactions.verb():
        row = locks.obligation(obligation_id)
        return _move_all(row, "disbursing", "expended", "settle", transaction_id, actor)


def post_returned(
    obligation_id: uuid.UUID, transaction_id: uuid.UUID, *, actor: str, reason: str
) -> bool:
    """The money came back, before or after it settled: it is promised again, not yet paid."""
    with transactions.verb():
        row = locks.obligation(obligation_id)
        held = balance(obligation_id, "disbursing")
        source = "disbursing" if held else "expended"
        return _move_all(row, source, "obligated", "return", transaction_id, actor, reason)


def release(obligation_id: uuid.UUID, reason: str, *, actor: str) -> Obligation:
    """Give a promise back to its allocations: its months may be claimed again.

    NotReleasable while any of it is with the bank or paid. Releasing again changes nothing.
    """
    with transactions.verb() as moment:
        row = locks.obligation(obligation_id)
        if row.released_at:
            return row
        if balance(obligation_id, "obligated") != row.amount_cents:
            raise NotReleasable()
        row.released_at = moment
        row.save(update_fields=["released_at"])
        AssistanceClaim.objects.filter(obligation=row, released_at__isnull=True).update(
            released_at=clock.now()
        )
        _move_all(
            row,
            "obligated",
            "unobligated",
            "release",
            uuid.uuid5(obligation_id, "release"),
            actor,
            reason,
        )
        audit.record(
            "obligation.released",
            agency=row.agency,
            actor=actor,
            object_type="obligation",
            object_id=row.id,
        )
        events.record(
            "money.released.v1",
            subject=row.case,
            agency=row.agency,
            actor=actor,
            payload={"obligation": str(row.id)},
        )
        for source in row.sources.order_by("allocation_id"):
            Allocation.objects.filter(id=source.allocation_id).update(
                obligated_cents=F("obligated_cents") - source.amount_cents
            )
    return row


def balance(obligation_id: uuid.UUID, kind: str) -> int:
    """Return how many cents of an obligation stand on accounts of a kind."""
    total = Posting.objects.filter(obligation=obligation_id, account__kind=kind).aggregate(
        total=Sum("amount_cents")
    )["total"]
    return int(total or 0)
