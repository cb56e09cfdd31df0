"""Half the bytes, no answer, a killed process: unknown is shown as unknown, and nothing is resent.

The bank of these tests is a few lines of HTTP that break where a line can break.
"""

import os
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connection

from latchstring.payments import door as payments
from latchstring.payments.models import Batch
from latchstring.payments.tests.scene import money, released, staff, wanted
from latchstring.people.models import Agency


class BreakingBank(BaseHTTPRequestHandler):
    """Takes half of a file, then does what its server was told to (`server.then`)."""

    protocol_version = "HTTP/1.1"

    def _answer(self, content):
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self):
        self._answer(b'{"settlements": [], "next": 0}')

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        if self.path == "/oauth/token":
            self.rfile.read(length)
            self._answer(b'{"access_token": "t", "expires_in": 3600}')
            return
        self.server.keys.append(self.headers["Idempotency-Key"])
        self.rfile.read(length // 2)
        self.server.then(self)
        self.close_connection = True

    def log_message(self, *_):
        pass


@pytest.fixture
def breaking(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), BreakingBank)
    server.keys, server.then = [], lambda handler: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.url = f"http://127.0.0.1:{server.server_address[1]}"
    settings.BANK = settings.BANK | {"url": server.url, "client": "c", "secret": "s"}
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def batch(own_database):
    Agency.objects.create(slug="nm-dfa", state="NM", names={"en": "D"}, phone="1", brand="nm")
    money(1_000_000)
    wanted()
    return released(staff("pat", "payments_officer"))


def state(batch):
    return payments.batch_status(Batch.objects.get(id=batch.id))


def test_half_the_bytes_leave_the_batch_in_doubt_and_it_is_never_resent(batch, breaking):
    seen = []

    def look(handler):
        seen.append(Batch.objects.get(id=batch.id).in_doubt_at)
        connection.close()

    breaking.then = look
    assert payments.hand_over(batch.id) == "in_doubt"
    assert seen[0] is not None, "marked, and committed, before the first byte"
    assert state(batch) == "in_doubt"
    for _ in range(3):
        assert payments.hand_over(batch.id) == "not_due"
    assert batch.id not in {row.id for row in payments.released_batches()}, "nor by the sweeper"
    assert breaking.keys == [str(batch.id)]
    assert len(payments.WORK["batches in doubt"]()) == 1, "a person sees it"


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>taken</html>",
        b'{"status": "accepted"}',
        b'{"status": "accepted", "entries": 1, "credit_cents": 84999, "errors": []}',
        b'{"status": "pending", "entries": 1, "credit_cents": 85000, "errors": []}',
        b"[]",
    ],
)
def test_an_answer_that_does_not_name_our_cents_is_no_answer(batch, breaking, answer):
    breaking.then = lambda handler: handler._answer(answer)
    assert payments.hand_over(batch.id) == "in_doubt"
    assert state(batch) == "in_doubt"


CHILD = """
import sys, uuid, django
django.setup()
from latchstring.kernel import scope
from latchstring.payments import door as payments
scope.enter("*")
payments.hand_over(uuid.UUID(sys.argv[1]))
"""


def test_a_process_killed_while_it_sends_leaves_the_batch_in_doubt(batch, breaking):
    victim = []

    def kill(handler):
        os.kill(victim[0].pid, signal.SIGKILL)

    breaking.then = kill
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "latchstring.settings",
        "LATCHSTRING_BANK_URL": breaking.url,
    }
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(batch.id)], env=environment)  # noqa: S603
    victim.append(child)
    assert child.wait(60) == -signal.SIGKILL
    assert state(batch) == "in_doubt"
    assert payments.hand_over(batch.id) == "not_due"
    assert breaking.keys == [str(batch.id)]


def test_without_the_mark_it_would_be_sent_twice(batch, breaking):
    """The negative control: forget the mark, as careless code does. The bank gets it twice."""
    for _ in range(2):
        payments.hand_over(batch.id)
        Batch.objects.filter(id=batch.id).update(in_doubt_at=None)
    assert breaking.keys == [str(batch.id)] * 2
