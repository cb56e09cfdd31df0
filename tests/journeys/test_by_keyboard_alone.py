"""The whole resident way by keyboard alone: Tab, Shift+Tab, Space, Enter, arrows and letters.

No mouse, and nothing is filled that the focus has not come to. Wherever the focus stands, it must
be seen: a ring around it, on the screen, under nothing.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import papers
from tests.journeys.conftest import OUT, Camera, Stack
from tests.journeys.steps import Answer, Person, answers_each_page, applies_here
from tests.journeys.test_the_whole_way import PASSWORD, REVIEW, Resident

KEYS = Path(__file__).with_name("keys.js").read_text()
STOPS_MAX = 70


class Typist(Resident):
    """Somebody whose hands do not hold a mouse. Each thing done is done by a key."""

    def __init__(self, folder: Path, browser: Browser, stack: Stack) -> None:
        super().__init__(folder, browser, stack, Camera(OUT / "by-keyboard"), language="en")
        self.context.add_init_script(KEYS)
        # Choosers are caught from the first page on: asked for only as the key is pressed, the
        # browser may get the key first.
        self.page.on("filechooser", lambda _: None)
        self.stops = 0

    @property
    def surname(self) -> str:
        return "Sandoval"

    def press(self, key: str) -> dict[str, Any]:
        """Press a key; return where the focus stands, which must be seen there."""
        self.page.keyboard.press(key)
        at: dict[str, Any] = self.page.evaluate("standing()") or {}
        if at and key in ("Tab", "Shift+Tab"):
            self.stops += 1
            assert at["ringed"], f"no ring around {at} on {self.page.url}"
            assert at["contrast"] >= 3, f"the ring is hardly seen: {at} on {self.page.url}"
            assert not at["covered"], f"{at} is {at['covered']} on {self.page.url}"
        return at

    def comes_to(self, words: str, *kinds: str, group: str = "") -> dict[str, Any]:
        """Tab until the focus is at a thing of this name."""
        wanted = re.compile(rf"^\s*{re.escape(words)}(?!\w)")
        seen = []
        for _ in range(STOPS_MAX):
            at = self.press("Tab")
            if not at:
                continue
            seen.append(at["name"] or at["kind"])
            fits = at["kind"] in kinds and group in at["group"]
            if fits and (wanted.match(at["name"]) or (not words)):
                return at
            if at["kind"] == "radio" and "radio" in kinds and group in at["group"]:
                return self._goes_down_to(wanted, at)
        raise AssertionError(f"Tab never came to {words!r} on {self.page.url}: {seen}")

    def _goes_down_to(self, wanted: re.Pattern[str], at: dict[str, Any]) -> dict[str, Any]:
        for _ in range(12):
            at = self.press("ArrowDown")
            if wanted.match(at["name"]):
                return at
        raise AssertionError(f"no arrow leads to {wanted.pattern}: {at}")

    def goes_by(self, key: str) -> None:
        """Press a key that brings another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    # What a person does, as the other journeys name it.

    def presses(self, words: str, *, exact: bool = True) -> None:
        self.comes_to(words, "button")
        self.goes_by("Enter")

    def follows(self, words: str, *, exact: bool = True) -> None:
        self.comes_to(words, "a")
        self.goes_by("Enter")

    def writes(self, label: str, value: str) -> None:
        self.comes_to(label, "text", "tel", "email", "password", "textarea")
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(value)

    def ticks(self, words: str) -> None:
        self.comes_to(words, "checkbox")
        self.press("Space")

    def picks(self, words: str, group: str = "") -> None:
        at = self.comes_to(words, "radio", group=group)
        if not self.page.evaluate("document.activeElement.checked"):
            self.press("Space")
        assert self.page.evaluate("document.activeElement.checked"), at

    def dates(self, month: str, day: str, year: str) -> None:
        for part, value in (("Month", month), ("Day", day), ("Year", year)):
            self.writes(part, value)

    def chooses(self, label: str, value: str) -> None:
        """Pick from a list by typing the beginning of the words."""
        self.comes_to(label, "select")
        self.page.keyboard.type(value)
        chosen = self.page.evaluate("document.activeElement.selectedOptions[0].text")
        assert chosen.startswith(value), f"{chosen!r}, not {value!r}"

    def gives(self, *files: Path) -> None:
        self.comes_to("Photo or file", "file")
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Enter")
        chooser.value.set_files([str(file) for file in files])

    # What must hold wherever she is.

    def goes_round(self) -> None:
        """Tab to the end and begin again, then back: no trap, and nothing is left out."""
        there: list[str] = []
        backs: list[str] = []
        for stops, key in ((there, "Tab"), (backs, "Shift+Tab")):
            self.page.evaluate("document.activeElement.blur()")
            for _ in range(STOPS_MAX):
                at = self.press(key)
                stop = f"{at['kind']} {at['id']} {at['name']} {at['href']}" if at else ""
                if stop and stop in stops:
                    break
                stops += [stop] if stop else []
            else:
                raise AssertionError(f"{key} does not come round on {self.page.url}: {stops}")
        wanted = self.page.evaluate(
            "[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select,"
            " textarea, summary')].filter(one => one.checkVisibility() && one.type !== 'radio')"
            ".length"
        )
        assert len([one for one in there if not one.startswith("radio")]) >= wanted, there
        assert set(backs) >= {one for one in there if not one.startswith("radio")}

    def skips_to_the_main_part(self) -> None:
        self.page.evaluate("document.activeElement.blur()")
        self.page.evaluate("scrollTo(0, 0)")
        self.page.reload()
        at = self.press("Tab")
        assert at["href"] == "#main", f"the first stop is {at}"
        self.press("Enter")
        assert self.press("Tab")["inMain"], "after skipping, Tab goes into the main part"

    def is_led_to_what_is_wrong(self) -> None:
        """The summary has the focus; its first link goes to the field it speaks of."""
        expect(self.page.get_by_role("alert")).to_be_focused()
        link = self.press("Tab")
        assert link["href"].startswith("#"), link
        at = self.press("Enter")
        assert f"#{at.get('id')}" == link["href"], f"{link} leads to {at}"
        assert at["kind"] != "div" and at["ringed"] and not at["covered"], at


