"""New Mexico's rules written by hand, as a fair peer: they tell all that ours tell of good rows.

The SQL reads texts that it takes to be right; it does not look for odd values or repeated ids.
"""

from collections.abc import Callable, Mapping
from typing import Any

from latchstring.programs.tables import table

CRITERIA = (
    *("renter", "resident", "hardship", "instability", "income"),
    *("not_duplicated", "months_left"),
)
Row = Mapping[str, Any]


def limits(column: str) -> str:
    """Return the values of HUD's limits as rows of (version, county, size, limit in dollars)."""
    rows = [
        f"({version}, '{county}', {size}, {row[column]})"
        for version, cells in enumerate(table("hud_income_limits").data.cells)
        for (county, size), row in cells.items()
    ]
    return f"(VALUES {', '.join(rows)})"


def setup() -> list[str]:
    """Return the statements that lay the tables out, one row a county, before the query."""
    wide = {"high": "low_80", "low": "very_low_50"}
    statements = [
        f"CREATE TABLE {name} AS SELECT v, c, list(x ORDER BY n) AS at "
        f"FROM {limits(column)} t(v, c, n, x) GROUP BY ALL"
        for name, column in wide.items()
    ]
    rents = [
        f"({version}, '{county}', {bedrooms}, {row['rent']})"
        for version, cells in enumerate(table("hud_fair_market_rents").data.cells)
        for (county, bedrooms), row in cells.items()
    ]
    statements.append(
        "CREATE TABLE market_rents AS SELECT v, c, list(x ORDER BY n) AS at "
        f"FROM (VALUES {', '.join(rents)}) t(v, c, n, x) GROUP BY ALL"
    )
    return statements


def limit_of(name: str) -> str:
    """Write the limit in dollars for a size, above eight by the fourth's 8% to the next $50."""
    above = f"{name}.at[8] * 100 + (size - 8) * 8 * {name}.at[4]"
    return f"CASE WHEN size <= 8 THEN {name}.at[size] ELSE ({above} + 4999) // 5000 * 50 END"


