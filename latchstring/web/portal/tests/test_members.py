"""The members' pages where food help is asked for: who buys food with whom, in both languages."""

from latchstring.applications import door as applications
from latchstring.applications.tests import test_members as scene
from latchstring.people import door as people

home, food = scene.home, scene.food
ASKED = "Do you and this person buy and cook food together?"


def page_of(draft, tail):
    return f"/wy/applications/{draft.reference}/{tail}"


def test_the_form_asks_it_keeps_what_was_typed_and_the_list_shows_it(browser, food, home):
    add = page_of(food, "people/add/")
    assert ASKED in browser.get(add).content.decode()
    refused = browser.post(add, scene.LEO)
    text = refused.content.decode()
    assert refused.status_code == 422 and 'href="#id_buys_food_together_0"' in text
    assert "Choose yes or no: do you buy and cook food" in text and 'value="Leo"' in text
    browser.post(add, scene.LEO | {"buys_food_together": "no"})
    leo = people.members(home)[1].person_id
    change = browser.get(page_of(food, f"people/{leo}/")).content.decode()
    assert 'name="buys_food_together" value="no" checked' in change
    listed = browser.get(page_of(food, "members/")).content.decode()
    assert listed.count("Buys and cooks food with you") == 3 and "Still open" not in listed


def test_a_list_with_somebody_open_is_not_finished_and_says_who_is(browser, food, home, ana):
    given = {"first_name": "Leo", "last_name": "Baca", "birth_date": "2022-01-09"}
    people.add_member(home, given, "child", ana.actor)
    page = page_of(food, "members/")
    shown = browser.get(page).content.decode()
    assert "Still open" in shown and "Answer<span" in shown
    refused = browser.post(page, {})
    assert refused.status_code == 422
    said = "Tell us if you buy and cook food together with: Leo Baca."
    assert said in refused.content.decode()
    spanish = browser.post(f"/es{page}", {}).content.decode()
    assert "Díganos si compra y cocina junto con: Leo Baca." in spanish


def test_heat_help_alone_does_not_ask_it(browser, home, ana):
    heat = applications.begin(home, ana, ["wy-lieap"], "en")
    assert ASKED not in browser.get(page_of(heat, "people/add/")).content.decode()
    listed = browser.get(page_of(heat, "members/")).content.decode()
    assert "Buys and cooks food with you" not in listed
