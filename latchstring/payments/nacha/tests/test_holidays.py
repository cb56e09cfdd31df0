"""The banking days of known years, against the Federal Reserve's published schedules."""

from datetime import date

import pytest

from latchstring.payments.nacha.holidays import (
    add_banking_days,
    banking_days_between,
    holidays,
    is_banking_day,
    next_banking_day,
)

PUBLISHED = {
    2025: "01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25",
    # Independence Day 2026 is a Saturday: the Friday before stays a banking day.
    2026: "01-01 01-19 02-16 05-25 06-19 09-07 10-12 11-11 11-26 12-25",
    # Independence Day 2027 is a Sunday, kept on the Monday; Juneteenth and Christmas: Saturdays.
    2027: "01-01 01-18 02-15 05-31 07-05 09-06 10-11 11-11 11-25",
    # 2021: not yet Juneteenth; Independence Day on a Sunday, Christmas on a Saturday.
    2021: "01-01 01-18 02-15 05-31 07-05 09-06 10-11 11-11 11-25",
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_the_holidays_of_a_year(year: int) -> None:
    assert sorted(f"{day:%m-%d}" for day in holidays(year)) == PUBLISHED[year].split()


DAYS = [
    (date(2026, 11, 25), date(2026, 11, 27)),  # over Thanksgiving
    (date(2026, 11, 27), date(2026, 11, 30)),  # over a weekend
    (date(2026, 7, 2), date(2026, 7, 3)),  # the Friday before a holiday on a Saturday
    (date(2026, 12, 31), date(2027, 1, 4)),  # over the turn of the year
]


@pytest.mark.parametrize(("day", "following"), DAYS)
def test_the_next_banking_day(day: date, following: date) -> None:
    assert next_banking_day(day) == following
    assert is_banking_day(following)


def test_banking_days_are_counted_both_ways() -> None:
    start = date(2026, 11, 23)
    end = add_banking_days(start, 6)
    assert end == date(2026, 12, 2)
    assert banking_days_between(start, end) == 6
