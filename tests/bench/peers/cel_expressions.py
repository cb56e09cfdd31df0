"""The rules as three CEL expressions for cel-python: the table's row, the limits, the criteria.

CEL has no name for a value worked out on the way, so each hands on what it found to the next.
"""

from typing import Any

import celpy
from celpy import celtypes

from tests.bench.peers.figures import cents, day_number, limits
from tests.bench.peers.peer import MONTHS_CAP, YES_NO, Answer, Peer


def at_size(row: str) -> str:
    """Write the limit in cents above eight: 8% of the fourth's for each, to the next $50."""
    return f"({row}[7] * 100 + (size - 8) * 8 * {row}[3] + 4999) / 5000 * 5000"


class CelExpressions(Peer):
    """The expressions, compiled once by the runner that writes Python."""

    package = "cel-python"

    def __init__(self) -> None:
        known = limits()
        years = [
            {county: [low[county], very_low[county]] for county in low}
            for low, very_low in zip(known.low, known.very_low, strict=True)
        ]
        self.years = celpy.json_to_cel(years)
        later = [f"applied_on >= {day} ? years[{n}] : " for n, day in enumerate(known.starts)]
        self.row = self.program(f"({''.join(later[:0:-1])}years[0])[county]")
        self.limits = self.program(
            "size <= 8 ? [row[0][size - 1] * 100, row[1][size - 1] * 100]"
            f" : [{at_size('row[0]')}, {at_size('row[1]')}]"
        )
        self.rules = self.program(
            "[rents, state == 'NM', unemployment_benefits || financial_hardship,"
            " housing_instability, annual_income <= limits[0] || monthly_income * 12 <= limits[0],"
            f" !other_federal_rent_help, months_assisted < {MONTHS_CAP},"
            " annual_income <= limits[1] || monthly_income * 12 <= limits[1]"
            " || unemployed_90_days]"
        )

    def program(self, text: str) -> Any:
        """Compile an expression."""
        environment = celpy.Environment(runner_class=celpy.CompiledRunner)
        return environment.program(environment.compile(text))

    def typed(self, row: dict[str, str]) -> dict[str, Any]:
        whole = {
            "applied_on": day_number(row["applied_on"]),
            "size": int(row["size"]),
            "months_assisted": int(row["months_assisted"]),
            "annual_income": cents(row["annual_income"]),
            "monthly_income": cents(row["monthly_income"]),
        }
        return {
            **{key: celtypes.BoolType(row[key] == "true") for key in YES_NO},
            **{key: celtypes.StringType(row[key]) for key in ("state", "county")},
            **{key: celtypes.IntType(value) for key, value in whole.items()},
        }

    def one(self, household: Any) -> Any:
        row = self.row.evaluate({**household, "years": self.years})
        found = self.limits.evaluate({"size": household["size"], "row": row})
        return self.rules.evaluate({**household, "limits": found}), found

    def answer(self, given: Any) -> Answer:
        *results, priority = map(bool, given[0])
        return Answer(tuple(results), priority, int(given[1][0]) // 100)


peer = CelExpressions
