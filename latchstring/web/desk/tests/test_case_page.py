"""The caseworker's pages: the queue, the case, and what each button does or refuses."""

from datetime import timedelta
from decimal import Decimal

import pytest

from latchstring.audit import door as audit
from latchstring.cases import door as cases
from latchstring.documents import door as documents
from latchstring.kernel import clock
from latchstring.people import door as people
from latchstring.verification import door as verification

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(scene):
    """A case that the rules find eligible, under review."""
    found = scene.open()
    cases.determine(found.id)
    cases.Case.objects.filter(id=found.id).update(stage="review")
    found.refresh_from_db()
    return found


def url(case, tail=""):
    return f"/desk/cases/{case.reference}/{tail}"


def test_the_queue_says_the_next_step_and_why(as_, case, words):
    page = words(as_("casey").get("/desk/cases/"))
    assert case.reference in page
    assert "Prepare the approval" in page and "every rule is met" in page
    assert "Santa Fe" in page


def test_a_hearing_comes_before_an_earlier_due_day(as_, scene, case):
    scene.state(court_date=clock.today() + timedelta(days=9))
    urgent = scene.open()
    cases.Case.objects.filter(id=case.id).update(due_at=clock.now() - timedelta(days=3))
    page = as_("casey").get("/desk/cases/").content.decode()
    assert page.index(urgent.reference) < page.index(case.reference)


@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        ("stage=review", True),
        ("stage=payment", False),
        ("county=35049", True),
        ("county=35001", False),
        ("program=nm-erap", True),
        ("mine=1", False),
        ("q=NM-00000-00000", False),
        ("page=junk", True),
        ("stage=junk", True),
    ],
)
def test_the_queue_is_narrowed(as_, case, filters, shown):
    page = as_("casey").get(f"/desk/cases/?{filters}").content.decode()
    assert (case.reference in page) is shown


def test_the_queue_turns_pages(as_, scene):
    opened = [scene.open().reference for _ in range(27)]
    first = as_("casey").get("/desk/cases/").content.decode()
    second = as_("casey").get("/desk/cases/?page=2").content.decode()
    assert sum(reference in first for reference in opened) == 25
    assert sum(reference in second for reference in opened) == 2


def test_the_queue_asks_the_database_as_often_for_thirty_cases_as_for_one(
    as_, scene, django_assert_max_num_queries
):
    for _ in range(25):
        scene.open()
    client = as_("casey")
    with django_assert_max_num_queries(25):
        assert client.get("/desk/cases/").status_code == 200


def test_the_case_page_shows_rules_numbers_people_and_money(as_, scene, case, words):
    head = people.members(scene.household)[0].person_id
    tips = Decimal(2700)
    people.add_income(scene.household, head, "job", tips, "varies", "x", "Cafe", over_months=3)
    leo = {"subject": people.members(scene.household)[1].person_id, "subject_kind": "member"}
    people.state_facts(scene.household, {"buys_food_together": False}, actor="x", **leo)
    response = as_("casey").get(url(case))
    page = words(response)
    assert response.status_code == 200
    for told in (
        "Ana Baca",
        "Leo Baca",
        "12 Luna Ln",
        ", buys food apart</dd>",
        "Ana Baca: A job, Cafe<br>$2,700.00 over 3 months ÷ 3 = $900.00 a month",
        "$10,800.00 a year ÷ 12 = $900.00 a month",
        "Your household income is within the limit",
        "Treasury ERA FAQ 4",
        "2 months × $1,000.00 = $2,000.00",
        "Prepare the approval of $3,085.00",
        "Application received",
    ):
        assert told in page, told
    assert len(response.content) <= 60_000


def test_looking_is_written_down_with_its_purpose(as_, case):
    as_("casey").get(url(case))
    seen = [entry for entry in audit.looks_at(case.household) if entry.action == "case.seen"]
    assert [(entry.purpose, entry.object_id) for entry in seen] == [("eligibility", str(case.id))]


@pytest.mark.parametrize("who", ["willa", "elsewhere"])
def test_staff_of_another_agency_or_county_find_nothing(as_, case, who):
    client = as_(who)
    assert client.get(url(case)).status_code == 404
    assert case.reference not in client.get("/desk/cases/").content.decode()
    for button in ("assign/", "ask/", "prepare-approval/", "prepare-denial/", "note/"):
        assert client.post(url(case, button)).status_code == 404


def test_the_resident_finds_no_desk(as_, case):
    client = as_("ana")
    assert client.get(url(case)).status_code == 403
    assert client.get("/desk/cases/").status_code == 403


def test_an_approver_reads_but_does_not_work_the_case(as_, case):
    client = as_("alex")
    assert client.get(url(case)).status_code == 200
    assert client.post(url(case, "prepare-approval/")).status_code == 403
    assert client.post(url(case, "ask/")).status_code == 403


def test_take_the_case(as_, scene, case, words):
    page = words(as_("casey").post(url(case, "assign/"), follow=True))
    assert "This case is yours." in page and "with Casey" in page


def test_prepare_the_approval_with_the_amounts_computed(as_, case, words):
    page = words(as_("casey").post(url(case, "prepare-approval/"), follow=True))
    assert "Waits for a second person." in page
    decision = cases.decision_of(case)
    assert {line.amount_cents for line in decision.lines.all()} == {200_000, 100_000, 8_500}
    again = as_("casey").post(url(case, "prepare-approval/"))
    assert again.status_code == 409
    assert "waiting for approval already" in again.content.decode()
    assert case.decisions.count() == 1


