"""Made-up households that answer the screener: all its questions, or only those it asks."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from latchstring.applications import screener
from latchstring.programs import door as programs

MONEY = (0, 0, 20, 90, 149, 150, 300, 480, 700, 1_000, 1_600, 2_200, 3_100, 4_500, 6_400)


def answers(
    state: str, asked: Sequence[programs.Program], chance: random.Random
) -> dict[str, dict[str, Any]]:
    """Return the facts that each question of these programs would be answered with."""
    found = {}
    for question in {q.id: q for p in asked for q in programs.questions_of(p)}.values():
        raw = _typed(question, state, chance)
        found[question.id] = screener.hear(question, {question.id: raw}, state)
    return found


def _typed(question: programs.Question, state: str, chance: random.Random) -> str:
    match question.kind:
        case "yes_no":
            return chance.choice(("yes", "no", "no"))
        case "county":
            return chance.choice(sorted(programs.counties(state)))
        case "choice":
            return str(chance.choice(question.choices)["value"])
        case "whole_number":
            least = max(programs.fact_definition(key).minimum for key in question.facts)
            return str(least + chance.choice((0, 0, 1, 1, 2, 3, 5, 9)))
    factor = 12 if question.id == "income_last_year" else 1
    return str(chance.choice(MONEY) * factor + chance.randrange(0, 60))


def adaptive(
    asked: Sequence[programs.Program],
    truth: Mapping[str, Mapping[str, Any]],
    heard: Mapping[str, Any],
) -> tuple[dict[str, Any], list[str]]:
    """Answer only what the screener asks; return what it heard, and the questions in order."""
    found, put = dict(heard), []
    while (question := screener.next_open(asked, found)) is not None:
        assert question.id not in put, f"{question.id} is asked twice"
        put.append(question.id)
        found |= truth[question.id]
    return found, put


def everything(
    asked: Sequence[programs.Program],
    truth: Mapping[str, Mapping[str, Any]],
    heard: Mapping[str, Any],
) -> tuple[dict[str, Any], int]:
    """Answer every question, save what a document takes as given; and how many they are."""
    given = {key for p in asked for key in p.document.get("screen", {}).get("given", {})}
    put = [facts for facts in truth.values() if not given.intersection(facts)]
    found = {key: value for facts in put for key, value in facts.items()}
    return {**found, **heard}, len(put)


def told(outlook: screener.Outlook) -> tuple[Any, ...]:
    """Return what a household is told of a program: all that must not depend on the asking."""
    screening = outlook.screening
    if screening.answer == programs.NO:
        return (screening.answer,)
    return screening.answer, screening.least, screening.most, screening.soon
