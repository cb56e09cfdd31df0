"""What the state knows already need not be shown again: SNAP has found this household eligible.

Nobody on the desk touches it: every criterion is proven, and the amount is within what two people
signed the rules may give alone.
"""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import OUT, Camera, Stack
from tests.journeys.steps import (
    PHONE,
    Answer,
    Person,
    Staff,
    answers_each_page,
    applies_here,
    says,
    signs_up,
)

PASSWORD = "seven quiet herons"  # noqa: S105 - of an account that lives as long as the test
BORN = ("9", "17", "1994")
SCREENER: dict[str, Answer] = {
    "In which county do you live?": lambda who: (
        who.writes("Or type your ZIP code", "87501"),
        who.presses("Go on"),
    )[-1],
    "How many people live in your home?": says("1", "Go on"),
    "How much does everyone in your home earn in a month now?": says("1200", "Go on"),
    "Did anyone in your home qualify for unemployment benefits?": says("Yes", "Go on"),
    "Does other federal help already pay the costs you ask for?": says("No", "Go on"),
    "Has anyone in your home been out of work for the last 90 days?": says("No", "Go on"),
    "How much is your rent each month?": says("900", "Go on"),
    "Do you have a lease or another paper that shows your rent?": says("No", "Go on"),
    "How many bedrooms does your home have?": says("1", "Go on"),
    "How many months of rent do you owe?": says("2", "Go on"),
    "How many months of coming rent do you need help with?": says("0", "Go on"),
    "How much do you owe for power, gas, water, sewer or trash?": says("0", "Go on"),
}


@pytest.fixture
def tomas(browser: Browser, stack: Stack) -> Iterator[Person]:
    """Tomas, whom human services knows: his SNAP case says that his income was verified."""
    with Person(browser, stack, Camera(OUT / "recognised-elsewhere"), size=PHONE) as someone:
        for name in ("tax", "human_services"):
            stack.admin(name, "/admin/behaviour", {"delay_ms": 0, "fail_rate": 0.0})
        enrolment = {
            "program": "snap",
            "status": "active",
            "determined_on": "2026-06-01",
            "expires_on": "2027-05-31",
            "household_size": 1,
            "verified_income_under_80_ami": True,
        }
        person = {"first_name": "Tomas", "last_name": "Quintana", "birth_date": "1994-09-17"}
        stack.admin(
            "human_services", "/admin/people", {"people": [person | {"enrolments": [enrolment]}]}
        )
        yield someone


@pytest.mark.timeout(240)
def test_a_household_that_snap_found_eligible_needs_no_income_papers_and_nobody_at_the_desk(
    tomas: Person, browser: Browser, stack: Stack
) -> None:
    email = f"tomas.{time.time_ns()}@resident.example"
    tomas.opens("/nm/")
    tomas.ticks("I am behind on rent")
    tomas.presses("See what help there is")
    answers_each_page(tomas, SCREENER, until="What help is likely")
    applies_here(tomas)
    signs_up(tomas, email, PASSWORD)
    tomas.writes("First name", "Tomas")
    tomas.writes("Last name", "Quintana")
    tomas.dates(*BORN)
    tomas.presses("Go on")
    tomas.follows("Go on")
    answers_each_page(tomas, interview(), until="Check your answers and sign")
    tomas.ticks("I agree")
    tomas.writes("Type your full name to sign", "Tomas Quintana")
    tomas.presses("Sign and send my application")
    tomas.waits_until("Your application was approved")
    tomas.sees("$1,800.00")
    tomas.shows("Approved by the rules alone")
    mail = stack.wait_for_mail(email, "Your application was approved (")
    assert (
        "Another program already found your income low enough (SNAP, June 1, 2026)"
        in (mail["text"])
    )
    case = tomas.page.locator("#status").inner_text()
    number = next(word for word in case.split() if word.startswith("NM-"))
    with Staff("casey", browser, stack, tomas.camera) as casey:
        casey.opens(f"/desk/cases/{number}/")
        casey.sees("Human services", "Matched", "Payment")
        casey.shows("Nobody had to touch it")
    tomas.opens("/nm/record/")
    tomas.sees("Casey Ortiz")


def interview() -> dict[str, Answer]:
    """What Tomas answers after he made his account; no page asks for money papers."""

    def home(who: Person) -> None:
        who.writes("Street and number", "27 Canyon Street")
        who.writes("City or town", "Santa Fe")
        who.writes("ZIP code", "87501")
        who.presses("Save and go on")

    def earns(who: Person) -> None:
        who.follows("Add income of Tomas Quintana")
        who.page.get_by_label("What kind of income?").select_option(label="A job")
        who.writes("How much each time, before taxes?", "1200")
        who.picks("every month")
        who.presses("Save")
        who.presses("That is all our income")

    def states_the_rent(who: Person) -> None:
        who.presses("I cannot get a paper. I state that what I told you is true.")

    def landlord(who: Person) -> None:
        who.writes("Name of your landlord or rental company", "Canyon Court Apartments")
        who.writes("Phone number", "505-555-0177")
        who.presses("Save and go on")

    def lets_them_ask(who: Person) -> None:
        for box in who.page.get_by_role("checkbox").all():
            box.check()
        who.presses("Save and go on")

    def later(who: Person) -> None:
        who.presses("Skip for now")

    return {
        "Where do you live?": home,
        "Who lives in your home?": lambda who: who.presses("That is all: 1 person"),
        "What money comes in?": earns,
        "How much did everyone in your home earn last year?": says("14400"),
        "Has anyone in your home been out of work for the last 90 days?": says("No"),
        "Show us your lease or your rent": states_the_rent,
        "How many bedrooms does your home have?": says("1"),
        "Is there a date we must know?": later,
        "Who do you pay rent to?": landlord,
        "May we ask for you?": lets_them_ask,
        "Show us a notice about your home": later,
        "Show us your hard time": later,
        "Show us your income": later,
    }
