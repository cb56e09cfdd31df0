"""Income as people tell it and read it: each source's arithmetic, pay that changes, and help."""

from decimal import Decimal

import pytest
from django.utils import translation

from latchstring.applications import door as applications
from latchstring.applications import words
from latchstring.applications.income_in_words import source_in_words, together_in_words
from latchstring.applications.tests.conftest import go_on
from latchstring.kernel.ids import new_id
from latchstring.people import door as people

TIPS = {"kind": "job", "amount": "2700", "period": "varies", "over_months": "3"}
NEEDED = {"over_months": "Write over how many months you got this, from 1 to 12."}


def line(amount, period, kind="job", over_months=1):
    return people.IncomeView(new_id(), new_id(), kind, Decimal(amount), period, "", over_months)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (
            line("500", "weekly"),
            "$500.00 every week × 52 ÷ 12 = $2,166.67 a month ($26,000.00 a year)",
        ),
        (line("6000", "yearly"), "$6,000.00 once a year ÷ 12 = $500.00 a month ($6,000.00 a year)"),
        (line("943", "monthly"), "$943.00 every month = $943.00 a month ($11,316.00 a year)"),
        (
            line("2700", "varies", over_months=3),
            "$2,700.00 over 3 months ÷ 3 = $900.00 a month ($10,800.00 a year)",
        ),
        (line("90", "varies"), "$90.00 over 1 month = $90.00 a month ($1,080.00 a year)"),
        (
            line("400", "once", "rent_or_energy_help"),
            "$400.00 only once: help that does not count as income",
        ),
    ],
)
def test_each_source_shows_how_it_becomes_a_month(source, told):
    assert source_in_words(source, "en") == told


def test_the_arithmetic_is_shown_in_spanish_too():
    with translation.override("es"):
        told = source_in_words(line("2700", "varies", over_months=3), "es")
    assert told == "$2,700.00 en 3 meses ÷ 3 = $900.00 al mes ($10,800.00 al año)"


def test_every_kind_and_period_has_words():
    assert list(words.INCOME_KINDS) == list(people.KINDS)
    assert list(words.PERIODS) == list(people.PERIODS)


def test_pay_that_changes_is_kept_with_its_months_and_the_review_shows_the_sum(
    application, household, ana
):
    go_on(application, ana.actor, until="income")
    head = people.members(household)[0].person_id
    applications.keep_income(application, head, None, TIPS, ana.actor)
    help_got = {"kind": "rent_or_energy_help", "amount": "400", "period": "monthly"}
    applications.keep_income(application, head, None, help_got, ana.actor)
    applications.answer(application, "income", {}, ana.actor)
    assert people.facts(household)["monthly_income"].value == Decimal("900.00")
    shown = {
        row.label: row.value
        for part in applications.review(application, "en")
        for row in part.lines
    }
    assert shown["Ana Baca: A job"].startswith("$2,700.00 over 3 months ÷ 3 = $900.00 a month")
    assert shown[f"Ana Baca: {words.INCOME_KINDS['rent_or_energy_help']}"].endswith(
        "not count as income"
    )
    sums = applications.Interview(application).sums
    assert shown["Everyone's income together"].startswith(together_in_words(sums, "en") + ". Each")
    assert together_in_words(sums, "en") == "$10,800.00 a year ÷ 12 = $900.00 a month"


@pytest.mark.parametrize("months", ["", "0", "13", "three", "-1", "1.5"])
def test_months_are_asked_for_kindly_where_pay_changes_and_nowhere_else(
    application, household, ana, months
):
    head = people.members(household)[0].person_id
    with pytest.raises(applications.WrongAnswer) as wrong:
        applications.keep_income(application, head, None, TIPS | {"over_months": months}, ana.actor)
    assert wrong.value.fields == NEEDED
    weekly = {"kind": "job", "amount": "450", "period": "weekly", "over_months": months}
    applications.keep_income(application, head, None, weekly, ana.actor)
    [kept] = people.incomes(household)
    assert (kept.over_months, kept.yearly) == (1, Decimal(23_400))
