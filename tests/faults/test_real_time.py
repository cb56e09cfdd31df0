"""Real processes, real thresholds: a killed worker's case goes on by itself within a minute."""

import os
import signal
import subprocess
import sys
import time

from django.db import connection

from latchstring.cases.tests import scene as scenes
from latchstring.flow import door as flow
from latchstring.kernel import events, scope
from latchstring.verification import call
from latchstring.verification import door as verification
from standins.start import Standin

RESUMED_SECONDS_MAX = 60.0
WORKER = (
    "import django; django.setup();"
    "from latchstring.flow import door;"
    "door.run_worker(concurrency=1, queues={queues})"
)


def _worker(queues, **environment):
    program = WORKER.format(queues=queues)
    return subprocess.Popen([sys.executable, "-c", program], env=os.environ | environment)


def test_work_resumes_within_a_minute(own_database, settings, tmp_path):
    with Standin("tax", tmp_path / "tax", 7) as tax:
        place = {"url": tax.url, "client": tax.client_id, "secret": tax.client_secret}
        settings.SOURCES = {"tax": place, "human_services": {"url": ""}}
        call.forget_tokens()
        scope.enter(scope.EVERY_AGENCY)
        scene = scenes.build()
        scenes.agree(scene, "tax")
        case = scene.open()
        told = {
            "DJANGO_SETTINGS_MODULE": "latchstring.settings",
            "LATCHSTRING_TAX_URL": tax.url,
            "LATCHSTRING_TAX_SECRET": tax.client_secret,
        }
        first = _worker("['cases']", **told, LATCHSTRING_CRASH="K13:1:self")
        assert first.wait(60) == -signal.SIGKILL
        killed = time.monotonic()
        second = _worker("['cases', 'schedule']", **told)
        try:
            while "case.ready.v1" not in {event.type for event in events.of_subject(case.id)}:
                assert time.monotonic() - killed < RESUMED_SECONDS_MAX, "nobody goes on"
                time.sleep(0.5)
            print(f"work resumed {time.monotonic() - killed:.1f} s after the kill")
        finally:
            second.terminate()
            second.wait(30)
        (check,) = verification.of_case(case.id)
        assert check.answered_at and check.outcome
        assert flow.CHECKS["I9 no job is stalled"]() == []
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM cases_determination")
            assert cursor.fetchone() == (1,)
