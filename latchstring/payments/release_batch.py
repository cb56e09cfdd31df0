"""Release a sealed batch to the bank: always a person, and a third one for every payment."""

import uuid

from django.db.models import Q

from latchstring.audit import door as audit
from latchstring.funds import door as funds
from latchstring.kernel import events, transactions
from latchstring.payments import locks
from latchstring.payments.errors import BatchNotSealed, NotYours
from latchstring.payments.models import Batch
from latchstring.people import door as people


def release_batch(account: people.Account, batch_id: uuid.UUID) -> Batch:
    """Release a sealed batch; NotYours for who prepared or approved any of its money.

    The hand-over itself is a job, woken by the event in the same transaction. Releasing again
    changes nothing. A promise that was given back meanwhile stops the whole batch (OutOfStep).
    """
    with transactions.verb() as moment:
        batch = locks.batch_with_money(batch_id)
        people.require(account, "batch.release", agency=batch.agency)
        if batch.released_at:
            return batch
        if not batch.sealed_at:
            raise BatchNotSealed()
        own = batch.lines.filter(Q(prepared_by=account.actor) | Q(approved_by=account.actor))
        if own.exists():
            raise NotYours()
        batch.released_at, batch.released_by = moment, account.actor
        batch.save(update_fields=["released_at", "released_by"])
        batch.lines.update(released_by=account.actor)
        for line in batch.lines.order_by("obligation"):
            funds.post_disbursed(line.obligation, line.id, actor=account.actor)
        audit.record(
            "batch.released",
            agency=batch.agency,
            actor=account.actor,
            object_type="batch",
            object_id=batch.id,
            detail={"sha256": batch.file_sha256, "entries": batch.entries},
        )
        events.record(
            "batch.released.v1", subject=batch.id, agency=batch.agency, actor=account.actor
        )
    return batch
