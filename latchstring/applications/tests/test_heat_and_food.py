"""Two programs in one sitting: Wyoming's heating help and food help, from their documents."""

import io
import random
from datetime import timedelta
from decimal import Decimal

import pypdfium2
import pytest

from latchstring.applications import door as applications
from latchstring.applications.tests.conftest import ANA, photo
from latchstring.documents import door as documents
from latchstring.kernel import clock
from latchstring.people import door as people
from latchstring.programs import door as programs

CHILDREN = [("Leo", "2022"), ("Mia", "2015")]
PAGES = {
    "address": {"street": "4 Elk St", "city": "Casper", "zip": "82601"},
    "members": {},
    "income": {},
    "dates": {"shutoff_date_month": "12", "shutoff_date_day": "1", "shutoff_date_year": "2026"},
    "utility": {"name": "Black Hills", "account_number": "77-1"},
    "landlord": {"name": "Elk Homes", "phone": "307 555 0101"},
    "consent": {"human_services": "yes"},
}
SAID = {
    "heat_stopping": "no",
    "renting": "yes",
    "rent_each_month": "800",
    "money_on_hand": "60",
    "buys_food_with": "3",
    "care_costs": "120",
    "main_fuel": "propane",
}
USUAL = {"yes_no": "no", "money": "0", "whole_number": "0"}


@pytest.fixture
def home(ana):
    return people.make_household("wy-dfs", ana, identity=ANA)


@pytest.fixture
def both(home, ana):
    heard = {"pays_for_heat": True}
    return applications.begin(home, ana, ["wy-lieap", "wy-snap"], "en", heard)


def values(step, said=SAID):
    """What this household answers to a page."""
    if step.question is None:
        return PAGES[step.id]
    asked = step.question
    usual = asked.choices[0]["value"] if asked.kind == "choice" else USUAL.get(asked.kind)
    return {asked.id: said.get(asked.id, usual)}


def walk(draft, ana, said=SAID, until=None):
    """Answer page after page; state what may be stated, and leave other papers for later."""
    seen = []
    for _ in range(60):
        draft = applications.application_for(ana, draft.id)
        interview = applications.Interview(draft)
        step = applications.next_question(draft, interview=interview)
        if step is None or step.id == until:
            return seen
        seen.append(step)
        if step.id == "members" and len(interview.members) == 1:
            for name, year in CHILDREN:
                _add(draft, name, year, ana)
        if step.id == "income" and not interview.sums.lines:
            job = {"kind": "job", "amount": "1500", "period": "monthly"}
            head = interview.members[0].person_id
            applications.keep_income(draft, head, None, job, ana.actor)
        if step.shows is not None and not interview.attestable(step.shows):
            applications.pass_over(draft, step.id)
        elif step.shows is not None:
            applications.answer(draft, step.id, {"attest": "yes"}, ana.actor)
        else:
            applications.answer(draft, step.id, values(step, said), ana.actor)
    raise AssertionError(f"never ends: {[step.id for step in seen]}")


def _add(draft, name, year, ana):
    child = {"first_name": name, "last_name": "Baca", "role": "child", "buys_food_together": "yes"}
    born = {"birth_date_month": "1", "birth_date_day": "9", "birth_date_year": year}
    applications.keep_member(draft, None, child | born, ana.actor)


def ids(steps):
    return [step.id for step in steps]


def test_each_question_is_asked_once_and_the_pages_follow_from_the_documents(both, home, ana):
    seen = walk(both, ana)
    asked = [step for step in seen if step.question is not None]
    assert len(set(ids(seen))) == len(seen) and len(asked) <= 21
    assert {"heat_stopping", "main_fuel", "money_on_hand", "rent_each_month"} <= set(ids(asked))
    # Known from the lists of people and incomes, so nobody is asked.
    pages = applications.Interview(applications.application_for(ana, both.id)).steps
    from_lists = {"anyone_60", "child_under_6", "pay_from_work", "income_monthly", "buys_food_with"}
    assert not from_lists & set(ids(pages))
    facts = {key: view.value for key, view in people.facts(home).items()}
    interview = applications.Interview(applications.application_for(ana, both.id))
    heat, food = (programs.evaluate(p, interview.for_rules) for p in interview.versions)
    assert heat.value("child_5_or_under") is True and heat.value("member_60_or_older") is False
    assert food.value("monthly_earned_income") == food.value("monthly_income") == Decimal(1500)
    # Nobody pays a landlord here, nobody asks the tax department, no eviction is near.
    assert "landlord" not in ids(seen) and "months_assisted" not in facts
    interview = applications.Interview(applications.application_for(ana, both.id))
    assert interview.partners == ["human_services"] and interview.dates == ["shutoff_date"]
    assert interview.asks("utility", "es") == "¿A quién le paga la calefacción?"


