"""With whom a member buys food: asked where a program needs it, kept, shown, and waited for."""

import pytest

from latchstring.applications import door as applications
from latchstring.applications.review import answers_as_signed
from latchstring.applications.tests.conftest import ANA
from latchstring.applications.tests.test_heat_and_food import PAGES
from latchstring.people import door as people

LEO = {
    "first_name": "Leo",
    "last_name": "Baca",
    "birth_date_month": "1",
    "birth_date_day": "9",
    "birth_date_year": "2022",
    "role": "child",
}


@pytest.fixture
def home(ana):
    return people.make_household("wy-dfs", ana, identity=ANA)


@pytest.fixture
def food(home, ana):
    return applications.begin(home, ana, ["wy-lieap", "wy-snap"], "en")


def people_line(draft, program=None):
    interview = applications.Interview(draft, program)
    parts = applications.review(draft, "en", interview)
    [line] = [line for part in parts for line in part.lines if line.step == "members"]
    return line


def test_it_is_needed_where_a_program_asks_and_shown_there_alone(food, home, ana):
    with pytest.raises(applications.WrongAnswer) as wrong:
        applications.keep_member(food, None, LEO | {"buys_food_together": "maybe"}, ana.actor)
    assert wrong.value.fields == {
        "buys_food_together": "Choose yes or no: do you buy and cook food with this person?"
    }
    assert len(people.members(home)) == 1
    applications.keep_member(food, None, LEO | {"buys_food_together": "no"}, ana.actor)
    leo = people.members(home)[1]
    assert leo.buys_food_together is False
    assert people_line(food).value.endswith("January 9, 2022, buys food apart)")
    assert people_line(food, "wy-lieap").value.endswith("January 9, 2022)")
    again = LEO | {"buys_food_together": "yes"}
    applications.keep_member(food, leo.person_id, again, ana.actor)
    assert people.members(home)[1].buys_food_together is True
    assert "buys food with you" in people_line(food).value


def test_it_is_not_asked_where_no_program_needs_it(home, ana):
    heat = applications.begin(home, ana, ["wy-lieap"], "en")
    applications.keep_member(heat, None, LEO, ana.actor)
    assert people.members(home)[1].buys_food_together is None
    applications.answer(heat, "members", {}, ana.actor)
    assert not applications.Interview(heat).step("members").open


def test_a_member_told_of_before_is_asked_about_before_one_goes_on(home, ana):
    heat = applications.begin(home, ana, ["wy-lieap"], "en")
    applications.keep_member(heat, None, LEO, ana.actor)
    applications.answer(heat, "members", {}, ana.actor)
    food = applications.begin(home, ana, ["wy-snap"], "en")
    assert applications.Interview(food).step("members").open and people_line(food).open
    assert people_line(food).value.endswith("with whom they buy food is still open)")
    with pytest.raises(applications.WrongAnswer) as wrong:
        applications.answer(food, "members", {}, ana.actor)
    assert wrong.value.message == "Tell us if you buy and cook food together with: Leo Baca."
    leo = people.members(home)[1].person_id
    applications.keep_member(food, leo, LEO | {"buys_food_together": "yes"}, ana.actor)
    assert not applications.Interview(food).step("members").open
    applications.answer(food, "members", {}, ana.actor)


def test_one_sent_twice_takes_the_newer_answer(food, home, ana):
    for said in ("yes", "no"):
        applications.keep_member(food, None, LEO | {"buys_food_together": said}, ana.actor)
    assert [m.buys_food_together for m in people.members(home)] == [True, False]


def test_what_is_signed_says_it_and_what_was_signed_is_not_opened_again(food, home, ana):
    applications.keep_member(food, None, LEO | {"buys_food_together": "no"}, ana.actor)
    applications.answer(food, "address", PAGES["address"], ana.actor)
    applications.answer(food, "members", {}, ana.actor)
    early = applications.set_apart(food.id)
    applications.sign(early.id, "Ana Baca", "en", ana.actor, as_it_stands=True)
    sent = applications.application_by_id(early.id)
    leo = answers_as_signed(applications.Interview(sent))["members"][1]
    assert leo["buys_food_together"] is False
    assert "members" not in sent.asked_later
    people.add_member(home, {**ANA, "first_name": "Mia"}, "other", ana.actor)
    assert applications.Interview(sent).open_members == []
