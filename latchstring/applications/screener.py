"""The screener: a few questions before any account, with the same rules as the decision.

What is heard stays with the visitor (`heard`: plain texts, numbers, yes or no) until an account
takes it over. Nothing is stored here.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from latchstring.applications import reading
from latchstring.applications.errors import WrongAnswer
from latchstring.kernel import clock
from latchstring.programs import door as programs

# One income is enough to begin with; the application asks for the other where it matters.
_LATER = ("income_last_year", "months_helped")


def programs_for(state: str, needs: Sequence[str]) -> list[programs.Program]:
    """Return the programs of a state that answer any of these needs, newest versions."""
    wanted = set(needs)
    return [
        program
        for program in programs.programs(state)
        if wanted & {need["id"] for need in program.document.get("needs", [])}
    ]


def implied(state: str, needs: Sequence[str]) -> dict[str, Any]:
    """Return the facts that naming a need says already, as the program documents declare them."""
    found: dict[str, Any] = {}
    for need in programs.needs(state):
        if need["id"] in needs:
            found |= need.get("implies", {})
    return found


def _supposed(heard: Mapping[str, Any]) -> dict[str, Any]:
    return {"applied_on": clock.today(), "months_assisted": 0, **heard}


def next_open(
    asked: Sequence[programs.Program], heard: Mapping[str, Any]
) -> programs.Question | None:
    """Return the next question worth asking before an account is made, or None."""
    worth = programs.next_questions(asked, _supposed(heard))
    return next((question for question in worth if question.id not in _LATER), None)


def hear(question: programs.Question, values: Mapping[str, str], state: str) -> dict[str, Any]:
    """Read an answer into plain values for a session; WrongAnswer in the reader's language."""
    try:
        facts = reading.facts_of(question, values, state)
    except ValueError:
        language = "es" if get_language() == "es" else "en"
        raise WrongAnswer(fields={question.id: question.error[language]}) from None
    return {
        key: str(value) if isinstance(value, Decimal) else value for key, value in facts.items()
    }


def results(
    asked: Sequence[programs.Program], heard: Mapping[str, Any]
) -> list[tuple[programs.Program, programs.Screening]]:
    """Return a first answer of each program on what was heard."""
    return [(program, programs.screen(program, _supposed(heard))) for program in asked]
