"""Reads for the rooms above, which have decided already who may look."""

import uuid

from django.db.models import QuerySet

from latchstring.kernel.find import find
from latchstring.people.errors import NoSuchHousehold
from latchstring.people.models import Household


def household_by_id(household_id: uuid.UUID) -> Household:
    """Return a household; for rooms that have checked access by their own object (a case)."""
    for household in find(_by_id, household_id):
        return household
    raise NoSuchHousehold()


def _by_id(household_id: uuid.UUID) -> QuerySet[Household]:
    return Household.objects.select_related("agency").filter(id=household_id)
