"""Walk every entry of the ledger, and hold every promise against it.

The walk adds up in Python what the database adds up in `checks.py`, so that each proves the other:

1. Every posting, in order: its transaction sums to zero within its award, and moves between two
   accounts that are neighbours on the way of a dollar.
2. What the walk has added up per account equals what the database says of it.
3. Every check of the room.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Sum

from latchstring.funds.checks import CHECKS
from latchstring.funds.models import LedgerTransaction, Posting

# kind of transaction -> (from, to) as an entry may move money
WAYS: dict[str, frozenset[tuple[str, str]]] = {
    "award": frozenset({("awarded", "unallocated")}),
    "allocate": frozenset({("unallocated", "unobligated")}),
    "obligate": frozenset({("unobligated", "obligated")}),
    "disburse": frozenset({("obligated", "disbursing")}),
    "settle": frozenset({("disbursing", "expended")}),
    "return": frozenset({("disbursing", "obligated"), ("expended", "obligated")}),
    "release": frozenset({("obligated", "unobligated")}),
}
CHUNK_ROWS = 5_000


@dataclass(frozen=True)
class LedgerWalk:
    """How much there is, and what breaks a promise (empty when all holds)."""

    transactions: int
    postings: int
    faults: list[str]


@dataclass
class _Entry:
    """One transaction as the walk meets it: cents out of and into kinds of accounts."""

    id: uuid.UUID
    kind: str
    sums: dict[uuid.UUID, int] = field(default_factory=lambda: defaultdict(int))  # per award
    out_of: set[str] = field(default_factory=set)
    into: set[str] = field(default_factory=set)

    def faults(self) -> Iterator[str]:
        if any(self.sums.values()):
            yield f"transaction {self.id}: does not sum to zero"
        way = {(source, target) for source in self.out_of for target in self.into}
        if len(way) != 1 or not way <= WAYS.get(self.kind, frozenset()):
            yield f"transaction {self.id}: {self.kind} may not move {sorted(way)}"


def verify(faults_max: int = 10) -> LedgerWalk:
    """Walk every entry and run every check; the first rows that fail are named."""
    faults: list[str] = []
    totals: dict[uuid.UUID, int] = defaultdict(int)
    entries = postings = 0
    for entry, count in _walk(totals):
        entries += 1
        postings += count
        if len(faults) < faults_max:
            faults.extend(entry.faults())
    faults.extend(_differing(totals))
    empty = LedgerTransaction.objects.count() - entries
    if empty:
        faults.append(f"{empty} transactions have no postings")
    for name, check in CHECKS.items():
        faults.extend(f"{name}: {_row(row)}" for row in check()[:faults_max])
    return LedgerWalk(entries, postings, faults[:faults_max])


def _walk(totals: dict[uuid.UUID, int]) -> Iterator[tuple[_Entry, int]]:
    """Yield each transaction with its number of postings, adding each posting to its account."""
    rows = Posting.objects.order_by("transaction_id", "id").values_list(
        "transaction_id",
        "transaction__kind",
        "account_id",
        "account__kind",
        "account__award_id",
        "amount_cents",
    )
    entry: _Entry | None = None
    count = 0
    for transaction, kind, account, account_kind, award, cents in rows.iterator(CHUNK_ROWS):
        if entry is None or entry.id != transaction:
            if entry is not None:
                yield entry, count
            entry, count = _Entry(transaction, kind), 0
        count += 1
        totals[account] += cents
        entry.sums[award] += cents
        (entry.into if cents > 0 else entry.out_of).add(account_kind)
    if entry is not None:
        yield entry, count


def _differing(totals: dict[uuid.UUID, int]) -> Iterator[str]:
    told = dict(
        Posting.objects.values("account_id")
        .annotate(cents=Sum("amount_cents"))
        .values_list("account_id", "cents")
    )
    for account in sorted(totals.keys() | told.keys()):
        if totals.get(account) != told.get(account):
            yield f"account {account}: walked {totals.get(account)}, kept {told.get(account)}"


def _row(row: tuple[object, ...]) -> str:
    return ", ".join(str(part) for part in row)
