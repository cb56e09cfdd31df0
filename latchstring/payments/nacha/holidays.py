"""The days on which the Federal Reserve's banks are open, for any year.

Source: the Federal Reserve Financial Services holiday schedule. A holiday on a Sunday is kept on
the Monday; one on a Saturday is not moved, and the Friday before it is a banking day.
"""

from datetime import date, timedelta
from functools import cache

MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6
LAST = -1
FIXED = ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))
# Month, weekday, which of the month.
MOVING = (
    (1, MONDAY, 3),
    (2, MONDAY, 3),
    (5, MONDAY, LAST),
    (9, MONDAY, 1),
    (10, MONDAY, 2),
    (11, THURSDAY, 4),
)
JUNETEENTH = (6, 19)
JUNETEENTH_SINCE = 2022


@cache
def holidays(year: int) -> frozenset[date]:
    """The weekdays of a year on which the Federal Reserve's banks are closed."""
    fixed = [date(year, *day) for day in FIXED if day != JUNETEENTH or year >= JUNETEENTH_SINCE]
    kept = [day + timedelta(days=day.weekday() == SUNDAY) for day in fixed]
    moving = [_nth(year, *rule) for rule in MOVING]
    return frozenset(day for day in kept + moving if day.weekday() != SATURDAY)


def is_banking_day(day: date) -> bool:
    """Whether the Federal Reserve's banks are open on a day."""
    return day.weekday() < SATURDAY and day not in holidays(day.year)


def next_banking_day(day: date) -> date:
    """The first banking day after a day."""
    return add_banking_days(day, 1)


def add_banking_days(day: date, count: int) -> date:
    """The banking day that is `count` (1 or more) banking days after a day."""
    for _ in range(count):
        day += timedelta(days=1)
        while not is_banking_day(day):
            day += timedelta(days=1)
    return day


def banking_days_between(start: date, end: date) -> int:
    """How many banking days lie after `start`, up to and including `end`."""
    days = (start + timedelta(days=ahead) for ahead in range(1, (end - start).days + 1))
    return sum(map(is_banking_day, days))


def _nth(year: int, month: int, weekday: int, which: int) -> date:
    """The nth (or last) weekday of a month."""
    if which == LAST:
        first_after = date(year + month // 12, month % 12 + 1, 1)
        return first_after - timedelta(days=(first_after.weekday() - weekday - 1) % 7 + 1)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))
