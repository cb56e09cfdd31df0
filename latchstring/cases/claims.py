"""Which months of help a case's amounts stand for, and who claims them.

Arrears are counted back from the month before the filing month, future rent forward from the month
after it; a utility bill without months claims the filing month. A month is claimed by each adult
of the unit and by the home, so that nobody is helped twice for it under another name.
"""

import uuid
from datetime import date

from latchstring.cases.models import Case
from latchstring.funds import door as funds
from latchstring.kernel import clock
from latchstring.people import door as people

ADULT_YEARS = 18
CLAIMED_AS = {"rental_arrears": "rent", "rent": "rent"}


def claimed_as(purpose: str) -> str:
    """Return the purpose under which months are claimed: rent is rent, behind or ahead."""
    return CLAIMED_AS.get(purpose, "utilities")


def months_of(purpose: str, count: int | None, filed: date) -> list[date]:
    """Return the first days of the months that an amount stands for, the earliest first."""
    if purpose == "rental_arrears":
        return [_month(filed, -back) for back in range(count or 0, 0, -1)]
    if purpose == "rent":
        return [_month(filed, ahead) for ahead in range(1, (count or 0) + 1)]
    return [_month(filed, 0)]


def _month(day: date, shift: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + shift, 12)
    return date(year, month + 1, 1)


def adults_of(case: Case) -> list[uuid.UUID]:
    """Return the adults of the unit as it was submitted (all of it where nobody's age is known)."""
    household = people.household_by_id(case.household)
    day = case.filed_at.astimezone(clock.MOUNTAIN).date()
    unit = {uuid.UUID(str(person)) for person in case.unit}
    rows = [row for row in people.members(household) if not unit or row.person_id in unit]
    return [row.person_id for row in rows if row.age(day) >= ADULT_YEARS]


def claims_for(case: Case, months: list[date]) -> list[tuple[str, uuid.UUID, date]]:
    """Return the claims of some months: (kind, claimant, first of the month)."""
    household = people.household_by_id(case.household)
    home = people.dwelling(household)
    claimants = [("person", person) for person in adults_of(case)]
    if home is not None:
        claimants.append(("dwelling", home.id))
    return [(kind, claimant, month) for kind, claimant in claimants for month in months]


def months_helped(case: Case) -> int:
    """Return how many different months of rent the unit's adults hold from other cases.

    From the claims behind the money, so that what was released counts no more.
    """
    return len(funds.months_claimed(adults_of(case), "rent", except_case=case.id))
