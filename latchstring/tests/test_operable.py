"""Web and worker as they are deployed: signs of life, figures, stopping, a database that goes away.

Real processes on a database of their own, behind a line that can be cut.
"""

import contextlib
import http.client
import os
import select
import signal
import socket
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit, urlunsplit

import httpx
import psycopg
import pytest

from tests import postgres
from tests.processes import Process

STATEMENT_MS = 3_000


class Line:
    """A line to the database that can be cut (everything on it breaks) and mended."""

    def __init__(self, host, port):
        self.target, self.pairs, self.up = (host, port), [], True
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if not self.up:
                client.close()
                continue
            server = socket.create_connection(self.target)
            self.pairs.append((client, server))
            threading.Thread(target=self._carry, args=(client, server), daemon=True).start()

    def _carry(self, client, server):
        with contextlib.suppress(OSError, ValueError):
            while True:
                for one in select.select([client, server], [], [])[0]:
                    data = one.recv(65536)
                    if not data:
                        return
                    (server if one is client else client).sendall(data)
        for one in (client, server):
            one.close()

    def cut(self):
        self.up = False
        for pair in self.pairs:
            for one in pair:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
        self.pairs.clear()

    def mend(self):
        self.up = True


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    """Web (one process) and worker on a clone, behind a line; another web to be stopped."""
    folder = tmp_path_factory.mktemp("operable")
    (folder / "home").mkdir()
    name = f"operable_{os.getpid()}_{uuid.uuid4().hex[:6]}"
    direct = postgres.clone(name)
    with psycopg.connect(direct) as link:
        link.execute(
            "INSERT INTO people_agency (slug, state, names, phone, brand) "
            """VALUES ('nm-dfa', 'NM', '{"en": "DFA", "es": "DFA"}', '1', 'nm')"""
        )
    parts = urlsplit(direct)
    line = Line(parts.hostname, parts.port)
    cuttable = urlunsplit(parts._replace(netloc=parts.netloc.rsplit(":", 1)[0] + f":{line.port}"))
    settings = {
        "DATABASE_URL": cuttable,
        "LATCHSTRING_STATEMENT_TIMEOUT_MS": str(STATEMENT_MS),
        "LATCHSTRING_DRAIN_SECONDS": "2",
    }
    begun = {
        "web": Process(folder, ["web", "--workers", "1"], **settings),
        "other": Process(folder, ["web", "--workers", "1"], **settings),
    }
    try:
        for web in begun.values():
            web.wait_until(lambda web=web: web.get().status_code == 200, 150)
        yield {**begun, "line": line, "direct": direct, "folder": folder, "settings": settings}
    finally:
        for process in begun.values():
            process.end()
        line.listener.close()
        postgres.drop(name)


@contextlib.contextmanager
def held(direct, table):
    """Hold a table, so that whoever reads it waits. Yields the way to let go."""
    with psycopg.connect(direct) as link:
        link.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield link.rollback


def test_readyz_says_no_until_a_worker_beats_and_then_yes(stack):
    web = stack["web"]
    answer = web.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False, "database": True, "migrations": True, "workers": 0, "stopping": False,
    }  # fmt: skip
    worker = Process(stack["folder"], ["worker"], **stack["settings"])
    try:
        worker.wait_until(lambda: web.get("/readyz").status_code == 200, 120)
        assert web.get("/readyz").json()["workers"] == 3  # a lane each
        niceness = [os.getpriority(os.PRIO_PROCESS, of) for of in (0, worker.process.pid)]
        assert niceness[1] == min(19, niceness[0] + 5)  # pages come before jobs
        worker.wait_until(lambda: any(line["what"] == "job" for line in worker.lines()))
        # Its jobs are told a line each, and counted where the web answers.
        line = next(line for line in worker.lines() if line["what"] == "job")
        assert line["outcome"] == "done" and line["attempt"] == 1 and line["ms"] > 0
        assert "latchstring_jobs_done_total{" in web.get("/metrics").text
        # Told to stop while a job runs: the job ends first.
        with held(stack["direct"], "kernel_timer") as let_go:
            _defer_a_tick(stack["direct"])
            worker.wait_until(lambda: _waiting_for(stack["direct"], "kernel_timer"))
            worker.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            assert worker.process.poll() is None
            let_go()
        assert worker.process.wait(15) == 0
        assert _count(stack["direct"], "status = 'doing'") == 0
        assert [one for one in worker.lines() if one.get("outcome") == "failed"] == []
    finally:
        worker.end()


def _defer_a_tick(direct):
    with psycopg.connect(direct) as link:
        link.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args) "
            "VALUES ('schedule', 'tick', '{\"timestamp\": 0}')"
        )


def _waiting_for(direct, table):
    with psycopg.connect(direct) as link:
        found = link.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass", [table]
        ).fetchone()
        return found[0]


def _count(direct, where):
    with psycopg.connect(direct) as link:
        return link.execute(f"SELECT count(*) FROM procrastinate_jobs WHERE {where}").fetchone()[0]


def parts_of(url):
    return urlsplit(url).password or "no password"


def test_a_database_that_goes_away_is_said_kindly_and_found_again(stack):
    web, line = stack["web"], stack["line"]
    line.cut()
    assert web.get("/healthz").status_code == 200
    assert web.get("/readyz").json()["database"] is False
    for path, words in (("/nm/", "Nothing you saved is lost"), ("/es/nm/", "No se pierde nada")):
        page = web.get(path)
        assert page.status_code == 503 and int(page.headers["Retry-After"]) >= 5
        assert words in page.text and "Traceback" not in page.text
    assert "latchstring_database_up 0.0" in web.get("/metrics").text
    line.mend()
    began = time.monotonic()
    web.wait_until(lambda: web.get("/readyz").json()["database"])
    web.wait_until(lambda: web.get("/nm/").status_code == 200)
    assert time.monotonic() - began < 10
    assert "Traceback" not in web.log.read_text() and parts_of(stack["direct"]) not in (
        web.log.read_text()
    )


