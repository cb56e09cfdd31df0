"""Work a report: a person has settled with the bank what a strange report was about."""

import uuid

from latchstring.audit import door as audit
from latchstring.kernel import events, transactions
from latchstring.payments.errors import NoSuchPayment
from latchstring.payments.models import BankReport
from latchstring.people import door as people

UNPLACED = "unknown"  # the agency of a report whose trace is nobody's


def work_report(account: people.Account, report_id: uuid.UUID) -> None:
    """Note that a report was worked with the bank. It moves no money; noting it again is the same.

    NoSuchPayment for another agency's report; one that is nobody's any officer may work.
    """
    with transactions.verb():
        report = BankReport.objects.filter(id=report_id).first()
        if report is None:
            raise NoSuchPayment()
        known = report.agency if report.agency != UNPLACED else None
        staff = people.require(account, "batch.prepare", agency=known)
        if any(one.type == "bank_report.worked.v1" for one in events.of_subject(report.id)):
            return
        audit.record(
            "bank_report.worked",
            agency=staff.agency_id,
            actor=account.actor,
            object_type="bank_report",
            object_id=report.id,
            purpose="payment",
        )
        events.record(
            "bank_report.worked.v1",
            subject=report.id,
            agency=staff.agency_id,
            actor=account.actor,
        )
