"""What a household lists of people and pay is counted by each program's law, kept and told."""

from decimal import Decimal

import pytest

from latchstring.cases import door as cases
from latchstring.cases.tests import scene as scenes
from latchstring.people import door as people

RULES = {"wy-lieap": Decimal("866.67"), "wy-snap": Decimal("860.00")}  # 200 x 52 / 12; 200 x 4.3


@pytest.fixture
def nora(wyoming):
    """She told of 900 a month before, then listed 200 a week, and help with the rent."""
    home, actor = wyoming.household, wyoming.nora.actor
    head = people.memberships(home)[0].person_id
    people.add_income(home, head, "job", Decimal("200"), "weekly", actor)
    people.add_income(home, head, "rent_or_energy_help", Decimal("700"), "monthly", actor)
    wyoming.state(members_listed=True, income_listed=True)
    return wyoming


def income(determination):
    return next(f for f in cases.tell(determination, "en").facts if f.told.key == "monthly_income")


@pytest.mark.parametrize("slug", RULES)
def test_one_list_is_counted_by_each_program_and_derives_again_to_the_byte(nora, slug):
    case = nora.open(slug)
    determination = cases.determine(case.id)
    assert income(determination).told.value == f"${RULES[slug]:,.2f}"
    assert [again.same for _row, again in cases.replays(case.reference)] == [True]
    # What changes afterwards is a new determination; the old one still derives as it was.
    head = people.memberships(nora.household)[0].person_id
    people.add_income(nora.household, head, "pension", Decimal("50"), "monthly", nora.nora.actor)
    assert income(cases.determine(case.id)).told.value == f"${RULES[slug] + 50:,.2f}"
    assert [again.same for _row, again in cases.replays(case.reference)] == [True, True]


@pytest.mark.parametrize(
    ("language", "line", "not_counted"),
    [
        ("en", "A job, $200.00 every week: $860.00", "does not count"),
        ("es", "Un trabajo, $200.00 cada semana: $860.00", "no cuenta"),
    ],
)
def test_the_decision_tells_each_record_and_what_it_counted_for(nora, language, line, not_counted):
    told = cases.tell(cases.determine(nora.open("wy-snap").id), language)
    fact = next(fact for fact in told.facts if fact.told.key == "monthly_income")
    assert fact.origin.kind == "worked_out" and not fact.origin.backed
    first, second = fact.origin.lines
    assert first == line and second.endswith(not_counted)
    assert line in fact.line and "4.3" in fact.origin.words
    assert "7 CFR 273.10(c)(2)(i)" in fact.citation and "CFR" not in fact.line


@pytest.mark.parametrize("kind", ["rent_or_energy_help", "job"])
def test_a_list_of_income_that_is_not_finished_states_no_income(db, monkeypatch, kind):
    """Not zero where only help is listed that is no income; not the first of two jobs."""
    untold = {key: value for key, value in scenes.STATED.items() if key != "monthly_income"}
    monkeypatch.setattr(scenes, "STATED", untold)
    scene = scenes.build()
    head = people.memberships(scene.household)[0].person_id
    people.add_income(scene.household, head, kind, Decimal("700"), "monthly", scene.ana.actor)
    snapshot = cases.opened(cases.determine(scene.open().id))
    assert "annual_income" in snapshot["facts"] and "monthly_income" not in snapshot["facts"]


def test_what_staff_established_stands_above_the_list(nora):
    case = nora.open("wy-snap")
    cases.determine(case.id)
    people.state_fact(
        nora.household,
        "monthly_income",
        Decimal("1000"),
        actor=nora.actor("casey"),
        source="staff",
    )
    found = cases.determine(case.id)
    fact = income(found)
    assert fact.told.value == "$1,000.00" and fact.origin.kind == "staff" and not fact.origin.lines
    assert all(again.same for _row, again in cases.replays(case.reference))


def test_a_list_that_is_not_finished_leaves_what_was_told(wyoming):
    head = people.memberships(wyoming.household)[0].person_id
    people.add_income(wyoming.household, head, "job", Decimal("200"), "weekly", wyoming.nora.actor)
    found = cases.determine(wyoming.open("wy-snap").id)
    assert income(found).told.value == "$900.00" and income(found).origin.kind == "stated"
