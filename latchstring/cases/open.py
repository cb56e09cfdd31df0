"""Open: one case for each program an application asked for, in the application's transaction."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from latchstring.cases.clocks import wind
from latchstring.cases.gather import knowledge
from latchstring.cases.letters import received
from latchstring.cases.models import Case
from latchstring.kernel import events, transactions
from latchstring.kernel.crashpoint import crashpoint
from latchstring.kernel.insert import insert_once
from latchstring.kernel.references import new_reference
from latchstring.people import door as people


def open(  # noqa: A001 - named as the step is
    application_id: uuid.UUID,
    household_id: uuid.UUID,
    program: str,
    version: str,
    *,
    agency: str,
    county: str,
    filed_at: datetime,
    language: str = "en",
    unit: Iterable[uuid.UUID] = (),
    attested: Iterable[str] = (),
    read: people.Reading | None = None,
    actor: str = "system:submit",
) -> Case:
    """Open a case, tell the resident, and wake its first step. Again for the same is the same.

    `read` is the household as the caller has read it in the same verb.
    """
    with transactions.verb() as moment:
        case = Case(
            application=application_id,
            program=program,
            agency=agency,
            reference=new_reference(agency.partition("-")[0].upper()),
            household=household_id,
            version=version,
            county=county,
            filed_at=filed_at,
            language=language,
            unit=[str(person) for person in unit],
            attested=sorted(attested),
        )
        known = knowledge(case, read)
        wind(case, known.program, known.values, moment)
        if not insert_once(case, "application", "program"):
            return Case.objects.get(application=application_id, program=program)
        received(case, known.read.head_name)
        events.record(
            "case.opened.v1",
            subject=case.id,
            agency=agency,
            actor=actor,
            payload={"application": str(application_id), "program": program},
        )
        crashpoint("K10 case: opened, before commit")
    return case
