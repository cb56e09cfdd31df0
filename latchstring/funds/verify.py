"""Walk every entry of the ledger and hold every promise against it."""

from dataclasses import dataclass

from latchstring.funds.checks import CHECKS
from latchstring.funds.models import LedgerTransaction, Posting


@dataclass(frozen=True)
class LedgerWalk:
    """How much there is, and what breaks a promise (empty when all holds)."""

    transactions: int
    postings: int
    faults: list[str]


def verify(faults_max: int = 10) -> LedgerWalk:
    """Count every entry and run every check; the first rows that fail are named."""
    faults = [f"{name}: {row}" for name, check in CHECKS.items() for row in check()[:faults_max]]
    return LedgerWalk(
        transactions=LedgerTransaction.objects.count(),
        postings=Posting.objects.count(),
        faults=faults[:faults_max],
    )