def says(value: str, button: str = "Save and go on") -> Answer:
    def answer(who: Person) -> None:
        assert isinstance(who, Typist)
        if value in ("Yes", "No"):
            who.picks(value)
        else:
            who.comes_to("", "text")
            who.page.keyboard.type(value)
        who.presses(button)

    return answer


def zip_code(who: Any) -> None:
    who.writes("Or type your ZIP code", "87102")
    who.presses("Go on")


SCREENER: dict[str, Answer] = {
    "In which county do you live?": zip_code,
    "How many people live in your home?": says("2", "Go on"),
    "How much did everyone in your home earn last year?": says("31,000", "Go on"),
    "How much does everyone in your home earn in a month now?": says("2,600", "Go on"),
    "Did anyone in your home qualify for unemployment benefits?": says("No", "Go on"),
    "Did your household lose income or have large costs because of the pandemic?": says(
        "Yes", "Go on"
    ),
    "Are you at risk of losing your home?": says("Yes", "Go on"),
    "Has anyone in your home been out of work for the last 90 days?": says("No", "Go on"),
    "Does other federal help already pay the costs you ask for?": says("No", "Go on"),
    "How much is your rent each month?": says("$1,450", "Go on"),
    "Do you have a lease or another paper that shows your rent?": says("Yes", "Go on"),
    "How many bedrooms does your home have?": says("2", "Go on"),
    "How many months of rent do you owe?": says("9", "Go on"),
    "How many months of coming rent do you need help with?": says("3", "Go on"),
    "How much do you owe for power, gas, water, sewer or trash?": says("310", "Go on"),
}


def address(who: Any) -> None:
    who.presses("Save and go on")
    who.is_led_to_what_is_wrong()
    who.opens(who.page.url)
    who.writes("Street and number", "77 Mesa Road NW")
    who.writes("City or town", "Albuquerque")
    who.writes("ZIP code", "87102")
    who.presses("Save and go on")


def people(who: Any) -> None:
    who.follows("Add a person")
    who.writes("First name", "Leo")
    who.writes("Last name", who.surname)
    who.dates("11", "30", "2012")
    who.picks("Child")
    who.presses("Save")
    who.goes_round()
    who.presses("That is everyone: 2 people")


def income(who: Any) -> None:
    who.follows("Add income of Marisol")
    who.chooses("What kind of income?", "A job")
    who.writes("Employer or payer", "Sandia Cafe")
    who.writes("How much each time, before taxes?", "595")
    who.picks("every week")
    who.presses("Save")
    who.presses("That is all our income")


