"""Lists of records for one household: a closure for each macro, with *unknown* as a value.

Each record counts with its own answer, true, false or unknown; a list that is only known so far may
have more records, about which nothing is known (docs/rules.md, Unknown). What is learned may turn
unknown into something, and never an answer round.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Row = list[Any]
Closure = Callable[[Row], Any]


@dataclass(frozen=True, slots=True)
class Items:
    """A list of records, complete or only what is known so far."""

    records: tuple[Mapping[str, Any], ...]
    complete: bool = True


Answers = Callable[[Row, Items], Iterator[Any]]


def of_each(body: Closure, slot: int) -> Answers:
    """Work a rule out for each record in turn; the variable stands in `slot`, behind the row."""

    def answers(row: Row, items: Items) -> Iterator[Any]:
        wide = row + [None] * (slot + 1 - len(row))
        for record in items.records:
            wide[slot] = record
            yield body(wide)

    return answers


def exists(items: Closure, answers: Answers, wanted: bool) -> Closure:
    """`exists` looks for a true one, `all` for a false one; an open list proves only that."""

    def close(row: Row) -> Any:
        found = items(row)
        if found is None:
            return None
        unknown = not found.complete
        for answer in answers(row, found):
            if answer is wanted:
                return wanted
            unknown = unknown or answer is None
        return None if unknown else not wanted

    return close


def exists_one(items: Closure, answers: Answers) -> Closure:
    """Two true ones are one too many, whoever else there is."""

    def close(row: Row) -> Any:
        found = items(row)
        if found is None:
            return None
        true, unknown = _counted(answers(row, found))
        if true > 1:
            return False
        return None if unknown or not found.complete else true == 1

    return close


def at_least(items: Closure, answers: Answers, least: Closure) -> Closure:
    """So many true ones are enough, whoever else there is."""

    def close(row: Row) -> Any:
        found, wanted = items(row), least(row)
        if wanted is None:
            return None
        if found is None:
            return True if wanted <= 0 else None
        true, unknown = _counted(answers(row, found))
        if true >= wanted:
            return True
        return False if found.complete and true + unknown < wanted else None

    return close


def count(items: Closure, answers: Answers) -> Closure:
    """How many are true, when that is known of each."""

    def close(row: Row) -> Any:
        found = items(row)
        if found is None or not found.complete:
            return None
        true, unknown = _counted(answers(row, found))
        return None if unknown else true

    return close


def size(items: Closure) -> Closure:
    """How many there are."""

    def close(row: Row) -> Any:
        found = items(row)
        return None if found is None or not found.complete else len(found.records)

    return close


def total(items: Closure, answers: Answers, limit: int) -> Closure:
    """The sum over a complete list, unknown from `limit` on."""

    def close(row: Row) -> Any:
        found = items(row)
        if found is None or not found.complete:
            return None
        values = list(answers(row, found))
        if None in values:
            return None
        value = sum(values)
        return value if -limit < value < limit else None

    return close


def extreme(
    items: Closure,
    chosen: Answers | None,
    values: Answers,
    otherwise: Closure | None,
    choose: Callable[..., Any],
) -> Closure:
    """The least or greatest among those chosen; of nobody, what is said for it."""

    def close(row: Row) -> Any:
        found = items(row)
        if found is None or not found.complete:
            return None
        if chosen is not None:
            among = list(chosen(row, found))
            if None in among:
                return None
            pairs = zip(found.records, among, strict=True)
            found = Items(tuple(record for record, taken in pairs if taken))
        each = list(values(row, found))
        if None in each:
            return None
        if each:
            return choose(each)
        return otherwise(row) if otherwise is not None else None

    return close


def _counted(answers: Iterator[Any]) -> tuple[int, int]:
    """Return how many answers are true and how many unknown."""
    true = unknown = 0
    for answer in answers:
        true += answer is True
        unknown += answer is None
    return true, unknown
