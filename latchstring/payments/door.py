"""The payments room's door."""

from latchstring.payments.checks import CHECKS, WORK, not_as_in_the_banks_book
from latchstring.payments.errors import (
    BatchIsSealed,
    BatchNotSealed,
    NoSuchPayment,
    NotABankAccount,
    NothingToPay,
    NotInDoubt,
    NotRefused,
    NotTheDecision,
    NotThePromise,
    NotYours,
)
from latchstring.payments.hand_over import hand_over
from latchstring.payments.import_reports import import_reports, try_import
from latchstring.payments.issue import (
    hand_to_contractor,
    issuances_of,
    issuances_waiting,
    issue,
)
from latchstring.payments.models import (
    BankReport,
    Batch,
    Disbursement,
    Issuance,
    Payee,
    PayeeAccount,
)
from latchstring.payments.open_batch import leave_out, open_batch
from latchstring.payments.pay import pay
from latchstring.payments.payee import (
    PAYEE_KINDS,
    add_account,
    live_account,
    make_payee,
    payee_identity,
)
from latchstring.payments.put_back import put_back
from latchstring.payments.queries import (
    batch,
    batches,
    disbursement,
    file_bytes,
    lines_of,
    of_case,
    released_batches,
    reports,
    reports_of,
    waiting,
)
from latchstring.payments.release_batch import release_batch
from latchstring.payments.seal_batch import seal_batch
from latchstring.payments.settle_doubt import settle_doubt
from latchstring.payments.status import batch_status, status
from latchstring.payments.withdraw import withdraw
from latchstring.payments.work_report import work_report

__all__ = [
    "CHECKS",
    "PAYEE_KINDS",
    "WORK",
    "BankReport",
    "Batch",
    "BatchIsSealed",
    "BatchNotSealed",
    "Disbursement",
    "Issuance",
    "NoSuchPayment",
    "NotABankAccount",
    "NotInDoubt",
    "NotRefused",
    "NotTheDecision",
    "NotThePromise",
    "NotYours",
    "NothingToPay",
    "Payee",
    "PayeeAccount",
    "add_account",
    "batch",
    "batch_status",
    "batches",
    "disbursement",
    "file_bytes",
    "hand_over",
    "hand_to_contractor",
    "import_reports",
    "issuances_of",
    "issuances_waiting",
    "issue",
    "leave_out",
    "lines_of",
    "live_account",
    "make_payee",
    "not_as_in_the_banks_book",
    "of_case",
    "open_batch",
    "pay",
    "payee_identity",
    "put_back",
    "release_batch",
    "released_batches",
    "reports",
    "reports_of",
    "seal_batch",
    "settle_doubt",
    "status",
    "try_import",
    "waiting",
    "withdraw",
    "work_report",
]
