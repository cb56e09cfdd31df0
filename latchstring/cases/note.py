"""Note: a caseworker's own words about a case, kept sealed."""

import uuid
from typing import Any

from latchstring.cases.locks import locked_case
from latchstring.cases.models import Case, Note
from latchstring.cases.policy import permit
from latchstring.kernel import events, limits, transactions
from latchstring.kernel.errors import Invalid
from latchstring.kernel.ids import new_id
from latchstring.vault import door as vault


def _place(note_id: uuid.UUID) -> dict[str, Any]:
    return {"data_class": "message", "subject": note_id, "field": "note.words"}


def note(case_id: uuid.UUID, words: str, actor: str) -> Note:
    """Write a note. The resident does not see it; the trail and an appeal packet do."""
    with transactions.verb() as moment:
        case = locked_case(case_id)
        permit(actor, "case.work", case)
        if not words.strip() or len(words) > limits.FREE_TEXT_CHARACTERS_MAX:
            raise Invalid(fields={"words": "Please write a few words."})
        note_id = new_id()
        row = Note.objects.create(
            id=note_id,
            agency=case.agency,
            case=case,
            words_sealed=vault.seal(words.strip(), agency=case.agency, **_place(note_id)),
            written_by=actor,
            written_at=moment,
        )
        events.record(
            "case.noted.v1",
            subject=case.id,
            agency=case.agency,
            actor=actor,
            payload={"note": str(row.id)},
        )
    return row


def notes_of(case: Case) -> list[tuple[Note, str]]:
    """Return a case's notes, opened, oldest first. For staff only."""
    rows = list(case.notes.order_by("written_at", "id"))
    vault.fetch_keys((row.id for row in rows), data_class="message")
    return [(row, vault.open_text(row.words_sealed, **_place(row.id))) for row in rows]
