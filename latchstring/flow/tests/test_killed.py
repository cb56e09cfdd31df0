"""A real worker process, killed with SIGKILL in the middle of a call, loses nothing."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import httpx
import pytest
from django.db import connection
from procrastinate.exceptions import AlreadyEnqueued

from latchstring.cases import door as cases
from latchstring.cases.tests import scene as scenes
from latchstring.flow import door as flow
from latchstring.flow import jobs
from latchstring.kernel import scope
from latchstring.people import door as people
from latchstring.verification import call
from latchstring.verification import door as verification
from standins.start import Standin

PROGRAM = (
    "import django; django.setup();"
    "from latchstring.flow import door;"
    "door.run_worker(concurrency=1, queues=['cases'])"
)


@pytest.fixture
def tax(tmp_path, settings):
    with Standin("tax", tmp_path / "tax", 7, "--delay-ms", "4000") as standin:
        settings.SOURCES = {
            "tax": {
                "url": standin.url,
                "client": standin.client_id,
                "secret": standin.client_secret,
            },
            "human_services": {"url": ""},
        }
        call.forget_tokens()
        yield standin


def _asked(tax):
    found = httpx.get(f"{tax.url}/admin/requests", headers=tax.admin).json()
    return found["counts"]


def test_killed_between_question_and_answer(own_database, tax):
    scope.enter(scope.EVERY_AGENCY)
    scene = scenes.build()
    scenes.agree(scene, "tax")
    case = scene.open()
    environment = os.environ | {
        "DATABASE_URL": own_database,
        "DJANGO_SETTINGS_MODULE": "latchstring.settings",
        "LATCHSTRING_TAX_URL": tax.url,
        "LATCHSTRING_TAX_SECRET": tax.client_secret,
    }
    worker = subprocess.Popen([sys.executable, "-c", PROGRAM], env=environment)
    patience = time.monotonic() + 30
    while not verification.of_case(case.id) and time.monotonic() < patience:
        time.sleep(0.05)
    time.sleep(1)  # the question is on its way now; the answer takes four seconds
    worker.send_signal(signal.SIGKILL)
    worker.wait(10)
    (check,) = verification.of_case(case.id)
    assert check.answered_at is None
    assert len(list(cases.open_checks(case.id))) == 1

    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 min'")
    with contextlib.suppress(AlreadyEnqueued):  # the killed worker's schedule may have done so
        jobs.rescue.defer(timestamp=0)
    for _ in range(2):
        flow.run_worker(
            wait=False, concurrency=1, install_signal_handlers=False, listen_notify=False
        )
    (check,) = verification.of_case(case.id)
    assert check.answered_at is not None
    assert _asked(tax) == {check.request_key: 2}  # asked again under the same key
    verified = [
        fact
        for fact in people.all_facts(scene.household, "annual_income")
        if fact.source == "verified:tax"
    ]
    assert len(verified) in (0, 2)  # one adult's and the household's, each once
    case.refresh_from_db()
    assert case.stage == "review" and case.determinations.count() == 1
    broken = [name for name, check in flow.CHECKS.items() if list(check())]
    assert broken == ["I2 every case was applied for"]  # the scene opened it without anybody asking


def test_the_schedule_runs_and_a_worker_told_to_stop_stops(own_database):
    """The clockwork as it is deployed: a scheduled job is deferred and done within its beat."""
    environment = os.environ | {
        "DATABASE_URL": own_database,
        "DJANGO_SETTINGS_MODULE": "latchstring.settings",
    }
    program = PROGRAM.replace(", queues=['cases']", "")
    worker = subprocess.Popen([sys.executable, "-c", program], env=environment)
    patience = time.monotonic() + 40
    done: set[str] = set()
    while not {"rescue", "import_bank_reports"} <= done and time.monotonic() < patience:
        time.sleep(0.5)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT task_name FROM procrastinate_periodic_defers d WHERE NOT EXISTS "
                "(SELECT FROM procrastinate_jobs j WHERE j.id = d.job_id)"
            )
            done |= {row[0] for row in cursor.fetchall()}
    worker.terminate()
    assert worker.wait(30) == 0
    assert {"rescue", "import_bank_reports"} <= done
    assert flow.WORK["jobs that failed for good"]() == []