def gives(kind: str) -> Answer:
    def answer(who: Any) -> None:
        if who.page.get_by_label("What is it?").evaluate_all(
            "all => all.some(one => one.tagName === 'SELECT')"
        ):
            who.chooses("What is it?", kind)
        else:
            who.picks(kind)
        who.gives(papers.photo(who.folder))
        who.presses("Send this paper")
        who.reads("What you have added")
        who.follows("Go on")

    return answer


def court(who: Any) -> None:
    who.dates("12", "15", "2026")
    who.presses("Save and go on")


def landlord(who: Any) -> None:
    who.writes("Name of your landlord or rental company", "Mesa Vista Homes")
    who.writes("Phone number", "(505) 555-0199")
    who.presses("Save and go on")


def power(who: Any) -> None:
    who.writes("Name of the company on your bill", "Mesa Power")
    who.writes("Account number on your bill", "77-120099")
    who.presses("Save and go on")


def consents(who: Any) -> None:
    for _ in range(who.page.get_by_role("checkbox").count()):
        who.comes_to("", "checkbox")
        who.press("Space")
    who.presses("Save and go on")


def skips(who: Any) -> None:
    who.presses("Skip for now")


INTERVIEW: dict[str, Answer] = {
    "Where do you live?": address,
    "Who lives in your home?": people,
    "What money comes in?": income,
    "How much did everyone in your home earn last year?": says("31,000"),
    "Has anyone in your home been out of work for the last 90 days?": says("No"),
    "How many bedrooms does your home have?": says("2"),
    "How many months of coming rent do you need help with?": says("3"),
    "How much do you owe for power, gas, water, sewer or trash?": says("310"),
    "Show us your lease or your rent": gives("Lease or rental agreement"),
    "Is there a date we must know?": court,
    "Who do you pay rent to?": landlord,
    "Which company do you owe?": power,
    "May we ask for you?": consents,
    "Show us a notice about your home": gives("Eviction notice"),
    "Show us your hard time": lambda who: who.presses("I cannot get a paper."),
    "Show us your income": skips,
}


@pytest.fixture
def typist(browser: Browser, stack: Stack, tmp_path: Path) -> Iterator[Typist]:
    with Typist(tmp_path, browser, stack) as someone:
        for name in ("tax", "human_services"):
            stack.admin(name, "/admin/behaviour", {"delay_ms": 0, "fail_rate": 0.0})
        yield someone


@pytest.mark.timeout(180)
def test_from_the_front_page_to_the_receipt_and_the_status_without_a_mouse(
    typist: Typist,
) -> None:
    who = typist
    who.opens("/")
    who.skips_to_the_main_part()
    who.goes_round()
    who.follows("New Mexico")
    who.presses("See what help there is")
    who.is_led_to_what_is_wrong()
    who.opens("/nm/")
    who.ticks("I am behind on rent")
    who.ticks("I may be evicted")
    who.presses("See what help there is")
    answers_without_pictures(who, SCREENER, "What help is likely")
    who.goes_round()
    applies_here(who)
    makes_an_account(who)
    who.writes("First name", "Marisol")
    who.writes("Last name", who.surname)
    who.dates("5", "2", "1988")
    who.presses("Go on")
    who.follows("Go on")
    answers_without_pictures(who, INTERVIEW, REVIEW)
    who.presses("Sign and send my application")
    who.is_led_to_what_is_wrong()
    who.opens(who.page.url)
    who.ticks("I agree")
    who.writes("Type your full name to sign", f"Marisol {who.surname}")
    who.presses("Sign and send my application")
    assert who.heading() == "How your application stands"
    who.reads("Reference")
    who.reloads_until("What happens next")
    who.goes_round()
    assert who.stops > 300, "she really walked"


def answers_without_pictures(who: Typist, answers: dict[str, Answer], until: str) -> None:
    camera, who.camera = who.camera, None
    answers_each_page(who, answers, until=until)
    who.camera = camera


def makes_an_account(who: Typist) -> None:
    who.writes("Email", who.email)
    who.writes("Password", PASSWORD)
    who.presses("Make my account")
    mail = who.stack.wait_for_mail(who.email, "Confirm your email address")
    who.opens(next(link for link in mail["links"] if "confirm" in link))
    who.presses("Yes, go on")
