"""A sign-in that ended while somebody wrote: every word is back after they sign in again."""

import re
import time

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.journeys.conftest import OUT, Camera, Stack
from tests.journeys.steps import (
    PHONE,
    STAFF_PASSWORD,
    Person,
    Staff,
    answers_each_page,
    applies_here,
    signs_up,
)
from tests.journeys.test_recognised_elsewhere import PASSWORD, SCREENER, interview


@pytest.fixture(scope="module")
def begun(browser: Browser, stack: Stack) -> tuple[str, str]:
    """An application just begun: whose (an email), and its address."""
    email = f"tomas.{time.time_ns()}@resident.example"
    with Person(browser, stack, size=PHONE) as tomas:
        tomas.opens("/nm/")
        tomas.ticks("I am behind on rent")
        tomas.presses("See what help there is")
        answers_each_page(tomas, SCREENER, until="What help is likely")
        applies_here(tomas)
        signs_up(tomas, email, PASSWORD)
        tomas.writes("First name", "Tomas")
        tomas.writes("Last name", "Quintana")
        tomas.dates("9", "17", "1994")
        tomas.presses("Go on")
        return email, re.sub(r"^https?://[^/]+", "", tomas.page.url)


@pytest.fixture(scope="module")
def case(browser: Browser, stack: Stack, begun: tuple[str, str]) -> str:
    """The same application sent: the number of its case."""
    email, application = begun
    with Person(browser, stack, size=PHONE) as tomas:
        tomas.opens(f"/account/login/?next={application}")
        signs_in_again(tomas, email, PASSWORD)
        tomas.follows("Go on")
        answers_each_page(tomas, interview(), until="Check your answers and sign")
        tomas.ticks("I agree")
        tomas.writes("Type your full name to sign", "Tomas Quintana")
        tomas.presses("Sign and send my application")
        tomas.waits_until("NM-")
        return re.findall(r"NM-[0-9A-Z]+-[0-9A-Z]+", tomas.page.locator("#status").inner_text())[0]


def signs_in_again(who: Person, email: str, password: str) -> None:
    who.reads("Sign in")
    who.writes("Email", email)
    who.writes("Password", password)
    who.presses("Sign in")


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("language", "scripts"),
    [("en", True), ("es", False)],
    ids=["English, with scripts", "Spanish, without scripts"],
)
def test_a_resident_writes_on_where_they_were(
    browser: Browser, stack: Stack, begun: tuple[str, str], language: str, scripts: bool
) -> None:
    email, application = begun
    camera = Camera(OUT / f"expired-{language}")
    with Person(browser, stack, camera, language=language, scripts=scripts, size=PHONE) as tomas:
        landlord, phone = tomas.at(f"{application}landlord/"), f"505-555-01{77 if scripts else 88}"
        tomas.opens(f"{tomas.at('/account/login/')}?next={landlord}")
        signs_in_again(tomas, email, PASSWORD)
        tomas.writes("Name of your landlord or rental company", "Canyon Court Apartments")
        tomas.writes("Phone number", phone)
        tomas.context.clear_cookies(name="sessionid")
        tomas.presses("Save and go on")
        tomas.shows("Signed out")
        assert "Canyon" not in tomas.page.url
        signs_in_again(tomas, email, PASSWORD)
        expect(tomas.field("Phone number").first).to_have_value(phone)
        name = tomas.field("Name of your landlord or rental company").first
        expect(name).to_have_value("Canyon Court Apartments")
        tomas.shows("Words are back")
        tomas.presses("Save and go on")
        tomas.opens(landlord)
        expect(tomas.field("Phone number").first).to_have_value(phone)
        expect(tomas.page.get_by_role("status")).to_have_count(0)
        assert tomas.troubles == []


@pytest.mark.timeout(240)
def test_two_minutes_before_the_end_the_page_asks(browser: Browser, stack: Stack) -> None:
    camera = Camera(OUT / "expired-warning")
    with Staff("casey", browser, stack, camera, size=PHONE) as casey:
        casey.page.clock.install()
        casey.opens("/nm/")
        asked = casey.page.get_by_role("alertdialog", name="Are you still there?")
        casey.page.clock.fast_forward("27:30")
        expect(asked).to_have_count(0)
        casey.page.clock.fast_forward("00:31")
        expect(asked).to_be_visible()
        casey.shows("Are you still there")
        casey.presses("Yes, stay signed in")
        expect(asked).to_have_count(0)
        casey.page.clock.fast_forward("29:59")
        casey.page.clock.fast_forward("00:02")
        expect(asked).to_contain_text("You were signed out")
        casey.shows("Signed out by itself")
        casey.presses("OK")
        expect(asked).to_have_count(0)
        assert casey.troubles == []


@pytest.mark.timeout(240)
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_caseworker_writes_on_where_they_were(
    browser: Browser, stack: Stack, case: str, scripts: bool
) -> None:
    note = f"Mr. Begay called at {time.time_ns()}; the <boiler> is out."
    camera = Camera(OUT / f"expired-desk-{'scripts' if scripts else 'plain'}")
    with Staff("casey", browser, stack, camera, scripts=scripts) as casey:
        casey.opens(f"/desk/cases/{case}/")
        casey.page.get_by_text("Write a note", exact=True).click()
        writes_a_note(casey, note)
        casey.context.clear_cookies(name="sessionid")
        casey.presses("Save the note")
        casey.shows("Signed out at the desk")
        signs_in_again(casey, "casey@nm.example", STAFF_PASSWORD)
        assert casey.page.url.endswith(f"/desk/cases/{case}/")
        expect(the_note(casey)).to_have_value(note)
        casey.shows("The note is back")
        casey.presses("Save the note")
        casey.sees("Noted.", note)
        assert casey.troubles == []


def the_note(casey: Person) -> Locator:
    return casey.page.locator("form[action$='/note/'] textarea")


def writes_a_note(casey: Person, words: str) -> None:
    the_note(casey).fill(words)
