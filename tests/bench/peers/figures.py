"""HUD's figures as the peers take them: straight from the catalog's tables."""

import csv
from dataclasses import dataclass
from pathlib import Path

import yaml

TABLES = Path(__file__).parents[3] / "catalog" / "tables"
Years = tuple[dict[str, list[int]], ...]  # for each version: county, then a figure for each size


@dataclass(frozen=True)
class Limits:
    """Limits in dollars a year by version, county and size, each version from a day on."""

    starts: tuple[int, ...]  # days as whole numbers: 20250401
    low: Years  # 80 percent, sizes 1 to 8; priority has the very low
    very_low: Years

    def version(self, day: int) -> int:
        """Return the place of the version in force on a day (the first, if before)."""
        return max(0, sum(day >= start for start in self.starts) - 1)


def limits() -> Limits:
    """Read the income limits and the days from which they are in force."""
    starts, (low, very_low) = _read("hud_income_limits", "size", ("low_80", "very_low_50"))
    return Limits(starts, low, very_low)


def market_rents() -> tuple[tuple[int, ...], Years]:
    """Read the fair market rents in dollars a month for 0 to 4 bedrooms, and their days."""
    starts, (rents,) = _read("hud_fair_market_rents", "bedrooms", ("rent",))
    return starts, rents


def _read(name: str, by: str, columns: tuple[str, ...]) -> tuple[tuple[int, ...], list[Years]]:
    declared = yaml.safe_load((TABLES / "tables.yaml").read_text(encoding="utf-8"))[name]
    marker, versions = declared["version_column"], declared["versions"]
    with open(TABLES / f"{name}.csv", encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: int(row[by]))
    found = []
    for column in columns:
        years: dict[str, dict[str, list[int]]] = {v["version"]: {} for v in versions}
        for row in rows:
            if row[marker] in years:
                years[row[marker]].setdefault(row["county"], []).append(int(row[column]))
        found.append(tuple(years.values()))
    return tuple(day_number(str(v["effective_from"])) for v in versions), found


def day_number(text: str) -> int:
    """Write a day as a whole number, which compares fastest everywhere: 20250401."""
    return int(text.replace("-", ""))


def cents(text: str) -> int:
    """Read dollars as whole cents."""
    whole, _, decimals = text.partition(".")
    return int(whole) * 100 + int(decimals.ljust(2, "0") or 0)
