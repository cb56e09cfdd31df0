"""Reads for the rooms above, which have decided already who may look."""

import uuid

from django.db.models import QuerySet

from latchstring.cases.models import Case, Decision, DecisionLine
from latchstring.kernel.find import find


def cases_of_household(household_id: uuid.UUID) -> list[Case]:
    """Return a household's cases, newest first."""
    return list(Case.objects.filter(household=household_id).order_by("-filed_at", "-id"))


def others_open(case_id: uuid.UUID) -> list[Case]:
    """Return the other cases of a case's household that are not closed."""
    household = Case.objects.filter(id=case_id).values("household")
    rows = Case.objects.filter(household__in=household).exclude(id=case_id)
    return list(rows.exclude(stage="closed").order_by("id"))


def cases_of_application(application_id: uuid.UUID) -> list[Case]:
    """Return the cases of one application, by program."""
    return find(_of_application, application_id)


def _of_application(application_id: uuid.UUID) -> QuerySet[Case]:
    return Case.objects.filter(application=application_id).order_by("program")


def decisions_of(case: Case) -> list[Decision]:
    """Return a case's decisions, oldest first, returned ones too."""
    rows = case.decisions.select_related("determination").prefetch_related("lines")
    return list(rows.order_by("prepared_at", "id"))


def decided(case: Case) -> Decision | None:
    """Return the decision that a second person confirmed last, or None while there is none."""
    for found in find(_decided, case.id):
        found.case = case
        return found
    return None


def _decided(case_id: uuid.UUID) -> QuerySet[Decision]:
    rows = Decision.objects.filter(case=case_id, approved_at__isnull=False)
    return rows.select_related("determination").order_by("-approved_at", "-id")[:1]


def decision_of(case: Case) -> Decision | None:
    """Return the decision that stands or waits: the latest that was not sent back."""
    for found in find(_standing, case.id):
        found.case = case
        return found
    return None


def _standing(case_id: uuid.UUID) -> QuerySet[Decision]:
    rows = Decision.objects.filter(case=case_id, returned_at__isnull=True)
    return rows.select_related("determination").order_by("-prepared_at", "-id")[:1]


def lines_of(decision: Decision) -> list[DecisionLine]:
    """Return the lines of a decision in their order."""
    return find(_lines, decision.id)


def _lines(decision_id: uuid.UUID) -> QuerySet[DecisionLine]:
    return DecisionLine.objects.filter(decision=decision_id).order_by("id")
