"""The page of work that stands still: who sees it, what it names, and the two buttons on it."""

import pytest
from django.db import connection

from latchstring.audit import door as audit
from latchstring.kernel import clock
from latchstring.kernel.ids import new_id
from latchstring.payments.models import BankReport

PAGE = "/desk/standing/"
SECRET = "x-nobody-may-read-this"


def failed_job(agency="nm-dfa", case=None, queueing_lock=None):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, args, queueing_lock, "
            "attempts) VALUES ('cases', 'advance', 'failed', jsonb_strip_nulls("
            "jsonb_build_object('agency', %s::text, 'case_id', %s::text, 'words', %s::text)), "
            "%s, 5) RETURNING id",
            [agency, str(case.id) if case else None, SECRET, queueing_lock],
        )
        return cursor.fetchone()[0]


def job(number):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status::text, attempts FROM procrastinate_jobs WHERE id = %s", [number]
        )
        return cursor.fetchone()


def strange_report(agency="unknown"):
    return BankReport.objects.create(
        id=new_id(),
        agency=agency,
        trace="999000111",
        kind="settled",
        amount_cents=5,
        on=clock.today(),
        source=str(new_id()),
        received_at=clock.now(),
    )


def test_nothing_stands_still_and_the_page_says_so(as_, words):
    assert "Nothing stands still" in words(as_("dana").get(PAGE))


def test_a_failed_job_is_named_without_what_it_was_given_and_runs_again(as_, scene, words):
    case = scene.open()
    number = failed_job(case=case)
    page = words(as_("dana").get(PAGE))
    assert "Jobs that failed for good (1)" in page and case.reference in page
    assert SECRET not in page
    address = f"{PAGE}jobs/{number}/run-again/"
    done = words(as_("dana").post(address, follow=True))
    assert "The job runs again." in done and "Jobs that failed" not in done
    assert job(number) == ("todo", 0), "with all its tries"
    seen = audit.of_object("job", str(number))
    assert [(one.action, one.actor) for one in seen] == [("job.run_again", scene.actor("dana"))]
    assert SECRET not in str(seen[0].detail)
    assert as_("manny").post(address).status_code == 409


def test_a_failed_job_of_the_schedule_is_done_where_its_next_is_queued(as_):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock) "
            "VALUES ('schedule', 'tick', 'tick')"
        )
    number = failed_job(agency=None, queueing_lock="tick")
    assert as_("dana").post(f"{PAGE}jobs/{number}/run-again/").status_code == 302
    assert job(number)[0] == "succeeded"


def test_another_agencys_job_is_not_there(as_, words):
    number = failed_job(agency="wy-dfs")
    assert "Jobs that failed" not in words(as_("dana").get(PAGE))
    assert as_("dana").post(f"{PAGE}jobs/{number}/run-again/").status_code == 404
    assert as_("dana").post(f"{PAGE}jobs/999999/run-again/").status_code == 404
    assert job(number)[0] == "failed"


def test_a_trace_that_is_nobodys_is_seen_by_officers_until_it_was_cleared_up(as_, words):
    report = strange_report()
    for page in (PAGE, "/desk/payments/feed/"):
        assert "999000111" in words(as_("paula").get(page))
    assert as_("dana").post(f"{PAGE}reports/{report.id}/worked/").status_code == 403
    for _ in range(2):
        as_("paula").post(f"{PAGE}reports/{report.id}/worked/")
    assert "999000111" not in words(as_("paula").get(PAGE))
    assert "999000111" in words(as_("paula").get("/desk/payments/feed/")), "it is never deleted"
    assert [e.action for e in audit.of_object("bank_report", report.id)] == ["bank_report.worked"]


def test_another_agencys_report_is_not_there(as_, words):
    report = strange_report("wy-dfs")
    assert "999000111" not in words(as_("paula").get(PAGE))
    assert as_("paula").post(f"{PAGE}reports/{report.id}/worked/").status_code == 404


@pytest.mark.parametrize("who", ["casey", "alex", "audrey", "ana"])
def test_others_do_not_get_in(as_, who):
    assert as_(who).get(PAGE).status_code == 403
    assert as_(who).post(f"{PAGE}jobs/1/run-again/").status_code == 403


def test_those_who_may_find_it_in_the_desks_navigation(as_, words):
    for who, page in (("dana", "/desk/figures/"), ("paula", "/desk/payments/")):
        assert f'href="{PAGE}"' in words(as_(who).get(page))
    assert f'href="{PAGE}"' not in words(as_("casey").get("/desk/cases/"))
