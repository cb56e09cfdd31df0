"""Put back a batch that the bank refused: its payments wait for the next batch."""

import uuid

from latchstring.audit import door as audit
from latchstring.funds import door as funds
from latchstring.kernel import events, transactions
from latchstring.payments import locks
from latchstring.payments.errors import NotRefused
from latchstring.payments.pay import pay
from latchstring.people import door as people


def put_back(account: people.Account, batch_id: uuid.UUID) -> int:
    """Void every payment of a refused batch and instruct it anew; returns how many.

    The bank took nothing, so the money is promised again as it was, by the same two people, and a
    third releases the next batch. Putting back again changes nothing.
    """
    with transactions.verb() as moment:
        batch = locks.batch_with_money(batch_id)
        people.require(account, "batch.prepare", agency=batch.agency)
        if not batch.refused_at:
            raise NotRefused()
        lines = list(batch.lines.select_for_update().filter(voided_at=None).order_by("id"))
        for line in lines:
            line.voided_at = moment
            line.save(update_fields=["voided_at"])
            posting_id = uuid.uuid5(line.id, "refused")
            funds.post_returned(
                line.obligation, posting_id, actor=account.actor, reason="refused by the bank"
            )
            pay(
                line.obligation,
                line.payee_id,
                amount_cents=line.amount_cents,
                remittance=line.remittance,
                prepared_by=line.prepared_by,
                approved_by=line.approved_by,
                case_id=line.case,
                agency=line.agency,
            )
        audit.record(
            "batch.put_back",
            agency=batch.agency,
            actor=account.actor,
            object_type="batch",
            object_id=batch.id,
        )
        events.record(
            "batch.put_back.v1", subject=batch.id, agency=batch.agency, actor=account.actor
        )
    return len(lines)
