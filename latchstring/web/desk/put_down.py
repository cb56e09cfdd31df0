"""What a person must put down before an approval, as the case page and the approver see it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from latchstring.cases import door as cases
from latchstring.programs import publication
from latchstring.web.desk.words import HOW_HELD, Names


def to_put_down(
    found: cases.Case, result: Mapping[str, Any] | None, *, at: datetime | None = None
) -> list[dict[str, Any]]:
    """Return each thing with its words, and by whom and when it was put down."""
    language = get_language() or "en"
    todos = cases.before_approval(found, result, at=at)
    names = Names()
    names.look_up(todo.given.said_by for todo in todos if todo.given)
    return [
        {
            "kind": todo.kind,
            "about": todo.about,
            "words": todo.words[language],
            "citation": todo.citation,
            "said": todo.said,
            "at": todo.given.said_at if todo.given else None,
            "by": names[todo.given.said_by] if todo.given else "",
            "day": todo.given.day if todo.given else None,
            "how": HOW_HELD.get(todo.given.how, "") if todo.given else "",
            "amount_cents": todo.given.amount_cents if todo.given else None,
        }
        for todo in todos
    ]


def rules_of(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return the rules that nobody has looked at, as the choices of a form."""
    return [
        (row["about"], row["words"])
        for row in rows
        if row["kind"] == "looked_at" and row["at"] is None
    ]


def to_confirm(version: str) -> list[Mapping[str, str]]:
    """Return what the agency has still to confirm of a program, for staff."""
    return list(publication.program_by_hash(version).document.get("to_confirm", []))
