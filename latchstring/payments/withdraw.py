"""Withdraw a payment that has not been sealed: its promise goes back to the program's money."""

import uuid

from latchstring.audit import door as audit
from latchstring.funds import door as funds
from latchstring.kernel import events, transactions
from latchstring.payments import locks
from latchstring.payments.errors import BatchIsSealed
from latchstring.payments.models import Disbursement
from latchstring.payments.open_batch import count
from latchstring.people import door as people


def withdraw(
    account: people.Account, disbursement_id: uuid.UUID, agency: str, reason: str
) -> Disbursement:
    """Void an instruction and release its obligation, in one; BatchIsSealed once it is sealed.

    Withdrawing again changes nothing. The months may be claimed again.
    """
    with transactions.verb() as moment:
        line = locks.live_line(disbursement_id, agency)
        people.require(account, "batch.prepare", agency=agency)
        if line.voided_at:
            return line
        batch = line.batch
        if batch and batch.sealed_at:
            raise BatchIsSealed()
        line.voided_at, line.batch = moment, None
        line.save(update_fields=["voided_at", "batch"])
        if batch:
            count(batch)
        audit.record(
            "payment.withdrawn",
            agency=agency,
            actor=account.actor,
            object_type="disbursement",
            object_id=line.id,
        )
        events.record(
            "payment.withdrawn.v1",
            subject=line.case,
            agency=agency,
            actor=account.actor,
            payload={"disbursement": str(line.id)},
        )
        funds.release(line.obligation, reason, actor=account.actor)
    return line
