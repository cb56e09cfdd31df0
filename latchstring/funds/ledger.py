"""The ledger: movements of money between accounts, in integer cents, that only grow.

Money enters once, when an award is granted, and from there it only moves:

    awarded -> unallocated -> unobligated -> obligated -> disbursing -> expended
    (the federal promise)     (allocation)   (a case)     (the bank)    (settled)

and back where something is undone. A debit is positive. Every movement takes from one account what
it gives to the next, so each transaction sums to zero; the database checks that at commit.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from latchstring.funds.models import Allocation, Award, LedgerAccount, LedgerTransaction, Posting
from latchstring.kernel import clock


@dataclass(frozen=True)
class Move:
    """Cents out of one account into another, of one award (and allocation, and obligation)."""

    source: str
    target: str
    amount_cents: int
    award: Award
    allocation: Allocation | None = None
    obligation: uuid.UUID | None = None


def _account(kind: str, move: Move) -> LedgerAccount:
    """Return the account, making it with its first movement. `awarded`, `unallocated`: no part."""
    allocation = None if kind in ("awarded", "unallocated") else move.allocation
    account, _ = LedgerAccount.objects.get_or_create(
        kind=kind,
        award=move.award,
        allocation=allocation,
        defaults={"agency": move.award.agency},
    )
    return account


def post(
    transaction_id: uuid.UUID,
    kind: str,
    moves: Sequence[Move],
    *,
    reference: uuid.UUID,
    actor: str,
    reason: str = "",
) -> bool:
    """Post one transaction. False, and nothing posted, when this id was posted before."""
    agency = moves[0].award.agency
    try:
        with transaction.atomic():
            entry = LedgerTransaction.objects.create(
                id=transaction_id,
                agency=agency,
                kind=kind,
                reference=reference,
                at=clock.now(),
                actor=actor,
                reason=reason,
            )
    except IntegrityError:
        return False
    Posting.objects.bulk_create(
        Posting(
            agency=agency,
            transaction=entry,
            account=_account(account_kind, move),
            obligation=move.obligation,
            amount_cents=signed,
        )
        for move in moves
        for account_kind, signed in (
            (move.source, -move.amount_cents),
            (move.target, move.amount_cents),
        )
    )
    return True
