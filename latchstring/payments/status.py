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
    settled, returned or withdrawn.

    A report counts when it is of the payment's own cents: one cent short is a question, not money.
    """
    reports: set[str] = set()
    if line.trace:
        told = BankReport.objects.filter(trace=line.trace, amount_cents=line.amount_cents)
        reports = set(told.values_list("kind", flat=True))
    if "returned" in reports:
        return "returned"
    if line.voided_at:
        return "refused" if line.batch and line.batch.refused_at else "withdrawn"
    if "settled" in reports:
        return "settled"
    if line.batch is None:
        return "waiting" if line.account_id else "no_account"
    found = batch_status(line.batch)
    return "in_batch" if found == "open" else found
