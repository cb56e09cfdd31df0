"""Every way in which work can stand still is named: to a person by the desk, or to the sweeper."""

import json
import uuid

import pytest
from django.db import connection

from latchstring.cases import door as cases
from latchstring.flow import jobs, sweep
from latchstring.flow.tests.conftest import jobs as waiting
from latchstring.flow.tests.conftest import work
from latchstring.insight import door as insight
from latchstring.kernel import scope
from latchstring.notices import door as notices
from latchstring.tests.plants import CHECK, ISSUED, ROLE, UPLOAD, _line

ASKED = "id = %(case_asked)s"
BATCH = "id = %(batch)s"
JOB = """INSERT INTO procrastinate_jobs (queue_name, task_name, status, args)
VALUES ('cases', 'advance', '{status}', jsonb_build_object('agency', 'nm-dfa', 'case_id',
        %(case_asked)s::uuid::text))"""
JOB_SINCE = """INSERT INTO procrastinate_events (job_id, type, at)
SELECT max(id), 'deferred', now() - interval '1 hour' FROM procrastinate_jobs"""
REPORT = """INSERT INTO payments_bankreport (id, agency, trace, kind, code, amount_cents, "on",
source, received_at) VALUES (gen_random_uuid(), 'unknown', '999', 'settled', '', 5, now(), 'x',
        now())"""
OLD = "now() - interval '9 days'"


def batch(**dates):
    """The batch in another state: the dates named are set, those that follow are empty."""
    given = {
        "sealed_at": "sealed_at",
        "released_at": "released_at",
        "handed_over_at": "NULL",
        "in_doubt_at": "NULL",
        "refused_at": "NULL",
    } | dates
    changes = ", ".join(f"{name} = {value}" for name, value in given.items())
    return f"UPDATE payments_batch SET {changes} WHERE {BATCH}"


# kind -> (the statements that make it, the other kinds that are true of the same thing)
STILL = {
    "case_late": (f"UPDATE cases_case SET due_at = {OLD} WHERE {ASKED}",),
    "case_due_soon": (
        "UPDATE cases_case SET urgent_on = current_date + 1, alert_at = now() - interval '1 hour', "
        f"due_at = now() + interval '1 day' WHERE {ASKED}",
    ),
    "card_refused": (ISSUED.format(issued="NULL"),),
    "case_nobody_owns": (f"UPDATE cases_case SET filed_at = {OLD} WHERE {ASKED}",),
    "case_owner_gone": (f"UPDATE cases_case SET assigned_to = gen_random_uuid() WHERE {ASKED}",),
    "case_out_of_reach": (
        "UPDATE people_rolegrant SET counties = '[\"35001\"]' WHERE role = 'caseworker'",
    ),
    "case_no_decision": (
        f"UPDATE cases_decision SET returned_at = {OLD} WHERE case_id = %(case_prepared)s",
    ),
    "case_no_promise": (f"UPDATE cases_case SET outcome = 'approved' WHERE {ASKED}",),
    "decision_waits": (
        f"UPDATE cases_decision SET prepared_at = {OLD} WHERE case_id = %(case_prepared)s",
    ),
    "decision_nobody_may_approve": (ROLE.format(name="Alex"), ROLE.format(name="Both")),
    "request_overdue": ("UPDATE cases_informationrequest SET answer_by = current_date - 9",),
    "check_unanswered": (
        CHECK.format(next_try="now()", answered="NULL", outcome="''"),
        f"UPDATE verification_check SET wanted_at = {OLD}",
    ),
    "paper_unseen": (
        UPLOAD[0],
        f"UPDATE documents_document SET given_at = {OLD}, household = "
        f"(SELECT household FROM cases_case WHERE {ASKED})",
    ),
    "upload_uninspected": (
        UPLOAD[0],
        UPLOAD[1].format(pages=0, problem="''"),
        f"UPDATE documents_upload SET inspected_at = NULL, given_at = {OLD}",
    ),
    "form_not_made": (
        "DELETE FROM applications_form WHERE application_id IN "
        f"(SELECT application FROM cases_case WHERE {ASKED})",
        f"UPDATE applications_application SET submitted_at = {OLD} WHERE id IN "
        f"(SELECT application FROM cases_case WHERE {ASKED})",
    ),
    "letter_came_back": (
        f"UPDATE notices_delivery SET sent_at = NULL, bounced_at = {OLD} WHERE id = "
        "(SELECT id FROM notices_delivery LIMIT 1)",
    ),
    "letter_not_sent": (
        f"UPDATE notices_delivery SET sent_at = NULL, wanted_at = {OLD} WHERE id = "
        "(SELECT id FROM notices_delivery LIMIT 1)",
    ),
    "payee_missing": (
        "DELETE FROM payments_disbursement d WHERE d.case = %(case_by_rules)s",
        f"UPDATE funds_obligation SET made_at = {OLD}",
    ),
    "payment_no_account": (
        f"UPDATE payments_disbursement SET wanted_at = {OLD} WHERE id = {_line('by_rules')}",
    ),
    "payment_in_no_batch": (
        f"UPDATE payments_disbursement SET wanted_at = {OLD}, account_id = gen_random_uuid() "
        f"WHERE id = {_line('by_rules')}",
    ),
    "batch_open": (
        batch(sealed_at="NULL", released_at="NULL"),
        f"UPDATE payments_batch SET opened_at = {OLD}",
    ),
    "batch_sealed": (batch(sealed_at=OLD, released_at="NULL"),),
    "batch_not_handed_over": (batch(released_at=OLD),),
    "batch_in_doubt": (batch(in_doubt_at=OLD),),
    "batch_refused": (batch(refused_at=OLD),),
    "payment_nothing_heard": (f"UPDATE payments_batch SET effective_on = {OLD} WHERE {BATCH}",),
    "payment_came_back": (
        f"UPDATE payments_disbursement SET voided_at = {OLD} WHERE id = {_line('with_bank')}",
    ),
    "report_unmatched": (REPORT,),
    "job_failed": (JOB.format(status="failed"),),
    "job_not_taken": (JOB.format(status="todo"), JOB_SINCE),
    "timer_late": (
        "INSERT INTO kernel_timer (id, agency, kind, subject, due_at) VALUES (gen_random_uuid(), "
        "'nm-dfa', 'advance', %(case_asked)s, now() - interval '1 hour')",
    ),
}
# The bank has paid from this batch, which is strange of one that was refused or never released.
ALSO = dict.fromkeys(("batch_refused", "batch_open", "batch_sealed"), {"report_unmatched"})


