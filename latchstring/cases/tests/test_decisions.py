"""Two people decide, the database holds them apart, and nothing is decided in pieces."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from latchstring.cases import door as cases
from latchstring.cases.models import Decision
from latchstring.cases.tests import scene as scenes
from latchstring.funds import door as funds
from latchstring.insight.tests.rows import next_code
from latchstring.kernel import clock, events
from latchstring.kernel.errors import Invalid, NotAllowed, NotFound
from latchstring.kernel.ids import new_id
from latchstring.notices import door as notices
from latchstring.payments import door as payments
from latchstring.people import door as people


def test_opening_twice_is_opening_once(scene):
    given = {"agency": "nm-dfa", "county": scenes.COUNTY, "filed_at": clock.now()}
    application, version = new_id(), scene.open().version
    first = cases.open(application, scene.household.id, "nm-erap", version, **given)
    assert cases.open(application, scene.household.id, "nm-erap", version, **given) == first
    assert [e.type for e in events.of_subject(first.id)].count("case.opened.v1") == 1


def test_an_approval_promises_and_instructs_in_one_step(scene):
    decision = scene.prepared()
    assert [(x.line, x.amount_cents) for x in decision.lines.order_by("id")] == [
        ("rent", 200_000),
        ("future_rent", 100_000),
        ("utilities", 8_500),
    ]
    done = cases.approve(decision.id, scene.actor("alex"))
    case = cases.case_for(scene.ana, decision.case_id)
    assert (done.approved_by, case.stage, case.outcome) == (
        scene.actor("alex"),
        "payment",
        "approved",
    )
    assert sum(o.amount_cents for o in funds.obligations_of(case.id)) == 308_500
    # The landlord was named; nobody said whose utility bill it is, so that line waits for a name.
    assert sum(p.amount_cents for p in payments.of_case(case.id)) == 300_000
    assert next_code(case) == "ask_account"


def test_arrears_count_back_and_future_rent_forward_from_the_filing_month(scene):
    months = {x.line: x.months for x in scene.prepared().lines.all()}
    first = clock.today().replace(day=1)
    back = (first - timedelta(days=1)).replace(day=1)
    assert months["rent"][-1] == back.isoformat() and len(months["rent"]) == 2
    assert months["future_rent"] == [(first + timedelta(days=32)).replace(day=1).isoformat()]


def test_approving_again_changes_nothing(scene):
    decision = scene.prepared()
    cases.approve(decision.id, scene.actor("alex"))
    cases.approve(decision.id, scene.actor("alex"))
    assert len(funds.obligations_of(decision.case_id)) == 3
    assert len(payments.of_case(decision.case_id)) == 2


def test_the_preparer_cannot_approve(scene):
    decision = cases.prepare_approval(scene.open().id, scene.actor("both"))
    with pytest.raises(cases.SamePerson):
        cases.approve(decision.id, scene.actor("both"))
    assert funds.obligations_of(decision.case_id) == []


def test_the_database_refuses_one_person_too(scene):
    decision = scene.prepared()
    with pytest.raises(IntegrityError, match="cases_approver_is_another"), transaction.atomic():
        Decision.objects.filter(id=decision.id).update(approved_by=decision.prepared_by)


def test_a_caseworker_cannot_approve_and_an_approver_cannot_prepare(scene):
    decision = scene.prepared()
    with pytest.raises(NotAllowed):
        cases.approve(decision.id, scene.actor("casey"))
    with pytest.raises(NotAllowed):
        cases.prepare_approval(scene.open().id, scene.actor("alex"))


def test_a_machine_may_not_press_a_persons_button(scene):
    with pytest.raises(NotAllowed):
        cases.prepare_approval(scene.open().id, "policy:nm-erap@abc")


def test_another_state_does_not_learn_that_a_case_exists(scene):
    decision = scene.prepared()
    with pytest.raises(NotFound):
        cases.approve(decision.id, scene.actor("willa"))
    for who in ("willa", "elsewhere"):
        with pytest.raises(cases.NoSuchCase):
            cases.case_for(scene.staff[who], decision.case.reference)
    stranger = people.Account.objects.create_user("eve@example.org", "correct horse battery")
    with pytest.raises(cases.NoSuchCase):
        cases.case_for(stranger, decision.case_id)
    assert cases.case_for(scene.ana, decision.case.reference.lower()) == decision.case


def test_not_enough_money_shows_both_figures_and_changes_nothing(db):
    scene = scenes.build(money_cents=100_000)
    decision = scene.prepared()
    with pytest.raises(funds.NotEnoughMoney) as short:
        cases.approve(decision.id, scene.actor("alex"))
    assert (short.value.wanted_cents, short.value.left_cents) == (308_500, 100_000)
    decision.refresh_from_db()
    assert decision.approved_at is None and decision.case.stage == "approval"
    assert not [n for n in notices.of_case(decision.case_id) if n.kind == "approved"]
    assert "decision.approved.v1" not in [e.type for e in events.of_subject(decision.case_id)]


def test_the_same_month_is_not_helped_twice(scene):
    cases.approve(scene.prepared().id, scene.actor("alex"))
    second = scene.prepared()
    with pytest.raises(funds.AlreadyHelped):
        cases.approve(second.id, scene.actor("alex"))
    assert funds.obligations_of(second.case_id) == []


def test_our_own_records_count_the_months_helped_before(scene):
    cases.approve(scene.prepared().id, scene.actor("alex"))
    found = cases.determine(scene.open().id)
    assert cases.opened(found)["facts"]["months_assisted"]["value"] == 3


def test_facts_that_changed_after_preparing_stop_the_approval(scene):
    decision = scene.prepared()
    scene.state(months_behind=1)
    with pytest.raises(cases.FactsHaveChanged):
        cases.approve(decision.id, scene.actor("alex"))


def test_an_ineligible_household_cannot_be_prepared_for_approval(scene):
    scene.state(rents=False)
    with pytest.raises(cases.NotEligible):
        cases.prepare_approval(scene.open().id, scene.actor("casey"))


def test_a_second_decision_waits_for_the_first(scene):
    decision = scene.prepared()
    with pytest.raises(cases.AlreadyDecided):
        cases.prepare_approval(decision.case_id, scene.actor("casey"))
    with pytest.raises(IntegrityError, match="cases_one_open_decision"), transaction.atomic():
        Decision.objects.create(
            agency="nm-dfa",
            case=decision.case,
            determination=decision.determination,
            kind="approve",
            prepared_by="x",
            prepared_at=clock.now(),
        )


def test_sent_back_goes_to_review_with_the_reason(scene):
    decision = scene.prepared()
    with pytest.raises(Invalid):
        cases.send_back(decision.id, scene.actor("alex"), "  ")
    cases.send_back(decision.id, scene.actor("alex"), "The lease names another rent.")
    case = cases.case_for(scene.ana, decision.case_id)
    assert case.stage == "review"
    with pytest.raises(cases.AlreadyDecided):
        cases.approve(decision.id, scene.actor("alex"))
    assert cases.prepare_approval(case.id, scene.actor("casey")).id != decision.id


def test_a_denial_needs_reason_law_and_appeal(scene):
    scene.state(rents=False)
    case = scene.open()
    with pytest.raises(cases.IncompleteDenial) as wrong:
        cases.prepare_denial(case.id, scene.actor("casey"), " ", "", clock.today())
    assert set(wrong.value.fields) == {"reason", "legal_basis", "appeal_until"}


@pytest.mark.parametrize("left_out", ["reason", "legal_basis", "appeal_until"])
def test_the_database_refuses_an_incomplete_denial_too(scene, left_out):
    case = scene.open()
    whole = {
        "reason": "You do not pay rent.",
        "legal_basis": "15 U.S.C. 9058a",
        "appeal_until": clock.today() + timedelta(days=45),
    }
    whole[left_out] = None if left_out == "appeal_until" else ""
    with pytest.raises(IntegrityError, match="cases_denial_is_complete"), transaction.atomic():
        Decision.objects.create(
            agency="nm-dfa",
            case=case,
            determination=cases.determine(case.id),
            kind="deny",
            prepared_by="account:x",
            prepared_at=clock.now(),
            **whole,
        )


def test_a_denial_is_prefilled_from_the_failed_tests_and_dated_by_the_program(scene):
    scene.state(rents=False)
    case = scene.open()
    cases.determine(case.id)
    words = cases.denial_words(case)
    assert words["reason"].startswith("This help is for renters.")
    assert "15 U.S.C. 9058a(k)(3)(A)" in words["legal_basis"]
    decision = cases.prepare_denial(case.id, scene.actor("casey"), **words)
    assert decision.appeal_until == clock.today() + timedelta(days=45)
    cases.approve(decision.id, scene.actor("alex"))
    case.refresh_from_db()
    assert (case.stage, case.outcome) == ("closed", "denied")
    assert cases.status_of(case).by == decision.appeal_until


def test_a_decision_line_is_never_changed(scene):
    line = scene.prepared().lines.first()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_decisionline SET amount_cents = 1 WHERE id = %s", [line.id])
    line.refresh_from_db()
    assert line.amount_cents != 1


def test_withdrawing_closes_and_approval_no_longer_works(scene):
    decision = scene.prepared()
    cases.withdraw(decision.case_id, scene.ana.actor)
    cases.withdraw(decision.case_id, scene.ana.actor)
    with pytest.raises(cases.AlreadyDecided):
        cases.approve(decision.id, scene.actor("alex"))
    assert cases.case_for(scene.ana, decision.case_id).outcome == "withdrawn"


def test_a_promised_payment_cannot_be_withdrawn(scene):
    decision = scene.prepared()
    cases.approve(decision.id, scene.actor("alex"))
    with pytest.raises(cases.AlreadyDecided):
        cases.withdraw(decision.case_id, scene.ana.actor)


def test_a_case_is_assigned_to_a_caseworker_of_its_county_only(scene):
    case = scene.open()
    casey = people.staff_of(scene.staff["casey"])
    assert cases.assign(case.id, casey.id, scene.actor("casey")).assigned_to == casey.id
    for who in ("elsewhere", "willa", "dana"):
        with pytest.raises(Invalid):
            cases.assign(case.id, people.staff_of(scene.staff[who]).id, scene.actor("casey"))


def test_every_check_of_the_room_holds_after_all_this(scene):
    cases.approve(scene.prepared().id, scene.actor("alex"))
    scene.open()
    assert {name: list(check()) for name, check in cases.CHECKS.items() if list(check())} == {}
