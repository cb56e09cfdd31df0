"""The screener asks what can change an answer, danger first, and ranks by harm."""

import random
from datetime import date
from decimal import Decimal

import pytest

from latchstring.applications import screener
from latchstring.applications.tests.answers import adaptive, answers, everything, told
from latchstring.kernel import clock
from latchstring.programs import door as programs
from latchstring.programs import publication

HEAT_AND_FOOD = ("cannot-pay-heat", "need-food")
FAMILY = {
    "heat_stopping": "no",
    "where": "56021",
    "people_in_home": "3",
    "income_monthly": "1,400",
    "main_fuel": "propane",
    "heat_help_before": "no",
    "anyone_60": "no",
    "child_under_6": "yes",
    "disability_at_home": "no",
    "buys_food_with": "3",
    "food_help_now": "no",
    "pay_from_work": "1400",
    "money_on_hand": "40",
    "renting": "yes",
    "rent_each_month": "800",
    "which_utilities": "heating_or_cooling",
    "disability_payments": "no",
    "care_costs": "0",
    "child_support": "0",
    "other_property": "0",
    "everyone_gets_cash": "no",
    "farm_work": "no",
    "heat_danger": "yes",
    "cost_of_crisis": "150",
}


@pytest.fixture(autouse=True)
def whole_catalog(monkeypatch):
    """Every program is offered, on a day in winter on which every table is set."""
    monkeypatch.setattr(publication, "round_on", programs.round_on)  # no administrator's acts
    monkeypatch.setattr(clock, "today", lambda: date(2026, 1, 15))


def family(asked, needs, **other):
    typed = FAMILY | other
    heard, put = screener.implied("WY", needs), []
    while (question := screener.next_open(asked, heard)) is not None:
        put.append(question.id)
        heard |= screener.hear(question, {question.id: typed[question.id]}, "WY")
    return heard, put


@pytest.mark.parametrize("day", [date(2026, 1, 15), date(2025, 9, 10), date(2026, 11, 23)])
@pytest.mark.parametrize("state", ["WY", "NM"])
def test_no_outcome_differs_from_answering_everything(monkeypatch, state, day):
    monkeypatch.setattr(clock, "today", lambda: day)
    chance = random.Random(20261123)  # noqa: S311 - the same households each time
    asked = programs.programs(state)
    saved = 0
    for _ in range(60):
        truth = answers(state, asked, chance)
        needs = chance.sample([need["id"] for need in programs.needs(state)], 2)
        said = screener.implied(state, needs)
        heard, put = adaptive(asked, truth, said)
        full, all_of_them = everything(asked, truth, said)
        few = {o.program.slug: told(o) for o in screener.results(asked, heard)}
        many = {o.program.slug: told(o) for o in screener.results(asked, full)}
        assert few == many, (needs, truth)
        saved += all_of_them - len(put)
    assert saved > 60  # at least one question less for each household


def test_danger_is_asked_before_anything_and_clocks_before_the_rest():
    asked = screener.programs_for("WY", HEAT_AND_FOOD)
    _, put = family(asked, HEAT_AND_FOOD, heat_stopping="yes")
    assert put[:2] == ["heat_stopping", "heat_danger"]
    assert set(put[2:6]) == {"money_on_hand", "income_monthly", "renting", "rent_each_month"}
    assert put.index("where") < put.index("buys_food_with")  # shared before what one needs


def test_a_question_is_asked_once_for_all_programs():
    asked = screener.programs_for("WY", HEAT_AND_FOOD)
    _, put = family(asked, HEAT_AND_FOOD)
    assert len(put) == len(set(put)) and put.count("income_monthly") == 1


def test_likely_comes_first_then_where_harm_is_soonest():
    asked = screener.programs_for("WY", HEAT_AND_FOOD)
    broke = {"heat_stopping": "yes", "income_monthly": "100", "pay_from_work": "100"}
    heard, _ = family(asked, HEAT_AND_FOOD, **broke)
    found = screener.results(asked, heard, needs=["need-food", "cannot-pay-heat"])
    assert [(o.program.slug, o.screening.answer, o.screening.soon.hours) for o in found] == [
        ("wy-lieap", "likely", 18),
        ("wy-snap", "likely", 7 * 24),
    ]
    calm, _ = family(asked, HEAT_AND_FOOD, money_on_hand="2000")
    first = screener.results(asked, calm, needs=["need-food", "cannot-pay-heat"])[0]
    assert first.program.slug == "wy-snap"  # no clock hurries: the order of the needs decides
    assert first.screening.soon.days == 30 and not first.screening.soon.urgent


def test_amounts_are_told_as_the_document_says():
    asked = screener.programs_for("WY", HEAT_AND_FOOD)
    heard, _ = family(asked, HEAT_AND_FOOD)
    heat, food = sorted(
        (o.screening for o in screener.results(asked, heard)), key=lambda s: s.program
    )
    assert heat.set_by_agency and heat.least is None
    assert food.every == "month" and food.least == food.most > Decimal(300)


def test_before_a_table_is_set_the_amount_is_a_range(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 23))
    asked = screener.programs_for("WY", ["need-food"])
    heard, _ = family(asked, ["need-food"])
    (food,) = screener.results(asked, heard)
    assert 0 < food.screening.least < food.screening.most
    assert food.screening.determination.unset == ("table:snap_state_amounts.heating_allowance",)


