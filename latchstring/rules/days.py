"""Days as law counts them, for one household: no clock, no time zone, 0001-01-01 to 9999-12-31.

Every function takes days and whole numbers and gives a day, a whole number, or None for *unknown*
(a result outside those bounds, or a day that is none). `many` says the same in SQL: days_sql.py.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

MONTHS_IN_YEAR = 12


def whole_years(earlier: date, later: date) -> int:
    """Return completed years from one day to another (an age), negative when turned round.

    Who is born on February 29 becomes older on March 1.
    """
    return later.year - earlier.year - ((later.month, later.day) < (earlier.month, earlier.day))


def months_between(first: date, second: date) -> int:
    """Return the most months that can be added to the first day without passing the second.

    Negative when turned round, and then as many as the other way.
    """
    if second < first:
        return -months_between(second, first)
    months = (second.year - first.year) * MONTHS_IN_YEAR + second.month - first.month
    short = first.day > second.day and second.day < _last(second)
    return months - short


def add_days(day: date, days: int) -> date | None:
    """Return the day so many days later."""
    ordinal = day.toordinal() + days
    return date.fromordinal(ordinal) if 1 <= ordinal <= date.max.toordinal() else None


def add_months(day: date, months: int) -> date | None:
    """Return the same day of the month so many months later, or the last day of that month."""
    year, month = divmod(day.year * MONTHS_IN_YEAR + day.month - 1 + months, MONTHS_IN_YEAR)
    if not date.min.year <= year <= date.max.year:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def day_of(year: int, month: int, day: int) -> date | None:
    """Return a day by its numbers, None when there is no such day."""
    if not (date.min.year <= year <= date.max.year and 1 <= month <= MONTHS_IN_YEAR):
        return None
    return date(year, month, day) if 1 <= day <= monthrange(year, month)[1] else None


def _last(day: date) -> int:
    return monthrange(day.year, day.month)[1]


ON_DAYS: Mapping[str, Callable[..., Any]] = {
    "days_between": lambda earlier, later: (later - earlier).days,
    "years_between": whole_years,
    "age": whole_years,
    "months_between": months_between,
    "year": lambda day: day.year,
    "month": lambda day: day.month,
    "day_of_month": lambda day: day.day,
    "weekday": date.isoweekday,
    "days_in_month": _last,
    "first_of_month": lambda day: day.replace(day=1),
    "last_of_month": lambda day: day.replace(day=_last(day)),
    "add_days": add_days,
    "add_months": add_months,
    "date": day_of,
}
