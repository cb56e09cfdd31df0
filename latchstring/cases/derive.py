"""Derive: from a snapshot alone to outcome, reasons, amounts and proof. A pure function.

It reads no clock, no database and no setting, so that the same snapshot gives the same bytes on
any day: `replay` leans on it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from latchstring.cases.proof import letter_of_another_program, proven
from latchstring.cases.typed import tagged, values_of
from latchstring.kernel import money
from latchstring.programs import door as programs
from latchstring.programs import publication


@dataclass(frozen=True)
class Derived:
    """What follows from a snapshot: outcome, the stored result, the proven criteria."""

    outcome: str
    result: dict[str, Any]
    proven: list[str]

    @property
    def bytes(self) -> bytes:
        """The canonical form, for comparing byte by byte."""
        return programs.canonical(
            {"outcome": self.outcome, "result": self.result, "proven": self.proven}
        )


def derive(snapshot: Mapping[str, Any]) -> Derived:
    """Evaluate the snapshot's own program version and tables over its facts."""
    program, found = evaluated(snapshot)
    shown = [_criterion(one) for one in found.criteria]
    given = snapshot.get("amounts_set", {})
    lines = [_line(line) | _monthly(program, found, line) for line in found.lines if line.amount]
    unset = [line for line in found.lines if line.amount is None]
    lines += [_set(line, given[line.id]["amount_cents"]) for line in unset if line.id in given]
    lines = [line for line in lines if line["amount_cents"]]
    unset = [line for line in unset if line.id not in given]
    income = next((c for c in program.criteria if c.id == "income"), None)
    letter = letter_of_another_program(income.evidence, snapshot) if income else {}
    result = {
        "criteria": shown,
        "failed": list(found.failed),
        "missing": list(found.missing),
        "priority": found.priority,
        "priority_criterion": _criterion(found.priority_result) if found.priority_result else None,
        "lines": lines,
        "total_cents": sum(line["amount_cents"] for line in lines),
        "derived": {key: tagged(value) for key, value in found.values.items()},
        "tables": [
            {"table": use.table, "fiscal_year": use.fiscal_year, "from": use.effective_from}
            for use in found.tables
        ],
        "letter": {"program": letter["program"], "determined_on": letter["determined_on"]}
        if letter
        else None,
    }
    if unset:
        result["unset"] = [{"id": line.id, "label": dict(line.label)} for line in unset]
    return Derived(found.outcome, result, proven(program, snapshot))


def evaluated(
    snapshot: Mapping[str, Any],
) -> tuple[programs.Program, programs.Determination]:
    """Return the program version of a snapshot, over its tables, and what it makes of its facts."""
    # Determinations from before tables were kept have none, and rest on the catalog's.
    program = publication.program_as_then(snapshot["version"], snapshot.get("tables", {}))
    return program, programs.evaluate(program, values_of(snapshot["facts"]))


def _criterion(found: programs.CriterionResult) -> dict[str, Any]:
    operands = {key: tagged(value) for key, value in found.operands.items()}
    return {"id": found.id, "result": found.result, "operands": operands}


def _monthly(
    program: programs.Program, found: programs.Determination, line: programs.AmountLine
) -> dict[str, Any]:
    """Of help by the month: that it is, and what the first month brings."""
    said = next(one for one in program.document["benefits"] if one["id"] == line.id)
    if "recurs" not in said:
        return {}
    first = found.value(said["first_amount"]) if said.get("first_amount") else None
    return {
        "recurs": said["recurs"],
        "first_cents": money.cents(Decimal(first)) if first is not None else None,
    }


def _set(line: programs.AmountLine, amount_cents: int) -> dict[str, Any]:
    """A line whose amount a person set, as the rules leave it to the agency."""
    shown = money.shown(amount_cents)
    arithmetic = {"en": f"{shown}, set by the agency", "es": f"{shown}, fijado por la agencia"}
    return _line(line) | {"amount_cents": amount_cents, "arithmetic": arithmetic}


def _line(line: programs.AmountLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "purpose": line.purpose,
        "label": dict(line.label),
        "payee": line.payee,
        "months": line.months,
        "rate_cents": money.cents(line.rate) if line.rate is not None else None,
        "amount_cents": money.cents(line.amount) if line.amount is not None else 0,
        "arithmetic": {language: programs.arithmetic(line, language) for language in ("en", "es")},
    }
