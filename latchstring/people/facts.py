"""Facts: what is said about a household, by whom, and what stands behind it.

Facts are inserted, never changed. "Current" is a question: of each key the newest row of the most
trusted source. What staff or another agency established beats what a document shows, which beats
what was stated; the caseworker sees them side by side.
"""

import uuid
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from latchstring.kernel import clock
from latchstring.kernel.find import find
from latchstring.kernel.ids import new_id
from latchstring.kernel.insert import insert
from latchstring.people.models import Evidence, Fact, Household
from latchstring.vault import door as vault

PRECEDENCE = ("staff", "verified", "document", "attested", "stated", "system")


ESTABLISHED = ("staff", "verified", "document")  # more than the household's own word


@dataclass(frozen=True)
class EvidenceView:
    """What stands behind a fact."""

    id: uuid.UUID
    kind: str
    source: str
    reference: str
    obtained_at: datetime
    expires_on: date | None
    detail: dict[str, Any]


@dataclass(frozen=True)
class FactView:
    """A fact, opened. `source` is `stated`, `document`, `verified:<agency>`, `staff`, ..."""

    id: uuid.UUID
    key: str
    value: Any
    source: str
    subject_kind: str
    subject: uuid.UUID
    recorded_at: datetime
    recorded_by: str
    evidence: EvidenceView | None


def established(source: str) -> bool:
    """Say whether a fact's source is more than the household's own word."""
    return source.partition(":")[0] in ESTABLISHED


def _jsonable(value: Any) -> Any:
    """Write a value so that it reads back the same: decimals and dates keep their kind."""
    if isinstance(value, bool) or value is None or isinstance(value, int | str):
        return value
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Mapping):
        return {"record": {key: _jsonable(item) for key, item in value.items()}}
    if isinstance(value, Sequence):
        return [_jsonable(item) for item in value]
    raise TypeError(f"a fact cannot hold a {type(value).__name__}")


def _readable(value: Any) -> Any:
    if isinstance(value, dict):
        if "decimal" in value:
            return Decimal(value["decimal"])
        if "date" in value:
            return date.fromisoformat(value["date"])
        return {key: _readable(item) for key, item in value["record"].items()}
    if isinstance(value, list):
        return [_readable(item) for item in value]
    return value


def _place(household_id: uuid.UUID, key: str) -> dict[str, Any]:
    return {"data_class": "person", "subject": household_id, "field": f"fact.{key}"}


class Known:
    """The present rows of a household's facts, about everybody in it, read in one statement.

    For a verb that reads and states by turns, under a lock of its own: what is stated through it
    is known at once, and nothing is read twice.
    """

    def __init__(self, household: Household) -> None:
        self.household = household
        self._rows = find(_present, household.id)
        self._views: dict[uuid.UUID, FactView] = {}

    def rows(self, subjects: Container[uuid.UUID]) -> list[Fact]:
        """Return the rows about some of the household, in the order they were recorded."""
        return [row for row in self._rows if row.subject in subjects]

    def view(self, row: Fact) -> FactView:
        """Return a row opened, once."""
        if row.id not in self._views:
            self._views[row.id] = _view(row)
        return self._views[row.id]

    def add(self, rows: Iterable[Fact]) -> None:
        """Take in what was stated just now."""
        self._rows.extend(rows)


def _present(household_id: uuid.UUID) -> QuerySet[Fact]:
    rows = Fact.objects.filter(household=household_id, valid_to__isnull=True)
    return rows.select_related("evidence").order_by("recorded_at", "id")


def state_fact(household: Household, key: str, value: Any, *, actor: str, **rest: Any) -> Fact:
    """Insert one fact; see `state_facts`."""
    return state_facts(household, {key: value}, actor=actor, **rest)[0]