def test_after_it_every_open_fact_is_known_or_needs_no_asking(both, ana):
    walk(both, ana)
    interview = applications.Interview(applications.application_for(ana, both.id))
    assert not programs.next_questions(interview.versions, interview.for_rules)
    for program in interview.versions:
        missing = programs.evaluate(program, interview.for_rules).missing
        askable = {key for q in programs.questions_of(program) for key in q.facts}
        assert not askable.intersection(missing), program.slug


def test_a_thing_is_shown_once_for_both_and_each_program_keeps_its_own_rule(both, home, ana):
    seen = {step.id: step for step in walk(both, ana)}
    income, costs = seen["papers-income"].shows, seen["papers-costs"].shows
    assert {p.slug for p, _test in income.tests} == {"wy-lieap", "wy-snap"}
    interview = applications.Interview(applications.application_for(ana, both.id))
    assert interview.attestable(income) == [] and len(income.papers_only) == 2
    # Only the costs that were told of are asked to be shown.
    kinds = costs.kinds(interview.facts)
    assert {"lease", "child_care_receipt"} <= set(kinds)
    assert not {"medical_bill", "court_order", "mortgage_statement"} & set(kinds)
    give(home, "pay_stub", both, ana)
    assert not applications.Interview(both).step("papers-income").open


def give(home, kind, application, ana):
    files = [(f"{kind}.jpg", io.BytesIO(photo()))]
    documents.give(home, kind, files, ana.actor, application=application.id)


def test_of_rent_food_and_heat_one_page_says_who_takes_a_statement(home, ana):
    slugs = ["wy-erap", "wy-lieap", "wy-snap"]
    draft = applications.begin(home, ana, slugs, "en")
    seen = {step.id: step for step in walk(draft, ana)}
    income = seen["papers-income"].shows
    assert [program.slug for program in income.papers_only] == ["wy-lieap", "wy-snap"]
    draft = applications.application_for(ana, draft.id)
    assert "monthly_income" in applications.Interview(draft).attestable(income)
    assert people.facts(home)["months_assisted"].value == 0  # a program here reads it
    assert "landlord" in seen


def test_a_paper_given_once_serves_the_next_program_until_it_lapses(both, home, ana):
    walk(both, ana, until="consent")
    give(home, "pay_stub", both, ana)
    page = applications.Interview(both).step("papers-income").shows
    (heat, test), (food, other) = page.tests
    given = clock.today()
    assert programs.holds_until(food, other, given) == given.replace(year=given.year + 1)
    assert programs.holds_until(heat, test, given.replace(2026, 2, 3)).isoformat() == "2026-09-30"
    [paper] = documents.of_household(home.id)
    assert page.shown([paper], {})
    old = paper.given_at - timedelta(days=400)
    lapsed = documents.DocumentView(**{**vars(paper), "given_at": old})
    assert not page.shown([lapsed], {})


def sign(draft, ana):
    return applications.sign_and_submit(draft.id, "Ana Baca", "en", ana.actor)


def test_one_signature_sends_both_and_each_has_a_form_of_its_own(both, home, ana):
    walk(both, ana)
    receipt = sign(both, ana)
    assert [slug for slug, _version in receipt.programs] == ["wy-lieap", "wy-snap"]
    sent = applications.application_by_id(both.id)
    said = {slug: form_words(sent, slug) for slug in ("wy-lieap", "wy-snap")}
    assert "What mainly heats your home?" in said["wy-lieap"]
    assert "What mainly heats your home?" not in said["wy-snap"]
    assert "buys food with you" in said["wy-snap"]
    assert "buys food with you" not in said["wy-lieap"]
    assert "12 months the first time" in said["wy-snap"]
    assert "goes back to the state" in said["wy-lieap"]
    assert "12 months the first time" not in said["wy-lieap"]


