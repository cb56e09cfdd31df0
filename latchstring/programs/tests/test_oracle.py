"""nm-erap and wy-erap against the rules written out plainly: no tree, no table room, no SQL."""

import csv
import random
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from pathlib import Path

import pytest

from latchstring.programs import bulk, bulk_many
from latchstring.programs.door import load_program
from latchstring.programs.reading import catalog_folder

LIMIT_YEARS = [(date(2026, 5, 1), "2026"), (date(2025, 4, 1), "2025"), (date(2024, 4, 1), "2024")]
RENT_YEARS = [(date(2025, 10, 1), "2026"), (date(2024, 10, 1), "2025")]
CRITERIA = [
    *("renter", "resident", "hardship", "instability", "income"),
    *("not_duplicated", "months_left"),
]
AMOUNTS = [
    *("arrears_months", "future_months", "rent_amount", "future_rent_amount"),
    *("utilities_amount", "total"),
]
FACTS_OF = {
    "renter": ["rents"],
    "resident": ["state"],
    "hardship": ["financial_hardship", "unemployment_benefits"],
    "instability": ["housing_instability"],
    "income": ["annual_income", "monthly_income", "county", "size", "applied_on"],
    "not_duplicated": ["other_federal_rent_help"],
    "months_left": ["months_assisted"],
}


def read(name: str) -> list[dict[str, str]]:
    with open(catalog_folder() / "tables" / f"{name}.csv", encoding="utf-8") as file:
        return list(csv.DictReader(file))


LIMITS = {(r["fiscal_year"], r["county"], int(r["size"])): r for r in read("hud_income_limits")}
RENTS = {
    (r["fiscal_year"], r["county"], int(r["bedrooms"])): Decimal(r["rent"])
    for r in read("hud_fair_market_rents")
}
COUNTIES = {r["county"]: r["state"] for r in read("counties")}


def year(day: date | None, years: list[tuple[date, str]]) -> str | None:
    return next((name for start, name in years if day is not None and day >= start), None)


def limit(facts: dict, column: str) -> Decimal | None:
    fiscal, county, size = year(facts["applied_on"], LIMIT_YEARS), facts["county"], facts["size"]
    if None in (fiscal, county, size):
        return None
    if size <= 8:
        return Decimal(LIMITS[fiscal, county, size][column])
    eight = Decimal(LIMITS[fiscal, county, 8][column])
    four = Decimal(LIMITS[fiscal, county, 4][column])
    total = eight + (size - 8) * four * 8 / 100
    return (total / 50).to_integral_value(ROUND_CEILING) * 50


def either(*values: bool | None) -> bool | None:
    return True if True in values else None if None in values else False


def at_most(a, b) -> bool | None:
    return None if a is None or b is None else a <= b


def product(a, b):
    return None if a is None or b is None else a * b


def smallest(*values):
    return None if None in values else min(values)


def oracle(facts: dict, program: str) -> dict[str, str]:
    cap = {"nm-erap": 15, "wy-erap": 18}[program]
    f = facts
    yearly = product(f["monthly_income"], 12)
    high, low = limit(f, "low_80"), limit(f, "very_low_50")
    help_ = f["other_federal_rent_help"]
    results = {
        "renter": f["rents"],
        "resident": None if f["state"] is None else f["state"] == program[:2].upper(),
        "hardship": either(f["unemployment_benefits"], f["financial_hardship"]),
        "instability": f["housing_instability"],
        "income": either(at_most(f["annual_income"], high), at_most(yearly, high)),
        "not_duplicated": None if help_ is None else not help_,
        "months_left": None if f["months_assisted"] is None else f["months_assisted"] < cap,
    }
    priority = either(
        at_most(f["annual_income"], low), at_most(yearly, low), f["unemployed_90_days"]
    )
    out = dict.fromkeys(["failed", "missing", *AMOUNTS, "errors"], "")
    out["priority"] = "" if priority is None else str(priority).lower()
    out["income_limit"] = money(high)
    values = list(results.values())
    out["failed"] = ";".join(c for c in CRITERIA if results[c] is False)
    if False in values:
        return out | {"outcome": "ineligible"}
    if None in values:
        missing = {k for c in CRITERIA if results[c] is None for k in FACTS_OF[c] if f[k] is None}
        too_early = f["applied_on"] is not None and f["applied_on"] < LIMIT_YEARS[-1][0]
        if results["income"] is None and too_early:
            missing.add("applied_on")
        return out | {"outcome": "unknown", "missing": ";".join(sorted(missing))}
    return out | {"outcome": "eligible"} | amounts(f, cap, program)