def state_facts(
    household: Household,
    values: Mapping[str, Any],
    *,
    actor: str,
    source: str = "stated",
    subject: uuid.UUID | None = None,
    subject_kind: str = "household",
    evidence: Evidence | None = None,
    personal: bool | Container[str] = False,
    valid_from: date | None = None,
    again_since: datetime | None = None,
    known: Known | None = None,
) -> list[Fact]:
    """Insert facts by key, those that stand in their order; two statements however many.

    Personal ones (free text, names, addresses; all of them or those named) are sealed under the
    household. Saying again what is current already, from the same source and evidence, inserts
    nothing, unless it was said before `again_since`.
    """
    about = subject or household.id
    if known is None:
        said = Fact.objects.filter(
            household=household, key__in=values, source=source, subject=about, valid_to__isnull=True
        )
        rows = list(said.order_by("recorded_at", "id"))
    else:
        rows = [r for r in known.rows([about]) if r.source == source and r.key in values]
    last = {row.key: row for row in rows}
    fresh = {
        key: value
        for key, value in values.items()
        if key not in last
        or last[key].evidence_id != (evidence.id if evidence else None)
        or _opened(last[key]) != value
        or (again_since is not None and last[key].recorded_at < again_since)
    }
    if not fresh:
        return [last[key] for key in values]
    moment = clock.now()
    for key, value in fresh.items():
        written = _jsonable(value)
        is_personal = personal if isinstance(personal, bool) else key in personal
        last[key] = Fact(
            id=new_id(),
            agency_id=household.agency_id,
            household=household,
            subject_kind=subject_kind,
            subject=about,
            key=key,
            value=None if is_personal else written,
            sealed=vault.seal_json(written, agency=household.agency_id, **_place(household.id, key))
            if is_personal
            else None,
            valid_from=valid_from or moment.astimezone(clock.MOUNTAIN).date(),
            recorded_at=moment,
            source=source,
            recorded_by=actor,
            evidence=evidence,
        )
    stated = [last[key] for key in fresh]
    insert(stated)
    if known is not None:
        known.add(stated)
    return [last[key] for key in values]


def _opened(fact: Fact) -> Any:
    if fact.sealed is None:
        return _readable(fact.value)
    return _readable(vault.open_json(fact.sealed, **_place(fact.household_id, fact.key)))


def _view(fact: Fact) -> FactView:
    proof = fact.evidence
    return FactView(
        id=fact.id,
        key=fact.key,
        value=_opened(fact),
        source=fact.source,
        subject_kind=fact.subject_kind,
        subject=fact.subject,
        recorded_at=fact.recorded_at,
        recorded_by=fact.recorded_by,
        evidence=EvidenceView(
            proof.id,
            proof.kind,
            proof.source,
            proof.reference,
            proof.obtained_at,
            proof.expires_on,
            proof.detail,
        )
        if proof
        else None,
    )


def all_facts(household: Household, key: str | None = None) -> list[FactView]:
    """Return every fact of a household, from every source, in the order they were recorded."""
    rows = Fact.objects.filter(household=household).select_related("evidence")
    if key is not None:
        rows = rows.filter(key=key)
    return [_view(row) for row in rows.order_by("recorded_at", "id")]


def facts(
    household: Household,
    *,
    sources: Sequence[str] = PRECEDENCE,
    subject: uuid.UUID | None = None,
    known: Known | None = None,
) -> dict[str, FactView]:
    """Return the current fact of each key about the household (or another subject of it).

    `sources` is the order of trust; a source not named in it is not looked at.
    """
    about = subject or household.id
    return facts_of_each(household, [about], sources=sources, known=known)[about]


def facts_of_each(
    household: Household,
    subjects: Iterable[uuid.UUID],
    *,
    sources: Sequence[str] = PRECEDENCE,
    known: Known | None = None,
) -> dict[uuid.UUID, dict[str, FactView]]:
    """Return the current facts about each of several subjects of a household, in one statement."""
    rank = {name: place for place, name in enumerate(sources)}
    if {"attested", "stated"} <= rank.keys():  # both are the resident's own word: the newer counts
        rank["attested"] = rank["stated"]
    current: dict[uuid.UUID, dict[str, Fact]] = {subject: {} for subject in subjects}
    opened = known.view if known else _view
    if known is None:
        found = Fact.objects.filter(
            household=household, subject__in=current, valid_to__isnull=True
        ).select_related("evidence")
        rows = list(found.order_by("recorded_at", "id"))
    else:
        rows = known.rows(current)
    for row in rows:
        trust = rank.get(row.source.partition(":")[0])
        if trust is None:
            continue
        held = current[row.subject].get(row.key)
        if held is None or trust <= rank[held.source.partition(":")[0]]:
            current[row.subject][row.key] = row
    return {
        subject: {key: view for key, row in last.items() if (view := opened(row)).value is not None}
        for subject, last in current.items()
    }


def add_evidence(
    household: Household,
    kind: str,
    source: str,
    reference: str,
    *,
    expires_on: date | None = None,
    detail: dict[str, Any] | None = None,
) -> Evidence:
    """Keep what stands behind a fact: kind (document, agency, attestation, staff) and reference."""
    evidence = Evidence(
        id=new_id(),
        agency_id=household.agency_id,
        household=household,
        kind=kind,
        source=source,
        reference=str(reference),
        obtained_at=clock.now(),
        expires_on=expires_on,
        detail=detail or {},
    )
    insert([evidence])
    return evidence
