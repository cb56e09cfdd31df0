"""Every page of every room, looked at as everyone must be able to use it.

One household and the staff who serve it go the whole way once, and each page on it is looked at
(`everyone.Eyes`) in each language it has. A route of the resolver that nobody has seen fails.
"""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from playwright.sync_api import Browser, Page, expect

from latchstring.web import gate
from tests.journeys import papers
from tests.journeys.conftest import OUT, Stack
from tests.journeys.everyone import EVERY_LOOK, NO_PAGE, POST_ONLY, Eyes, named_routes
from tests.journeys.steps import DESK, Staff, answers_each_page
from tests.journeys.test_the_whole_way import (
    INTERVIEW,
    PASSWORD,
    REVIEW,
    SCREENER,
    TOTAL,
    Resident,
    case_number,
    court,
    later,
    states_it,
    the_landlord,
    the_power_company,
    where_she_lives,
)

ALWAYS = {
    "axe": "a checker of access finds nothing",
    "sticksOut": "at 400 % nothing is cut off and nothing scrolls sideways",
    "tooSmall": "what is pressed is at least 24 px wide and high",
    "answers": "every page answers",
}
FURTHER = {
    "spaced": "more space between letters, words and lines breaks nothing",
    "twice": "text of twice the size breaks nothing",
    "mirrored": "a language from right to left breaks nothing",
    "longer": "words two fifths longer break nothing",
    "withoutEdge": "in high contrast every control keeps an edge",
    "moving": "nothing moves for whoever asked for stillness",
    "onPaper": "the page can be printed",
}
LOOKS = ALWAYS | (FURTHER if EVERY_LOOK else {})
ASKED = "Please send one pay stub of this month. A photo is enough."


class Looked(Resident):
    """Marisol again, with eyes upon every page she comes to."""

    def __init__(self, eyes: Eyes, folder: Path, browser: Browser, stack: Stack) -> None:
        super().__init__(folder, browser, stack, None, language="en", scripts=True)  # type: ignore[arg-type]
        self.eyes, self.browser = eyes, browser

    @property
    def surname(self) -> str:
        return "Valdez"

    def shows(self, name: str) -> None:
        """The page as it stands, the same in Spanish, and back to it."""
        path = self.page.url.removeprefix(self.stack.url)
        self.eyes.look(self.page, name)
        self.eyes.look(self.page, name, self.page.goto(f"/es{path}"))
        self.page.goto(path)

    def looks_empty(self, name: str) -> None:
        """What is said of an empty form on this page."""
        path = self.page.url.removeprefix(self.stack.url)
        self.eyes.sends_nothing(self.page, path, name)
        self.page.goto(path)


@pytest.fixture(scope="module")
def eyes(
    browser: Browser, stack: Stack, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Eyes]:
    """Eyes that have seen everything once."""
    eyes = Eyes(stack.url)
    for name in ("tax", "human_services", "bank"):
        stack.admin(name, "/admin/behaviour", {"delay_ms": 0, "fail_rate": 0.0})
    known = {
        "first_name": "Marisol",
        "last_name": "Valdez",
        "birth_date": "1988-05-02",
        "filing_status": "single",
        "annual_income": "31000.00",
    }
    stack.admin("tax", "/admin/people", {"people": [known]})
    with Looked(eyes, tmp_path_factory.mktemp("papers"), browser, stack) as who:
        try:
            for part in PARTS:
                began = time.monotonic()
                part(who)
                print(f"{part.__name__}: {eyes.looked} looks, {time.monotonic() - began:.0f} s")
        finally:
            OUT.mkdir(parents=True, exist_ok=True)
            (OUT / "everyone.json").write_text(json.dumps(eyes.wrong, indent=1))
        yield eyes


def at_the_door(who: Looked) -> None:
    who.opens("/")
    who.shows("Front page")
    who.opens("/components/")
    who.shows("Parts of the design")
    who.opens("/nm/")
    who.shows("What is wrong")
    who.looks_empty("What is wrong")
    who.ticks("I am behind on rent")
    who.ticks("I may be evicted")
    who.presses("See what help there is")
    money = "How much does everyone in your home earn in a month now?"
    answers_each_page(who, SCREENER, until=money)
    who.looks_empty(money)
    answers_each_page(who, SCREENER, until="What help is likely")
    who.shows("What help is likely")
    who.opens("/nm/choose/")
    who.shows("Choose what to apply for")
    who.looks_empty("Choose what to apply for")
    kept_for_later(who)
    told_when_it_opens(who)


