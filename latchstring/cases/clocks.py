"""Clocks: by when a case must be acted on, as its program's document says.

A clock counts hours or days from the filing (or from the approval), or some days before a dated
fact such as a hearing. It runs while its `when` is true, and stops with the decision or with what
`stops_with` names. The one that ends first is the case's; an alert stands a quarter of its time
before. A condition that is found late counts from then, where the document says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from latchstring.cases.models import Case
from latchstring.kernel import clock
from latchstring.programs import door as programs
from latchstring.programs import publication

# Where a program's document leaves the clock to the agency, the desk still needs an order: the four
# weeks that Wyoming's department of family services aims at (catalog/wy/erap.yaml).
DAYS_TO_DECIDE = 28
ALERT_SHARE = 4
ON_THE_CARD = "benefits_on_card"
FIELDS = ("due_at", "due_on", "due_clock", "alert_at", "urgent_on", "clocks")


@dataclass(frozen=True)
class Running:
    """A clock that runs: when it began and ends, and the day of harm or of a condition's end."""

    id: str
    since: datetime
    due_at: datetime
    urgent_on: date | None


def wind(
    case: Case, program: programs.Program, known: Mapping[str, Any], moment: datetime
) -> list[str]:
    """Set a case's clocks by what is known now; returns the names of the fields that changed.

    A case on which none runs any more keeps its last day.
    """
    running = list(_running(case, program, known, moment))
    if not running:
        return []
    first = min(running, key=lambda one: one.due_at)
    harm = [one.urgent_on for one in running if one.urgent_on]
    found = {
        "due_at": first.due_at,
        "due_on": first.due_at.astimezone(clock.MOUNTAIN).date(),
        "due_clock": first.id,
        "alert_at": first.due_at - (first.due_at - first.since) / ALERT_SHARE,
        "urgent_on": min(harm, default=None),
        "clocks": {one.id: one.since.isoformat() for one in running},
    }
    changed = [name for name in FIELDS if getattr(case, name) != found[name]]
    for name in changed:
        setattr(case, name, found[name])
    return changed


def clock_words(version: str, clock_id: str) -> dict[str, str]:
    """Return what a clock of a program version is about, by language; empty where it says none."""
    try:
        clocks = publication.program_by_hash(version).document.get("clocks", [])
    except programs.UnknownProgram:
        return {}
    return next((dict(one.get("label", {})) for one in clocks if one["id"] == clock_id), {})


def _running(
    case: Case, program: programs.Program, known: Mapping[str, Any], moment: datetime
) -> Iterator[Running]:
    if case.stage == "closed":
        return
    decided = case.stage == "payment"
    for one in program.document.get("clocks", []):
        if "before" in one and not decided:
            yield from _before(case, one, known.get(one["before"]))
        elif one.get("from") == "approved" and decided:
            yield from _since(one, _approved_at(case))
        elif one.get("from") == "received" and decided <= (one.get("stops_with") == ON_THE_CARD):
            if "when" not in one or programs.holds(program, one["when"], known):
                yield from _since(one, _began(case, one, moment))


def _before(case: Case, one: Mapping[str, Any], harm: Any) -> Iterator[Running]:
    """Some days before a dated fact still ahead at filing, but not before the filing day."""
    filed = case.filed_at.astimezone(clock.MOUNTAIN).date()
    if isinstance(harm, date) and harm >= filed:
        due = max(filed, harm - timedelta(days=int(one["days"])))
        yield Running(one["id"], case.filed_at, clock.end_of(due), harm)


def _since(one: Mapping[str, Any], since: datetime | None) -> Iterator[Running]:
    if since is None:
        return
    if "hours" in one:
        due_at = since + timedelta(hours=int(one["hours"]))
    else:
        days = one.get("days")
        if not isinstance(days, int):
            if one["id"] != "decide":
                return  # left to the agency, and no order of the desk hangs on it
            days = DAYS_TO_DECIDE
        due_at = clock.end_of(since.astimezone(clock.MOUNTAIN).date() + timedelta(days=days))
    urgent = due_at.astimezone(clock.MOUNTAIN).date() if "when" in one else None
    yield Running(one["id"], since, due_at, urgent)


def _began(case: Case, one: Mapping[str, Any], moment: datetime) -> datetime:
    """The filing; for a condition found late, where the document says so, the moment it was."""
    if "late_discovery" not in one or case._state.adding:
        return case.filed_at
    since = case.clocks.get(one["id"])
    return datetime.fromisoformat(since) if since else moment


def _approved_at(case: Case) -> datetime | None:
    rows = case.decisions.filter(kind="approve", approved_at__isnull=False)
    return rows.values_list("approved_at", flat=True).first()
