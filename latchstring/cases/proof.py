"""Which criteria are proven: those that stay true when only facts with proof are left.

What counts as proof is the program document's `evidence` of the criterion: an agency's answer, a
paper a caseworker took, or the resident's own signed word where attestation suffices (Treasury ERA
FAQ 1 to 5). What an income source pays needs more than the signature: another agency's answer, a
paper, or an explicit written statement that papers cannot be had (FAQ 4).
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from latchstring.cases.typed import values_of
from latchstring.programs import door as programs

Snapshot = Mapping[str, Any]


def proven(program: programs.Program, snapshot: Snapshot) -> list[str]:
    """Return the ids of the criteria that are true on proof alone, in the program's order."""
    known = values_of(snapshot["facts"])
    whole = {found.id: found.result for found in programs.evaluate(program, known).criteria}
    found = []
    for criterion in program.criteria:
        if whole[criterion.id] is not True:
            continue
        backed = {k: v for k, v in known.items() if _backed(k, program, criterion, snapshot)}
        results = {c.id: c.result for c in programs.evaluate(program, backed).criteria}
        if results[criterion.id] is True or letter_of_another_program(criterion.evidence, snapshot):
            found.append(criterion.id)
    return found


def letter_of_another_program(policy: Mapping[str, Any], snapshot: Snapshot) -> dict[str, Any]:
    """Return the enrolment that stands in for income papers (FAQ 4), or an empty dict.

    It must be one the program names, active, determined on or after the program's day, by an
    agency that verified the income then.
    """
    letters = policy.get("categorical")
    if not letters:
        return {}
    earliest = _day(letters["determined_on_or_after"])
    for row in snapshot["enrolments"]:
        determined, ends = _day(row["determined_on"]), _day(row["expires_on"])
        if (
            row["program"] in letters["programs"]
            and row["status"] == "active"
            and row["income_was_verified"]
            and determined is not None
            and earliest is not None
            and determined >= earliest
            and (ends is None or ends >= date.fromisoformat(snapshot["on"]))
        ):
            return dict(row)
    return {}


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    return date.fromisoformat(value) if value else None


def _backed(
    key: str, program: programs.Program, test: programs.Criterion, snapshot: Snapshot
) -> bool:
    """Whether one fact counts as proven for a criterion with its evidence policy."""
    entry, policy = snapshot["facts"][key], test.evidence
    source = entry["source"].partition(":")[0]
    if source in ("system", "own_records", "staff"):
        return True
    proof = entry["evidence"]
    holds = partial(_holds, program, test, date.fromisoformat(snapshot["on"]))
    if source == "verified":
        return proof is not None and _fresh(proof, holds, snapshot)
    papers = policy.get("documents", ())
    if proof and proof["kind"] == "document" and proof["source"] in papers:
        if _fresh(proof, holds, snapshot):
            return True
    if any(
        paper["kind"] in papers and holds(date.fromisoformat(paper["given_on"]))
        for paper in snapshot["papers"]
    ):
        return True
    if not policy.get("attestation"):
        return False
    explicit = key in snapshot["attested"] or source == "attested"
    return explicit or programs.subject_of(key) != "income_source"


def _fresh(proof: Mapping[str, Any], holds: Callable[[date], bool], snapshot: Snapshot) -> bool:
    if proof["expires_on"] and proof["expires_on"] < snapshot["on"]:
        return False
    return holds(date.fromisoformat(proof["obtained_on"]))


def _holds(program: programs.Program, test: programs.Criterion, on: date, since: date) -> bool:
    """Whether proof of a day still holds: the program says for how long (FAQ 4: three months)."""
    until = programs.holds_until(program, test, since)
    return until is None or on <= until
