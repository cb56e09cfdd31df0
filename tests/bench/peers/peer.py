"""What every peer has: one household, many in memory, and many from a file to a file.

Each tells New Mexico's seven criteria, the priority test and the income limit, for households of
which everything is known. It gets each household in the kinds of its own that it is quickest with.
"""

import csv
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

CRITERIA = (
    *("renter", "resident", "hardship", "instability", "income"),
    *("not_duplicated", "months_left"),
)
YES_NO = (
    *("rents", "unemployment_benefits", "financial_hardship", "housing_instability"),
    *("unemployed_90_days", "other_federal_rent_help"),
)
MONTHS_CAP = 15
TOGETHER = 10_000  # households handed over at once from a file


class Answer(NamedTuple):
    """The results of the criteria in their order, the priority test, the limit in dollars."""

    results: tuple[bool, ...]
    priority: bool
    income_limit: int

    def cells(self) -> tuple[str, str, str, str]:
        """Write the columns outcome, priority, failed and income_limit as `determine` does."""
        failed = ";".join(
            name for name, result in zip(CRITERIA, self.results, strict=True) if not result
        )
        outcome = "ineligible" if failed else "eligible"
        return outcome, "true" if self.priority else "false", failed, f"{self.income_limit}.00"


class Peer(ABC):
    """An engine with the rules written for it."""

    package: str

    def version(self) -> str:
        """Return the version of the engine that answers."""
        return version(self.package)

    @abstractmethod
    def typed(self, row: dict[str, str]) -> Any:
        """Read a household's texts into what the engine takes."""

    @abstractmethod
    def one(self, household: Any) -> Any:
        """Determine one household; what the engine gives back, as it gives it."""

    def batch(self, households: Sequence[Any]) -> Any:
        """Put households together as the engine takes many."""
        return households

    def many(self, batch: Any) -> Any:
        """Determine many at once; one after another, where the engine has no other way."""
        return [self.one(household) for household in batch]

    @abstractmethod
    def answer(self, given: Any) -> Answer:
        """Read what `one` gave."""

    def answers(self, given: Any) -> Iterable[Answer]:
        """Read what `many` gave."""
        return map(self.answer, given)

    def determine(self, source: Path, target: Path) -> None:
        """Determine a file of households into a file, some thousands of rows at a time."""
        with (
            open(source, encoding="utf-8", newline="") as read,
            open(target, "w", encoding="utf-8", newline="") as written,
        ):
            rows, writer = csv.DictReader(read), csv.writer(written, lineterminator="\n")
            writer.writerow(["household_id", "outcome", "priority", "failed", "income_limit"])
            while some := list(islice(rows, TOGETHER)):
                given = self.many(self.batch([self.typed(row) for row in some]))
                for row, answer in zip(some, self.answers(given), strict=True):
                    writer.writerow([row["household_id"], *answer.cells()])
