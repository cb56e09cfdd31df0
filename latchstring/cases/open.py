"""Open: one case for each program an application asked for, in the application's transaction."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from latchstring.cases.letters import received
from latchstring.cases.models import Case
from latchstring.kernel import clock, events, transactions
from latchstring.kernel.crashpoint import crashpoint
from latchstring.kernel.ids import new_id
from latchstring.kernel.references import new_reference
from latchstring.programs import door as programs
from latchstring.programs import publication

# Where a program's document leaves the clock to the agency, the desk still needs an order: the four
# weeks that Wyoming's department of family services aims at (catalog/wy/erap.yaml).
DAYS_TO_DECIDE = 28
URGENT_DAYS = 2  # an eviction hearing or shutoff: decided before it, at the latest two days before


def open(  # noqa: A001 - named as the step is
    application_id: uuid.UUID,
    household_id: uuid.UUID,
    program: str,
    version: str,
    *,
    agency: str,
    county: str,
    filed_at: datetime,
    urgent_on: date | None = None,
    language: str = "en",
    unit: Iterable[uuid.UUID] = (),
    attested: Iterable[str] = (),
    actor: str = "system:submit",
) -> Case:
    """Open a case, tell the resident, and wake its first step. Again for the same is the same."""
    with transactions.verb():
        filed = filed_at.astimezone(clock.MOUNTAIN).date()
        case, fresh = Case.objects.get_or_create(
            application=application_id,
            program=program,
            defaults={
                "id": new_id(),
                "agency": agency,
                "reference": new_reference(agency.partition("-")[0].upper()),
                "household": household_id,
                "version": version,
                "county": county,
                "filed_at": filed_at,
                "due_on": due_day(publication.program_by_hash(version), filed, urgent_on),
                "urgent_on": urgent_on,
                "language": language,
                "unit": [str(person) for person in unit],
                "attested": sorted(attested),
            },
        )
        if fresh:
            received(case)
            events.record(
                "case.opened.v1",
                subject=case.id,
                agency=agency,
                actor=actor,
                payload={"application": str(application_id), "program": program},
            )
            crashpoint("K10 case: opened, before commit")
    return case


def due_day(program: programs.Program, filed: date, urgent_on: date | None) -> date:
    """Return the day a case should be decided by: the program's clock, or sooner before harm."""
    clocks = {entry["id"]: entry for entry in program.document.get("clocks", [])}
    days = clocks.get("decide", {}).get("days")
    due = filed + timedelta(days=days if isinstance(days, int) else DAYS_TO_DECIDE)
    if urgent_on is not None:
        due = min(due, max(filed, urgent_on - timedelta(days=URGENT_DAYS)))
    return due
