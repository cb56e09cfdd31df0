"""Reading payments."""

import uuid

from django.db.models import QuerySet

from latchstring.kernel.find import find
from latchstring.payments.errors import BatchNotSealed, NoSuchPayment
from latchstring.payments.models import BankReport, Batch, Disbursement
from latchstring.vault import door as vault


def of_case(case_id: uuid.UUID) -> list[Disbursement]:
    """Return a case's payment instructions, oldest first, voided ones too."""
    return find(_of_case, case_id)


def _of_case(case_id: uuid.UUID) -> QuerySet[Disbursement]:
    rows = Disbursement.objects.filter(case=case_id).select_related("batch", "payee", "account")
    return rows.order_by("wanted_at", "id")


def waiting(agency: str) -> list[Disbursement]:
    """Return what waits to be paid, oldest first; those without a bank account among them."""
    rows = Disbursement.objects.filter(
        agency=agency, batch__isnull=True, voided_at__isnull=True
    ).select_related("payee", "account")
    return list(rows.order_by("wanted_at", "id"))


def batches(agency: str, limit: int = 50) -> list[Batch]:
    """Return an agency's batches, the newest first."""
    return list(Batch.objects.filter(agency=agency).order_by("-opened_at", "-id")[:limit])


def batch(batch_id: uuid.UUID, agency: str) -> Batch:
    """Return a batch of an agency; NoSuchPayment for another agency's."""
    row = Batch.objects.filter(id=batch_id, agency=agency).first()
    if row is None:
        raise NoSuchPayment()
    return row


def lines_of(batch_row: Batch) -> list[Disbursement]:
    """Return a batch's payments in the order of their ids."""
    return list(batch_row.lines.select_related("payee", "account", "batch").order_by("id"))


def disbursement(disbursement_id: uuid.UUID, agency: str) -> Disbursement:
    """Return one payment of an agency."""
    row = (
        Disbursement.objects.filter(id=disbursement_id, agency=agency)
        .select_related("batch", "payee", "account")
        .first()
    )
    if row is None:
        raise NoSuchPayment()
    return row


def reports(agency: str, limit: int = 200) -> list[BankReport]:
    """Return what the bank reported, the newest first."""
    return list(BankReport.objects.filter(agency=agency).order_by("-received_at", "-id")[:limit])


def reports_of(trace: str) -> list[BankReport]:
    """Return what the bank reported about one trace."""
    return list(BankReport.objects.filter(trace=trace).order_by("received_at", "id"))


def released_batches() -> list[Batch]:
    """Return batches that were released and not yet handed over (for the sweeper)."""
    return list(
        Batch.objects.filter(
            released_at__isnull=False,
            handed_over_at__isnull=True,
            refused_at__isnull=True,
            in_doubt_at__isnull=True,
        )
    )


def file_bytes(batch_row: Batch) -> bytes:
    """Return the exact bytes of a sealed batch's file."""
    if batch_row.file_sealed is None:
        raise BatchNotSealed()
    return vault.open_bytes(
        batch_row.file_sealed, data_class="bank", subject=batch_row.id, field="batch.file"
    )