def form_words(sent, slug):
    """What the form says, on one line."""
    with pypdfium2.PdfDocument(applications.form_pdf(sent, slug, "en")) as pdf:
        return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf)


def test_a_second_application_shows_what_it_took_over_and_lets_it_be_corrected(
    both, home, ana, monkeypatch
):
    walk(both, ana)
    sign(both, ana)
    later = clock.now() + timedelta(days=20)
    monkeypatch.setattr(clock, "now", lambda: later)
    draft = applications.begin(home, ana, ["wy-snap"], "en")
    interview = applications.Interview(draft)
    assert applications.next_question(draft).id == "before"
    told = {line.step: line for line in applications.told_before(interview, "en")}
    assert {"address", "members", "income", "rent_each_month"} <= set(told)
    assert all(line.told_on < draft.began_at for line in told.values())
    # What changes from day to day is asked again, with the same answer too.
    assert "money_on_hand" not in told and interview.step("money_on_hand").open
    with pytest.raises(applications.NotReady) as wrong:
        sign(draft, ana)
    assert "before" in wrong.value.steps
    # Attested then, corrected now: the newer word counts, and is no longer "told before".
    assert people.facts(home)["monthly_rent"].source == "attested"
    applications.answer(draft, "rent_each_month", {"rent_each_month": "900"}, ana.actor)
    after = applications.Interview(draft)
    assert after.said("monthly_rent") == 900 and after.step("rent_each_month").told_on is None
    applications.answer(draft, "before", {}, ana.actor)
    again = ids(walk(draft, ana))
    assert set(again) >= {"food_help_now", "money_on_hand", "papers-income"}
    assert not {"members", "which_utilities", "consent", "before"} & set(again)
    assert sign(draft, ana).programs[0][0] == "wy-snap"


def test_danger_is_asked_first_then_what_settles_help_within_seven_days(both, ana):
    seen = ids(walk(both, ana, SAID | {"heat_stopping": "yes"}))
    assert seen[:2] == ["heat_stopping", "heat_danger"]
    clocks = ["income", "renting", "rent_each_month", "money_on_hand"]
    first = {"heat_stopping", "heat_danger", "address", "members", *clocks}
    assert set(seen[: len(first)]) == first, seen
    facts = applications.Interview(applications.application_for(ana, both.id)).facts
    assert facts["heat_danger_to_life"] is False and facts["heat_emergency"] is True


SLUGS = ("wy-erap", "wy-lieap", "wy-snap")


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_answered_nothing_is_asked_twice_and_nothing_needed_is_left_out(
    home, ana, seed
):
    draw = random.Random(seed)
    draft = applications.begin(home, ana, draw.sample(SLUGS, draw.randint(1, 3)), "en")
    bank = programs.bank().values()
    said = {asked.id: drawn(asked, draw) for asked in bank}
    seen = walk(draft, ana, said)
    assert len(set(ids(seen))) == len(seen)
    interview = applications.Interview(applications.application_for(ana, draft.id))
    assert applications.progress(draft, interview).ready
    assert not programs.next_questions(interview.versions, interview.for_rules)
    for program in interview.versions:
        result = programs.evaluate(program, interview.for_rules)
        askable = {key for q in programs.questions_of(program) for key in q.facts}
        assert not askable.intersection(result.missing), (program.slug, seed)
    assert sign(draft, ana).reference == draft.reference


def drawn(asked, draw):
    """An answer by chance, of the question's kind."""
    match asked.kind:
        case "choice":
            return str(draw.choice(asked.choices)["value"])
        case "yes_no":
            return draw.choice(["yes", "no"])
        case "whole_number":
            return str(draw.randint(1, 4))
    return draw.choice(["0", "40", "650", "3900"])