def sql(source: str, target: str) -> str:
    """Return the whole COPY as somebody who knows DuckDB would write it."""
    yes = ("rents", "unemployment_benefits", "financial_hardship", "housing_instability")
    yes += ("unemployed_90_days", "rent_documented", "other_federal_rent_help")
    money = ("annual_income", "monthly_income", "monthly_rent", "utilities_owed")
    whole = ("size", "bedrooms", "months_behind", "future_months", "months_assisted")
    typed = [f"CAST({key} AS BOOLEAN) AS {key}" for key in yes]
    typed += [f"CAST({key} AS DECIMAL(11, 2)) AS {key}" for key in money]
    typed += [f"CAST({key} AS INTEGER) AS {key}" for key in whole]
    failed = ", ".join(f"CASE WHEN NOT {name} THEN '{name}' END" for name in CRITERIA)
    unknown = {
        **dict.fromkeys(("annual_income", "county", "monthly_income", "size"), "income"),
        "financial_hardship": "hardship",
        "unemployment_benefits": "hardship",
        "housing_instability": "instability",
        "months_assisted": "months_left",
        "other_federal_rent_help": "not_duplicated",
        "rents": "renter",
        "state": "resident",
    }
    whens = {fact: f"{name} IS NULL AND {fact} IS NULL" for fact, name in unknown.items()}
    whens["applied_on"] = "income IS NULL AND high_version IS NULL"
    missing = ", ".join(f"CASE WHEN {when} THEN '{f}' END" for f, when in sorted(whens.items()))
    least = "CASE WHEN {0} IS NULL OR {1} IS NULL THEN NULL ELSE least({0}, {1}) END"
    paid = least.format("months_behind", "left_over")
    ahead = least.format("least_future", "left_over - arrears")
    shown = {
        "arrears": "arrears_months",
        "future": "future_months",
        "arrears * rate": "rent_amount",
        "future * rate": "future_rent_amount",
        "utilities_owed": "utilities_amount",
        "arrears * rate + future * rate + utilities_owed": "total",
    }
    amounts = ", ".join(f"CASE WHEN eligible THEN {x} END AS {name}" for x, name in shown.items())
    return f"""COPY (
    WITH typed AS (
        SELECT household_id, state, county, CAST(applied_on AS DATE) AS applied_on,
            {", ".join(typed)}
        FROM read_csv('{source}', all_varchar = true, header = true)
    ), dated AS (
        SELECT *, CASE WHEN applied_on >= '2026-05-01' THEN 2 WHEN applied_on >= '2025-04-01' THEN 1
            WHEN applied_on >= '2024-04-01' THEN 0 END AS high_version,
            CASE WHEN applied_on >= '2025-10-01' THEN 1 WHEN applied_on >= '2024-10-01' THEN 0 END
            AS rent_version, 15 - months_assisted AS left_over,
            CASE WHEN future_months IS NOT NULL THEN least(future_months, 3) END AS least_future
        FROM typed
    ), known AS (
        SELECT dated.*, {limit_of("high")} AS income_limit, {limit_of("low")} AS low_limit,
            CASE WHEN bedrooms >= 0 THEN market_rents.at[least(bedrooms, 4) + 1] END AS market
        FROM dated LEFT JOIN high ON high.v = high_version AND high.c = county
        LEFT JOIN low ON low.v = high_version AND low.c = county
        LEFT JOIN market_rents ON market_rents.v = rent_version AND market_rents.c = county
    ), judged AS (
        SELECT *, rents AS renter, state = 'NM' AS resident,
            unemployment_benefits OR financial_hardship AS hardship,
            housing_instability AS instability,
            annual_income <= income_limit OR monthly_income * 12 <= income_limit AS income,
            NOT other_federal_rent_help AS not_duplicated, months_assisted < 15 AS months_left,
            annual_income <= low_limit OR monthly_income * 12 <= low_limit OR unemployed_90_days
            AS priority,
            CASE rent_documented WHEN TRUE THEN monthly_rent
            WHEN FALSE THEN {least.format("monthly_rent", "market")} END AS rate,
            CASE rent_documented WHEN TRUE THEN {paid}
            WHEN FALSE THEN least({paid}, CASE WHEN months_behind IS NOT NULL THEN 3 END)
            END AS arrears
        FROM known
    ), settled AS (
        SELECT *, renter AND resident AND hardship AND instability AND income AND not_duplicated
            AND months_left AS eligible,
            CASE rent_documented WHEN TRUE THEN {ahead} WHEN FALSE THEN
            {least.format(f"({ahead})", "3 - arrears")} END AS future
        FROM judged
    )
    SELECT household_id, CASE WHEN eligible THEN 'eligible' WHEN NOT eligible THEN 'ineligible'
        ELSE 'unknown' END AS outcome, priority,
        CASE WHEN NOT eligible THEN concat_ws(';', {failed}) END AS failed,
        CASE WHEN eligible IS NULL THEN concat_ws(';', {missing}) END AS missing,
        CAST(income_limit AS DECIMAL(15, 2)) AS income_limit, {amounts}, NULL AS errors
    FROM settled
    ) TO '{target}' (HEADER)"""


def closures() -> Callable[[Row], tuple[list[bool | None], bool | None]]:
    """Return the criteria and the priority test as plain Python on a dict of cents, by hand."""
    data = table("hud_income_limits").data
    starts, cells = data.starts, data.cells

    def limit(row: Row, column: str) -> int | None:
        county, size, day = row.get("county"), row.get("size"), row.get("applied_on")
        if county is None or size is None or day is None or day < starts[0]:
            return None
        version = cells[sum(day >= start for start in starts) - 1]
        if size <= 8:
            return int(version[county, size][column]) * 100
        eight, four = version[county, 8][column], version[county, 4][column]
        return -(-(eight * 100 + (size - 8) * 8 * four) // 5000) * 5000

    def either(*values: bool | None) -> bool | None:
        return True if True in values else None if None in values else False

    def within(amount: int | None, most: int | None) -> bool | None:
        return None if amount is None or most is None else amount <= most

    def determine(row: Row) -> tuple[list[bool | None], bool | None]:
        get = row.get
        monthly = get("monthly_income")
        yearly = None if monthly is None else monthly * 12
        high, low = limit(row, "low_80"), limit(row, "very_low_50")
        state, months, other = get("state"), get("months_assisted"), get("other_federal_rent_help")
        results = [
            get("rents"),
            None if state is None else state == "NM",
            either(get("unemployment_benefits"), get("financial_hardship")),
            get("housing_instability"),
            either(within(get("annual_income"), high), within(yearly, high)),
            None if other is None else not other,
            None if months is None else months < 15,
        ]
        first = either(
            within(get("annual_income"), low), within(yearly, low), get("unemployed_90_days")
        )
        return results, first

    return determine
