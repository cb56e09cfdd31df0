"""Open a batch: everything that waits and has a bank account is taken into it."""

import uuid

from latchstring.kernel import events, transactions
from latchstring.kernel.ids import new_id
from latchstring.kernel.references import new_reference
from latchstring.payments import locks
from latchstring.payments.errors import BatchIsSealed, NothingToPay
from latchstring.payments.models import Batch, Disbursement
from latchstring.people import door as people


def open_batch(account: people.Account, agency: str) -> Batch:
    """Open a batch and take in everything that waits and has a bank account."""
    with transactions.verb() as moment:
        people.require(account, "batch.prepare", agency=agency)
        lines = locks.waiting(agency)
        if not lines:
            raise NothingToPay("Nothing waits to be paid just now.")
        batch = Batch.objects.create(
            id=new_id(),
            agency=agency,
            reference=new_reference("B"),
            opened_at=moment,
            opened_by=account.actor,
        )
        Disbursement.objects.filter(id__in=[line.id for line in lines]).update(batch=batch)
        batch.entries = len(lines)
        batch.total_cents = sum(line.amount_cents for line in lines)
        batch.save(update_fields=["entries", "total_cents"])
        events.record("batch.opened.v1", subject=batch.id, agency=agency, actor=account.actor)
    return batch


def leave_out(account: people.Account, batch_id: uuid.UUID, disbursement_id: uuid.UUID) -> None:
    """Take one payment out of a batch that is not sealed; it waits for the next."""
    with transactions.verb():
        batch = locks.batch(batch_id)
        people.require(account, "batch.prepare", agency=batch.agency)
        if batch.sealed_at:
            raise BatchIsSealed()
        Disbursement.objects.filter(id=disbursement_id, batch=batch).update(batch=None)
        count(batch)


def count(batch: Batch) -> list[Disbursement]:
    """Count a locked, open batch anew, and return its payments in the order of their ids."""
    lines = list(batch.lines.select_related("payee", "account").order_by("id"))
    batch.entries = len(lines)
    batch.total_cents = sum(line.amount_cents for line in lines)
    batch.save(update_fields=["entries", "total_cents"])
    return lines
