"""Post: promised money goes to the bank, settles, or comes back.

Each verb moves the obligation's own sources by one ledger transaction whose id the caller made;
posting it again moves nothing. Money moves only from where it stands: a settlement of what was
never sent is refused, so that no account can be overdrawn by reports that come out of order.
"""

import uuid

from latchstring.audit import door as audit
from latchstring.funds import locks
from latchstring.funds.errors import OutOfStep
from latchstring.funds.ledger import Move, post
from latchstring.funds.models import LedgerTransaction, Obligation
from latchstring.funds.queries import balance
from latchstring.kernel import transactions


def move_all(
    obligation: Obligation,
    source: str,
    target: str,
    kind: str,
    transaction_id: uuid.UUID,
    actor: str,
    reason: str = "",
) -> bool:
    """Move the whole of a locked obligation; False when this id was posted before.

    Raises OutOfStep when the obligation does not stand on `source` in full.
    """
    if LedgerTransaction.objects.filter(id=transaction_id).exists():
        return False
    if balance(obligation.id, source) != obligation.amount_cents:
        raise OutOfStep()
    moves = [
        Move(source, target, row.amount_cents, row.allocation.award, row.allocation, obligation.id)
        for row in obligation.sources.select_related("allocation__award").order_by("id")
    ]
    posted = post(transaction_id, kind, moves, reference=obligation.id, actor=actor, reason=reason)
    assert balance(obligation.id, source) == 0, "all of it has moved"
    return posted


def post_disbursed(obligation_id: uuid.UUID, transaction_id: uuid.UUID, *, actor: str) -> bool:
    """The obligation is on its way to the bank: obligated -> disbursing."""
    with transactions.verb():
        row = locks.obligation(obligation_id)
        return _moved(row, "obligated", "disbursing", "disburse", transaction_id, actor)


def post_settled(obligation_id: uuid.UUID, transaction_id: uuid.UUID, *, actor: str) -> bool:
    """The bank has paid: disbursing -> expended."""
    with transactions.verb():
        row = locks.obligation(obligation_id)
        return _moved(row, "disbursing", "expended", "settle", transaction_id, actor)


def post_returned(
    obligation_id: uuid.UUID, transaction_id: uuid.UUID, *, actor: str, reason: str
) -> bool:
    """The money came back, before or after it settled: it is promised again, not yet paid."""
    with transactions.verb():
        row = locks.obligation(obligation_id)
        held = balance(obligation_id, "disbursing")
        source = "disbursing" if held else "expended"
        return _moved(row, source, "obligated", "return", transaction_id, actor, reason)


def _moved(
    row: Obligation,
    source: str,
    target: str,
    kind: str,
    transaction_id: uuid.UUID,
    actor: str,
    reason: str = "",
) -> bool:
    """Move a promise whole and write so in the trail; False when it was moved before."""
    if not move_all(row, source, target, kind, transaction_id, actor, reason):
        return False
    audit.record(
        f"money.{kind}",
        agency=row.agency,
        actor=actor,
        object_type="obligation",
        object_id=row.id,
        detail={"transaction": str(transaction_id)},
    )
    return True