def kept_for_later(who: Looked) -> None:
    for prefix in ("/es", ""):
        who.opens(f"{prefix}/nm/check/")
        who.page.locator("form[action$='/later/'] button").click()
        who.page.wait_for_url(f"**{prefix}/nm/later/")
        who.eyes.look(who.page, "A code for later")
    who.opens("/nm/code/")
    who.shows("Your code")
    who.looks_empty("Your code")


def told_when_it_opens(who: Looked) -> None:
    who.opens("/nm/tell/nm-erap/")
    who.shows("Tell me when it opens")
    who.looks_empty("Tell me when it opens")
    who.writes("Your email address", who.email)
    who.presses("Tell me when it opens")
    who.eyes.look(who.page, "Look at your mail")
    mail = who.stack.wait_for_mail(who.email, "Shall we tell you when")
    link = next(link for link in mail["links"] if "/tell/link/" in link)
    path = link[link.index("/nm/") :]
    who.opens(path)
    who.shows("Yes, tell me")
    who.eyes.visit(who.page, "/nm/tell/link/no-such-word/", "No such link", status=404)
    who.opens(path)
    who.page.get_by_role("main").get_by_role("button").last.click()
    who.eyes.look(who.page, "The letter is stopped")
    who.opens("/nm/check/")


def at_the_account(who: Looked) -> None:
    for name in ("login", "signup", "password/reset"):
        who.opens(f"/account/{name}/")
        who.shows(name)
        who.looks_empty(name)
    for name in ("confirm-email", "confirm-email/no-such-key", "password/reset/done", "inactive"):
        who.opens(f"/account/{name}/")
        who.shows(name)
    for name in ("password/reset/key/done", "password/reset/key/0-no-such-key"):
        who.opens(f"/account/{name}/")
        who.shows(name)
    who.opens("/nm/check/")
    who.follows("Make an account and apply")
    who.shows("Is the home in the city")
    who.looks_empty("Is the home in the city")
    who.picks("I am not sure")
    who.presses("Go on")
    who.picks("Yes")
    who.presses("Go on")
    who.shows("Another office")
    who.presses("I will ask that office")
    who.shows("Another office, on the way there")
    who.presses("Apply here anyway")
    signs_up_looked(who)
    who.shows("Who are you")
    who.looks_empty("Who are you")
    who.opens("/nm/home/")
    who.shows("My applications, none yet")
    who.opens("/nm/start/")
    who.writes("First name", "Marisol")
    who.writes("Last name", who.surname)
    who.dates("5", "2", "1988")
    who.writes("Phone number", "505-555-0100")
    who.presses("Go on")
    for name in ("email", "password/change", "logout", "reauthenticate"):
        who.opens(f"/account/{name}/")
        who.shows(name)
    who.looks_empty("reauthenticate")
    who.opens("/account/password/change/")
    who.looks_empty("password/change")


def signs_up_looked(who: Looked) -> None:
    who.writes("Email", who.email)
    who.writes("Password", PASSWORD)
    who.presses("Make my account")
    mail = who.stack.wait_for_mail(who.email, "Confirm your email address")
    who.opens(next(link for link in mail["links"] if "confirm" in link))
    who.shows("Confirm your email address")
    who.presses("Yes, go on")


def in_the_interview(who: Looked) -> None:
    who.opens("/nm/home/")
    who.shows("My applications, one begun")
    who.follows("Go on")
    who.shows("Overview")
    who.follows("Go on")
    pages = INTERVIEW | {
        "Where do you live?": lambda _: address(who),
        "Who lives in your home?": lambda _: members(who),
        "What money comes in?": lambda _: income(who),
        "Show us your lease or your rent": lambda _: gives(who, "Lease or rental agreement"),
        "Show us a notice about your home": lambda _: gives(who, "Eviction notice"),
        "Is there a date we must know?": court,
        "Who do you pay rent to?": the_landlord,
        "Which company do you owe?": the_power_company,
        "May we ask for you?": lambda _: consents(who),
        "Show us your hard time": states_it,
        "Show us your income": later,
    }
    answers_each_page(who, pages, until=REVIEW)  # type: ignore[arg-type]
    who.shows("Review")
    who.looks_empty("Review")
    who.ticks("I agree")
    who.writes("Type your full name to sign", f"Marisol {who.surname}")
    who.presses("Sign and send my application")
    who.shows("Status, just sent")


