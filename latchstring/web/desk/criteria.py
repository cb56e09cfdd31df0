"""A stored determination's criteria in words: result, sentence, numbers, citation, proof."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from latchstring.programs import door as programs
from latchstring.programs import publication


def read_value(stored: Any) -> Any:
    """Read an operand back from a determination's JSON: money and days kept their kind."""
    if isinstance(stored, Mapping):
        if "decimal" in stored:
            return Decimal(stored["decimal"])
        if "date" in stored:
            return date.fromisoformat(stored["date"])
        return {key: read_value(item) for key, item in stored.get("record", stored).items()}
    if isinstance(stored, list):
        return [read_value(item) for item in stored]
    return stored


def criteria_of(version: str, result: Mapping[str, Any], proven: list[str]) -> list[dict[str, Any]]:
    """Return the criteria of a determination as the notice says them, in the program's order.

    Each has id, result (True, False, None), sentence, citation, rule, numbers (words and value),
    evidence (what the program accepts) and proven.
    """
    language = get_language() or "en"
    try:
        program = publication.program_by_hash(version)
    except programs.UnknownProgram:
        return [
            {"id": row["id"], "result": row.get("result"), "sentence": row["id"], "numbers": []}
            for row in result.get("criteria", [])
        ]
    by_id = {criterion.id: criterion for criterion in program.all_tests}
    shown = []
    for row in result.get("criteria", []):
        criterion = by_id.get(row["id"])
        if criterion is None:
            continue
        operands = {key: read_value(value) for key, value in row.get("operands", {}).items()}
        found = programs.CriterionResult(row["id"], row["result"], operands)
        shown.append(
            {
                "id": row["id"],
                "result": row["result"],
                "sentence": programs.sentence(program, found, language),
                "citation": programs.citation(program, row["id"]),
                "rule": criterion.text,
                "numbers": [
                    {
                        "key": key,
                        "words": programs.fact_words(program, key, language),
                        "value": programs.text(value, language),
                    }
                    for key, value in operands.items()
                ],
                "facts": list(operands),
                "evidence": criterion.evidence,
                "proven": row["id"] in proven,
            }
        )
    return shown


def lines_of(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the amounts of a determination with label and arithmetic in the reader's language."""
    language = get_language() or "en"
    return [
        {
            "id": line["id"],
            "label": line["label"].get(language) or line["label"]["en"],
            "months_shown": line["months"],
            "arithmetic": line["arithmetic"].get(language) or line["arithmetic"]["en"],
            "payee_kind": line["payee"],
            "amount_cents": line["amount_cents"],
        }
        for line in result.get("lines", [])
    ]