def test_a_denial_without_law_or_appeal_is_not_saved_and_the_words_stay(as_, case, words):
    response = as_("casey").post(
        url(case, "prepare-denial/"),
        {"reason": "The lease is of another person.", "legal_basis": "", "appeal_until": ""},
    )
    page = words(response)
    assert response.status_code == 422
    assert "A denial needs its legal basis" in page
    assert "cannot go out without appeal rights" in page
    assert "The lease is of another person." in page
    assert case.decisions.count() == 0


def test_a_denial_with_a_day_in_the_past_is_refused_by_the_verb_in_place(as_, case, words):
    response = as_("casey").post(
        url(case, "prepare-denial/"),
        {"reason": "Why.", "legal_basis": "FAQ 4", "appeal_until": clock.today().isoformat()},
    )
    assert response.status_code == 422
    assert "it must be after today" in words(response)


def test_a_complete_denial_goes_to_a_second_person(as_, case, words):
    response = as_("casey").post(
        url(case, "prepare-denial/"),
        {
            "reason": "Income is above the limit.",
            "legal_basis": "15 U.S.C. 9058a(k)(3)(C)",
            "appeal_until": (clock.today() + timedelta(days=45)).isoformat(),
        },
        follow=True,
    )
    assert "Waits for a second person." in words(response)
    assert cases.decision_of(case).kind == "deny"


def test_the_denial_form_starts_with_the_failed_rule_and_the_appeal_day(as_, scene, case, words):
    scene.state(annual_income=90_000, monthly_income=9_000)
    cases.determine(case.id)
    page = words(as_("casey").get(url(case)))
    assert "above the limit" in page.partition('name="reason"')[2][:400]
    assert (clock.today() + timedelta(days=45)).isoformat() in page


def test_ask_the_resident_in_own_words(as_, case, words):
    given = {
        "what": "pay_stub",
        "words": "One recent pay stub is enough.",
        "answer_by": (clock.today() + timedelta(days=10)).isoformat(),
    }
    page = words(as_("casey").post(url(case, "ask/"), given, follow=True))
    assert "One recent pay stub is enough." in page and "Pay stub" in page
    refused = as_("casey").post(url(case, "ask/"), given | {"answer_by": "2020-01-01"})
    assert refused.status_code == 422
    assert "Choose a day after today." in words(refused)
    assert refused.content.decode().count("One recent pay stub is enough.") >= 2
    request = cases.open_requests(case)[0]
    as_("casey").post(url(case, f"requests/{request.id}/cancel/"))
    assert cases.open_requests(case) == []


def test_a_note_is_kept_and_an_empty_one_is_not(as_, case, words):
    page = words(
        as_("casey").post(url(case, "note/"), {"words": "Called; no answer."}, follow=True)
    )
    assert "Called; no answer." in page
    assert as_("casey").post(url(case, "note/"), {"words": " "}).status_code == 422


def test_a_paper_is_accepted_or_refused_with_a_reason(as_, scene, case, words):
    paper = documents.Document.objects.create(
        agency="nm-dfa",
        household=scene.household.id,
        kind="lease",
        given_at=clock.now(),
        given_by=scene.ana.actor,
    )
    assert "Not looked at" in words(as_("casey").get(url(case)))
    assert "Look at 1 paper" in words(as_("casey").get("/desk/cases/"))
    page = words(as_("casey").post(url(case, f"papers/{paper.id}/accept/"), follow=True))
    assert "Accepted." in page
    silent = as_("casey").post(url(case, f"papers/{paper.id}/refuse/"), {"reason": ""})
    assert silent.status_code == 422
    assert "Please say why" in words(silent)
    as_("casey").post(url(case, f"papers/{paper.id}/refuse/"), {"reason": "It is cut off."})
    paper.refresh_from_db()
    assert paper.refused_reason == "It is cut off."


def test_a_paper_of_another_household_is_not_there(as_, scene, case):
    paper = documents.Document.objects.create(
        agency="nm-dfa",
        household=case.id,
        kind="lease",
        given_at=clock.now(),
        given_by=scene.ana.actor,
    )
    assert as_("casey").post(url(case, f"papers/{paper.id}/accept/")).status_code == 404
    assert as_("casey").get(url(case, f"pages/{paper.id}/1/")).status_code == 404


def test_an_agency_that_does_not_answer_is_told_and_can_be_left(as_, scene, case, words):
    person = cases.Case.objects.get(id=case.id).unit[0]
    check = verification.Check.objects.create(
        agency="nm-dfa",
        case=case.id,
        household=scene.household.id,
        person=person,
        source="human_services",
        operation="human_services.enrolments",
        request_key="k1",
        wanted_at=clock.now(),
        next_try_at=clock.now() + timedelta(minutes=5),
        attempts=3,
    )
    page = words(as_("casey").get(url(case)))
    assert "has not answered; tried 3 times; next at" in page
    assert "did not answer, tried 3 times" in words(as_("casey").get("/desk/cases/"))
    silent = as_("casey").post(url(case, f"checks/{check.id}/go-on/"), {"reason": ""})
    assert silent.status_code == 422
    page = words(
        as_("casey").post(
            url(case, f"checks/{check.id}/go-on/"), {"reason": "Award letter."}, follow=True
        )
    )
    assert "gone on without it since" in page
    assert as_("casey").post(url(case, f"checks/{case.id}/go-on/")).status_code == 404


def test_get_changes_nothing(as_, case):
    for button in ("assign/", "ask/", "prepare-approval/", "prepare-denial/", "note/"):
        assert as_("casey").get(url(case, button)).status_code == 405
