"""What a benefit claims, and what our own records then say, is the document's to name."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from latchstring.cases import door as cases
from latchstring.cases.claims import claims_of, months_of, season_of
from latchstring.funds import door as funds
from latchstring.kernel import clock
from latchstring.programs import door as programs

FILED = date(2026, 1, 15)


@pytest.mark.parametrize(
    ("program", "line", "count", "months"),
    [
        ("nm-erap", "rent", 2, [date(2025, 11, 1), date(2025, 12, 1)]),
        ("nm-erap", "future_rent", 1, [date(2026, 2, 1)]),
        ("nm-erap", "utilities", None, [date(2026, 1, 1)]),
        ("wy-lieap", "heating", None, [date(2025, 10, 1)]),
        ("wy-snap", "food", None, [date(2026, 1, 1)]),
    ],
)
def test_an_amount_stands_for_the_months_that_its_document_says(program, line, count, months):
    assert months_of(programs.load_program(program), line, count, FILED) == months


def test_food_claims_nothing_and_heat_is_claimed_apart_from_utilities():
    assert claims_of(programs.load_program("wy-snap"), "food") is None
    heat = claims_of(programs.load_program("wy-lieap"), "heating")
    bill = claims_of(programs.load_program("wy-erap"), "utilities")
    assert (heat["as"], bill["as"]) == ("home_energy", "utilities")


def test_a_season_is_that_of_the_round_not_closed_by_the_day():
    lieap = programs.load_program("wy-lieap")
    assert season_of(lieap, date(2026, 4, 30)) == date(2025, 10, 1)
    assert season_of(lieap, date(2026, 5, 1)) == date(2026, 10, 1)


def approved(wyoming, **more):
    wyoming.state(heating_benefit_set=Decimal("640"))
    case = wyoming.open("wy-lieap", **more)
    decision = wyoming.prepare(case)
    return cases.approve(decision.id, wyoming.actor("alex"))


def test_heat_is_paid_once_a_season_and_our_own_records_say_so(wyoming):
    approved(wyoming)
    again = wyoming.open("wy-lieap")
    found = cases.determine(again.id)
    assert found.outcome == "ineligible" and found.result["failed"] == ["once_a_season"]
    assert cases.opened(found)["facts"]["heat_help_this_season"]["source"] == "own_records"
    next_season = wyoming.open("wy-lieap", clock.now() - timedelta(days=3))
    assert cases.determine(next_season.id).outcome == "eligible"


def test_two_prepared_at_once_are_not_both_promised(wyoming):
    wyoming.state(heating_benefit_set=Decimal("640"))
    decisions = [wyoming.prepare(wyoming.open("wy-lieap")) for _ in range(2)]
    cases.approve(decisions[0].id, wyoming.actor("alex"))
    with pytest.raises(cases.FactsHaveChanged):
        cases.approve(decisions[1].id, wyoming.actor("alex"))
    assert funds.obligations_of(decisions[1].case_id) == []


def test_heating_help_that_we_promised_changes_what_food_help_goes_by(wyoming):
    food = wyoming.open("wy-snap")
    before = cases.determine(food.id)
    approved(wyoming)
    after = cases.determine(food.id)
    used = cases.opened(after)["facts"]["got_energy_help_12_months"]
    assert (used["source"], used["value"]) == ("own_records", True)
    allowance = [row.result["derived"]["utility_allowance"] for row in (before, after)]
    assert allowance == [340, 510]
    clock.turn(timedelta(days=400))
    assert cases.determine(food.id).result["derived"]["utility_allowance"] == 340


def test_what_the_household_says_beyond_our_records_counts(scene):
    scene.state(months_assisted=4)
    case = scene.open()
    used = cases.opened(cases.determine(case.id))["facts"]["months_assisted"]
    assert (used["value"], used["source"]) == (4, "own_records")
