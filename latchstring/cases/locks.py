"""Locks, always in this order: case, then decision; funds and payments take theirs after."""

import uuid

from latchstring.cases.errors import AlreadyDecided, NoSuchCase
from latchstring.cases.models import Case, Decision


def locked_case(case_id: uuid.UUID) -> Case:
    """Return a case with its row held until the transaction ends; NoSuchCase where none is."""
    case = Case.objects.select_for_update().filter(id=case_id).first()
    if case is None:
        raise NoSuchCase()
    return case


def open_case(case_id: uuid.UUID) -> Case:
    """Return a case that is not closed, its row held; AlreadyDecided for a closed one."""
    case = locked_case(case_id)
    if case.stage == "closed":
        raise AlreadyDecided("This case is closed.")
    return case


def locked_decision(decision_id: uuid.UUID) -> tuple[Case, Decision]:
    """Return a decision and its case, both held, the case first."""
    found = Decision.objects.filter(id=decision_id).values_list("case_id", flat=True).first()
    if found is None:
        raise NoSuchCase()
    case = locked_case(found)
    return case, Decision.objects.select_for_update().get(id=decision_id)
