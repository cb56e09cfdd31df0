"""From far away, over a line that stalls and breaks: nothing is lost, nothing comes twice.

300 ms there and back, 100 kbit/s down, 40 up, three segments of a hundred a second late.
"""

import dataclasses
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, expect

from tests.journeys import papers
from tests.journeys.conftest import OUT, Camera, Stack
from tests.journeys.poor_line import PoorLine
from tests.journeys.steps import PHONE, Person, answers_each_page, applies_here, signs_up
from tests.journeys.test_recognised_elsewhere import PASSWORD, SCREENER, interview

PAPER = "Show us your lease or your rent"
REVIEW = "Check your answers and sign"


@pytest.fixture
def line(stack: Stack) -> Iterator[PoorLine]:
    with PoorLine(stack.url) as one:
        yield one


def pieces(stack: Stack) -> list[dict[str, int]]:
    """What the server wrote down of every piece that it took."""
    found = []
    for path in stack.home.glob("log/*.log"):
        for text in path.read_text(errors="replace").splitlines():
            if '"latchstring.upload"' in text:
                found.append(json.loads(text[text.index("{") :]))
    return found


def begins(who: Person, email: str) -> None:
    """From the front page to the first page of the application."""
    who.opens(who.at("/nm/"))
    who.ticks("I am behind on rent")
    who.presses("See what help there is")
    answers_each_page(who, SCREENER, until="What help is likely")
    applies_here(who)
    signs_up(who, email, PASSWORD)
    who.writes("First name", "Tomas")
    who.writes("Last name", "Quintana")
    who.dates("9", "17", "1994")
    who.presses("Go on")
    who.follows("Go on")


@pytest.mark.timeout(240)
def test_the_whole_way_with_a_photo_cut_in_the_middle(
    browser: Browser, stack: Stack, line: PoorLine, tmp_path: Path
) -> None:
    far = dataclasses.replace(stack, url=line.url)
    began = time.monotonic()
    with Person(browser, far, size=PHONE) as tomas:
        tomas.context.set_default_timeout(60_000)
        begins(tomas, f"tomas.far.{time.time_ns()}@resident.example")
        pages = interview()
        pages[PAPER] = lambda who: sends_a_large_photo(who, stack, line, tmp_path)
        pages["Who do you pay rent to?"] = lambda who: saves_as_the_line_breaks(who, line)
        answers_each_page(tomas, pages, until=REVIEW)
        tomas.sees("Canyon Court Apartments")
        tomas.ticks("I agree")
        tomas.writes("Type your full name to sign", "Tomas Quintana")
        tomas.presses("Sign and send my application")
        heading = tomas.page.get_by_role("heading", level=1)
        expect(heading).to_have_text("How your application stands", timeout=30_000)
        assert [t for t in tomas.troubles if "ERR_" not in t] == []
    print(f"from front page to receipt: {time.monotonic() - began:.0f} s; ", end="")
    print(f"down {line.down.carried} bytes, up {line.up.carried}, stalls {line.down.stalls}")


def sends_a_large_photo(who: Person, stack: Stack, line: PoorLine, folder: Path) -> None:
    """Three megabytes become small, go up, are cut, go on by themselves from where they were."""
    photo = papers.large_photo(folder)
    assert photo.stat().st_size > 2_500_000
    who.page.wait_for_load_state()  # nobody chooses a photo faster than a small script comes
    who.camera = Camera(OUT / "poor-line")
    known = len(pieces(stack))
    before = line.up.carried
    line.cut_after(45_000, dead_seconds=2)
    who.gives(photo)
    who.presses("Send this paper")
    status = who.page.locator("[data-uploads] [role=status]")
    expect(status).to_contain_text("Sending lease-large.jpg", timeout=20_000)
    who.shows("Sending")
    expect(status).to_contain_text("The connection is gone", timeout=60_000)
    who.shows("The line is cut")
    who.page.wait_for_timeout(2_500)
    who.page.reload()  # impatient: even so it goes on
    given = who.page.get_by_role("heading", name="What you have added")
    expect(given).to_be_visible(timeout=90_000)
    who.shows("Sent")
    went = pieces(stack)[known:]
    assert went[0]["offset"] == 0 and len({one["upload"] for one in went}) == 1
    assert [one["offset"] for one in went[1:]] == [one["reached"] for one in went[:-1]], went
    size = went[-1]["reached"]
    assert size < 400_000, "a photo goes smaller than it was taken"
    assert line.up.carried - before < 1.5 * size + 60_000, "bytes were sent again"
    expect(who.page.get_by_role("button", name="Remove")).to_have_count(1)
    who.camera = None
    who.follows("Go on")


def saves_as_the_line_breaks(who: Person, line: PoorLine) -> None:
    """The form goes out and the answer never comes: the page is loaded again, which sends it again.

    (A browser keeps what a failed page was asked with; Chromium asks before it sends it again.)
    """
    who.writes("Name of your landlord or rental company", "Canyon Court Apartments")
    who.writes("Phone number", "505-555-0177")
    line.cut_after(1_000, dead_seconds=3)
    who.presses("Save and go on")
    who.page.wait_for_url("chrome-error://**")
    who.page.wait_for_timeout(3_000)
    who.page.reload()
    expect(who.page.get_by_role("heading", level=1)).not_to_have_text("Who do you pay rent to?")


@pytest.mark.timeout(240)
def test_without_scripts_a_photo_that_was_cut_is_sent_again_and_kept_once(
    browser: Browser, stack: Stack, line: PoorLine, tmp_path: Path
) -> None:
    email = f"tomas.plain.{time.time_ns()}@resident.example"
    photo = papers.small_photo(tmp_path)
    with Person(browser, stack, scripts=False, size=PHONE) as near:
        begins(near, email)
        near.opens(f"{near.page.url.rsplit('/', 2)[0]}/papers-renter/")
        address = near.page.url.removeprefix(stack.url)
        kept = near.context.storage_state()
    far = dataclasses.replace(stack, url=line.url)
    with Person(browser, far, Camera(OUT / "poor-line-plain"), scripts=False, size=PHONE) as tomas:
        tomas.context.set_default_timeout(60_000)
        tomas.context.add_cookies(kept["cookies"])  # type: ignore[arg-type]
        tomas.opens(address)
        tomas.sees("If the connection breaks")
        tomas.page.get_by_label("What is it?").select_option(label="Bank statement")
        tomas.gives(photo)
        line.cut_after(photo.stat().st_size // 2, dead_seconds=2)
        tomas.presses("Send this paper")
        tomas.page.wait_for_url("chrome-error://**")
        tomas.page.wait_for_timeout(2_000)
        line.cut_after(photo.stat().st_size + 1_000, dead_seconds=2)  # kept, and never answered
        with pytest.raises(Error):
            tomas.page.reload()
        tomas.page.wait_for_timeout(2_000)
        tomas.page.reload()
        given = tomas.page.get_by_role("heading", name="What you have added")
        expect(given).to_be_visible(timeout=30_000)
        tomas.shows("Kept once")
        expect(tomas.page.get_by_role("button", name="Remove Bank statement")).to_have_count(1)
