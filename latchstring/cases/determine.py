"""Determine: what the rules say about a case from what is known now, stored for good.

1. Hold the case; set its clocks by what is known now; gather the snapshot.
2. If it differs from the last one only by its day and nothing follows differently, keep that one.
3. Derive outcome, reasons, amounts and proof; seal the snapshot, keep its hash.
4. Write the event; a case that turned out to go first is marked so.
"""

import hashlib
import uuid
from dataclasses import dataclass
from typing import Any

from latchstring.cases.clocks import wind
from latchstring.cases.derive import derive
from latchstring.cases.errors import NoSuchCase
from latchstring.cases.gather import filed_on, gather, knowledge
from latchstring.cases.locks import locked_case
from latchstring.cases.models import Case, Determination
from latchstring.kernel import events, transactions
from latchstring.kernel.ids import new_id
from latchstring.programs import door as programs
from latchstring.vault import door as vault


def _place(determination_id: uuid.UUID) -> dict[str, Any]:
    return {"data_class": "case", "subject": determination_id, "field": "determination.snapshot"}


def _undated(snapshot: dict[str, Any]) -> bytes:
    return programs.canonical({key: value for key, value in snapshot.items() if key != "on"})


def determine(case_id: uuid.UUID, actor: str = "system:determine") -> Determination:
    """Run a case's program version over what is known. The same facts again give the same row."""
    with transactions.verb() as moment:
        case = locked_case(case_id)
        known = knowledge(case)
        if changed := wind(case, known.program, known.values, moment):
            case.save(update_fields=changed)
        snapshot = gather(case, known)
        found = derive(snapshot)
        last = determination_of(case)
        if last is not None and _undated(opened(last)) == _undated(snapshot):
            if (last.outcome, last.result, last.proven) == (
                found.outcome,
                found.result,
                found.proven,
            ):
                return last
        determination_id = new_id()
        row = Determination.objects.create(
            id=determination_id,
            agency=case.agency,
            case=case,
            period=filed_on(case).strftime("%Y-%m"),
            run=last.run + 1 if last else 1,
            version=case.version,
            made_at=moment,
            outcome=found.outcome,
            snapshot_sealed=vault.seal_json(
                snapshot, agency=case.agency, **_place(determination_id)
            ),
            snapshot_sha256=hashlib.sha256(programs.canonical(snapshot)).hexdigest(),
            result=found.result,
            proven=found.proven,
        )
        if found.result["priority"] is True and not case.priority:
            case.priority = True
            case.save(update_fields=["priority"])
        events.record(
            "case.determined.v1",
            subject=case.id,
            agency=case.agency,
            actor=actor,
            payload={"determination": str(row.id), "outcome": row.outcome},
        )
    return row


def determination_of(case: Case) -> Determination | None:
    """Return the latest determination of a case."""
    return case.determinations.order_by("-run").first()


def opened(determination: Determination) -> dict[str, Any]:
    """Open the snapshot a determination rests on."""
    snapshot: dict[str, Any] = vault.open_json(
        determination.snapshot_sealed, **_place(determination.id)
    )
    return snapshot


@dataclass(frozen=True)
class Replay:
    """A determination derived again from what it stored."""

    same: bool
    stored: bytes
    derived: bytes
    snapshot_intact: bool


def replays(reference: str) -> list[tuple[Determination, Replay]]:
    """Derive every determination of a case again, oldest first; NoSuchCase for a wrong number."""
    case = Case.objects.filter(reference=reference).first()
    if case is None:
        raise NoSuchCase(f"There is no case {reference}.")
    return [(row, replay(row)) for row in case.determinations.order_by("made_at", "run")]


def replay(determination: Determination) -> Replay:
    """Derive a determination again from its stored snapshot; `same` when equal to the byte."""
    snapshot = opened(determination)
    again = derive(snapshot).bytes
    stored = programs.canonical(
        {
            "outcome": determination.outcome,
            "result": determination.result,
            "proven": determination.proven,
        }
    )
    digest = hashlib.sha256(programs.canonical(snapshot)).hexdigest()
    return Replay(
        same=stored == again and digest == determination.snapshot_sha256,
        stored=stored,
        derived=again,
        snapshot_intact=digest == determination.snapshot_sha256,
    )
