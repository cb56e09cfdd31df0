"""Reads for the rooms above, which have decided already who may look."""

import uuid

from latchstring.people.errors import NoSuchHousehold
from latchstring.people.models import Household


def household_by_id(household_id: uuid.UUID) -> Household:
    """Return a household; for rooms that have checked access by their own object (a case)."""
    household = Household.objects.select_related("agency").filter(id=household_id).first()
    if household is None:
        raise NoSuchHousehold()
    return household
