"""Release: a promise is given back to its allocations."""

import uuid

from django.db.models import F

from latchstring.audit import door as audit
from latchstring.funds import locks
from latchstring.funds.errors import NotReleasable
from latchstring.funds.models import Allocation, AssistanceClaim, Obligation
from latchstring.funds.post import move_all
from latchstring.funds.queries import balance
from latchstring.kernel import events, transactions


def release(obligation_id: uuid.UUID, reason: str, *, actor: str) -> Obligation:
    """Give a promise back to its allocations: its months may be claimed again.

    NotReleasable while any of it is with the bank or paid. Releasing again changes nothing. An
    instruction to pay it must be withdrawn first (payments.withdraw does both).
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
            released_at=moment
        )
        posting_id = uuid.uuid5(obligation_id, "release")
        move_all(row, "obligated", "unobligated", "release", posting_id, actor, reason)
        _tell(row, actor)
        _lower_balances(row)
    return row


def _tell(row: Obligation, actor: str) -> None:
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


def _lower_balances(row: Obligation) -> None:
    """Last of all, one conditional UPDATE per allocation, in the order of their ids."""
    for source in row.sources.order_by("allocation_id"):
        given = Allocation.objects.filter(
            id=source.allocation_id, obligated_cents__gte=source.amount_cents
        ).update(obligated_cents=F("obligated_cents") - source.amount_cents)
        assert given == 1, "what was drawn can be given back"
