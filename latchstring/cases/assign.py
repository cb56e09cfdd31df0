"""Assign: a case gets a caseworker who owns its next step."""

import uuid

from latchstring.audit import door as audit
from latchstring.cases.locks import open_case
from latchstring.cases.models import Case
from latchstring.cases.policy import permit
from latchstring.kernel import events, transactions
from latchstring.kernel.errors import Invalid
from latchstring.people import door as people


def assign(case_id: uuid.UUID, staff_id: uuid.UUID | None, actor: str = "") -> Case:
    """Give a case to a caseworker of its agency and county, or to nobody (None)."""
    with transactions.verb():
        case = open_case(case_id)
        if actor:
            permit(actor, "case.work", case)
        if staff_id is not None:
            staff = people.StaffMember.objects.filter(id=staff_id, agency_id=case.agency).first()
            able = staff is not None and people.may(
                staff.account, "case.work", agency=case.agency, county=case.county
            )
            if not able or not able[0]:
                raise Invalid(fields={"staff": "Choose a caseworker of this county."})
        if case.assigned_to == staff_id:
            return case
        case.assigned_to = staff_id
        case.save(update_fields=["assigned_to"])
        audit.record(
            "case.assigned",
            agency=case.agency,
            actor=actor or "system:assign",
            object_type="case",
            object_id=case.id,
            household=case.household,
            detail={"staff": str(staff_id or "")},
        )
        events.record(
            "case.assigned.v1",
            subject=case.id,
            agency=case.agency,
            actor=actor or "system:assign",
            payload={"staff": str(staff_id) if staff_id else None},
        )
    return case
