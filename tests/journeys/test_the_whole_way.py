"""The whole way: from a resident's phone to the bank, and back up to the federal award.

One application, walked by everybody who has a part in it, in a real browser against the whole
demo: English with scripts, Spanish without. The amount is above what two people signed the rules
may give alone, so that a caseworker, an approver and a payments officer each do their work.
"""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from pikepdf import Pdf
from playwright.sync_api import Browser, expect

from tests.journeys import papers
from tests.journeys.conftest import FAILED, OUT, Camera, Stack
from tests.journeys.steps import (
    PHONE,
    Answer,
    Person,
    Staff,
    answers_each_page,
    applies_here,
    says,
    signs_in,
    signs_up,
)

PASSWORD = "seven quiet herons"  # noqa: S105 - of an account that lives as long as the test
RENT, MONTHS, BILL = 1_450, 12, 310
TOTAL = f"${RENT * MONTHS + BILL:,}.00"  # $17,710.00, above the $2,500 that rules may give alone
# A caseworker writes in the household's language: the case says which.
ASKED = {
    "en": "Please send one pay stub of this month. A photo is enough.",
    "es": "Envíe un talón de pago de este mes. Basta una foto.",
}

SCREENER: dict[str, Answer] = {
    "In which county do you live?": lambda who: (
        who.writes("Or type your ZIP code", "87102"),
        who.presses("Go on"),
    )[-1],
    "How many people live in your home?": says("3", "Go on"),
    "How much did everyone in your home earn last year?": says("31,000", "Go on"),
    "How much does everyone in your home earn in a month now?": says("2,800", "Go on"),
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


class Resident(Person):
    """Marisol, who is nine months behind, on her phone."""

    def __init__(
        self, folder: Path, browser: Browser, stack: Stack, camera: Camera, **named: object
    ) -> None:
        super().__init__(browser, stack, camera, size=PHONE, **named)  # type: ignore[arg-type]
        self.folder = folder
        self.email = f"marisol.{self.language}.{time.time_ns()}@resident.example"

    @property
    def surname(self) -> str:
        """Her family's name; another in each language, so that the two ways share nobody."""
        return "Trujillo" if self.language == "en" else "Archuleta"


def says_who_she_is(who: Resident) -> None:
    who.writes("First name", "Marisol")
    who.writes("Last name", who.surname)
    who.dates("5", "2", "1988")
    who.writes("Phone number", "505-555-0100")
    who.shows("Who are you")
    who.presses("Go on")


def where_she_lives(who: Resident) -> None:
    number = "812" if who.language == "en" else "418"
    who.writes("Street and number", f"{number} Mesa Road NW")
    who.writes("Apartment or unit", "Apt 3")
    who.writes("City or town", "Albuquerque")
    who.writes("ZIP code", "87102")
    who.presses("Save and go on")


def adds(who: Resident, first: str, born: tuple[str, str, str], role: str) -> None:
    who.follows("Add a person")
    who.writes("First name", first)
    who.writes("Last name", who.surname)
    who.dates(*born)
    who.picks(role)
    who.shows(f"Add {first}")
    who.presses("Save")
    who.sees(f"{first} {who.surname}")


def who_lives_there(who: Resident) -> None:
    adds(who, "Leo", ("11", "30", "1990"), "Husband, wife or partner")
    adds(who, "Nina", ("2", "14", "2019"), "Child")
    who.shows("Three people")
    who.presses("That is everyone: 3 people")


def earns(who: Resident, name: str, employer: str, amount: str, often: str) -> None:
    who.page.get_by_role("link", name=f"{who.say('Add income of')} {name}").click()
    who.page.get_by_label(who.say("What kind of income?")).select_option(label=who.say("A job"))
    who.writes("Employer or payer", employer)
    who.writes("How much each time, before taxes?", amount)
    who.picks(often)
    who.shows(f"Income of {name}")
    who.presses("Save")


def what_comes_in(who: Resident) -> None:
    earns(who, f"Marisol {who.surname}", "Sandia Cafe", "450", "every week")
    who.sees("× 52 ÷ 12 = $1,950.00", "$23,400.00")
    earns(who, f"Leo {who.surname}", "Bosque Roofing", "380.50", "every two weeks")
    who.sees("× 26 ÷ 12 = $824.42", "$9,893.00")
    who.sees("$33,293.00", "÷ 12 = $2,774.42")
    who.shows("The sums")
    who.presses("That is all our income")


def court(who: Resident) -> None:
    who.dates("12", "15", "2026")
    who.presses("Save and go on")


def the_landlord(who: Resident) -> None:
    who.writes("Name of your landlord or rental company", "Mesa Vista Homes")
    who.writes("Phone number", "(505) 555-0199")
    who.presses("Save and go on")


def the_power_company(who: Resident) -> None:
    who.writes("Name of the company on your bill", "Mesa Power")
    who.writes("Account number on your bill", "77-120034")
    who.presses("Save and go on")


def lets_them_ask(who: Resident) -> None:
    for box in who.page.get_by_role("checkbox").all():
        box.check()
    who.shows("May we ask, with consent")
    who.presses("Save and go on")


def gives(*made: str) -> "Answer":
    """Upload files one after the other as (kind, file maker), see them, go on."""

    def answer(who: Resident) -> None:  # type: ignore[misc]
        for pair in made:
            kind, _, maker = pair.partition("=")
            picked = who.page.get_by_label(who.say("What is it?"))
            if picked.count() and picked.first.evaluate("e => e.tagName") == "SELECT":
                picked.first.select_option(label=who.say(kind))
            else:
                who.picks(kind)
            who.gives(getattr(papers, maker)(who.folder))
            who.presses("Send this paper")
            who.reads("What you have added")
        who.shows("What you have added")
        who.page.reload()
        who.follows("Go on")

    return answer  # type: ignore[return-value]


def states_it(who: Resident) -> None:
    who.presses("I cannot get a paper. I state that what I told you is true.")


def later(who: Resident) -> None:
    who.presses("Skip for now")


INTERVIEW: dict[str, Answer] = {
    "Where do you live?": where_she_lives,
    "Who lives in your home?": who_lives_there,
    "What money comes in?": what_comes_in,
    "How much did everyone in your home earn last year?": says("31,000"),
    "Has anyone in your home been out of work for the last 90 days?": says("No"),
    "How many bedrooms does your home have?": says("2"),
    "How many months of coming rent do you need help with?": says("3"),
    "How much do you owe for power, gas, water, sewer or trash?": says("310"),
    "Show us your lease or your rent": gives(
        "Lease or rental agreement=photo", "Lease or rental agreement=scan"
    ),
    "Is there a date we must know?": court,
    "Who do you pay rent to?": the_landlord,
    "Which company do you owe?": the_power_company,
    "May we ask for you?": lets_them_ask,
    "Show us a notice about your home": gives("Eviction notice=notice"),
    "Show us your hard time": states_it,
    "Show us your income": later,
}  # type: ignore[dict-item]
REVIEW = "Check your answers and sign"


@pytest.fixture(params=["en", "es"], ids=["English, with scripts", "Spanish, without scripts"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def resident(
    language: str,
    browser: Browser,
    stack: Stack,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Iterator[Resident]:
    """A resident whom the tax department knows by name and birth date, and nobody else does."""
    scripts = language == "en"
    camera = Camera(OUT / ("whole-way-english" if scripts else "whole-way-spanish-no-scripts"))
    with Resident(tmp_path, browser, stack, camera, language=language, scripts=scripts) as someone:
        for name in ("tax", "human_services", "bank"):
            stack.admin(name, "/admin/behaviour", {"delay_ms": 0, "fail_rate": 0.0})
        known = [
            {
                "first_name": first,
                "last_name": someone.surname,
                "birth_date": born,
                "filing_status": "married_joint",
                "annual_income": "15500.00",
            }
            for first, born in (("Marisol", "1988-05-02"), ("Leo", "1990-11-30"))
        ]
        stack.admin("tax", "/admin/people", {"people": known})
        yield someone
        if request.node.stash.get(FAILED, False):
            someone.keeps_the_last_screen()


@pytest.mark.timeout(420)
def test_from_a_phone_to_the_bank_and_back_to_the_award(
    resident: Resident, browser: Browser, stack: Stack
) -> None:
    finds_out_what_is_likely(resident)
    makes_an_account_and_begins(resident)
    leaves_half_way(resident)
    with_library = Resident(
        resident.folder,
        browser,
        stack,
        resident.camera,
        language=resident.language,
        scripts=resident.scripts,
    )
    with with_library as library:
        library.email = resident.email
        comes_back_and_finishes(library)
        reviews_and_signs(library)
    reference = sees_where_it_stands(resident)

    def staff(name: str) -> Staff:
        return Staff(name, browser, stack, resident.camera, scripts=resident.scripts)

    with staff("dana") as dana:
        before = figures(dana)
    with staff("casey") as casey:
        case = works_the_case(casey, resident, reference)
        with staff("alex") as alex:
            releases_as_the_second_person(alex, casey, case)
    resident.waits_until("Your application was approved")
    resident.shows("Approved")
    stack.wait_for_mail(resident.email, resident.say("Your application was approved ("))
    with staff("pat") as pat:
        pays(pat, resident, case)
    sees_that_it_is_paid(resident)
    with staff("dana") as dana:
        after = figures(dana)
        dana.shows("Figures")
    assert after["paid"] - before["paid"] >= RENT * MONTHS + BILL
    assert after["decisions"] > before["decisions"]
    with staff("audrey") as audrey:
        walks_the_payment(audrey, case)
    assert resident.troubles == []


def finds_out_what_is_likely(who: Resident) -> None:
    who.opens(who.at("/"))
    who.shows("Front page")
    who.follows("New Mexico")
    who.ticks("I am behind on rent")
    who.ticks("I may be evicted")
    who.shows("What is wrong")
    who.presses("See what help there is")
    answers_each_page(who, SCREENER, until="What help is likely")
    who.reads("Likely", "Why", "You pay rent for your home.")
    who.reads("Your household income is within the limit of")
    who.sees("$17,710", "× $1,450.00 = $13,050.00")
    who.shows("What help is likely")


def makes_an_account_and_begins(who: Resident) -> None:
    applies_here(who)
    signs_up(who, who.email, PASSWORD)
    says_who_she_is(who)
    assert who.heading() == "Your application"
    who.shows("Overview at the start")
    who.follows("Go on")


def leaves_half_way(who: Resident) -> None:
    """Two answers in, she leaves; what she gave is kept."""
    where_she_lives(who)
    who.follows("See all parts")
    who.shows("Overview half way")


def comes_back_and_finishes(who: Resident) -> None:
    """On the library's computer she signs in and goes on where she stopped."""
    signs_in(who, who.email, PASSWORD)
    who.shows("My applications")
    who.follows("Go on")
    who.follows("Go on")
    seen = answers_each_page(who, INTERVIEW, until=REVIEW)
    assert "Where do you live?" not in seen and "How many months of rent do you owe?" not in seen


def reviews_and_signs(who: Resident) -> None:
    who.sees(f"Marisol {who.surname}", "Mesa Vista Homes", "Mesa Power", "$1,450.00", "87102")
    who.shows("Review")
    form(who, "See the form made from your answers", "form-draft")
    who.ticks("I agree")
    who.writes("Type your full name to sign", f"Marisol {who.surname}")
    who.shows("Signing")
    who.presses("Sign and send my application")
    expect(who.page.get_by_role("heading", level=1)).to_have_text(
        who.say("How your application stands")
    )


def form(who: Resident, link: str, name: str) -> None:
    """Open the generated form: a tagged PDF in her language with her answers."""
    href = who.page.get_by_role("link", name=who.say(link)).get_attribute("href")
    assert href
    raw = who.page.context.request.get(href).body()
    assert who.camera
    path = who.camera.folder / f"{name}.pdf"
    path.write_bytes(raw)
    with Pdf.open(path) as pdf:
        assert "/StructTreeRoot" in pdf.Root and str(pdf.Root.Lang) == who.language
        assert pdf.Root.MarkInfo.Marked
    pages = pypdfium2.PdfDocument(raw)
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    assert f"Marisol {who.surname}" in text and "Mesa Vista Homes" in text
    pages[0].render(scale=1.4).to_pil().save(path.with_suffix(".png"))


def sees_where_it_stands(who: Resident) -> str:
    """On her phone again: the status page, live where there are scripts. Returns the reference."""
    who.opens(who.at("/nm/home/"))
    who.page.get_by_role("link", name=who.say("See how it stands")).click()
    who.reads("What happens next", "Who acts", "By when")
    who.shows("Status, just sent")
    who.waits_until("A caseworker is looking at your application.")
    who.stack.wait_for_mail(who.email, who.say("We have your application"))
    form(who, "Your signed application form (PDF)", "form-signed")
    return re.search(r"NM-[0-9A-Z-]+", who.text()).group(0)  # type: ignore[union-attr]


def works_the_case(casey: Staff, resident: Resident, reference: str) -> str:
    """The caseworker: queue, case, papers, a question, a denial refused, an approval prepared."""
    case = case_number(resident)
    casey.opens("/desk/cases/")
    casey.shows("Queue")
    casey.follows(case)
    casey.sees(f"Marisol {resident.surname}", "Eviction hearing or shutoff on Dec 15, 2026")
    casey.sees("The tax department", "Matched", "$31,000.00")
    casey.shows("Case")
    casey.presses("Take this case")
    casey.sees("This case is yours.")
    cannot_deny_without_reasons(casey)
    asks_for(casey, "Pay stub", ASKED[resident.language])
    resident.waits_until("We need something from you")
    resident.shows("Something is asked")
    resident.stack.wait_for_mail(resident.email, resident.say("We need something from you"))
    answers_the_question(resident)
    casey.opens(f"/desk/cases/{case}/")
    casey.reloads_until("Pay stub")
    for _ in range(4):
        waiting = casey.page.get_by_role("button", name=re.compile(r"^Accept"))
        if not waiting.count():
            break
        waiting.first.click()
        casey.sees("Accepted.")
    casey.shows("Papers accepted")
    casey.reloads_until(f"Prepare the approval of {TOTAL}")
    casey.presses(f"Prepare the approval of {TOTAL}")
    casey.sees("Prepared. A second person looks at it now.")
    casey.shows("Prepared")
    return case


def case_number(who: Resident) -> str:
    found = re.findall(r"NM-[0-9A-Z]+-[0-9A-Z]+", who.page.locator("#status").inner_text())
    return str(found[0])


def cannot_deny_without_reasons(casey: Staff) -> None:
    casey.page.get_by_text("Prepare a denial", exact=True).click()
    for label in ("Reason, in plain words", "The law or rule it rests on", "Last day to appeal"):
        casey.writes(label, "")
    casey.presses("Prepare the denial")
    casey.sees("A denial needs its reason.", "A denial needs its legal basis")
    casey.sees("A denial cannot go out without appeal rights.")
    casey.shows("A denial refused")


def asks_for(casey: Staff, what: str, words: str) -> None:
    casey.page.get_by_text("Ask the resident for something", exact=True).click()
    casey.page.get_by_label("What do you need?").select_option(label=what)
    casey.writes("Your words to the resident", words)
    casey.presses("Send the question")
    casey.sees("Asked. The resident gets a letter and an email.")
    casey.shows("Asked")


def answers_the_question(who: Resident) -> None:
    who.follows("Answer now")
    who.sees(ASKED[who.language])
    who.gives(papers.pay_stub(who.folder))
    who.shows("Answering")
    who.presses("Send my answer")
    expect(who.page.get_by_role("heading", level=1)).to_have_text(
        who.say("How your application stands")
    )
    if who.scripts:  # from here until it is paid, the page changes by itself
        who.page.evaluate("window.neverReloaded = true")


def releases_as_the_second_person(alex: Staff, casey: Staff, case: str) -> None:
    alex.opens("/desk/approvals/")
    alex.shows("Decisions that wait")
    alex.follows(case)
    alex.sees(f"Give {TOTAL} to case {case}?", "Prepared by", "Casey Ortiz", "is left now")
    alex.shows("A decision")
    casey.opens(alex.page.url)
    expect(casey.page.get_by_role("button", name=re.compile("^Release"))).to_have_count(0)
    casey.shows("Not her decision")
    alex.presses(f"Release {TOTAL}")
    alex.sees(f"Done. {case} goes on.")


def pays(pat: Staff, resident: Resident, case: str) -> None:
    """The payments officer: accounts, a batch, its file checked, released, settled by the bank."""
    pat.opens("/desk/payments/")
    pat.reloads_until(case)
    pat.shows("Payments waiting")
    number = 0
    while True:
        pat.opens("/desk/payments/returned/")
        mine = pat.page.get_by_role("article").filter(has_text=case)
        if not mine.count():
            break
        number += 1
        card = mine.first
        card.get_by_text("Enter a bank account").click()
        card.get_by_label("Routing number").fill("107000152")
        card.get_by_label("Account number").fill(f"4400120{number}00")
        if number == 1:
            pat.shows("An account for the landlord")
        card.get_by_role("button", name="Save the account and pay").click()
        pat.sees("Saved. The payment waits for the next batch.")
        assert number < 4
    assert number == 2, "landlord and power company"
    pat.opens("/desk/payments/")
    pat.presses("Open a batch with", exact=False)
    pat.page.get_by_role("table").last.get_by_role("link").first.click()
    pat.sees("Payments in this batch", case)
    pat.presses("Seal the batch")
    pat.sees("The batch is sealed.")
    pat.shows("Batch sealed")
    the_file_is_valid(pat)
    pat.page.get_by_role("button", name=re.compile(r"^Release \$")).click()
    pat.sees("Released. The batch is on its way to the bank.")
    pat.reloads_until("With the bank")
    pat.shows("With the bank")
    resident.waits_until("The payment is with the bank")
    resident.shows("With the bank, seen by the resident")
    pat.stack.admin("bank", "/admin/settle-now", {})
    pat.reloads_until("Settled")
    pat.shows("Settled")


def the_file_is_valid(pat: Staff) -> None:
    """Download the sealed file and let the command of the same name check it."""
    assert pat.camera
    with pat.page.expect_download() as download:
        pat.follows("Download the NACHA file")
    path = pat.camera.folder / "batch.ach"
    download.value.save_as(path)
    checked = subprocess.run(
        [sys.executable, "-m", "latchstring.command", "ach", "check", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "MESA VISTA HOMES" in path.read_text("ascii").upper()


def sees_that_it_is_paid(who: Resident) -> None:
    """The page changes under her eyes, and everything she was mailed stands there too."""
    who.waits_until("Your help was paid")
    if who.scripts:
        assert who.page.evaluate("window.neverReloaded") is True
    who.shows("Paid")
    who.stack.wait_for_mail(who.email, who.say("We made a payment for you"))
    who.follows("Messages")
    who.reads("We have your application", "We need something from you")
    who.reads("We made a payment for you")
    who.shows("Messages")
    who.follows("We made a payment for you", exact=False)
    who.sees("Marisol")
    who.shows("A message")
    who.opens(who.at("/nm/record/"))
    who.sees("Casey Ortiz", "Alex Tso")
    who.reads("To work on your application", "To check a decision as a second person")
    who.shows("Who opened my record")


def figures(dana: Staff) -> dict[str, float]:
    """What the director's page says was decided and paid."""
    dana.opens("/desk/figures/")
    found = {}
    for name, words in (("paid", "paid (settled by the bank)"), ("decisions", "decisions:")):
        line = dana.page.get_by_role("listitem").filter(has_text=words).inner_text()
        found[name] = float(re.sub(r"[$,]", "", line.split()[0]))
    return found


def walks_the_payment(audrey: Staff, case: str) -> None:
    """The auditor: from the case's number up to the award and down to the evidence."""
    audrey.opens("/desk/audit/")
    audrey.writes("Case, application or batch reference", case)
    audrey.presses("Find")
    audrey.shows("Payments found")
    audrey.follows(case)
    audrey.sees("Every link holds, from the federal award to the evidence.")
    audrey.sees("Federal award", "DEMO-NM-1", "Allocation", "Obligation", "Promised")
    audrey.sees("Prepared by Casey Ortiz, approved by Alex Tso, released by Pat Romero")
    audrey.sees("The tax department", "Facts and evidence", "SHA-256", "Settled")
    audrey.shows("The trace")
    audrey.opens("/desk/audit/trail/")
    audrey.presses("Walk the chain now")
    audrey.sees("The chain holds")
    audrey.shows("The trail")
