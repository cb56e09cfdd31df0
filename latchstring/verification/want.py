"""Want: decide which questions a case puts to other agencies, once."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from latchstring.kernel import clock, events, transactions
from latchstring.kernel.ids import new_id
from latchstring.partners import door as partners
from latchstring.verification.call import PATHS, connected
from latchstring.verification.models import Check

HOUSEHOLD = "household"


def want(
    case_id: uuid.UUID,
    household_id: uuid.UUID,
    *,
    agency: str,
    checks: Sequence[Mapping[str, Any]],
    about: Mapping[str, Sequence[uuid.UUID]],
) -> list[Check]:
    """Write the checks that a program's document asks for and that may be asked.

    `about` holds the people behind each word of a document; about a household one is asked.
    Left out: sources that are not connected, without an agreement in force, or without the
    household's consent where the agreement asks for it. Wanting again adds nothing.
    """
    with transactions.verb() as moment:
        for entry in checks:
            operation, source = str(entry["id"]), str(entry["agency"])
            if operation not in PATHS or not may_ask(household_id, agency, source):
                continue
            for person in about[entry.get("about", HOUSEHOLD)]:
                _wanted(case_id, household_id, agency, source, operation, person, moment)
    return of_case(case_id)


def may_ask(household_id: uuid.UUID, agency: str, source: str) -> bool:
    """Whether a source may be asked about a household today."""
    agreement = partners.agreement_for(agency, source, clock.today())
    if agreement is None or not connected(source):
        return False
    return not agreement.consent_needed or bool(partners.consent_for(household_id, source))


def _wanted(
    case_id: uuid.UUID,
    household_id: uuid.UUID,
    agency: str,
    source: str,
    operation: str,
    person: uuid.UUID,
    moment: Any,
) -> None:
    check_id = new_id()
    check, fresh = Check.objects.get_or_create(
        case=case_id,
        person=person,
        operation=operation,
        defaults={
            "id": check_id,
            "agency": agency,
            "household": household_id,
            "source": source,
            "request_key": str(check_id),
            "wanted_at": moment,
            "next_try_at": moment,
        },
    )
    if fresh:
        events.record(
            "check.wanted.v1",
            subject=case_id,
            agency=agency,
            actor="system:verification",
            payload={"check": str(check.id), "operation": operation},
        )


def of_case(case_id: uuid.UUID) -> list[Check]:
    """Return a case's checks in the order they were wanted."""
    return list(Check.objects.filter(case=case_id).order_by("wanted_at", "id"))
