"""The rules as a tax and benefit system of OpenFisca-Core, its variables over arrays.

Each household has a filing day of its own, which OpenFisca's dated parameters cannot follow (they
are those of one day for all); so the limits stand in an array by version, county and size. Money is
whole cents: OpenFisca's floats have 24 bits. The only peer with the amounts too, so that its files
have all columns of ours.
"""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.periods import DateUnit, period
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from tests.bench.peers.figures import Years, cents, limits, market_rents
from tests.bench.peers.peer import CRITERIA, MONTHS_CAP, YES_NO, Answer, Peer

Household = build_entity(key="household", plural="households", label="A household", is_person=True)
KNOWN = limits()
COUNTIES = sorted(KNOWN.low[0])
PLACES = numpy.zeros(100_000, "i4")  # where a county's code stands among the counties
PLACES[[int(code) for code in COUNTIES]] = range(len(COUNTIES))


def days(starts: tuple[int, ...]) -> Any:
    """Return days as an array."""
    return numpy.array([str(date.fromisoformat(str(day))) for day in starts], "M8[D]")


def array(years: Years) -> Any:
    """Return figures as an array by version, county and size."""
    return numpy.array([[version[code] for code in COUNTIES] for version in years], "i4")


LIMIT_DAYS, LOW, VERY_LOW = days(KNOWN.starts), array(KNOWN.low), array(KNOWN.very_low)
RENT_DAYS, RENTS = (made(part) for made, part in zip((days, array), market_rents(), strict=True))


class State(Enum):
    """The states of a household."""

    NM = "New Mexico"
    WY = "Wyoming"


def given(name: str, kind: type, **more: Any) -> type[Variable]:
    """Make a variable that is an input."""
    body = {"value_type": kind, "entity": Household, "definition_period": DateUnit.MONTH}
    return type(name, (Variable,), body | more)


def worked_out(name: str, kind: type, formula: Any) -> type[Variable]:
    """Make a variable with a formula over (household, period)."""
    return given(name, kind, formula=formula)


