"""Every row lock of the room. Order: batch, then disbursements by id; money (funds) comes after."""

import uuid

from latchstring.payments.errors import NoSuchPayment
from latchstring.payments.models import Batch, Disbursement


def batch(batch_id: uuid.UUID) -> Batch:
    """Load and lock a batch."""
    row = Batch.objects.select_for_update().filter(id=batch_id).first()
    if row is None:
        raise NoSuchPayment()
    return row


def waiting(agency: str) -> list[Disbursement]:
    """Load and lock what waits to be paid, passing over what another batch is taking just now."""
    rows = Disbursement.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        agency=agency, batch__isnull=True, voided_at__isnull=True, account__isnull=False
    )
    return list(rows.select_related("account", "payee").order_by("id"))


def by_trace(trace: str) -> Disbursement | None:
    """Load and lock the disbursement that went out under a trace number."""
    return Disbursement.objects.select_for_update().filter(trace=trace).first()