def test_a_statement_that_takes_too_long_is_ended_and_said_kindly(stack):
    with held(stack["direct"], "people_agency"):
        began = time.monotonic()
        page = stack["web"].get("/nm/")
        took = time.monotonic() - began
    assert page.status_code == 503 and STATEMENT_MS / 1000 <= took < STATEMENT_MS / 1000 + 2


def refused(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except ConnectionRefusedError:
        return True
    return False


def test_told_to_stop_it_says_so_finishes_what_runs_and_ends_well(stack):
    web = stack["other"]
    with ThreadPoolExecutor(1) as pool, held(stack["direct"], "people_agency") as let_go:
        web.process.send_signal(signal.SIGTERM)
        web.wait_until(lambda: web.get("/readyz").json()["stopping"])
        assert web.get("/readyz").status_code == 503
        slow = pool.submit(web.get, "/nm/")  # it still serves
        web.wait_until(lambda: _waiting_for(stack["direct"], "people_agency"))
        web.wait_until(lambda: refused(web.port))  # the drain is over: nobody new gets in
        assert web.process.poll() is None
        let_go()
        assert slow.result().status_code == 200
    assert web.process.wait(15) == 0


def test_slow_headers_are_cut_and_large_ones_refused(stack):
    web = stack["web"]
    idle = []
    try:
        for _ in range(100):
            one = socket.create_connection(("127.0.0.1", web.port))
            one.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n")
            idle.append(one)
        began = time.monotonic()
        assert web.get().status_code == 200
        assert time.monotonic() - began < 1
    finally:
        for one in idle:
            one.close()
    assert web.get(headers={"X-Large": "x" * 40_000}).status_code == 431
    assert web.get().status_code == 200


TOKEN = "t" * 32  # the form's token is the cookie's: the double submit that Django asks for


class Crowd:
    """Callers that look or save until the time is over; what each was told is kept."""

    def __init__(self, port, seconds):
        self.port, self.ends = port, time.monotonic() + seconds
        self.looked, self.saved, self.kept_forms, self.untold = [], [], [], []

    def look(self):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        while time.monotonic() < self.ends:
            link.request("GET", "/nm/")
            answer = link.getresponse()
            answer.read()
            self.looked.append(answer.status)
            if answer.status == 503:
                time.sleep(0.25)
        link.close()

    def save(self):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"csrftoken={TOKEN}",
        }
        form = f"needs=behind-on-rent&note=caf%C3%A9+%22typed%22&csrfmiddlewaretoken={TOKEN}"
        while time.monotonic() < self.ends:
            link.request("POST", "/nm/", form, headers)
            answer = link.getresponse()
            page = answer.read().decode()
            if answer.status == 302:
                self.saved.append(answer.headers["Set-Cookie"].split("sessionid=")[1][:32])
            elif answer.status == 503:
                self.kept_forms.append(page)
                time.sleep(0.25)
            else:
                self.untold.append(answer.status)
        link.close()

    def run(self, lookers, savers=0):
        with ThreadPoolExecutor(lookers + savers) as pool:
            ends = [pool.submit(self.look) for _ in range(lookers)]
            ends += [pool.submit(self.save) for _ in range(savers)]
        for end in ends:
            end.result()
        return self


def test_it_serves_on_under_five_times_its_load_and_loses_no_acknowledged_save(stack):
    """As many callers as newcomers have places; then five times those and who may wait.

    Who is turned away comes again after a quarter of a second: twenty times sooner than asked.
    """
    web = stack["web"]
    assert web.get("/nm/").status_code == 200  # warm
    normal = Crowd(web.port, 2).run(4)
    crowd = Crowd(web.port, 3).run(50, savers=10)
    assert set(normal.looked) == {200} and set(crowd.looked) == {200, 503}
    assert crowd.untold == [] and crowd.saved and crowd.kept_forms
    at_capacity = len(normal.looked) / 2
    crowded = (crowd.looked.count(200) + len(crowd.saved)) / 3
    print(
        f"goodput {at_capacity:.0f}/s at capacity, {crowded:.0f}/s crowded "
        f"({crowd.looked.count(503) + len(crowd.kept_forms)} turned away)"
    )
    assert crowded >= 0.5 * at_capacity  # the callers themselves take half of a small machine
    with psycopg.connect(stack["direct"]) as link:
        rows = link.execute(
            "SELECT count(*) FROM django_session WHERE session_key = ANY(%s)", [crowd.saved]
        )
        assert rows.fetchone()[0] == len(set(crowd.saved)) == len(crowd.saved)
    form = crowd.kept_forms[0]
    assert 'name="needs" value="behind-on-rent"' in form
    assert 'name="note" value="café &quot;typed&quot;"' in form
    assert f'name="csrfmiddlewaretoken" value="{TOKEN}"' in form
    assert 'method="post" action="/nm/"' in form and "Send it again" in form
    assert web.get().status_code == 200


def test_told_twice_it_ends_at_once(stack):
    """A request hangs; the first signal would wait for it."""
    web = stack["web"]
    with ThreadPoolExecutor(1) as pool, held(stack["direct"], "people_agency"):
        slow = pool.submit(web.get, "/nm/")
        web.wait_until(lambda: _waiting_for(stack["direct"], "people_agency"))
        web.process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        web.process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        web.process.wait(5)
        assert time.monotonic() - began < 1
        assert isinstance(slow.exception(), httpx.TransportError)
