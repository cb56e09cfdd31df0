"""What people type wrong is said kindly, beside the field, and what they typed is kept."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import papers
from tests.journeys.conftest import OUT, Camera, Stack
from tests.journeys.steps import PHONE, Person, answers_each_page, applies_here, signs_up
from tests.journeys.test_recognised_elsewhere import PASSWORD, SCREENER, interview


@pytest.fixture(params=["en", "es"], ids=["English, with scripts", "Spanish, without scripts"])
def somebody(request: pytest.FixtureRequest, browser: Browser, stack: Stack) -> Iterator[Person]:
    language = str(request.param)
    camera = Camera(OUT / f"bad-input-{language}")
    scripts = language == "en"
    with Person(browser, stack, camera, language=language, scripts=scripts, size=PHONE) as someone:
        yield someone


@pytest.mark.timeout(240)
def test_every_mistake_gets_a_kind_word_and_keeps_what_was_typed(
    somebody: Person, tmp_path: Path
) -> None:
    chooses_nothing(somebody)
    types_money_as_words(somebody)
    answers_each_page(somebody, SCREENER, until="What help is likely")
    applies_here(somebody)
    signs_up(somebody, f"eli.{time.time_ns()}@resident.example", PASSWORD)
    writes_a_date_that_is_none(somebody)
    somebody.follows("Go on")
    until_lease = interview()
    until_lease["Who lives in your home?"] = lambda who: who.presses("That is all: 1 person")
    until_lease["What money comes in?"] = lambda who: who.presses("No one has any income")
    answers_each_page(somebody, until_lease, until="Show us your lease or your rent")
    sends_a_program(somebody, tmp_path)
    signs_without_a_name(somebody, until_lease)


def refused(who: Person, message: str, name: str) -> None:
    """A summary that has the focus, and the message beside the field."""
    who.reads("Something needs another look")
    said = who.page.get_by_role("main").get_by_text(who.say(message))
    expect(said).to_have_count(2)
    expect(who.page.get_by_role("alert")).to_be_focused()
    who.shows(name)


def chooses_nothing(who: Person) -> None:
    who.opens(who.at("/nm/"))
    who.presses("See what help there is")
    refused(who, "Choose at least one, or call us if none fits.", "Nothing chosen")
    who.ticks("I am behind on rent")
    who.presses("See what help there is")


def types_money_as_words(who: Person) -> None:
    money = "How much does everyone in your home earn in a month now?"
    answers_each_page(who, SCREENER, until=money)
    who.page.get_by_role("textbox").first.fill("about two thousand")
    who.presses("Go on")
    refused(who, "Write dollars, such as 2000 or 2000.50.", "Money as words")
    expect(who.page.get_by_role("textbox").first).to_have_value("about two thousand")
    SCREENER[money](who)
    who.presses("Go on")  # yes or no, and neither chosen
    refused(who, "Choose yes or no.", "Neither yes nor no")


def writes_a_date_that_is_none(who: Person) -> None:
    who.writes("First name", "Elí")
    who.writes("Last name", "O'Neill-Begay")
    who.dates("2", "30", "1988")
    who.presses("Go on")
    refused(
        who,
        "Write the birth date with month, day and year, such as 5 2 1988.",
        "The thirtieth of February",
    )
    expect(who.field("First name").first).to_have_value("Elí")
    expect(who.page.get_by_label(who.say("Day"), exact=True).first).to_have_value("30")
    who.page.get_by_label(who.say("Day"), exact=True).first.fill("28")
    who.presses("Go on")


def sends_a_program(who: Person, folder: Path) -> None:
    who.gives(papers.not_a_paper(folder))
    who.presses("Send this paper")
    why = "We can take a photo (JPEG, PNG, HEIC or WebP) or a PDF. This is another kind of file."
    if who.scripts:  # said in its place, before the whole of it was sent
        alert = who.page.get_by_role("alert").filter(has_text=who.say(why))
        expect(alert).to_be_visible()
        expect(alert).to_be_focused()
    else:
        refused(who, why, "Not a paper")


def signs_without_a_name(who: Person, pages: dict) -> None:  # type: ignore[type-arg]
    answers_each_page(who, pages, until="Check your answers and sign")
    who.presses("Sign and send my application")
    refused(who, "Type your full name to sign.", "Not signed")