def as_the_app():
    """Go on as the app role, with every trigger at work."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("SET LOCAL ROLE latchstring_app")


def codes(agency="nm-dfa"):
    return {one.code for one in insight.standing(agency)}


def test_in_good_order_nothing_stands_still(world):
    assert codes() == set()


def test_every_kind_has_a_test():
    assert {kind.code for kind in insight.KINDS} == set(STILL)


@pytest.mark.parametrize("code", STILL)
def test_what_stands_still_is_named(planted, code):
    planted(*STILL[code])
    as_the_app()
    with scope.within("nm-dfa"):  # as staff of the agency see it, behind the second wall
        found = {one.code: one for one in insight.standing("nm-dfa")}
    assert set(found) == {code} | ALSO.get(code, set())
    assert found[code].count >= 1 and found[code].oldest is not None
    with scope.within("wy-dfs"):
        elsewhere = {"report_unmatched"} if code == "report_unmatched" else set()
        assert codes("wy-dfs") == elsewhere  # a trace that is nobody's is everybody's


@pytest.mark.parametrize("code", ["job_failed", "job_not_taken"])
def test_a_jobs_arguments_are_never_shown(planted, code):
    planted(*STILL[code])
    found = next(one for one in insight.standing("nm-dfa") if one.code == code)
    assert set(found.rows[0]) == {"id", "reference", "what", "since", "found"}


# --- what the sweeper heals: the job is gone, the sweep comes, the work is done -------------------


def healed(kind):
    """Take every job away, sweep as the schedule does, and do what the sweep deferred."""
    as_the_app()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    assert kind in {found.kind for found in sweep.stuck()}
    jobs.sweep_stuck(0)
    before = len(waiting())
    jobs.sweep_stuck(0)
    assert len(waiting()) == before, "what has its job gets no second one"
    done = work()
    assert list(sweep.stuck()) == []
    return done


def told(case, kind):
    return sum(notice.kind == kind for notice in notices.of_case(case.id))


def test_a_case_that_verifies_for_nothing_is_handed_to_a_person(world, planted):
    planted(f"UPDATE cases_case SET stage = 'verifying' WHERE {ASKED}")
    healed("case")
    assert world.case("asked").stage == "review"


def test_a_question_that_is_due_is_asked(world, planted):
    planted(CHECK.format(next_try="now()", answered="NULL", outcome="''"))
    as_the_app()
    assert "case" in {found.kind for found in sweep.stuck()}
    jobs.sweep_stuck(0)
    assert "advance" in {name for name, _ in waiting()}


def test_a_paper_that_was_asked_for_is_taken(world, planted):
    planted(
        UPLOAD[0],
        "UPDATE documents_document SET kind = 'pay_stub', given_at = now() + interval '1 minute', "
        f"household = (SELECT household FROM cases_case WHERE {ASKED})",
    )
    healed("case")
    assert cases.open_requests(world.case("asked")) == []


def test_a_promise_without_its_instruction_gets_it(world, planted):
    planted("DELETE FROM payments_disbursement d WHERE d.case = %(case_by_rules)s")
    healed("case")
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT count(*) FROM payments_disbursement WHERE "case" = %s',
            [world.cases["by_rules"].id],
        )
        assert cursor.fetchone()[0] > 0


def test_money_that_settled_closes_its_case_and_is_told_once(world, planted):
    planted("UPDATE cases_case SET stage = 'payment', closed_at = NULL WHERE id = %(case_paid)s")
    letters = told(world.cases["paid"], "paid")
    healed("case")
    assert world.case("paid").stage == "closed"
    assert told(world.cases["paid"], "paid") == letters > 0


def test_money_that_settled_and_was_not_told_is_told(world, planted):
    planted("DELETE FROM notices_delivery", "DELETE FROM notices_notice WHERE kind = 'paid'")
    healed("case")
    assert told(world.cases["paid"], "paid") > 0


def test_a_return_sixty_days_late_opens_the_case_again(world, planted):
    line = _line("paid")
    planted(
        f'INSERT INTO payments_bankreport (id, agency, trace, kind, code, amount_cents, "on", '
        f"source, received_at) SELECT gen_random_uuid(), agency, trace, 'returned', 'R02', "
        f"amount_cents, now(), 'x', now() FROM payments_disbursement WHERE id = {line}",
        f"UPDATE payments_disbursement SET voided_at = now() WHERE id = {line}",
    )
    healed("case")
    case = world.case("paid")
    assert (case.stage, case.outcome, case.closed_at) == ("payment", "approved", None)
    assert cases.status_of(case).code != "paid"
    assert told(case, "payment_returned") == 1
    assert "payment_came_back" in codes()


def test_a_letter_that_lost_its_job_is_sent(world, planted):
    planted(
        "UPDATE notices_delivery SET sent_at = NULL WHERE id = "
        "(SELECT id FROM notices_delivery LIMIT 1)"
    )
    assert healed("delivery") == ["deliver_notice"]


def test_a_released_batch_that_lost_its_job_is_handed_over(planted):
    planted(batch())
    as_the_app()
    assert {found.kind for found in sweep.stuck()} == {"batch"}
    jobs.sweep_stuck(0)
    assert [name for name, _ in waiting()] == ["hand_over_batch"]


def test_an_upload_that_lost_its_job_is_inspected(planted):
    planted(
        UPLOAD[0],
        UPLOAD[1].format(pages=0, problem="''"),
        "UPDATE documents_upload SET inspected_at = NULL",
    )
    as_the_app()
    assert {found.kind for found in sweep.stuck()} == {"upload"}
    jobs.sweep_stuck(0)
    assert [name for name, _ in waiting()] == ["inspect_upload"]


def test_each_form_that_lost_its_job_is_made(world, planted):
    planted("DELETE FROM applications_form")
    as_the_app()
    jobs.sweep_stuck(0)
    assert {name for name, _ in waiting()} == {"make_form"}
    work()
    assert sweep.forms_missing() == [] and codes() == set()


def test_a_timer_that_is_late_fires_with_the_next_tick(world, planted):
    planted(*STILL["timer_late"])
    as_the_app()
    jobs.tick(0)
    assert codes() == set()
    assert [json.dumps(given) for name, given in waiting() if name == "advance"]


def test_a_failed_job_is_of_its_agency_alone(planted):
    planted(JOB.format(status="failed"))
    assert codes("wy-dfs") == set()
    assert uuid.UUID(int=0) not in [
        row["id"] for one in insight.standing("nm-dfa") for row in one.rows
    ]
