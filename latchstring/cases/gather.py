"""Gather: what is known of a household today, as the canonical snapshot a determination rests on.

The snapshot is plain JSON and complete: replay reads nothing else. Money and days keep their kind
(cases/typed.py). Each fact names where it came from and what stands behind it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from latchstring.cases.models import Case
from latchstring.cases.own_records import OWN_RECORDS, own_records
from latchstring.cases.typed import tagged, values_of
from latchstring.documents import door as documents
from latchstring.kernel import clock
from latchstring.people import door as people
from latchstring.programs import door as programs
from latchstring.programs import publication


def filed_on(case: Case) -> date:
    """Return the Mountain day a case was filed."""
    return case.filed_at.astimezone(clock.MOUNTAIN).date()


@dataclass(frozen=True)
class Knowledge:
    """What is known of a case's household: every fact as it stands, and those the rules read."""

    program: programs.Program
    read: people.Reading
    views: Mapping[str, people.FactView]
    facts: Mapping[str, dict[str, Any]]

    @property
    def values(self) -> dict[str, Any]:
        """Every fact's value, those too that no criterion reads."""
        read = values_of(self.facts)
        return {key: view.value for key, view in self.views.items()} | read


def knowledge(case: Case, read: people.Reading | None = None) -> Knowledge:
    """Return what is known today of a case's household, stored and counted."""
    program = publication.program_by_hash(case.version)
    read = read or people.Reading(people.household_by_id(case.household))
    known = read.facts()
    facts = {key: _entry(known[key]) for key in program.readers if key in known}
    _add_counted(case, read, known, facts, program)
    return Knowledge(program, read, known, facts)


def gather(case: Case, found: Knowledge | None = None) -> dict[str, Any]:
    """Return the snapshot of the facts that a case's program reads, as known today."""
    found = found or knowledge(case)
    return {
        "case": str(case.id),
        "program": found.program.slug,
        "version": found.program.version,
        "tables": publication.keep_tables(found.program),
        "on": clock.today().isoformat(),
        "facts": found.facts,
        "attested": sorted(case.attested),
        "enrolments": _enrolments(found.views.get("enrolments")),
        "papers": _papers(found.read.household),
        **_amounts_set(case),
    }


def _amounts_set(case: Case) -> dict[str, Any]:
    """Return the amounts that staff set where the rules leave them to the agency, by line."""
    rows = case.staff_words.filter(kind="amount").order_by("said_at", "id")
    found = {row.about: {"amount_cents": row.amount_cents, "word": str(row.id)} for row in rows}
    return {"amounts_set": found} if found else {}


def _entry(view: people.FactView) -> dict[str, Any]:
    proof = view.evidence
    return {
        "value": tagged(view.value),
        "source": view.source,
        "said_on": _day(view.recorded_at),
        "fact": str(view.id),
        "evidence": None
        if proof is None
        else {
            "id": str(proof.id),
            "kind": proof.kind,
            "source": proof.source,
            "reference": proof.reference,
            "obtained_on": _day(proof.obtained_at),
            "expires_on": proof.expires_on.isoformat() if proof.expires_on else None,
        },
    }


def _day(at: datetime) -> str:
    """Write the Mountain day of a moment."""
    return at.astimezone(clock.MOUNTAIN).date().isoformat()


def _said(value: Any, source: str, at: datetime | None = None) -> dict[str, Any]:
    """An entry for what no fact row says; `at` is when it was said, where that is one moment."""
    return {
        "value": tagged(value),
        "source": source,
        "said_on": _day(at) if at else None,
        "fact": None,
        "evidence": None,
    }


def _add_counted(
    case: Case,
    read: people.Reading,
    known: Mapping[str, people.FactView],
    facts: dict[str, dict[str, Any]],
    program: programs.Program,
) -> None:
    """Add what no fact row says: the filing day, the home, the sums, our own records."""
    home = read.dwelling
    if home is not None:
        facts["county"] = _said(home.county, "stated", home.recorded_at)
        facts["state"] = _said(home.address["state"], "stated", home.recorded_at)
    facts["applied_on"] = _said(filed_on(case), "system", case.filed_at)
    if "size" not in facts:
        facts["size"] = _said(max(len(read.members), 1), "stated")
    if program.lists:
        for key, listed in read.lists(known).items():
            facts[key] = _said(listed.value, "stated", listed.said_at)
    for key, value in own_records(case, program, known, read).items():
        facts[key] = _said(value, OWN_RECORDS)
    for key in facts.keys() - program.readers.keys() - program.lists.keys():
        del facts[key]


def _enrolments(view: people.FactView | None) -> list[dict[str, Any]]:
    """Return the enrolments another agency told of, with the evidence behind them."""
    if view is None or not view.source.startswith("verified:"):
        return []
    entry = _entry(view)
    return [
        {
            "program": str(row.get("program")),
            "status": str(row.get("status")),
            "determined_on": row.get("determined_on"),
            "expires_on": row.get("expires_on"),
            "income_was_verified": row.get("verified_income_under_80_ami") is True,
            "evidence": entry["evidence"],
        }
        for row in view.value
    ]


def _papers(household: people.Household) -> list[dict[str, str]]:
    """Return the papers that a caseworker has read and taken, by kind."""
    rows = documents.of_household(household.id)
    return sorted(
        (
            {
                "id": str(row.id),
                "kind": row.kind,
                "given_on": _day(row.given_at),
            }
            for row in rows
            if row.status == "accepted"
        ),
        key=lambda paper: paper["id"],
    )
