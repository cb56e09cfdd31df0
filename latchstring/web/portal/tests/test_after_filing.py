"""Filed with name, address and signature, an application is answered on: for the same case."""

import pytest

from latchstring.applications import door as applications
from latchstring.applications.checks import answers_changed
from latchstring.applications.models import Signature, UnitMember
from latchstring.applications.tests.conftest import ANA
from latchstring.applications.tests.test_heat_and_food import walk
from latchstring.cases import door as cases
from latchstring.cases.models import Case
from latchstring.flow import jobs
from latchstring.flow.tests.test_file_now import HOME, send
from latchstring.kernel import events
from latchstring.people import door as people
from latchstring.web.portal.tests.test_front_door import run_jobs


@pytest.fixture
def draft(ana):
    home = people.make_household("wy-dfs", ana, identity=ANA)
    return applications.begin(home, ana, ["wy-snap"], "en")


@pytest.fixture
def filed(draft, ana):
    """Food help, filed early: its case has been looked at once, and little is known."""
    applications.answer(draft, "address", HOME, ana.actor)
    found = applications.application_by_id(send(draft, ana).application)
    case = Case.objects.get()
    jobs.advance(str(case.id), case.agency)
    case.refresh_from_db()
    assert case.stage == "review"
    assert cases.determination_of(case).outcome == "unknown"
    return found


def again(filed):
    return applications.application_by_id(filed.id)


def page_of(filed, step="", prefix=""):
    return f"{prefix}/wy/applications/{filed.reference}/{step}"


def test_what_is_answered_on_reaches_the_case_and_it_is_determined_anew(filed, ana):
    before, case = Signature.objects.get().answers_sha256, Case.objects.get()
    asked = walk(filed, ana)
    assert {"income", "members", "money_on_hand", "consent"} <= {step.id for step in asked}
    assert applications.next_question(again(filed)) is None
    run_jobs("take_answers")
    run_jobs("advance")
    case.refresh_from_db()
    determined = cases.determination_of(case)
    assert determined.run > 1 and determined.outcome == "eligible"
    # The children whom she told of are in the unit, and what she stated counts as attested.
    household = people.household_by_id(filed.household)
    everyone = {str(member.person_id) for member in people.members(household)}
    assert len(everyone) == 3 and set(case.unit) == everyone
    assert UnitMember.objects.count() == 3
    assert case.attested and set(case.attested) == set(again(filed).attested)
    key = case.attested[0]
    assert people.facts(household)[key].source == "attested"
    # What she signed stays what she signed, and there is one case as before.
    assert Signature.objects.get().answers_sha256 == before and not answers_changed()
    assert Case.objects.count() == 1


def test_what_was_signed_is_not_changed_and_what_was_told_since_is(filed, ana):
    other = HOME | {"street": "9 Oak St"}
    with pytest.raises(applications.AlreadySubmitted):
        applications.answer(again(filed), "address", other, ana.actor)
    applications.answer(again(filed), "members", {}, ana.actor)
    applications.answer(again(filed), "income", {}, ana.actor)
    step = applications.next_question(again(filed))
    applications.answer(again(filed), "renting", {"renting": "yes"}, ana.actor)
    applications.answer(again(filed), "rent_each_month", {"rent_each_month": "700"}, ana.actor)
    applications.answer(again(filed), "rent_each_month", {"rent_each_month": "800"}, ana.actor)
    assert step is not None
    assert people.facts(people.household_by_id(filed.household))["monthly_rent"].value == 800
    told = [e for e in events.of_subject(filed.id) if e.type == "application.answered.v1"]
    assert [e.payload["page"] for e in told][-2:] == ["rent_each_month", "rent_each_month"]


def test_a_page_that_an_answer_brought_can_be_corrected_too(filed, ana):
    filed.asked_later = ["members"]  # as if an answer given since had brought the others
    filed.save()
    for said in ("yes", "no"):
        applications.answer(again(filed), "renting", {"renting": said}, ana.actor)
    assert people.facts(people.household_by_id(filed.household))["rents"].value is False


def test_an_application_that_was_whole_stays_as_it_was_signed(draft, ana):
    applications.answer(draft, "address", HOME, ana.actor)
    walk(draft, ana)
    signed = applications.sign_and_submit(draft.id, "Ana Baca", "en", ana.actor)
    found = applications.application_by_id(signed.application)
    assert found.asked_later == []
    with pytest.raises(applications.AlreadySubmitted):
        applications.answer(found, "members", {}, ana.actor)
    head = applications.Interview(found).members[0].person_id
    job = {"kind": "job", "amount": "90", "period": "monthly"}
    with pytest.raises(applications.AlreadySubmitted):
        applications.keep_income(found, head, None, job, ana.actor)


def test_agencies_are_asked_when_leave_to_ask_comes_after_filing(filed, ana, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "latchstring.cases.advance.verification.want", lambda *a, **k: asked.append(a)
    )
    cases.want_checks(Case.objects.get().id)
    assert asked


def test_the_status_says_how_many_questions_are_left_and_leads_to_them(filed, browser):
    said = browser.get(page_of(filed, "status/"))
    left = said.context["left"]
    assert left > 10
    assert f"Your application is filed. {left} questions left help us decide faster." in (
        said.content.decode()
    )
    assert (
        "decide faster"
        not in browser.get(page_of(filed, "status/"), HTTP_HX_REQUEST="true").content.decode()
    )  # what comes again and again is small
    overview = browser.get(page_of(filed))
    assert overview.status_code == 200 and b"It is filed." in overview.content
    assert b"Send it now" not in overview.content
    page = browser.post(page_of(filed, "members/"), {})
    assert page.url.endswith("/income/")
    assert browser.get(page_of(filed, "status/")).context["left"] == left - 1
    # A page that was signed is not opened again.
    assert browser.get(page_of(filed, "address/")).url == page_of(filed)
    assert browser.get(page_of(filed, "review/")).url == page_of(filed, "status/")
    spanish = browser.get(page_of(filed, "status/", "/es")).content.decode()
    assert f"Quedan {left - 1} preguntas" in spanish


def test_answered_to_the_end_nothing_is_left_and_the_way_leads_back(filed, browser, ana):
    walk(filed, ana)
    assert browser.get(page_of(filed, "status/")).context["left"] == 0
    overview = browser.get(page_of(filed))
    assert b"See how it stands" in overview.content and b"Review and sign" not in overview.content


@pytest.mark.parametrize("stage", ["approval", "payment"])
def test_once_a_decision_is_made_nothing_more_is_asked(filed, browser, stage):
    Case.objects.update(stage=stage)
    assert browser.get(page_of(filed)).url == page_of(filed, "status/")
    assert browser.post(page_of(filed, "members/"), {}).url == page_of(filed, "status/")
    assert b"decide faster" not in browser.get(page_of(filed, "status/")).content
