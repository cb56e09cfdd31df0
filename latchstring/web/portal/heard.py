"""What the screener heard from this visitor, and how each program looks on it."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from latchstring.applications import door as applications
from latchstring.cases import door as cases
from latchstring.kernel import clock
from latchstring.people import door as people
from latchstring.programs import door as programs

CHECK = "screener"  # where the session keeps what the screener heard


def heard_here(request: HttpRequest, state: str) -> dict[str, Any] | None:
    """Return what the screener heard from this visitor for this state, or None.

    `needs`, `facts`, `asked` (questions), `also` (programs looked at beside the needs) and, once
    chosen, `chosen` (programs to apply for).
    """
    kept = request.session.get(CHECK)
    return kept if kept and kept.get("state") == state else None


@dataclass(frozen=True)
class Already:
    """Help this household has from us: program -> how we know, and what that settles."""

    why: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


def already(request: HttpRequest) -> Already:
    """Return the programs that the signed-in household has an open or approved case of."""
    agency = getattr(request, "agency", None)
    household = (
        people.household_of(request.user, agency.slug)
        if agency is not None and request.user.is_authenticated
        else None
    )
    if household is None:
        return Already()
    why, approved = {}, {}
    for case in cases.cases_of_household(household.id):
        decision = cases.decision_of(case)
        given = decision.approved_at if decision and decision.kind == "approve" else None
        if case.stage != "closed":
            why[case.program] = "case"
        elif given and applications.screener.still_helps(
            case.program, given.astimezone(clock.MOUNTAIN).date()
        ):
            why[case.program] = "approved"
        if given and case.program in why:
            approved[case.program] = Decimal(cases.approved_cents(case)) / 100
    return Already(why, applications.screener.opened_by(approved))


@dataclass(frozen=True)
class Looked:
    """The programs asked about, and how they look, best first."""

    asked: list[programs.Program]
    facts: dict[str, Any]
    already: Already

    def next(self) -> programs.Question | None:
        """Return the next question worth asking, or None."""
        return applications.screener.next_open(self.asked, self.facts, self.already.why)

    def left(self) -> int:
        """Return how many questions may still come."""
        return len(applications.screener.worth_asking(self.asked, self.facts, self.already.why))


def look(request: HttpRequest, kept: dict[str, Any], state: str) -> Looked:
    """Return what is looked at for this visitor, with what our own records settle."""
    asked = applications.screener.programs_for(state.upper(), kept["needs"], kept.get("also", ()))
    found = already(request)
    return Looked(asked, kept["facts"] | found.facts, found)


def outlooks(looked: Looked, kept: dict[str, Any]) -> list[applications.screener.Outlook]:
    """Return how each program looks, ranked."""
    return applications.screener.results(
        looked.asked, looked.facts, looked.already.why, kept["needs"]
    )


def choice(
    looked: Looked, kept: dict[str, Any]
) -> tuple[list[applications.screener.Outlook], list[str]]:
    """Return the programs that can be applied for today, and those that are chosen.

    Until the visitor chooses, what is likely or possible is; where nothing is, all are.
    """
    possible = [outlook for outlook in outlooks(looked, kept) if outlook.open]
    slugs = [outlook.program.slug for outlook in possible]
    if "chosen" in kept:
        return possible, [slug for slug in slugs if slug in kept["chosen"]]
    good = [o.program.slug for o in possible if o.screening.answer != programs.NO]
    return possible, good or slugs
