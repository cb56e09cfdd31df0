"""Every row lock of the room. Order: obligation (funds), then batch, then disbursements by id."""

import uuid

from latchstring.funds import door as funds
from latchstring.payments.errors import NoSuchPayment
from latchstring.payments.models import BankCursor, Batch, Disbursement


def batch(batch_id: uuid.UUID) -> Batch:
    """Load and lock a batch."""
    row = Batch.objects.select_for_update().filter(id=batch_id).first()
    if row is None:
        raise NoSuchPayment()
    return row


def batch_with_money(batch_id: uuid.UUID) -> Batch:
    """Lock the obligations of a batch, then the batch. Of a sealed batch the lines never change."""
    promised = Disbursement.objects.filter(batch=batch_id).values_list("obligation", flat=True)
    for obligation_id in sorted(set(promised)):
        funds.lock_obligation(obligation_id)
    return batch(batch_id)


def waiting(agency: str) -> list[Disbursement]:
    """Load and lock what waits to be paid, passing over what another batch is taking just now."""
    rows = Disbursement.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        agency=agency,
        batch__isnull=True,
        voided_at__isnull=True,
        account__isnull=False,
        account__closed_at__isnull=True,
    )
    return list(rows.select_related("account", "payee").order_by("id"))


def by_trace(trace: str) -> Disbursement | None:
    """Lock the obligation, then the disbursement that went out under a trace number."""
    promised = Disbursement.objects.filter(trace=trace).values_list("obligation", flat=True).first()
    if promised is None or not trace:
        return None
    funds.lock_obligation(promised)
    return Disbursement.objects.select_for_update().filter(trace=trace).first()


def live_line(disbursement_id: uuid.UUID, agency: str) -> Disbursement:
    """Lock an agency's payment with all that stands above it: obligation, batch, payment."""
    found = Disbursement.objects.filter(id=disbursement_id, agency=agency).first()
    if found is None:
        raise NoSuchPayment()
    funds.lock_obligation(found.obligation)
    if found.batch_id:
        batch(found.batch_id)
    return Disbursement.objects.select_for_update().get(id=disbursement_id)


def cursor(name: str) -> BankCursor:
    """Lock how far we have read, so that two imports never cross."""
    BankCursor.objects.get_or_create(name=name)
    return BankCursor.objects.select_for_update().get(name=name)
