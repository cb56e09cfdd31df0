"""A payment's status, derived from dated rows: outsiders report late and out of order."""

from latchstring.payments.models import BankReport, Batch, Disbursement


def batch_status(batch: Batch) -> str:
    """Return open, sealed, released, in_doubt, refused or with_bank."""
    if batch.handed_over_at:
        return "with_bank"
    if batch.refused_at:
        return "refused"
    if batch.in_doubt_at:
        return "in_doubt"
    if batch.released_at:
        return "released"
    return "sealed" if batch.sealed_at else "open"


def status(line: Disbursement) -> str:
    """Return waiting, no_account, in_batch, sealed, released, in_doubt, refused, with_bank,
    settled or returned."""
    reports = (
        set(BankReport.objects.filter(trace=line.trace).values_list("kind", flat=True))
        if line.trace
        else set()
    )
    if line.voided_at or "returned" in reports:
        return "returned"
    if "settled" in reports:
        return "settled"
    if line.batch is None:
        return "waiting" if line.account_id else "no_account"
    found = batch_status(line.batch)
    return "in_batch" if found == "open" else found
