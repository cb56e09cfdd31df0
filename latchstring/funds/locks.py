"""Every row lock of the room. Order: obligation, then allocations by id, then award."""

import uuid

from latchstring.funds.errors import NoSuchMoney
from latchstring.funds.models import Award, Obligation


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
