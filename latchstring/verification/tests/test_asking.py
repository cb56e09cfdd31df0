"""Other agencies are asked under agreement and consent, again and again without harm."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from latchstring.cases import door as cases
from latchstring.insight.tests.rows import next_code
from latchstring.kernel import clock
from latchstring.kernel.errors import Invalid, NotAllowed
from latchstring.kernel.ids import new_id
from latchstring.partners import door as partners
from latchstring.people import door as people
from latchstring.verification import breaker, call
from latchstring.verification import door as verification
from latchstring.verification.answers import read
from latchstring.verification.ask import wait_after
from latchstring.verification.call import PATHS
from latchstring.verification.models import Check, Exchange
from latchstring.verification.tests.conftest import SNAP


def asked(case):
    """Do what the job does up to the answers."""
    for check in cases.want_checks(case.id):
        verification.ask(check.id)
    return {check.operation: check for check in verification.of_case(case.id)}


def test_answers_become_facts_with_evidence_beside_what_was_stated(scene):
    checks = asked(scene.open())
    assert {op: c.outcome for op, c in checks.items()} == {
        "tax.income": "matched",
        "human_services.enrolments": "matched",
    }
    income = people.facts(scene.household)["annual_income"]
    assert (income.value, income.source) == (Decimal("20500.00"), "verified:tax")
    assert income.evidence.reference == str(checks["tax.income"].id)
    sources = [f.source for f in people.all_facts(scene.household, "annual_income")]
    assert sources == ["stated", "verified:tax", "verified:tax"]  # one adult's, the household's


BENEFITS = SNAP | {"program": "unemployment", "status": "closed", "expires_on": "2026-06-30"}


@pytest.mark.parametrize(("known", "verified"), [([SNAP, BENEFITS], True), ([SNAP], False)])
def test_who_says_they_got_unemployment_benefits_is_asked_about_and_a_yes_is_verified(
    scene, agencies, known, verified
):
    agencies["human_services"].knows(household_size=2, enrolments=known)
    scene.state(unemployment_benefits=True, financial_hardship=False)
    case = scene.open()
    checks = asked(case)
    assert set(checks) == set(PATHS)
    assert verification.content_of(checks["human_services.unemployment"]) == {
        "enrolments": [{k: v for k, v in BENEFITS.items() if k != "household_size"}] * verified
    }
    said = people.facts(scene.household)["unemployment_benefits"]
    assert said.value is True and (said.source == "verified:human_services") is verified
    assert len(people.facts(scene.household)["enrolments"].value) == len(known)


def test_who_says_they_got_none_is_not_asked_about(scene):
    assert "human_services.unemployment" not in asked(scene.open())


def test_both_answers_let_policy_decide_at_once(scene):
    scene.authorise()
    case = scene.open()
    asked(case)
    assert cases.consider(case.id).stage == "payment"


def test_asking_again_neither_calls_nor_records_again(scene, agencies):
    case = scene.open()
    first = asked(case)
    again = asked(case)
    assert {c.id for c in first.values()} == {c.id for c in again.values()}
    assert Exchange.objects.count() == 2
    key = first["tax.income"].request_key
    assert agencies["tax"].asked()[key] == 1


def test_a_worker_that_died_after_the_answer_asks_again_under_the_same_key(scene, agencies):
    case = scene.open()
    check = asked(case)["tax.income"]
    # As if the process had been killed before it could record what it heard.
    Check.objects.filter(id=check.id).update(
        answered_at=None, outcome="", answer_sealed=None, next_try_at=clock.now()
    )
    before = people.facts(scene.household)["annual_income"].value
    verification.ask(check.id)
    assert agencies["tax"].asked()[check.request_key] == 2
    assert people.facts(scene.household)["annual_income"].value == before


@pytest.mark.parametrize(
    ("mode", "status"),
    [
        ("down", "unreachable"),
        ("garbage", "garbled"),
        ("wrong_schema", "wrong_schema"),
    ],
)
def test_trouble_is_written_down_and_the_case_waits(scene, agencies, mode, status):
    scene.authorise()
    agencies["tax"].behave(mode=mode)
    agencies["human_services"].behave(mode=mode)
    case = scene.open()
    checks = asked(case)
    assert all(c.answered_at is None and c.next_try_at > clock.now() for c in checks.values())
    assert {e.status for e in Exchange.objects.all()} == {status}
    case = cases.consider(case.id)
    assert case.stage == "verifying" and not case.decisions.exists()
    assert next_code(case) == "wait_for_agency"
    told = cases.status_of(case, "en")
    assert told.code == "agency_down" and "do not need to do anything" in told.next
    assert any("no respondió" in entry.es for entry in cases.timeline(case))


def test_an_agency_that_is_slow_times_out_and_is_asked_again_later(scene, agencies, monkeypatch):
    monkeypatch.setattr(call, "TIMEOUT_SECONDS", 0.3)
    agencies["tax"].behave(mode="slow", delay_ms=2_000, times=1)
    checks = asked(scene.open())
    assert checks["tax.income"].answered_at is None
    assert "timeout" in {e.status for e in Exchange.objects.all()}


def test_the_case_goes_on_when_the_agency_is_back(scene, agencies):
    scene.authorise()
    agencies["tax"].behave(mode="down")
    agencies["human_services"].behave(mode="down")
    case = scene.open()
    asked(case)
    agencies["tax"].behave(mode="ok")
    agencies["human_services"].behave(mode="ok")
    asked(case)  # not due yet: nobody is called
    assert cases.consider(case.id).stage == "verifying"
    clock.turn(timedelta(minutes=1))
    asked(case)
    assert cases.consider(case.id).stage == "payment"


def test_one_agency_down_does_not_block_what_the_other_proves(scene, agencies):
    scene.authorise()
    agencies["tax"].behave(mode="down")
    case = scene.open()
    asked(case)
    assert cases.consider(case.id).stage == "payment"


def test_an_answer_given_twice_is_one_answer(scene, agencies):
    agencies["tax"].behave(mode="duplicate")
    assert asked(scene.open())["tax.income"].outcome == "matched"


def test_waits_grow_and_stay_bounded():
    waits = [wait_after(n).total_seconds() for n in (1, 2, 3, 7, 50)]
    assert waits == [15, 30, 60, 900, 900]


def test_after_failures_in_a_row_nobody_calls_until_the_pause_is_over(scene, agencies):
    agencies["tax"].behave(mode="down")
    check = asked(scene.open())["tax.income"]
    for _ in range(breaker.FAILURES_MAX - 1):
        Check.objects.filter(id=check.id).update(next_try_at=clock.now())
        verification.ask(check.id)
    calls = Exchange.objects.filter(check_asked=check).count()
    assert "tax" in verification.breakers()
    Check.objects.filter(id=check.id).update(next_try_at=clock.now())
    check = verification.ask(check.id)
    assert Exchange.objects.filter(check_asked=check).count() == calls
    assert check.next_try_at > clock.now()
    breaker.note("tax", worked=True)
    assert verification.breakers() == {}


def test_without_agreement_or_consent_nobody_is_asked(scene, agencies):
    partners.withdraw_consent(scene.household.id, "tax", scene.ana.actor)
    assert set(asked(scene.open())) == {"human_services.enrolments"}
    assert not any(c.source == "tax" for c in Check.objects.all())


def test_consent_withdrawn_meanwhile_stops_the_question(scene, agencies):
    case = scene.open()
    wanted = cases.want_checks(case.id)
    partners.withdraw_consent(scene.household.id, "tax", scene.ana.actor)
    check = next(c for c in wanted if c.source == "tax")
    assert verification.ask(check.id).given_up_at is not None
    assert not Exchange.objects.filter(check_asked=check).exists()


def test_a_document_says_about_whom_a_source_is_asked(scene):
    head, adult, child = (new_id() for _ in range(3))
    about = {
        "household": [head],
        "each_adult": [head, adult],
        "each_member": [head, adult, child],
    }
    for word, people_asked in [*about.items(), ("", [head])]:
        check = {"id": "tax.income", "agency": "tax"} | ({"about": word} if word else {})
        wanted = verification.want(
            new_id(), scene.household.id, agency="nm-dfa", checks=[check], about=about
        )
        assert [one.person for one in wanted] == people_asked, word


def test_a_source_that_is_not_connected_is_not_asked(scene, settings):
    settings.SOURCES = {"tax": {"url": ""}, "human_services": {"url": ""}}
    case = scene.open()
    assert cases.want_checks(case.id) == []
    assert cases.consider(case.id).stage == "review"


def test_someone_the_agency_does_not_know_proves_nothing_and_goes_to_a_person(scene, agencies):
    scene.authorise()
    people.change_member(
        scene.household,
        people.members(scene.household)[0].person_id,
        {"first_name": "Unknown", "last_name": "Nobody", "birth_date": "1970-01-01", "ssn": ""},
        "x",
    )
    case = scene.open()
    checks = asked(case)
    assert {c.outcome for c in checks.values()} == {"not_matched"}
    assert cases.consider(case.id).stage == "review"


def test_a_caseworker_goes_on_without_an_agency_and_says_why(scene, agencies):
    agencies["tax"].behave(mode="down")
    agencies["human_services"].behave(mode="down")
    case = scene.open()
    checks = asked(case)
    with pytest.raises(NotAllowed):
        cases.go_on_without(checks["tax.income"].id, scene.actor("alex"), "x")
    with pytest.raises(Invalid):
        cases.go_on_without(checks["tax.income"].id, scene.actor("casey"), " ")
    for check in checks.values():
        cases.go_on_without(check.id, scene.actor("casey"), "Pay stubs show the income.")
    assert cases.consider(case.id).stage == "review"
    assert not case.decisions.exists()
    assert cases.prepare_approval(case.id, scene.actor("casey")).kind == "approve"


def test_nobody_is_denied_while_an_agencys_answer_is_open(scene, agencies):
    scene.state(rents=False)
    agencies["tax"].behave(mode="down")
    case = scene.open()
    check = asked(case)["tax.income"]
    cases.determine(case.id)
    words = cases.denial_words(case)
    with pytest.raises(cases.StillWaiting):
        cases.prepare_denial(case.id, scene.actor("casey"), **words)
    cases.go_on_without(check.id, scene.actor("casey"), "The lease is enough.")
    assert cases.prepare_denial(case.id, scene.actor("casey"), **words).kind == "deny"


def test_an_answer_to_another_question_is_no_answer(scene):
    raw = {"request_key": "other", "matched": "yes", "tax_year": 2025, "annual_income": "1.00"}
    with pytest.raises(verification.SourceTrouble):
        read("tax.income", "mine", raw)
    for wrong in ({"annual_income": 1.5}, {"annual_income": "-5.00"}, {"tax_year": "2025"}):
        with pytest.raises(verification.SourceTrouble):
            read("tax.income", "other", raw | wrong)


def test_no_call_is_made_inside_a_transaction(scene, monkeypatch):
    """`ask` leaves the database alone between its question and its answer."""
    seen = []
    real = call.call

    def watched(*given):
        seen.append(list(connection.savepoint_ids))
        return real(*given)

    monkeypatch.setattr("latchstring.verification.ask.call", watched)
    asked(scene.open())
    assert seen == [[], []]  # the test's own transaction is the only one open
