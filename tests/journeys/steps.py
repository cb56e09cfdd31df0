"""What people do on the pages, said as they would say it. Everything is found by its words."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.journeys.conftest import Camera, Stack
from tests.journeys.words import ENGLISH, SPANISH

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
STAFF_PASSWORD = "latchstring-demo"  # noqa: S105 - the demo prints it
# Words that no Spanish page has, unless somebody forgot to translate it.
FOREIGN = re.compile(r"\b(the|and|your|you|with|we|what|this)\b", re.IGNORECASE)
WAIT_MS = 60_000

# What a page says but for what it marks as English: the names of laws are not translated.
IN_ITS_OWN_LANGUAGE = """() => {
  const main = document.querySelector("main").cloneNode(true);
  main.querySelectorAll("[lang=en], script").forEach(one => one.remove());
  return main.textContent;
}"""


class Person:
    """Somebody with a browser of their own."""

    def __init__(
        self,
        browser: Browser,
        stack: Stack,
        camera: Camera | None = None,
        *,
        language: str = "en",
        scripts: bool = True,
        size: dict[str, int] = DESK,
    ) -> None:
        self.stack, self.camera, self.language, self.scripts = stack, camera, language, scripts
        self.context: BrowserContext = browser.new_context(
            java_script_enabled=scripts,
            viewport=size,
            locale=language,
            base_url=stack.url,
        )
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.troubles: list[str] = []
        self.page.on("console", lambda m: m.type == "error" and self._trouble(m.text))
        self.page.on("pageerror", lambda problem: self._trouble(str(problem)))

    def _trouble(self, words: str) -> None:
        if "status of 4" not in words:  # a kind 422 or a 403 that the journey looks for
            self.troubles.append(words)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, *_: object) -> None:
        if kind is not None:
            self.keeps_the_last_screen()
        self.context.close()

    def keeps_the_last_screen(self) -> None:
        """For whoever asks why a journey failed."""
        if self.camera is not None:
            name = f"failed-{type(self).__name__.lower()}-{id(self) % 997}.png"
            self.page.screenshot(path=self.camera.folder / name, full_page=True)
            print(f"{name}: {self.page.url}")

    # Words

    def say(self, words: str) -> str:
        """The same words in this person's language."""
        return SPANISH[words] if self.language == "es" else words

    def at(self, path: str) -> str:
        """A path in this person's language."""
        return f"/es{path}" if self.language == "es" else path

    def heading(self) -> str:
        """The page's heading, in English whatever the page's language."""
        shown = self.page.get_by_role("heading", level=1).first.inner_text().strip()
        return ENGLISH.get(shown, shown)

    def waits_for_another(self, heading: str) -> str:
        """The next page's heading; the same again when none comes within five seconds."""
        for _ in range(50):
            if self.heading() != heading:
                break
            self.page.wait_for_timeout(100)
        return self.heading()

    # Doing

    def opens(self, path: str) -> None:
        self.page.goto(path)

    def presses(self, words: str, *, exact: bool = True) -> None:
        self.page.get_by_role("button", name=self.say(words), exact=exact).first.click()

    def follows(self, words: str, *, exact: bool = True) -> None:
        self.page.get_by_role("link", name=self.say(words), exact=exact).first.click()

    def field(self, label: str) -> Locator:
        """An input by its label; what stands in brackets behind a label does not matter."""
        return self.page.get_by_label(re.compile(rf"^\s*{re.escape(self.say(label))}(?!\w)"))

    def writes(self, label: str, value: str) -> None:
        self.field(label).first.fill(value)

    def ticks(self, words: str) -> None:
        self.page.get_by_label(self.say(words)).first.check()

    def picks(self, words: str) -> None:
        """Choose one answer of a question."""
        self.page.get_by_role("radio", name=self.say(words), exact=True).check()

    def dates(self, month: str, day: str, year: str) -> None:
        """Write the first date of a page."""
        for part, value in (("Month", month), ("Day", day), ("Year", year)):
            self.page.get_by_label(self.say(part), exact=True).first.fill(value)

    def gives(self, *files: Path) -> None:
        self.field("Photo or file").set_input_files([str(file) for file in files])

    # Seeing

    def sees(self, *words: str) -> None:
        """The main part of the page shows these words."""
        for one in words:
            expect(self.page.get_by_role("main")).to_contain_text(one, timeout=5_000)

    def reads(self, *words: str) -> None:
        """As `sees`, with the words in this person's language."""
        self.sees(*map(self.say, words))

    def text(self) -> str:
        """Everything the main part shows."""
        return self.page.get_by_role("main").inner_text()

    def waits_until(self, words: str) -> None:
        """Wait for words: they come by themselves with scripts, by reloading without."""
        shown = self.page.get_by_role("main").get_by_text(self.say(words)).first
        if self.scripts:
            expect(shown).to_be_visible(timeout=WAIT_MS)
            return
        self.reloads_until(words)

    def reloads_until(self, words: str) -> None:
        """Reload until the words are there."""
        said = SPANISH.get(words, words) if self.language == "es" else words
        for _ in range(WAIT_MS // 1_000):
            if said in self.text():
                return
            self.page.wait_for_timeout(1_000)
            self.page.reload()
        raise AssertionError(f"{said!r} never came; the page said:\n{self.text()}")

    def shows(self, name: str) -> None:
        """Keep a picture of the screen, and look that nothing sticks out of a phone."""
        if self.camera is None:
            return
        if self.language == "es" and not self.page.url.startswith(f"{self.stack.url}/desk"):
            text = re.sub(r"\S+@\S+", "", self.page.evaluate(IN_ITS_OWN_LANGUAGE))
            found = FOREIGN.search(text)
            assert not found, f"English on {self.page.url}: {_around(text, found)}"
        self.page.wait_for_load_state()
        self.camera.take(self.page, name)
        size = self.page.viewport_size
        self.page.set_viewport_size(PHONE)
        # A locator waits where the next page is just on its way.
        wide = self.page.locator("html").evaluate("page => page.scrollWidth")
        self.page.set_viewport_size(size or DESK)
        assert wide <= PHONE["width"], f"{name} is {wide} px wide on a phone ({self.page.url})"


def _around(text: str, found: re.Match[str] | None) -> str:
    start = found.start() if found else 0
    return text[max(0, start - 60) : start + 60]


class Staff(Person):
    """A member of the cast, signed in."""

    def __init__(self, name: str, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.opens("/account/login/")
        self.writes("Email", name if "@" in name else f"{name}@nm.example")
        self.writes("Password", STAFF_PASSWORD)
        self.presses("Sign in")
        self.page.wait_for_url("**/desk/**")


Answer = Callable[[Person], None]


def answers_each_page(
    who: Person, answers: dict[str, Answer], *, until: str, seen: list[str] | None = None
) -> list[str]:
    """Answer one page after the other, as its heading asks, until a page of this heading."""
    seen = [] if seen is None else seen
    for _ in range(60):
        asked = who.heading()
        if seen and seen[-1] == asked:  # the next page may be on its way still
            asked = who.waits_for_another(asked)
        if asked == until:
            return seen
        assert asked in answers, f"nobody expected {asked!r} on {who.page.url}"
        assert not seen or seen[-1] != asked, f"{asked!r} is asked again:\n{who.text()}"
        seen.append(asked)
        who.shows(asked)
        answers[asked](who)
    raise AssertionError(f"it never ends: {seen}")


def says(value: str, button: str = "Save and go on") -> Answer:
    """Answer by choosing yes or no, or by writing into the page's one input."""

    def answer(who: Person) -> None:
        if value in ("Yes", "No"):
            who.picks(value)
        else:
            who.page.get_by_role("textbox").first.fill(value)
        who.presses(button)

    return answer


def applies_here(who: Person) -> None:
    """From the answers to the account, by way of who else serves the home: here all the same."""
    who.follows("Make an account and apply")
    who.picks("Yes")
    who.shows("Is the home in the city")
    who.presses("Go on")
    who.shows("Another office")
    who.presses("Apply here anyway")


def signs_up(who: Person, email: str, password: str) -> None:
    """Make an account and open the link in the mail."""
    who.writes("Email", email)
    who.writes("Password", password)
    who.shows("Make an account")
    who.presses("Make my account")
    who.reads("Look in your email")
    who.shows("Look in your email")
    mail = who.stack.wait_for_mail(email, who.say("Confirm your email address"))
    link = next(link for link in mail["links"] if "confirm" in link)
    who.opens(link)
    who.shows("Confirm your email address")
    who.presses("Yes, go on")


def signs_in(who: Person, email: str, password: str) -> None:
    """Sign in at the residents' door."""
    who.opens(who.at("/nm/"))
    who.page.get_by_role("navigation").get_by_role("link", name=who.say("Sign in")).click()
    who.writes("Email", email)
    who.writes("Password", password)
    who.presses("Sign in")
    expect(who.page.get_by_role("heading", level=1)).to_have_text(who.say("My applications"))
