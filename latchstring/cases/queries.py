"""Reads for the rooms above, which have decided already who may look."""

import uuid

from django.db.models import QuerySet

from latchstring.cases.models import Case, Decision
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
    return case.decisions.filter(returned_at__isnull=True).order_by("-prepared_at", "-id").first()
