"""Every row lock of the room. Order: obligation, then allocations by id, then award."""

import uuid
from collections.abc import Collection

from latchstring.funds.errors import NoSuchMoney
from latchstring.funds.models import Allocation, Award, Obligation


def obligation(obligation_id: uuid.UUID) -> Obligation:
    """Load and lock an obligation; NoSuchMoney when there is none."""
    row = Obligation.objects.select_for_update().filter(id=obligation_id).first()
    if row is None:
        raise NoSuchMoney()
    return row


def award(award_id: uuid.UUID) -> Award:
    """Load and lock an award; NoSuchMoney when there is none."""
    row = Award.objects.select_for_update().filter(id=award_id).first()
    if row is None:
        raise NoSuchMoney()
    return row


def open_allocations(ids: Collection[uuid.UUID]) -> None:
    """Lock allocations in the order of their ids, before their balances are read again."""
    rows = Allocation.objects.select_for_update(no_key=True).filter(id__in=ids).order_by("id")
    assert len(rows) == len(set(ids)), "allocations are never deleted"
