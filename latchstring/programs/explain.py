"""One household, every reason: the determination as a plain JSON object."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from latchstring.programs.dictionary import dictionary, shown_value, value_reader
from latchstring.programs.document import LANGUAGES, Program
from latchstring.programs.errors import WrongFact
from latchstring.programs.evaluate import (
    AmountLine,
    CriterionResult,
    Determination,
    as_cents,
    evaluate,
    said_by_lists,
)
from latchstring.programs.lists import items, lists
from latchstring.programs.sentences import arithmetic, citation, sentence
from latchstring.programs.tables import counties
from latchstring.programs.telling_lists import told_from_lists
from latchstring.rules.errors import did_you_mean

EXTRA_KEYS = ("household_id",)


def facts_from_json(text: str) -> dict[str, Any]:
    """Read one household's facts; WrongFact, or ValueError for what is not JSON, says why not.

    Keys are those of a bulk file; null or a missing key is unknown; money is a number or a text.
    """
    content = json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    if not isinstance(content, dict):
        raise ValueError('the facts must be one JSON object, such as {"size": 3}')
    facts: dict[str, Any] = {}
    for key, value in content.items():
        if key in EXTRA_KEYS:
            continue
        if key in lists():
            facts[key] = value
            if value is not None:
                items(lists()[key], value)
            continue
        definition = dictionary().get(key)
        if definition is None:
            hint = did_you_mean(key, [*dictionary(), *lists()])
            raise WrongFact(key, f"there is no such fact.{hint}")
        if value is None or value == "":
            continue
        if isinstance(value, list | dict):
            raise WrongFact(key, "a fact is one value.")
        facts[key] = read_fact(key, value)
    _agreeing(facts)
    return facts


def read_fact(key: str, value: Any) -> Any:
    """Return a fact as Decimal, int, bool, str or date; WrongFact when it is not of its type."""
    definition = dictionary()[key]
    read = value_reader(definition)(value)
    return shown_value(definition.rule_type, read)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number here")


def _agreeing(facts: Mapping[str, Any]) -> None:
    """Refuse a county that is not of the household's state."""
    found = counties().get(str(facts.get("county")))
    if found and facts.get("state") not in (None, found["state"]):
        raise WrongFact("county", f"{facts['county']} is not in {facts['state']}.")


def explanation(program: Program, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return everything there is to say about one household's determination."""
    found = evaluate(program, facts)
    return {
        "program": program.slug,
        "name": dict(program.name),
        "version": {
            "hash": program.version,
            "effective_from": program.effective_from.isoformat(),
        },
        "outcome": found.outcome,
        "priority": found.priority,
        "criteria": [_criterion(program, result) for result in found.criteria],
        "priority_reason": _criterion(program, found.priority_result)
        if found.priority_result
        else None,
        "from_lists": [
            _from_lists(program, key, found.value(key), facts)
            for key in sorted(said_by_lists(program, facts))
        ],
        "failed": list(found.failed),
        "missing": list(found.missing),
        "set_by_agency": list(found.unset),
        **{r.id: plain(_result(program, found, r.value, r.always)) for r in program.results},
        "amounts": [_amount(line) for line in found.lines],
        "tables": [
            {
                "table": use.table,
                "fiscal_year": use.fiscal_year,
                "effective_from": use.effective_from,
                "source": use.source,
            }
            for use in found.tables
        ],
        "facts_hash": found.hash,
    }


def plain(value: Any) -> Any:
    """Return a value as JSON holds it: money as a text with its cents, dates as YYYY-MM-DD."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value


def _result(program: Program, found: Determination, key: str, always: bool) -> Any:
    if not always and found.outcome != "eligible":
        return None
    value = found.value(key)
    return as_cents(value) if program.is_money(key) else value


def _criterion(program: Program, result: CriterionResult) -> dict[str, Any]:
    return {
        "id": result.id,
        "result": result.result,
        **{language: sentence(program, result, language) for language in LANGUAGES},
        "citation": citation(program, result.id),
        "operands": {key: plain(value) for key, value in result.operands.items()},
    }


def _from_lists(program: Program, key: str, value: Any, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Tell what a fact was worked out of, each record with what it counts for."""
    told = {language: told_from_lists(program, key, facts, language) for language in LANGUAGES}
    lines = {language: list(one.lines) for language, one in told.items() if one}
    words = {language: one.words for language, one in told.items() if one}
    return {"fact": key, "value": plain(value), **words, "lines": lines}


def _amount(line: AmountLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "purpose": line.purpose,
        "label": dict(line.label),
        "months": line.months,
        "rate": plain(line.rate),
        "amount": plain(line.amount),
        "arithmetic": {language: arithmetic(line, language) for language in LANGUAGES},
    }
