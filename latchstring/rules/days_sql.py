"""Days as law counts them, in DuckDB's SQL: the same as days.py to the day.

A text here has the arguments as {0}, {1}, {2}; each may be written more than once, so they are
plain columns or written values. A result outside 0001-01-01 to 9999-12-31 is NULL.
"""

from collections.abc import Mapping

FARTHEST_DAYS = 4_000_000
FARTHEST_MONTHS = 120_000
_YEARS = (
    "(year({1}) - year({0})"
    " - CASE WHEN month({1}) * 100 + day({1}) < month({0}) * 100 + day({0}) THEN 1 ELSE 0 END)"
)


def _months(first: str, second: str) -> str:
    short = f"day({first}) > day({second}) AND day({second}) < day(last_day({second}))"
    return (
        f"((year({second}) - year({first})) * 12 + month({second}) - month({first})"
        f" - CASE WHEN {short} THEN 1 ELSE 0 END)"
    )


def _inside(day: str) -> str:
    """Write a day that is NULL outside the bounds of the language."""
    return f"CASE WHEN year({day}) BETWEEN 1 AND 9999 THEN {day} END"


def _near(number: str, farthest: int) -> str:
    """Write a count of days or months that is NULL when no day can be so far away."""
    near = f"CASE WHEN {number} BETWEEN -{farthest} AND {farthest} THEN {number} END"
    return f"TRY_CAST({near} AS INT)"


_DAYS_ADDED = f"({{0}} + {_near('{1}', FARTHEST_DAYS)})"
_MONTHS_ADDED = f"CAST({{0}} + to_months({_near('{1}', FARTHEST_MONTHS)}) AS DATE)"

# What each comes to, and for a number the largest it can be.
NUMBERS: Mapping[str, tuple[str, int]] = {
    "days_between": ("({1} - {0})", 4_000_000),
    "years_between": (_YEARS, 10_000),
    "age": (_YEARS, 10_000),
    "months_between": (
        f"(CASE WHEN {{1}} < {{0}} THEN -{_months('{1}', '{0}')} ELSE {_months('{0}', '{1}')} END)",
        120_000,
    ),
    "year": ("year({0})", 9999),
    "month": ("month({0})", 12),
    "day_of_month": ("day({0})", 31),
    "weekday": ("isodow({0})", 7),
    "days_in_month": ("day(last_day({0}))", 31),
}
DAYS: Mapping[str, str] = {
    "first_of_month": "({0} - CAST(day({0}) - 1 AS INT))",
    "last_of_month": "last_day({0})",
    "add_days": f"({_inside(_DAYS_ADDED)})",
    "add_months": f"({_inside(_MONTHS_ADDED)})",
    "date": (
        "(CASE WHEN {0} BETWEEN 1 AND 9999 AND {1} BETWEEN 1 AND 12 AND {2} BETWEEN 1 AND 31"
        " THEN TRY(make_date(CAST({0} AS BIGINT), CAST({1} AS BIGINT), CAST({2} AS BIGINT))) END)"
    ),
}
