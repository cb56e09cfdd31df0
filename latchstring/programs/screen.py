"""The screener: could I get help, how much about, how soon, and which question would tell?

What a program's screening supposes, and how its amount is told, stands in its document:

    screen:
      every: month            # the amount is each month (else once)
      set_by: agency          # no source gives the amount: it is never guessed
      least: <fact>           # what the amount is at least and at most while it is not known
      most: <fact>
      given: {<fact>: value}  # taken so until the application asks
      suppose: {<fact>: [values]}  # tried while not known, for the range
      received: <fact>        # true: the household has this help already
      lasts: season | <months>  # how long help that was approved stands
      opens: {above_dollars: n, facts: {<fact>: value}}  # what having it opens elsewhere
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from latchstring.programs.conditions import holds
from latchstring.programs.dictionary import dictionary
from latchstring.programs.document import Program
from latchstring.programs.evaluate import ELIGIBLE, INELIGIBLE, Determination, as_cents, evaluate
from latchstring.programs.questions import Question, next_questions

LIKELY, MAYBE, NO = "likely", "maybe", "no"


@dataclass(frozen=True)
class Soon:
    """By when the program must act after an application: hours, and whether harm hurries it."""

    clock: str
    hours: int
    urgent: bool

    @property
    def days(self) -> int | None:
        """Return whole days, or None where the law counts in hours."""
        return self.hours // 24 if self.hours % 24 == 0 and self.hours > 72 else None


@dataclass(frozen=True)
class Screening:
    """A first answer: likely, maybe or no; about how much; how soon; what to ask next.

    `least` and `most` are dollars each `every` (month or once); None while nobody can say.
    `soon` is None where the time is set by the agency.
    """

    program: str
    answer: str
    least: Decimal | None
    most: Decimal | None
    every: str
    set_by_agency: bool
    soon: Soon | None
    next: tuple[Question, ...]
    determination: Determination


def screen(program: Program, facts: Mapping[str, Any]) -> Screening:
    """Give a first answer on whatever is known. It binds nobody and is never stored."""
    determination = evaluate(program, facts)
    answer = {ELIGIBLE: LIKELY, INELIGIBLE: NO}.get(determination.outcome, MAYBE)
    told = program.document.get("screen", {})
    amounts = (None, None) if answer == NO else _range(program, facts)
    return Screening(
        program=program.slug,
        answer=answer,
        least=amounts[0],
        most=amounts[1],
        every=told.get("every", "once"),
        set_by_agency=told.get("set_by") == "agency" and amounts[0] is None,
        soon=how_soon(program, facts),
        next=() if answer == NO else next_questions(program, facts),
        determination=determination,
    )


def how_soon(program: Program, facts: Mapping[str, Any]) -> Soon | None:
    """Return the first clock that runs from the application; None where the agency sets it."""
    running = [
        Soon(str(clock["id"]), hours, "when" in clock)
        for clock in program.document.get("clocks", [])
        if clock.get("from") == "received" and (hours := _hours(clock)) is not None
        if "when" not in clock or holds(program, str(clock["when"]), facts)
    ]
    return min(running, key=lambda soon: soon.hours, default=None)


def _hours(clock: Mapping[str, Any]) -> int | None:
    if isinstance(clock.get("hours"), int):
        return int(clock["hours"])
    return int(clock["days"]) * 24 if isinstance(clock.get("days"), int) else None


def _range(program: Program, facts: Mapping[str, Any]) -> tuple[Decimal | None, Decimal | None]:
    """Return the least and most the total can be, over what is still open."""
    told = program.document.get("screen", {})
    least: list[Decimal | None] = []
    most: list[Decimal | None] = []
    for supposed in _suppositions(told.get("suppose", {}), facts):
        found = evaluate(program, {**facts, **supposed})
        total = found.value(program.total)
        for known, key in ((least, "least"), (most, "most")):
            known.append(total if total is not None or key not in told else found.value(told[key]))
    if None in least or None in most:
        return None, None
    lowest = min(total for total in least if total is not None)
    return as_cents(lowest), as_cents(max(total for total in most if total is not None))


def _suppositions(
    suppose: Mapping[str, list[Any]], facts: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Yield every way in which the document supposes what is not known yet."""
    unknown = [key for key in suppose if facts.get(key) is None and key in dictionary()]
    for values in itertools.product(*(suppose[key] for key in unknown)):
        yield dict(zip(unknown, values, strict=True))