def address(who: Looked) -> None:
    """Her sign-in ends as she writes: her words are kept, and back."""
    who.looks_empty("Address")
    who.writes("Street and number", "812 Mesa Road NW")
    who.context.clear_cookies(name="sessionid")
    who.presses("Save and go on")
    who.eyes.look(who.page, "Signed out, words kept")
    who.writes("Email", who.email)
    who.writes("Password", PASSWORD)
    who.presses("Sign in")
    expect(who.field("Street and number").first).to_have_value("812 Mesa Road NW")
    who.eyes.look(who.page, "Words are back")
    where_she_lives(who)
    who.page.wait_for_url(lambda url: "/address/" not in url)
    on = who.page.url
    pages = on.rpartition("/")[0].rpartition("/")[0]
    who.opens(f"{pages}/serves/in_albuquerque/")
    who.shows("Is the home that she told of here in the city")
    who.looks_empty("Is the home that she told of here in the city")
    who.opens(f"{pages}/office/")
    who.shows("Another office, from the interview")
    who.opens(on)


def members(who: Looked) -> None:
    who.follows("Add a person")
    who.shows("Add a person")
    who.looks_empty("Add a person")
    who.writes("First name", "Leo")
    who.writes("Last name", who.surname)
    who.dates("11", "30", "2012")
    who.picks("Child")
    who.presses("Save")
    who.page.get_by_role("link", name=re.compile("^Change Leo")).click()
    who.shows("Change a person")
    who.opens(who.page.url.partition("/people/")[0] + "/members/")
    who.shows("Two people")
    who.presses("That is everyone: 2 people")


def income(who: Looked) -> None:
    who.follows(f"Add income of Marisol {who.surname}")
    who.shows("Add income")
    who.looks_empty("Add income")
    who.page.get_by_label("What kind of income?").select_option(label="A job")
    who.writes("Employer or payer", "Sandia Cafe")
    who.writes("How much each time, before taxes?", "595")
    who.picks("every week")
    who.presses("Save")
    who.page.get_by_role("main").get_by_role("link", name=re.compile("^Change")).first.click()
    who.shows("Change income")
    who.opens(who.page.url.partition("/income/")[0] + "/income/")
    who.shows("The sums")
    who.presses("That is all our income")


def gives(who: Looked, kind: str) -> None:
    who.looks_empty(f"Paper: {kind}")
    picked = who.page.get_by_label("What is it?")
    if picked.count() and picked.first.evaluate("e => e.tagName") == "SELECT":
        picked.first.select_option(label=kind)
    else:
        who.picks(kind)
    who.gives(papers.photo(who.folder))
    who.presses("Send this paper")
    who.reads("What you have added")
    expect(who.page.get_by_role("main")).to_contain_text("What you have added")
    who.page.wait_for_timeout(800)
    who.shows(f"Paper added: {kind}")
    who.follows("Go on")


def consents(who: Looked) -> None:
    for box in who.page.get_by_role("checkbox").all():
        box.check()
    who.presses("Save and go on")


def broken_pages(who: Looked) -> None:
    """What a person sees when something is not there, not hers, or broken."""
    for path, status in (
        ("/nm/nothing-here/", 404),
        ("/es/nm/nothing-here/", 404),
        ("/desk/", 403),
        ("/nm/requests/00000000-0000-7000-8000-000000000000/", 404),
    ):
        who.eyes.look(who.page, f"error page {path}", who.page.goto(path), status)
    for language in ("en", "es"):
        with translation.override(language):
            request = RequestFactory().get("/")
            for name in ("400", *(f"errors/{n}" for n in (403, 404, 409, 422, 500, 503))):
                html = render_to_string(f"{name}.html", {"problem": {"message": ""}}, request)
                who.eyes.shows_a_page(who.context, html, name.replace("/", "-"))
            if language == "en":  # the desk's: whoever has no work there yet
                html = render_to_string("desk/landing.html", {}, request)
                who.eyes.shows_a_page(who.context, html, "desk-landing")
            for sent in (True, False):
                html = gate.busy_page(language, 20, "/nm/", sent=sent, fields=[], had_files=sent)
                who.eyes.shows_a_page(who.context, html, f"busy-{sent}")


# The desk: who of the staff goes where. It speaks English.