def at_size(table: Any) -> Any:
    """Return the formula of a limit in cents, above eight by 8% of the fourth's to the next $50."""

    def formula(household: Any, period: Any) -> Any:
        size = household("size", period)
        version = numpy.searchsorted(LIMIT_DAYS, household("applied_on", period), "right") - 1
        place = PLACES[household("county", period)]
        found = table[version, place, numpy.minimum(size, 8) - 1] * 100
        if (large := size > 8).any():
            row = table[version[large], place[large]]
            above = row[:, 7] * 100 + (size[large] - 8) * 8 * row[:, 3]
            found[large] = -(-above // 5000) * 5000
        return found

    return formula


def within(limit: str) -> Any:
    """Return the formula: this year's income or twelve months' of now is within a limit."""

    def formula(household: Any, period: Any) -> Any:
        most = household(limit, period)
        yearly = household("monthly_income", period) * 12
        return (household("annual_income", period) <= most) | (yearly <= most)

    return formula


def rent_rate(household: Any, period: Any) -> Any:
    """Work out the monthly rent in cents: without papers at most the fair market rent."""
    version = numpy.searchsorted(RENT_DAYS, household("applied_on", period), "right") - 1
    place = PLACES[household("county", period)]
    market = RENTS[version, place, numpy.minimum(household("bedrooms", period), 4)] * 100
    rent = household("monthly_rent", period)
    return numpy.where(household("rent_documented", period), rent, numpy.minimum(rent, market))


def arrears_months(household: Any, period: Any) -> Any:
    """Work out the months of back rent: what is left of the cap, without papers three."""
    left = MONTHS_CAP - household("months_assisted", period)
    most = numpy.where(household("rent_documented", period), left, numpy.minimum(left, 3))
    return numpy.minimum(household("months_behind", period), most)


def future_months_paid(household: Any, period: Any) -> Any:
    """Work out the months ahead: three, what is left then, and without papers three in all."""
    arrears = household("arrears_months", period)
    left = MONTHS_CAP - household("months_assisted", period) - arrears
    papers = household("rent_documented", period)
    most = numpy.minimum(left, numpy.where(papers, 3, 3 - arrears))
    return numpy.minimum(household("future_months", period), numpy.minimum(most, 3))


def product(left: str, right: str) -> Any:
    """Return the formula of one variable times another."""
    return lambda household, period: household(left, period) * household(right, period)


YES = (*YES_NO, "rent_documented")
WHOLE = ("county", "size", "months_assisted", "bedrooms", "months_behind", "future_months")
MONEY = ("annual_income", "monthly_income", "monthly_rent", "utilities_owed")
RULES: dict[str, Any] = {
    "renter": lambda h, p: h("rents", p),
    "resident": lambda h, p: h("state", p) == State.NM,
    "hardship": lambda h, p: h("unemployment_benefits", p) | h("financial_hardship", p),
    "instability": lambda h, p: h("housing_instability", p),
    "income": within("income_limit"),
    "not_duplicated": lambda h, p: ~h("other_federal_rent_help", p),
    "months_left": lambda h, p: h("months_assisted", p) < MONTHS_CAP,
    "low_income": within("priority_limit"),
    "priority": lambda h, p: h("low_income", p) | h("unemployed_90_days", p),
}
AMOUNTS: dict[str, Any] = {
    "income_limit": at_size(LOW),
    "priority_limit": at_size(VERY_LOW),
    "rent_rate": rent_rate,
    "arrears_months": arrears_months,
    "future_months_paid": future_months_paid,
    "rent_amount": product("arrears_months", "rent_rate"),
    "future_rent_amount": product("future_months_paid", "rent_rate"),
    "total": lambda h, p: h("rent_amount", p) + h("future_rent_amount", p) + h("utilities_owed", p),
}


def system() -> TaxBenefitSystem:
    """Build the system of all variables."""
    found = TaxBenefitSystem([Household])
    variables = [
        *(given(name, bool) for name in YES),
        *(given(name, int) for name in (*WHOLE, *MONEY)),
        given("state", Enum, possible_values=State, default_value=State.NM),
        given("applied_on", date),
        *(worked_out(name, bool, formula) for name, formula in RULES.items()),
        *(worked_out(name, int, formula) for name, formula in AMOUNTS.items()),
    ]
    for variable in variables:
        found.add_variable(variable)
    return found


MONTH = period("2026-11")  # any: each household is judged by its own filing day
TOLD = (*CRITERIA, "priority", "income_limit")
IN_FILES = (
    *("arrears_months", "future_months_paid", "rent_amount", "future_rent_amount"),
    *("utilities_owed", "total"),
)


class OpenFisca(Peer):
    """The system, built once; a simulation for each asking."""

    package = "openfisca-core"

    def __init__(self) -> None:
        self.system = system()

    def typed(self, row: dict[str, str]) -> dict[str, Any]:
        whole = ("county", "size", "months_assisted")
        return {
            **{key: numpy.array([row[key] == "true"]) for key in YES_NO},
            "state": EnumArray(numpy.array([State[row["state"]].index], "u1"), State),
            "applied_on": numpy.array([row["applied_on"]], "M8[D]"),
            **{key: numpy.array([int(row[key])], "i4") for key in whole},
            **{key: numpy.array([cents(row[key])], "i4") for key in MONEY[:2]},
        }

    def batch(self, households: Any) -> dict[str, Any]:
        joined = {key: numpy.concatenate([h[key] for h in households]) for key in households[0]}
        return joined | {"state": EnumArray(joined["state"], State)}

    def one(self, household: Any) -> Any:
        return self.many(household)

    def many(self, batch: Any) -> Any:
        return self.calculated(batch, TOLD)

    def calculated(self, given: dict[str, Any], names: tuple[str, ...]) -> list[Any]:
        """Build a simulation of what is given and return the arrays of these variables."""
        simulation = SimulationBuilder().build_default_simulation(self.system, len(given["size"]))
        for name, values in given.items():
            simulation.set_input(name, MONTH, values)
        return [simulation.calculate(name, MONTH) for name in names]

    def answer(self, given: Any) -> Answer:
        return next(iter(self.answers(given)))

    def answers(self, given: Any) -> Any:
        *results, priority, limit = (values.tolist() for values in given)
        rows = zip(*results, strict=True)
        for row, first, most in zip(rows, priority, limit, strict=True):
            yield Answer(row, first, most // 100)

    def determine(self, source: Path, target: Path) -> None:
        """Read and write with DuckDB, as ours does; between them arrays, all rows at once."""
        with duckdb.connect(":memory:") as connection:
            columns = connection.execute(_reading(source)).fetchnumpy()
            ids = columns.pop("household_id")
            columns["state"] = EnumArray(columns["state"], State)
            found = self.calculated(columns, (*TOLD, *IN_FILES))
            results, told = found[: len(CRITERIA)], dict(zip(TOLD + IN_FILES, found, strict=True))
            failed = sum((~result).astype("u1") << n for n, result in enumerate(results))
            connection.register("told", told | {"household_id": ids, "failed": failed})
            connection.execute(_names())
            connection.execute(_writing(target))


def _reading(source: Path) -> str:
    found = ["household_id", "CAST(state = 'WY' AS UTINYINT) AS state", "applied_on"]
    found += [*YES, *WHOLE]
    found += [f"CAST({key} * CAST(100 AS DECIMAL(3, 0)) AS INTEGER) AS {key}" for key in MONEY]
    types = dict.fromkeys(YES, "BOOLEAN") | dict.fromkeys(WHOLE, "INTEGER")
    types |= {"household_id": "VARCHAR", "state": "VARCHAR", "applied_on": "DATE"}
    types |= dict.fromkeys(MONEY, "DECIMAL(11, 2)")
    listed = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
    return f"SELECT {', '.join(found)} FROM read_csv('{source}', header=true, types={{{listed}}})"


def _names() -> str:
    """Write the lists of failed criteria, one for each combination."""
    texts = [
        ";".join(name for n, name in enumerate(CRITERIA) if number >> n & 1)
        for number in range(2 ** len(CRITERIA))
    ]
    listed = ", ".join(f"'{text}'" if text else "NULL" for text in texts)
    return f"SET VARIABLE names = [{listed}]"


def _writing(target: Path) -> str:
    dollars = "CAST({0} AS DECIMAL(15, 0)) * CAST(0.01 AS DECIMAL(3, 2))"
    money = {"utilities_owed": "utilities_amount"}
    money |= {name: name for name in ("rent_amount", "future_rent_amount", "total")}
    amounts = {"arrears_months": "arrears_months", "future_months_paid": "future_months"}
    amounts |= {dollars.format(name): called for name, called in money.items()}
    order = ("arrears_months", "future_months", "rent_amount", "future_rent_amount")
    order += ("utilities_amount", "total")
    shown = {called: f"CASE WHEN failed = 0 THEN {text} END" for text, called in amounts.items()}
    return f"""COPY (SELECT household_id,
        CASE WHEN failed = 0 THEN 'eligible' ELSE 'ineligible' END AS outcome, priority,
        getvariable('names')[failed + 1] AS failed, NULL AS missing,
        {dollars.format("income_limit")} AS income_limit,
        {", ".join(f"{shown[name]} AS {name}" for name in order)}, NULL AS errors
        FROM told) TO '{target}' (HEADER)"""


peer = OpenFisca
