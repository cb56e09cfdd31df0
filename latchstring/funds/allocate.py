"""Allocate: a public body gets a part of an award for a program and purpose."""

import uuid

from django.db.models import F

from latchstring.audit import door as audit
from latchstring.funds import locks
from latchstring.funds.errors import NotAnAmount, NotEnoughMoney
from latchstring.funds.ledger import Move, post
from latchstring.funds.models import Allocation, Award
from latchstring.kernel import events, transactions
from latchstring.kernel.ids import new_id


def allocate(
    award_id: uuid.UUID,
    *,
    public_body: str,
    program: str,
    purpose: str,
    amount_cents: int,
    actor: str,
    priority: int = 1,
    reason: str = "",
    allocation_id: uuid.UUID | None = None,
) -> Allocation:
    """Give a part of an award to a public body; NotEnoughMoney when the award has less left.

    `purpose` is `assistance`, `administration` or `housing_stability`; `priority` is the order in
    which the program draws on its allocations. Same id again: the same allocation.
    """
    with transactions.verb():
        award = locks.award(award_id)
        known = Allocation.objects.filter(id=allocation_id).first() if allocation_id else None
        if known:
            return known
        if amount_cents <= 0:
            raise NotAnAmount()
        allocation = Allocation(
            id=allocation_id or new_id(),
            agency=award.agency,
            award=award,
            public_body=public_body,
            program=program,
            purpose=purpose,
            priority=priority,
            amount_cents=amount_cents,
        )
        allocation.save(force_insert=True)
        post(
            allocation.id,
            "allocate",
            [Move("unallocated", "unobligated", amount_cents, award, allocation)],
            reference=allocation.id,
            actor=actor,
            reason=reason,
        )
        audit.record(
            "allocation.made",
            agency=award.agency,
            actor=actor,
            object_type="allocation",
            object_id=allocation.id,
            detail={"award": str(award.id)},
        )
        events.record("allocation.made.v1", subject=allocation.id, agency=award.agency, actor=actor)
        taken = Award.objects.filter(
            id=award.id, allocated_cents__lte=F("amount_cents") - amount_cents
        ).update(allocated_cents=F("allocated_cents") + amount_cents)
        if taken != 1:
            raise NotEnoughMoney(amount_cents, award.amount_cents - award.allocated_cents)
    return allocation