def at_the_desk(who: Looked) -> None:
    browser = who.browser
    who.waits_until("A caseworker is looking at your application.")
    who.shows("Status, being looked at")
    case = case_number(who)
    eyes = who.eyes

    def visits(staff: Staff, *paths: str) -> None:
        for path in paths:
            eyes.visit(staff.page, path)

    with Staff("casey", browser, who.stack, size=DESK) as casey:
        visits(casey, "/desk/", "/desk/cases/", "/desk/cases/?q=zzz", f"/desk/cases/{case}/")
        refused_at_the_desk(eyes, casey, case)
        casey.presses("Take this case")
        asks(casey, case)
        resident_answers(who)
        accepts_all(casey, case)
        visits(casey, f"/desk/cases/{case}/")
        casey.opens(f"/desk/cases/{case}/")
        casey.presses(f"Prepare the approval of {TOTAL}")
        visits(casey, f"/desk/cases/{case}/")
    with Staff("alex", browser, who.stack, size=DESK) as alex:
        visits(alex, "/desk/approvals/")
        alex.follows(case)
        visits(alex, alex.page.url.removeprefix(who.stack.url))
        alex.opens(alex.page.url)
        alex.page.get_by_text("Send it back", exact=True).click()
        alex.presses("Send it back with this reason")
        eyes.look(alex.page, "send back, without a reason")
        alex.opens("/desk/approvals/")
        alex.follows(case)
        alex.presses(f"Release {TOTAL}")
        visits(alex, "/desk/approvals/")
    who.waits_until("Your application was approved")
    status = who.page.url
    who.follows("Everything we went by", exact=False)
    who.shows("How it was decided")
    who.opens(status)
    with Staff("pat", browser, who.stack, size=DESK) as pat:
        pays(pat, eyes, case)
    with Staff("dana", browser, who.stack, size=DESK) as dana:
        visits(dana, "/desk/figures/", "/desk/clock/", "/desk/ledger/", "/desk/standing/")
    with Staff("audrey", browser, who.stack, size=DESK) as audrey:
        visits(audrey, "/desk/audit/?q=none", f"/desk/audit/?q={case}")
        audrey.follows(case)
        visits(audrey, audrey.page.url.removeprefix(who.stack.url))
        visits(audrey, f"/desk/cases/{case}/packet/", "/desk/audit/trail/")
        audrey.presses("Walk the chain now")
        eyes.look(audrey.page, "the chain walked")
    who.waits_until("Your help was paid")
    who.shows("Status, paid")
    for path in ("/nm/messages/", "/nm/record/", "/nm/home/"):
        who.opens(path)
        who.shows(path)
    who.opens("/nm/messages/")
    who.follows("We made a payment for you", exact=False)
    who.shows("A message")


def refused_at_the_desk(eyes: Eyes, casey: Staff, case: str) -> None:
    casey.opens(f"/desk/cases/{case}/")
    casey.page.get_by_text("Prepare a denial", exact=True).click()
    for label in ("Reason, in plain words", "The law or rule it rests on", "Last day to appeal"):
        casey.writes(label, "")
    casey.presses("Prepare the denial")
    eyes.look(casey.page, "a denial refused")
    casey.opens(f"/desk/cases/{case}/")


def asks(casey: Staff, case: str) -> None:
    casey.opens(f"/desk/cases/{case}/")
    casey.page.get_by_text("Ask the resident for something", exact=True).click()
    casey.page.get_by_label("What do you need?").select_option(label="Pay stub")
    casey.writes("Your words to the resident", ASKED)
    casey.presses("Send the question")


def resident_answers(who: Looked) -> None:
    who.waits_until("We need something from you")
    who.shows("Status, something is asked")
    who.follows("Answer now")
    who.shows("Answering")
    who.looks_empty("Answering")
    who.gives(papers.pay_stub(who.folder))
    who.presses("Send my answer")


def accepts_all(casey: Staff, case: str) -> None:
    casey.opens(f"/desk/cases/{case}/")
    casey.reloads_until("Pay stub")
    for _ in range(4):
        waiting = casey.page.get_by_role("button", name=re.compile(r"^Accept"))
        if not waiting.count():
            break
        waiting.first.click()
    casey.reloads_until(f"Prepare the approval of {TOTAL}")


def pays(pat: Staff, eyes: Eyes, case: str) -> None:
    pat.opens("/desk/payments/")
    pat.reloads_until(case)
    for path in ("/desk/payments/", "/desk/payments/returned/", "/desk/payments/feed/"):
        eyes.visit(pat.page, path)
    for number in range(1, 4):
        pat.opens("/desk/payments/returned/")
        mine = pat.page.get_by_role("article").filter(has_text=case)
        if not mine.count():
            break
        mine.first.get_by_text("Enter a bank account").click()
        if number == 1:
            mine.first.get_by_role("button", name="Save the account and pay").click()
            eyes.look(pat.page, "an account, empty")
            pat.opens("/desk/payments/returned/")
            mine.first.get_by_text("Enter a bank account").click()
        mine.first.get_by_label("Routing number").fill("107000152")
        mine.first.get_by_label("Account number").fill(f"4400130{number}00")
        mine.first.get_by_role("button", name="Save the account and pay").click()
        pat.sees("Saved.")
    pat.opens("/desk/payments/")
    pat.presses("Open a batch with", exact=False)
    pat.page.get_by_role("table").last.get_by_role("link").first.click()
    path = pat.page.url.removeprefix(pat.stack.url)
    eyes.visit(pat.page, path, "batch, open")
    pat.presses("Seal the batch")
    eyes.visit(pat.page, path, "batch, sealed")
    pat.page.get_by_role("button", name=re.compile(r"^Release \$")).click()
    pat.reloads_until("With the bank")
    pat.stack.admin("bank", "/admin/settle-now", {})
    pat.reloads_until("Settled")
    eyes.visit(pat.page, path, "batch, settled")