def amounts(f: dict, cap: int, program: str) -> dict[str, str]:
    remaining, papers = cap - f["months_assisted"], f["rent_documented"]
    rate = arrears = future = None
    if papers is True:
        rate = f["monthly_rent"]
        arrears = smallest(f["months_behind"], remaining)
        if arrears is not None:
            future = smallest(f["future_months"], 3, remaining - arrears)
    elif papers is False:
        market = None
        fiscal = year(f["applied_on"], RENT_YEARS)
        if None not in (fiscal, f["county"], f["bedrooms"]):
            market = RENTS[fiscal, f["county"], min(f["bedrooms"], 4)]
        rate = smallest(f["monthly_rent"], market)
        arrears = smallest(f["months_behind"], remaining, 3)
        if arrears is not None:
            future = smallest(f["future_months"], 3, remaining - arrears, 3 - arrears)
    utilities = f["utilities_owed"]
    if program == "wy-erap":
        both = (utilities, f["internet_owed"])
        utilities = None if None in both else sum(both)
    rent, later = product(arrears, rate), product(future, rate)
    total = None if None in (rent, later, utilities) else rent + later + utilities
    return {
        "arrears_months": "" if arrears is None else str(arrears),
        "future_months": "" if future is None else str(future),
        "rent_amount": money(rent),
        "future_rent_amount": money(later),
        "utilities_amount": money(utilities),
        "total": money(total),
    }


def money(value: Decimal | None) -> str:
    return "" if value is None else f"{value:.2f}"


def household(dice: random.Random) -> dict:
    county = dice.choice(list(COUNTIES))
    size = dice.choice([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14])
    facts = {
        "applied_on": date(2024, 2, 1) + timedelta(dice.randrange(1000)),
        "state": COUNTIES[county],
        "county": county,
        "size": size,
        **{key: dice.random() < 0.85 for key in ("rents", "financial_hardship")},
        **{key: dice.random() < 0.85 for key in ("housing_instability", "rent_documented")},
        **{key: dice.random() < 0.2 for key in ("unemployment_benefits", "unemployed_90_days")},
        "other_federal_rent_help": dice.random() < 0.1,
        "monthly_rent": Decimal(dice.randrange(30000, 300000)) / 100,
        "bedrooms": dice.randrange(7),
        "months_behind": dice.choice([0, 1, 2, 3, 4, 9, 20]),
        "future_months": dice.randrange(6),
        "months_assisted": dice.choice([0, 0, 3, 12, 13, 14, 15, 17, 18]),
        "utilities_owed": Decimal(dice.randrange(99999)) / 100,
        "internet_owed": Decimal(dice.randrange(9999)) / 100,
    }
    edge = limit(facts, dice.choice(["low_80", "very_low_50"])) or Decimal(50000)
    facts["annual_income"] = edge + dice.choice([-1, 0, 0, 1, 100, 5000000]) * Decimal("0.01")
    monthly = (edge / 12).quantize(Decimal("0.01")) + dice.choice([-1, 0, 1, 900000]) / Decimal(100)
    facts["monthly_income"] = monthly
    for key in facts:
        if dice.random() < 0.03:
            facts[key] = None
    return facts


def text(value) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("program", ["nm-erap", "wy-erap"])
def test_four_thousand_households(program: str, tmp_path: Path) -> None:
    dice = random.Random(11)
    households = [household(dice) for _ in range(4000)]
    columns = load_program(program).columns
    lines = [",".join(["household_id", *columns])]
    for number, facts in enumerate(households):
        lines.append(",".join([f"H{number}", *(text(facts[k]) for k in columns)]))
    (tmp_path / "in.csv").write_text("\n".join(lines) + "\n")
    job = bulk.job(program, tmp_path / "in.csv", tmp_path / "out.csv")
    assert bulk_many.determine(job, lambda done: None) == bulk.Count(4000, 0)
    seen = set()
    with open(tmp_path / "out.csv", newline="") as file:
        for facts, row in zip(households, csv.DictReader(file), strict=True):
            row.pop("household_id")
            assert row == oracle(facts, program), facts
            seen.add(row["outcome"])
    assert seen == {"eligible", "ineligible", "unknown"}
