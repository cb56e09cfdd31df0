"""The clock that ends first is the case's, at filing and after every change of what is known."""

from datetime import date, timedelta

import pytest

from latchstring.cases import door as cases
from latchstring.cases.tests.wyoming import WINTER
from latchstring.insight import door as insight
from latchstring.kernel import clock
from latchstring.programs import door as programs

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("program", "facts", "ends", "due"),
    [
        ("wy-lieap", {}, "decide", clock.end_of(date(2026, 3, 1))),
        ("wy-lieap", {"heat_emergency": True}, "crisis", WINTER + 48 * HOUR),
        (
            "wy-lieap",
            {"heat_emergency": True, "heat_danger_to_life": True},
            "crisis_danger",
            WINTER + 18 * HOUR,
        ),
        ("wy-lieap", {"heat_danger_to_life": True}, "decide", clock.end_of(date(2026, 3, 1))),
        ("wy-lieap", {"heat_emergency": None}, "decide", clock.end_of(date(2026, 3, 1))),
        (
            "wy-lieap",
            {"shutoff_date": date(2026, 1, 20)},
            "shutoff",
            clock.end_of(date(2026, 1, 18)),
        ),
        ("wy-snap", {}, "decide", clock.end_of(date(2026, 2, 14))),
        (
            "wy-snap",
            {"monthly_income": 0, "liquid_resources": 100},
            "expedited",
            clock.end_of(date(2026, 1, 22)),
        ),
    ],
)
def test_the_clock_that_ends_first_is_set_at_filing(wyoming, program, facts, ends, due):
    wyoming.state(**facts)
    case = wyoming.open(program)
    assert (case.due_clock, case.due_at) == (ends, due)
    assert case.due_on == due.astimezone(clock.MOUNTAIN).date()
    assert (case.urgent_on is None) is (ends == "decide")


def test_a_crisis_told_later_counts_from_then_and_keeps_its_beginning(wyoming):
    case = wyoming.open("wy-lieap", clock.now() - 3 * DAY)
    wyoming.state(heat_emergency=True)
    told = clock.now()
    case = cases.consider(case.id)
    assert case.due_clock == "crisis" and timedelta() <= case.due_at - told - 48 * HOUR < HOUR
    clock.turn(5 * HOUR)
    wyoming.state(crisis_cost=250)
    again = cases.consider(case.id)
    assert again.due_at == case.due_at
    wyoming.state(heat_emergency=False)
    assert cases.consider(case.id).due_clock == "decide"


def test_seven_days_of_food_help_found_late_count_from_the_day_it_is_found(wyoming):
    case = wyoming.open("wy-snap", clock.now() - 10 * DAY)
    wyoming.state(monthly_income=0, liquid_resources=0)
    cases.determine(case.id)
    case.refresh_from_db()
    assert (case.due_clock, case.due_on) == ("expedited", clock.today() + 7 * DAY)


def test_queue_shows_the_short_clock_first_and_names_it(wyoming):
    slow = wyoming.open("wy-snap", clock.now())
    wyoming.state(heat_emergency=True)
    fast = wyoming.open("wy-lieap", clock.now())
    rows = insight.queue("wy-dfs")
    assert [row["reference"] for row in rows] == [fast.reference, slow.reference]
    assert cases.clock_words(rows[0]["version"], rows[0]["due_clock"])["en"].startswith("Heat off")


def test_the_resident_reads_the_hour(wyoming):
    wyoming.state(heat_emergency=True)
    case = wyoming.open("wy-lieap")
    told = cases.status_of(case, "es")
    assert told.by_words == "17 de enero de 2026, 10:00"


def test_near_its_end_it_stands_on_the_page_of_what_stands_still(wyoming):
    wyoming.state(heat_emergency=True)
    wyoming.open("wy-lieap", clock.now())
    soon = next(kind for kind in insight.KINDS if kind.code == "case_due_soon")
    assert insight.find(soon, "wy-dfs") is None
    clock.turn(37 * HOUR)
    assert insight.find(soon, "wy-dfs").count == 1
    clock.turn(12 * HOUR)
    late = next(kind for kind in insight.KINDS if kind.code == "case_late")
    assert insight.find(soon, "wy-dfs") is None and insight.find(late, "wy-dfs").count == 1


def test_a_condition_may_name_what_no_criterion_reads_and_is_unknown_without_it():
    program = programs.load_program("wy-lieap")
    assert programs.holds(program, "heat_danger_to_life", {"heat_danger_to_life": True}) is True
    assert programs.holds(program, "heat_danger_to_life", {}) is None
    assert programs.holds(program, "size > 3 && vulnerable", {"size": 1}) is False
    with pytest.raises(programs.CatalogError):
        programs.holds(program, "no_such_fact", {})
