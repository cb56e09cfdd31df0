"""The screener: could I get help, how much about, and which question would tell?"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from latchstring.programs.dictionary import dictionary
from latchstring.programs.document import Program
from latchstring.programs.evaluate import ELIGIBLE, INELIGIBLE, Determination, evaluate
from latchstring.programs.questions import Question, next_questions

LIKELY, MAYBE, NO = "likely", "maybe", "no"


@dataclass(frozen=True)
class Screening:
    """A first answer: likely, maybe or no; about how much; the question to ask next."""

    program: str
    answer: str
    least: Decimal | None
    most: Decimal | None
    next: tuple[Question, ...]
    determination: Determination


def screen(program: Program, facts: Mapping[str, Any]) -> Screening:
    """Give a first answer on whatever is known. It binds nobody and is never stored.

    The range is given once rent and months are known enough: the least takes the rent as not
    documented, the most takes it as documented.
    """
    determination = evaluate(program, facts)
    answer = {ELIGIBLE: LIKELY, INELIGIBLE: NO}.get(determination.outcome, MAYBE)
    if answer == NO:
        return Screening(program.slug, NO, None, None, (), determination)
    least, most = _range(program, facts)
    questions = next_questions(program, facts)
    return Screening(program.slug, answer, least, most, questions, determination)


def _range(program: Program, facts: Mapping[str, Any]) -> tuple[Decimal | None, Decimal | None]:
    """Return the least and most the total can be, over what is still open and two-sided."""
    totals = [_total(program, {**facts, **supposed}) for supposed in _suppositions(facts)]
    known = [total for total in totals if total is not None]
    if len(known) < len(totals) or not known:
        return None, None
    return min(known), max(known)


def _suppositions(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Nothing asked for counts as nothing; open yes-or-no facts are tried both ways."""
    nothing: dict[str, Any] = {
        key: 0
        for key in ("future_months", "months_assisted", "utilities_owed", "internet_owed")
        if facts.get(key) is None and key in dictionary()
    }
    if facts.get("rent_documented") is None:
        return [nothing | {"rent_documented": True}, nothing | {"rent_documented": False}]
    return [nothing]


def _total(program: Program, facts: Mapping[str, Any]) -> Decimal | None:
    return evaluate(program, facts).value(program.total)
