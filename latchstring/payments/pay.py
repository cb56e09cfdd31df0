"""Pay: an obligation becomes an instruction to pay its payee, once."""

import uuid

from latchstring.audit import door as audit
from latchstring.funds import door as funds
from latchstring.kernel import transactions
from latchstring.kernel.crashpoint import crashpoint
from latchstring.kernel.ids import new_id
from latchstring.payments.errors import NoSuchPayment, NotThePromise
from latchstring.payments.models import Disbursement, Payee
from latchstring.payments.payee import live_account


def pay(
    obligation_id: uuid.UUID,
    payee_id: uuid.UUID,
    *,
    amount_cents: int,
    remittance: str,
    prepared_by: str,
    approved_by: str,
    case_id: uuid.UUID,
    agency: str,
) -> Disbursement:
    """Instruct the payment of an obligation; the live instruction where there is one already.

    It waits for a batch, and for the payee's bank account where there is none yet. The database
    holds preparer and approver apart, and allows one live instruction per obligation. NotThePromise
    unless it pays the whole of an obligation of this agency and case that was not given back.
    """
    with transactions.verb() as moment:
        promised = funds.lock_obligation(obligation_id)
        whole = (promised.agency, promised.case, promised.amount_cents)
        if whole != (agency, case_id, amount_cents) or promised.released_at:
            raise NotThePromise()
        payee = Payee.objects.select_for_update().filter(id=payee_id, agency=agency).first()
        if payee is None:
            raise NoSuchPayment()
        live = Disbursement.objects.filter(obligation=obligation_id, voided_at__isnull=True).first()
        if live:
            return live
        crashpoint("K20 pay: before the instruction")
        own_id = new_id()
        audit.record(
            "payment.instructed",
            agency=agency,
            actor=approved_by,
            object_type="disbursement",
            object_id=own_id,
            detail={"obligation": str(obligation_id)},
        )
        return Disbursement.objects.create(
            id=own_id,
            agency=agency,
            case=case_id,
            obligation=obligation_id,
            payee=payee,
            account=live_account(payee),
            amount_cents=amount_cents,
            remittance=remittance[:80],
            wanted_at=moment,
            prepared_by=prepared_by,
            approved_by=approved_by,
        )