def test_what_hangs_on_an_empty_cell_alone_is_not_asked_about(monkeypatch):
    """Farm work, child care and the rest still decide; the rent could only change the amount."""
    put = {}
    for day in (date(2026, 1, 15), date(2026, 11, 23)):
        monkeypatch.setattr(clock, "today", lambda day=day: day)
        heard = {"all_get_cash_assistance": True, "food_size": 2, "state": "WY"}
        heard |= {"utility_bills": "heating_or_cooling", "rents": True}
        asked = screener.programs_for("WY", ["need-food"])
        put[day.year, day.month] = {one.id for one in screener.worth_asking(asked, heard)}
    assert "care_costs" in put[2026, 1] - put[2026, 11]


def test_what_is_received_is_not_asked_about_nor_offered():
    asked = screener.programs_for("WY", HEAT_AND_FOOD)
    heard, put = family(asked, HEAT_AND_FOOD, food_help_now="yes")
    assert "everyone_gets_cash" not in put
    found = {o.program.slug: o for o in screener.results(asked, heard)}
    assert found["wy-snap"].received == "said" and not found["wy-snap"].open
    assert found["wy-lieap"].open


@pytest.mark.parametrize(
    ("said", "ours", "letters"),
    [
        ({"food_help_this_month": True}, {}, ("wy-snap",)),
        ({"food_help_this_month": False}, {}, ()),
        ({}, {"wy-snap": "approved"}, ("wy-snap",)),
        ({}, {"wy-snap": "case"}, ()),  # not decided yet: there is no letter to show
    ],
)
def test_food_help_that_is_received_is_not_offered_and_its_letter_opens_rent_help(
    said, ours, letters
):
    asked = screener.programs_for("WY", ["behind-on-rent", "need-food"])
    found = {o.program.slug: o for o in screener.results(asked, said, ours)}
    assert found["wy-erap"].letters == letters and found["wy-snap"].letters == ()
    assert found["wy-snap"].open is not bool(letters or ours)
    others = {o.program.slug for o in screener.others("WY", [], said, ours)}
    assert ("wy-snap" in others) is not bool(letters or ours)


def test_help_of_ours_opens_what_it_settles_elsewhere():
    opened = screener.opened_by({"wy-lieap": Decimal("350")})
    assert opened == {"heat_help_this_season": True, "got_energy_help_12_months": True}
    assert "got_energy_help_12_months" not in screener.opened_by({"wy-lieap": Decimal("20")})


def test_a_season_that_is_over_says_when_it_opens(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: date(2026, 6, 1))
    asked = screener.programs_for("WY", ["cannot-pay-heat"])
    heard, _ = family(asked, ["cannot-pay-heat"])
    (heat,) = screener.results(asked, heard)
    assert not heat.open and heat.round.opens_on == date(2026, 10, 1)
    assert heat.screening.answer == programs.LIKELY  # as if they applied on that day


@pytest.mark.parametrize(("child", "opens"), [("yes", True), ("no", False)])
def test_a_season_opens_early_for_some(monkeypatch, child, opens):
    monkeypatch.setattr(clock, "today", lambda: date(2025, 9, 10))
    asked = screener.programs_for("WY", ["cannot-pay-heat"])
    heard, _ = family(asked, ["cannot-pay-heat"], child_under_6=child)
    (heat,) = screener.results(asked, heard)
    assert heat.open is opens and heat.screening.answer == programs.LIKELY
    assert heat.round.opens_on == (None if opens else date(2025, 10, 1))


def test_other_programs_that_the_answers_do_not_rule_out_are_named():
    asked = screener.programs_for("WY", ["need-food"])
    heard, _ = family(asked, ["need-food"])
    found = [o.program.slug for o in screener.others("WY", asked, heard)]
    assert found == ["wy-erap", "wy-lieap"]
    owner = heard | {"rents": False}
    assert [o.program.slug for o in screener.others("WY", asked, owner)] == ["wy-lieap"]


def test_last_years_income_is_asked_only_where_the_outcome_hangs_on_it():
    asked = programs.programs("NM")
    low = screener.implied("NM", ["behind-on-rent"])
    low |= {"state": "NM", "county": "35001", "size": 2, "monthly_income": "2000.00"}
    assert "income_last_year" not in [q.id for q in screener.worth_asking(asked, low)]
    high = low | {"monthly_income": "9000.00"}
    assert "income_last_year" in [q.id for q in screener.worth_asking(asked, high)]
    assert "months_helped" not in [q.id for q in screener.worth_asking(asked, low)]


@pytest.mark.parametrize(
    ("slug", "approved", "stands"),
    [
        ("wy-snap", date(2025, 2, 1), True),
        ("wy-snap", date(2025, 1, 10), False),
        ("wy-lieap", date(2025, 9, 3), True),
        ("wy-lieap", date(2025, 3, 1), False),
        ("wy-erap", date(2026, 1, 1), False),
    ],
)
def test_help_that_was_approved_stands_as_long_as_its_document_says(slug, approved, stands):
    assert screener.still_helps(slug, approved) is stands
