"""One door: a family that only knows it cannot pay for heat and food applies for both at once.

Wyoming, two children, a phone of 360 pixels and no scripts, in English and in Spanish. Pages are
known by their addresses, so that both languages are the same walk.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import OUT, Camera, Stack
from tests.journeys.steps import DESK, PHONE, Person, Staff, signs_up

PASSWORD = "seven quiet herons"  # noqa: S105 - of an account that lives as long as the test
CHILDREN = [("Leo", ("3", "4", "2021")), ("Mia", ("6", "9", "2014"))]
# What is said where the usual answer (no, nothing, the first choice) would not be true.
SAID = {
    "heat_stopping": "Yes",
    "people_in_home": "3",
    "buys_food_with": "3",
    "income_monthly": "1400",
    "pay_from_work": "1400",
    "money_on_hand": "45",
    "renting": "Yes",
    "rent_each_month": "820",
    "child_under_6": "Yes",
    "cost_of_crisis": "240",
}
# A week's 325 dollars as each law counts it: 52 weeks in twelfths for heat, 4.3 weeks for food.
WEEK = "$1,408.33"
COUNTED = {"heat": "325.00 every week: $1,408.33", "food": "325.00 every week: $1,397.50"}
LOOKED_AT = {"heat_stopping", "main_fuel", "members", "papers-income", "papers-costs", "consent"}


@pytest.fixture(params=["en", "es"], ids=["English", "Spanish"])
def dana(request: pytest.FixtureRequest, browser: Browser, stack: Stack) -> Iterator[Person]:
    camera = Camera(OUT / f"heat-and-food-{request.param}")
    with Person(
        browser, stack, camera, language=request.param, scripts=False, size=PHONE
    ) as someone:
        yield someone


def page_name(who: Person) -> str:
    """The last part of the address: the name of the page."""
    return who.page.url.partition("?")[0].rstrip("/").rpartition("/")[2]


def says_it(who: Person, name: str, button: str) -> None:
    """Answer a question of the bank by what the page offers."""
    said = SAID.get(name)
    if name == "where":
        who.writes("Or type your ZIP code", "82601")
    elif who.page.get_by_role("radio").count():
        yes_no = who.page.get_by_role("radio", name=who.say("No"), exact=True)
        if yes_no.count():
            who.picks(said or "No")
        else:
            who.page.get_by_role("radio").first.check()
    else:
        who.page.get_by_role("textbox").first.fill(said or "0")
    who.presses(button)


def walks(who: Person, until: str, pages: dict[str, Callable[[Person], Any]], button: str) -> list:
    """Answer one page after the other; returns their names, each once."""
    seen: list[str] = []
    for _ in range(60):
        who.page.wait_for_load_state()
        name = page_name(who)
        if name == until:
            return seen
        assert name not in seen, f"{name} is asked again:\n{who.text()}"
        seen.append(name)
        if name in LOOKED_AT:
            who.shows(name)
        if name in pages:
            pages[name](who)
        else:
            says_it(who, name, button)
    raise AssertionError(f"it never ends: {seen}")


def lives(who: Person) -> None:
    who.writes("Street and number", "4 Elk Street" if who.language == "en" else "9 Elk Street")
    who.writes("City or town", "Casper")
    who.writes("ZIP code", "82601")
    who.presses("Save and go on")


def family(who: Person) -> None:
    for first, born in CHILDREN:
        who.follows("Add a person")
        who.writes("First name", first)
        who.writes("Last name", "Whitehorse")
        who.dates(*born)
        who.picks("Child")
        who.picks("Yes")  # buys and cooks food with her
        who.presses("Save")
    who.presses("That is everyone: 3 people")


def earns(who: Person) -> None:
    who.page.get_by_role("link", name=who.say("Add income of")).first.click()
    who.page.get_by_label(who.say("What kind of income?")).select_option(label=who.say("A job"))
    who.writes("How much each time, before taxes?", "325")
    who.picks("every week")
    who.presses("Save")
    who.sees(WEEK)
    who.shows("What the week comes to")
    who.presses("That is all our income")


def supplier(who: Person) -> None:
    who.writes("Name of the company on your bill", "Black Hills Energy")
    who.writes("Account number on your bill", "7710-4")
    who.presses("Save and go on")


def later(who: Person) -> None:
    who.presses("Skip for now")


def states(who: Person) -> None:
    who.presses("I cannot get a paper. I state that what I told you is true.")


INTERVIEW: dict[str, Callable[[Person], Any]] = {
    "address": lives,
    "members": family,
    "income": earns,
    "utility": supplier,
    "dates": later,
    "consent": lambda who: who.presses("Save and go on"),
    "papers-pays_heat": later,
    "papers-income": later,
    "papers-costs": states,
    "papers-resources": states,
}


@pytest.mark.timeout(240)
def test_a_family_without_heat_or_food_applies_for_both_in_one_sitting(
    dana: Person, browser: Browser, stack: Stack
) -> None:
    dana.opens(dana.at("/wy/"))
    dana.shows("Wyoming's door")
    dana.ticks("I cannot pay for heat")
    dana.ticks("I need food")
    dana.presses("See what help there is")
    screened = walks(dana, "check", {}, "Go on")
    assert screened[:2] == ["heat_stopping", "heat_danger"]
    dana.shows("What help is likely")
    dana.follows("Choose what to apply for")
    dana.shows("Choose")
    dana.presses("Make an account and apply")
    email = f"dana.{dana.language}.{time.time_ns()}@resident.example"
    signs_up(dana, email, PASSWORD)
    dana.writes("First name", "Dana")
    dana.writes("Last name", "Whitehorse")
    dana.dates("5", "2", "1990")
    dana.presses("Go on")
    dana.page.get_by_role("main").locator("a.ls-button").first.click()
    asked = walks(dana, "review", INTERVIEW, "Save and go on")
    assert not set(screened) & set(asked), "nothing told at the door is asked again"
    dana.shows("Review")
    dana.ticks("I agree")
    dana.writes("Type your full name to sign", "Dana Whitehorse")
    dana.presses("Sign and send my application")
    cases = dana.page.locator("#status h2")
    assert cases.count() == 2, cases.all_inner_texts()
    forms = dana.page.get_by_role("link", name=dana.say("Your signed application form (PDF)"))
    assert forms.count() == 2
    dana.shows("Both on their way")
    assert not dana.troubles
    numbers = dana.page.locator("#status dd", has_text="WY-").all_inner_texts()
    with Staff("willa@wy.example", browser, stack, dana.camera, size=DESK) as willa:
        for number, counted in zip(numbers, (COUNTED["heat"], COUNTED["food"]), strict=True):
            sees_how_it_was_counted(willa, number, counted)


def sees_how_it_was_counted(willa: Staff, number: str, counted: str) -> None:
    """The desk shows what this program made of the household's own list."""
    willa.opens(f"/desk/cases/{number}/")
    for _ in range(20):  # the worker may still be at it
        if counted in willa.page.content():
            break
        willa.page.wait_for_timeout(1_000)
        willa.page.reload()
    numbers = willa.page.locator("details", has_text="The numbers and the rule")
    for place in range(numbers.count()):
        numbers.nth(place).locator("summary").first.click()
    willa.sees(counted)
    willa.shows(f"How {counted[-9:]} came about")
