"""A real worker on a database of its own: jobs are taken, lost workers' jobs are taken back."""

import threading

import pytest
from django.db import connection

from latchstring.cases import door as cases
from latchstring.cases.tests import scene as scenes
from latchstring.flow import door as flow
from latchstring.flow import jobs
from latchstring.flow.tests.conftest import jobs as waiting
from latchstring.funds import door as funds
from latchstring.kernel import scope

WORK = {
    "wait": False,
    "concurrency": 2,
    "install_signal_handlers": False,
    "listen_notify": False,
}


@pytest.fixture
def scene(own_database):
    scope.enter(scope.EVERY_AGENCY)
    return scenes.build()


def test_a_worker_does_what_an_opened_case_asks_for(scene):
    case = scene.open()
    flow.run_worker(**WORK)
    case.refresh_from_db()
    assert case.stage == "review"
    assert waiting() == [] and waiting("failed") == []


def test_a_dead_workers_job_is_given_back_and_done_once_more(scene):
    """As after kill -9: the job stands in `doing`, no heart beats, its lock holds."""
    case = scene.open()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() - interval '2 minutes') RETURNING id"
        )
        worker = cursor.fetchone()[0]
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s "
            "WHERE task_name = 'advance'",
            [worker],
        )
    assert len(flow.CHECKS["I9 no job is stalled"]()) == 1
    jobs.wake(case.id, "nm-dfa")  # a second job of the case waits behind the lost one
    jobs.rescue.defer(timestamp=0)
    flow.run_worker(**WORK)
    flow.run_worker(**WORK)
    case.refresh_from_db()
    assert case.stage == "review" and case.determinations.count() == 1
    # What falls due by the clock (rescue, tick) may be waiting at any moment.
    due_by_clock = {"rescue", "tick", "sweep_stuck", "import_bank_reports"}
    assert [job for job in waiting() if job[0] not in due_by_clock] == []
    assert waiting("doing") == []
    assert flow.CHECKS["I9 no job is stalled"]() == []


def test_two_approvers_at_once_promise_once(scene):
    decision = scene.prepared()
    scenes._hire(scene, "amy", "nm-dfa", "approver")
    said, barrier = [], threading.Barrier(2)

    def press(who):
        scope.enter(scope.EVERY_AGENCY)
        barrier.wait()
        try:
            cases.approve(decision.id, scene.actor(who))
            said.append("approved")
        except cases.AlreadyDecided:
            said.append("too late")
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(who,)) for who in ("alex", "amy")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["approved", "too late"]
    assert len(funds.obligations_of(decision.case_id)) == 3
