"""What was said beside what was established: the facts of a case, side by side."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language, gettext

from latchstring.applications import door as applications
from latchstring.people import door as people
from latchstring.programs import door as programs

COLUMNS = ("stated", "document", "verified")
_COLUMN = {"attested": "stated", "staff": "verified", "system": "verified"}


def _shown(value: Any) -> str:
    language = get_language() or "en"
    if isinstance(value, list):
        return ", ".join(_record(item) for item in value) or gettext("none")
    if isinstance(value, dict):
        return _record(value)
    return programs.text(value, language)


def _record(item: Any) -> str:
    if isinstance(item, dict):
        return " ".join(str(part) for part in list(item.values())[:2])
    return str(item)


def side_by_side(
    program: programs.Program, facts: Iterable[people.FactView], case: Any
) -> list[dict[str, Any]]:
    """Return a row per fact: stated, shown by a paper, established; `differs` where they clash.

    Of each source only its newest statement is shown; the timeline has the rest.
    """
    language = get_language() or "en"
    found: dict[str, dict[str, Any]] = {}
    known = programs.dictionary()
    for fact in facts:
        if fact.subject != case.household or (fact.key not in known and fact.key != "enrolments"):
            continue
        kind = fact.source.partition(":")[0]
        column = _COLUMN.get(kind, kind)
        row = found.setdefault(
            fact.key,
            {
                "key": fact.key,
                "words": programs.fact_words(program, fact.key, language),
                "attested": fact.key in case.attested,
            },
        )
        row[column] = {
            "value": fact.value,
            "shown": _shown(fact.value),
            "source": fact.source,
            "at": fact.recorded_at,
            "evidence": fact.evidence,
        }
    for row in found.values():
        values = [row[column]["value"] for column in COLUMNS if column in row]
        row["differs"] = any(value != values[0] for value in values[1:])
    return sorted(found.values(), key=lambda row: (not row["differs"], row["words"]))


def paper_facts(
    program: programs.Program, facts: Iterable[people.FactView], document_id: uuid.UUID
) -> list[str]:
    """Return the words of the facts that a paper stands behind."""
    language = get_language() or "en"
    return list(
        dict.fromkeys(
            programs.fact_words(program, fact.key, language)
            for fact in facts
            if fact.evidence and fact.evidence.reference == str(document_id)
        )
    )


def income_lines(sums: people.IncomeSums, members: Iterable[people.Member]) -> dict[str, Any]:
    """Return the household's income by person, as arithmetic that one can follow."""
    language = get_language() or "en"
    names = {member.person_id: member.name for member in members}
    return {
        "lines": [
            {
                "who": names[line.person_id],
                "kind": applications.words.INCOME_KINDS[line.kind],
                "employer": line.employer,
                "sum": applications.source_in_words(line, language),
            }
            for line in sums.lines
        ],
        "together": applications.together_in_words(sums, language),
    }
