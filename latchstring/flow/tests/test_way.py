"""The whole way of one application, and that no event is without its job."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection, transaction

import latchstring
from latchstring.applications import door as applications
from latchstring.audit import door as audit
from latchstring.cases import door as cases
from latchstring.cases.tests import scene as scenes
from latchstring.documents.models import Document
from latchstring.flow import door as flow
from latchstring.flow import due, jobs, sweep
from latchstring.flow.route import ROUTE
from latchstring.flow.tests.conftest import jobs as waiting
from latchstring.flow.tests.conftest import work
from latchstring.insight.tests.rows import next_code
from latchstring.kernel import clock, events
from latchstring.kernel.ids import new_id
from latchstring.notices import door as notices
from latchstring.payments import door as payments


def submitted(scene, application):
    flow.submit(application.id, "Ana Baca", "en", scene.ana.actor)
    return cases.cases_of_application(application.id)[0]


def test_submitting_opens_the_cases_and_wakes_their_jobs(scene, application):
    case = submitted(scene, application)
    assert (case.stage, case.county, case.language) == ("verifying", scenes.COUNTY, "en")
    assert case.unit and case.attested
    names = [name for name, _ in waiting()]
    assert {"make_form", "advance", "deliver_notice"} <= set(names)


def test_the_harm_ahead_sets_the_day(scene, application):
    case = submitted(scene, application)
    assert case.urgent_on is not None
    assert case.due_on <= case.urgent_on


def test_submitting_twice_is_one_receipt_and_one_case(scene, application):
    first = flow.submit(application.id, "Ana Baca", "en", scene.ana.actor)
    jobs_before = len(waiting())
    assert flow.submit(application.id, "Ana Baca", "en", scene.ana.actor) == first
    assert len(cases.cases_of_application(application.id)) == 1
    assert len(waiting()) == jobs_before


def test_a_submission_asks_the_database_no_more_than_it_must(
    scene, application, django_assert_max_num_queries
):
    with django_assert_max_num_queries(37):  # more is slower for everybody on a busy day
        submitted(scene, application)


def test_a_submission_that_fails_leaves_neither_change_nor_event_nor_job(
    scene, application, monkeypatch
):
    before = len(waiting())

    def broken(*args, **more):
        raise RuntimeError("killed here")

    monkeypatch.setattr("latchstring.cases.open.received", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        flow.submit(application.id, "Ana Baca", "en", scene.ana.actor)
    application.refresh_from_db()
    assert application.submitted_at is None
    assert cases.cases_of_application(application.id) == []
    assert events.of_subject(application.id)[-1].type != "application.submitted.v1"
    assert len(waiting()) == before


def test_an_event_and_its_job_share_one_transaction(scene):
    case = scene.open()
    before = len(waiting())
    with pytest.raises(RuntimeError), transaction.atomic():
        events.record("information.answered.v1", subject=case.id, agency="nm-dfa", actor="x")
        assert len(waiting()) == before + 1
        raise RuntimeError
    assert len(waiting()) == before
    assert "information.answered.v1" not in [e.type for e in events.of_subject(case.id)]


def test_from_signature_to_a_persons_desk_to_an_approval(scene, application):
    case = submitted(scene, application)
    work()
    case.refresh_from_db()
    assert case.stage == "review"
    assert [m.subject for m in mail.outbox] == [f"We have your application ({case.reference})"]
    decision = cases.prepare_approval(case.id, scene.actor("casey"))
    cases.approve(decision.id, scene.actor("alex"))
    work()
    assert "was approved" in mail.outbox[-1].subject
    assert {d.payee.kind for d in payments.of_case(case.id)} == {"landlord", "utility"}
    assert all(check() == [] for check in map(_listed, cases.CHECKS.values()))
    assert all(check() == [] for check in map(_listed, flow.CHECKS.values()))


def _listed(check):
    return lambda: list(check())


def test_every_step_twice_is_once(scene, application):
    """Each job is done two times over; nothing is there twice."""
    scene.authorise()
    case = submitted(scene, application)
    for _ in range(4):
        for name, given in waiting():
            getattr(jobs, name).defer(**given)
        work()
        for name, given in (("advance", {"case_id": str(case.id), "agency": "nm-dfa"}),):
            getattr(jobs, name).defer(**given)
    case.refresh_from_db()
    assert case.stage == "payment" and case.decisions.count() == 1
    kinds = [notice.kind for notice in notices.of_case(case.id)]
    assert sorted(kinds) == ["approved", "received"]
    assert len(mail.outbox) == 2
    assert len(payments.of_case(case.id)) == 3
    assert application.forms.count() == 1


def test_advancing_a_closed_case_changes_nothing(scene):
    case = scene.open()
    cases.withdraw(case.id, scene.ana.actor)
    before = [event.type for event in events.of_subject(case.id)]
    jobs.advance(str(case.id), "nm-dfa")
    assert [event.type for event in events.of_subject(case.id)] == before


def test_a_paper_of_the_kind_asked_for_answers_the_request(scene):
    case = scene.open()
    jobs.advance(str(case.id), "nm-dfa")
    day = clock.today() + timedelta(days=14)
    asked = cases.request_information(
        case.id, "pay_stub", "The last two months, please.", scene.actor("casey"), day
    )
    case.refresh_from_db()
    assert case.stage == "review"
    assert next_code(case) == "wait_for_resident"
    told = cases.status_of(case, "es")
    assert told.code == "request" and "Talón de pago" in told.happened and told.by == day
    Document.objects.create(
        agency="nm-dfa",
        household=scene.household.id,
        kind="pay_stub",
        given_at=clock.now(),
        given_by=scene.ana.actor,
    )
    jobs.advance(str(case.id), "nm-dfa")
    asked.refresh_from_db()
    assert asked.answered_at is not None


def test_a_request_that_was_not_answered_in_time_denies_nobody(scene):
    scene.authorise()
    case = scene.open()
    jobs.advance(str(case.id), "nm-dfa")
    day = clock.today() + timedelta(days=3)
    cases.request_information(case.id, "pay_stub", "Please.", scene.actor("casey"), day)
    clock.turn(timedelta(days=30))
    jobs.advance(str(case.id), "nm-dfa")
    case.refresh_from_db()
    assert case.stage == "review" and not case.decisions.exists()
    assert next_code(case) == "call_resident"
    assert [row["id"] for row in cases.requests_overdue()] == [case.id]


def test_timers_fire_when_business_time_has_come_and_once(scene):
    subject = uuid.UUID(str(new_id()))
    at = clock.now() + timedelta(days=2)
    for _ in range(2):
        due.set_timer("advance", subject, "nm-dfa", at)
    fired = []
    assert due.fire(lambda *given: fired.append(given)) == 0
    clock.turn(timedelta(days=3))
    assert due.fire(lambda *given: fired.append(given)) == 1
    assert due.fire(lambda *given: fired.append(given)) == 0
    assert fired == [("advance", subject, "nm-dfa")]


def test_the_tick_wakes_the_case_whose_timer_is_due_and_links_the_trail(scene):
    decision = scene.prepared()  # writes to the trail
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    due.set_timer("advance", decision.case_id, "nm-dfa", clock.now() + timedelta(hours=1))
    jobs.tick(0)
    assert waiting() == []
    clock.turn(timedelta(hours=2))
    assert len(flow.CHECKS["I9 no timer is late"]()) == 1
    jobs.tick(0)
    assert waiting() == [("advance", {"case_id": str(decision.case_id), "agency": "nm-dfa"})]
    walk = audit.verify()
    assert walk.links > 0 and walk.waiting == 0 and walk.faults == []


def test_the_sweep_finds_work_of_any_age_that_lost_its_job(scene):
    case = scene.open()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    clock.turn(timedelta(days=400))
    found = {(s.kind, s.id) for s in sweep.stuck()}
    assert ("case", case.id) in found and "delivery" in {kind for kind, _ in found}
    jobs.sweep_stuck(0)
    assert {name for name, _ in waiting()} >= {"advance", "deliver_notice"}
    before = len(waiting())
    jobs.sweep_stuck(0)
    assert len(waiting()) == before  # what has its job is left alone
    work()
    assert list(sweep.stuck()) == []


def test_nothing_is_found_in_good_order(scene, application):
    submitted(scene, application)
    work()
    assert list(sweep.stuck()) == [] and sweep.forms_missing() == []


def test_a_job_sees_only_its_agencys_rows(scene):
    case = scene.open()
    with pytest.raises(cases.NoSuchCase):
        jobs.advance(str(case.id), "wy-dfs")


def test_every_routed_event_is_recorded_somewhere():
    """A step wired to an event that nobody writes would never run."""
    root = Path(latchstring.__file__).parent
    source = "".join(p.read_text() for p in root.rglob("*.py") if "flow" not in p.parts)
    for kind in ROUTE:
        name = kind.removesuffix(".v1")
        assert f'"{kind}"' in source or f'"{name}"' in source, kind


def test_the_form_is_kept_once_signed(scene, application):
    submitted(scene, application)
    work()
    assert applications.form_bytes(application, "nm-erap", "en").startswith(b"%PDF")
