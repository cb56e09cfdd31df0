"""Which months of help a case's amounts stand for, and who claims them.

The program's document says it of each benefit: `claims: {as: rent, months: back}`. Arrears are
counted back from the month before the filing month, future rent forward from the month after it; a
bill without months claims the filing month, heating help its season. A month is claimed by each
adult of the unit and by the home, so that nobody is helped twice for it under another name. Where
the document says `none` (food), nothing is claimed and nothing stands in another line's way.
"""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from latchstring.cases.models import Case
from latchstring.kernel import clock
from latchstring.people import door as people
from latchstring.programs import door as programs

ADULT_YEARS = 18
# Documents from before they said it themselves: emergency rental assistance, by purpose.
BY_PURPOSE = {
    "rental_arrears": {"as": "rent", "months": "back"},
    "rent": {"as": "rent", "months": "ahead"},
}
ANYTHING_ELSE = {"as": "utilities", "months": "filing"}


def claims_of(program: programs.Program, line: str) -> Mapping[str, Any] | None:
    """Return what a benefit claims (`as`, `months`), or None where it claims nothing."""
    benefit = next(one for one in program.document["benefits"] if one["id"] == line)
    said = benefit.get("claims", BY_PURPOSE.get(benefit["purpose"], ANYTHING_ELSE))
    return said if isinstance(said, Mapping) else None


def claimed_as(program: programs.Program, line: str) -> str:
    """Return the purpose under which months are claimed: rent is rent, behind or ahead."""
    said = claims_of(program, line)
    return str(said["as"]) if said else ""


def months_of(program: programs.Program, line: str, count: int | None, filed: date) -> list[date]:
    """Return the first days of the months that an amount stands for, the earliest first."""
    said = claims_of(program, line)
    which = said["months"] if said else "filing"
    if which == "back":
        return [month_from(filed, -back) for back in range(count or 0, 0, -1)]
    if which == "ahead":
        return [month_from(filed, ahead) for ahead in range(1, (count or 0) + 1)]
    return [season_of(program, filed) if which == "season" else month_from(filed, 0)]


def season_of(program: programs.Program, day: date) -> date:
    """Return the first month of the season that a day falls in: of the round not closed by then."""
    rounds = program.document.get("rounds", [])
    ahead = [one["opens_on"] for one in rounds if (one["closes_on"] or date.max) >= day]
    return month_from(min(ahead, default=day), 0)


def month_from(day: date, shift: int) -> date:
    """Return the first day of the month some months after a day's (before it, below zero)."""
    year, month = divmod(day.year * 12 + day.month - 1 + shift, 12)
    return date(year, month + 1, 1)


def adults_of(case: Case, read: people.Reading | None = None) -> list[uuid.UUID]:
    """Return the adults of the unit as it was submitted (all of it where nobody's age is known)."""
    read = read or people.Reading(people.household_by_id(case.household))
    day = case.filed_at.astimezone(clock.MOUNTAIN).date()
    unit = {uuid.UUID(str(person)) for person in case.unit}
    rows = [row for row in read.members if not unit or row.person_id in unit]
    return [row.person_id for row in rows if row.age(day) >= ADULT_YEARS]


def claims_for(case: Case, months: list[date]) -> list[tuple[str, uuid.UUID, date]]:
    """Return the claims of some months: (kind, claimant, first of the month)."""
    read = people.Reading(people.household_by_id(case.household))
    claimants = [("person", person) for person in adults_of(case, read)]
    if read.dwelling is not None:
        claimants.append(("dwelling", read.dwelling.id))
    return [(kind, claimant, month) for kind, claimant in claimants for month in months]
