"""Own records: facts of a program that our own books prove, as its document names them.

`months_assisted: {counts: months, of: rent}` counts the months that the unit's adults hold from
other cases; `heat_help_this_season: {holds: home_energy, in: season}` asks whether they hold any.
From the claims behind the money, so that what was released counts no more. Our records prove what
we promised; a household that says more is taken at its word.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from latchstring.cases.claims import adults_of, month_from, season_of
from latchstring.cases.models import Case
from latchstring.funds import door as funds
from latchstring.kernel import clock, money
from latchstring.people import door as people
from latchstring.programs import door as programs

OWN_RECORDS = "own_records"
# Documents from before they said it themselves: emergency rental assistance.
UNNAMED = {"months_assisted": {"counts": "months", "of": "rent"}}


def own_records(
    case: Case,
    program: programs.Program,
    known: Mapping[str, people.FactView],
    read: people.Reading,
) -> dict[str, Any]:
    """Return the facts that our own records prove about a case's household."""
    found = {}
    for key, asked in program.document.get("own_records", UNNAMED).items():
        if key not in program.readers:
            continue
        stated = known[key].value if key in known else None
        if asked.get("counts") == "months":
            held = len({row.month for row in _held(case, read, asked["of"])})
            found[key] = max(int(stated or 0), held)
        elif _holds(case, program, read, asked):
            found[key] = True
    return found


def _held(case: Case, read: people.Reading, purpose: str) -> list[funds.Held]:
    return funds.claims_held(adults_of(case, read), purpose, except_case=case.id)


def _holds(
    case: Case, program: programs.Program, read: people.Reading, asked: Mapping[str, Any]
) -> bool:
    filed = case.filed_at.astimezone(clock.MOUNTAIN).date()
    above = money.cents(Decimal(str(asked.get("above", "0"))))
    held = [row for row in _held(case, read, asked["holds"]) if row.amount_cents > above]
    if asked.get("in") == "season":
        return any(row.month == season_of(program, filed) for row in held)
    since = month_from(clock.today(), -int(asked["in_months"]))
    return any(row.promised_on >= since for row in held)