def with_a_second_factor(who: Looked) -> None:
    """The pages of the second step of signing in."""
    who.opens("/account/2fa/")
    who.shows("2fa, none yet")
    who.opens("/account/2fa/totp/activate/")
    if "reauthenticate" in who.page.url:
        who.page.get_by_label("Password").fill(PASSWORD)
        who.page.get_by_role("main").get_by_role("button").first.click()
        who.opens("/account/2fa/totp/activate/")
    who.shows("Add a second step")
    who.looks_empty("Add a second step")
    secret = who.page.locator("#authenticator_secret").input_value()
    who.page.get_by_role("main").locator("input[name=code]").fill(code(secret))
    who.page.get_by_role("main").get_by_role("button").last.click()
    for name in (
        "",
        "recovery-codes/",
        "recovery-codes/generate/",
        "totp/deactivate/",
        "reauthenticate/",
    ):
        who.opens(f"/account/2fa/{name}")
        who.shows(f"2fa {name}")
    who.context.clear_cookies()
    who.opens("/account/login/")
    who.writes("Email", who.email)
    who.writes("Password", PASSWORD)
    who.presses("Sign in")
    who.shows("The second step")
    who.looks_empty("The second step")


def code(secret: str) -> str:
    """The six digits that an app would show now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


PARTS = (
    at_the_door,
    at_the_account,
    in_the_interview,
    at_the_desk,
    broken_pages,
    with_a_second_factor,
)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("look", LOOKS, ids=LOOKS.values())
def test_every_page_can_be_used_by_everyone(eyes: Eyes, look: str) -> None:
    wrong = eyes.wrong[look]
    assert not wrong, f"{len(wrong)} findings:\n" + "\n".join(wrong[:60])


@pytest.mark.timeout(600)
def test_every_route_of_the_resolver_was_seen_in_each_language(eyes: Eyes) -> None:
    for route in sorted(named_routes() - POST_ONLY - set(NO_PAGE)):
        languages = {"en"} if route.startswith("desk:") else {"en", "es"}
        assert eyes.seen[route] >= languages, f"{route} was seen in {eyes.seen[route] or 'none'}"
    gone = (POST_ONLY | set(NO_PAGE)) - named_routes()
    assert not gone, f"named here and no longer there: {gone}"


@pytest.fixture
def all_wrong(browser: Browser) -> Iterator[Page]:
    """A page on which everything is wrong, and which never stands still."""
    page = browser.new_page()
    body = (
        "<main><a href='/' style='font-size: 8px'>x</a><p style='width: 1900px'>wide</p><input>"
        "<button class='ls-button' style='border: 0; transition: color 9s'>press</button>"
        "<div class='ls-actions'><button>never on paper</button></div></main>"
        "<script>ticks = 0; setInterval(() => ticks++, 1)</script>"
    )
    page.route("**", lambda route: route.fulfill(status=500, body=body, content_type="text/html"))
    yield page
    page.close()


def test_each_look_can_find_something(all_wrong: Page) -> None:
    eyes = Eyes("http://nobody.example", every_look=True)
    eyes.look(all_wrong, "all wrong", all_wrong.goto("http://nobody.example/"))
    assert set(eyes.wrong) == set(ALWAYS | FURTHER)
    assert any("label: <input>" in one for one in eyes.wrong["axe"])


def test_a_page_that_is_looked_at_stands_still(all_wrong: Page) -> None:
    answer = all_wrong.goto("http://nobody.example/")
    all_wrong.wait_for_function("ticks > 3")
    Eyes("http://nobody.example").look(all_wrong, "never still", answer)
    before = all_wrong.evaluate("ticks")
    all_wrong.wait_for_timeout(100)
    assert all_wrong.evaluate("ticks") == before
