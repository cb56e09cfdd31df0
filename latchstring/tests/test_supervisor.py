"""The demo's supervisor with real stand-ins and database, and a small web and worker of ours."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import psycopg
import pytest

from latchstring import supervisor
from latchstring.kernel import embedded
from latchstring.supervisor import ROOT

CREW = """
import http.server, json, os, signal, subprocess, sys, time
role, folder = sys.argv[1], sys.argv[2]
def end(*_):
    time.sleep(0.2)
    open(f"{folder}/order", "a").write(f"{role}\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
if role == "load":
    open(f"{folder}/environment", "w").write(json.dumps(dict(os.environ)))
    print("loading", flush=True)
    sys.exit(int(os.environ.get("LOAD_RESULT", "0")))
if role == "worker":
    helper = subprocess.Popen(["sleep", "600"])
    open(f"{folder}/helper", "w").write(str(helper.pid))
    while True:
        time.sleep(1)
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Page).serve_forever()
"""
DEMO = """
import sys
from latchstring import supervisor
home, port, crew, folder = sys.argv[1:]
def command(role):
    return [sys.executable, crew, role, folder]
try:
    sys.exit(supervisor.run_demo(home, port=int(port), load=command("load"),
        web=command("web"), worker=command("worker"),
        greet=lambda env: f"open http://127.0.0.1:{env['PORT']} mail {env['EMAIL_URL']}"))
except supervisor.WrongSetting as wrong:
    print(wrong, file=sys.stderr)
    sys.exit(2)
"""


class Run:
    """One run of the demo; `output` holds what it printed so far."""

    def __init__(self, folder, port, **environment):
        self.folder, self.home = folder, folder / "home"
        (folder / "crew.py").write_text(CREW)
        self.output = folder / f"output-{time.monotonic_ns()}"
        with self.output.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-c", DEMO, self.home, str(port), folder / "crew.py", folder],
                cwd=ROOT,
                env={**_clean_environment(), **environment},
                stdout=out,
                stderr=out,
            )

    def wait_for(self, words, seconds=60):
        patience = time.monotonic() + seconds
        while words not in self.output.read_text():
            assert time.monotonic() < patience, self.output.read_text()
            assert self.process.poll() is None or words in self.output.read_text(), self.said()
            time.sleep(0.05)

    def said(self):
        return self.output.read_text()

    def state(self):
        return json.loads((self.home / "run" / "services.json").read_text())

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(60)


def _clean_environment():
    return {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _lives(pid):
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _eventually(check, seconds=20):
    patience = time.monotonic() + seconds
    while True:
        try:
            found = check()
            if found:
                return found
        except (httpx.TransportError, psycopg.OperationalError):
            found = None
        assert time.monotonic() < patience
        time.sleep(0.1)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    run = Run(tmp_path_factory.mktemp("demo"), _free_port())
    try:
        run.wait_for("open http")
        yield run
    finally:
        if run.process.poll() is None:
            run.stop()
        embedded.stop(run.home)


def test_everything_starts_in_order_and_says_so(demo):
    said = demo.said()
    order = ["the database", "mail", "tax", "human services", "bank", "loading", "web", "worker"]
    places = [said.index(word) for word in order]
    assert places == sorted(places)
    assert f"open {demo.state()['url']}" in said


def test_children_are_told_where_everything_is_and_can_use_it(demo):
    environment = json.loads((demo.folder / "environment").read_text())
    token = httpx.post(
        f"{environment['LATCHSTRING_TAX_URL']}/oauth/token",
        data={
            "grant_type": "client_credentials",
            "client_id": environment["LATCHSTRING_TAX_CLIENT"],
            "client_secret": environment["LATCHSTRING_TAX_SECRET"],
        },
    )
    assert token.status_code == 200
    for name in ("HUMAN_SERVICES_URL", "BANK_URL", "MAIL_PAGE_URL"):
        assert httpx.get(f"{environment[f'LATCHSTRING_{name}']}/healthz").status_code == 200
    with psycopg.connect(environment["DATABASE_URL"]) as link:
        assert link.execute("SELECT 1").fetchone() == (1,)
    secrets = demo.home / "keys" / "standins.json"
    assert secrets.stat().st_mode & 0o777 == 0o600
    assert environment["LATCHSTRING_TAX_SECRET"] in secrets.read_text()
    assert environment["LATCHSTRING_TAX_SECRET"] not in json.dumps(demo.state())


def test_standins_are_not_given_our_secrets(demo):
    environment = psutil.Process(demo.state()["services"]["bank"]["pid"]).environ()
    assert [name for name in environment if name.startswith(("LATCHSTRING", "DATABASE"))] == []


def test_a_killed_child_is_started_again_at_the_same_place(demo):
    before = demo.state()["services"]["bank"]
    os.kill(before["pid"], signal.SIGKILL)
    demo.wait_for("Bank stopped (killed by SIGKILL)")
    _eventually(lambda: httpx.get(f"{before['url']}/healthz").status_code == 200)
    assert demo.state()["services"]["bank"]["pid"] != before["pid"]


def test_a_killed_database_is_started_again_with_its_data(demo):
    url = embedded.url(demo.home)
    with psycopg.connect(url) as link:
        link.execute("CREATE TABLE kept AS SELECT 7 AS number")
    pid = int((demo.home / "postgres" / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)

    def number():
        with psycopg.connect(url) as link:
            return link.execute("SELECT number FROM kept").fetchone()

    assert _eventually(number) == (7,)


def test_what_a_killed_child_had_started_is_ended_too(demo):
    helper = int((demo.folder / "helper").read_text())
    os.kill(demo.state()["services"]["worker"]["pid"], signal.SIGKILL)
    demo.wait_for("Worker stopped (killed by SIGKILL)")
    _eventually(lambda: not _lives(helper))
    _eventually(lambda: "worker" in demo.state()["services"])
    # Its successor is ready (it listens to SIGTERM before it starts a helper of its own).
    _eventually(lambda: _lives(int((demo.folder / "helper").read_text() or "0")))


def test_a_second_demo_on_the_same_home_says_where_the_first_is(demo):
    second = Run(demo.folder, _free_port())
    assert second.process.wait(20) == 2
    assert f"already runs at {demo.state()['url']}" in second.said()
    assert demo.process.poll() is None
    assert supervisor.is_running(demo.home)


def test_a_taken_port_is_said_plainly(demo, tmp_path):
    other = Run(tmp_path, urlsplit(demo.state()["url"]).port)
    assert other.process.wait(20) == 2
    assert "is used by another program. Set PORT" in other.said()


def test_it_stops_web_then_worker_then_the_rest_and_leaves_nothing_running(demo):
    pids = [service["pid"] for service in demo.state()["services"].values()]
    assert len(pids) == 6
    assert demo.stop(signal.SIGINT) == 0
    assert (demo.folder / "order").read_text().split() == ["web", "worker"]
    helper = int((demo.folder / "helper").read_text())
    assert not [pid for pid in (*pids, helper) if _lives(pid)]
    assert embedded.url(demo.home) is None
    assert not supervisor.is_running(demo.home)
    assert "Stopped." in demo.said()


def test_a_killed_supervisor_leaves_nothing_that_blocks_the_next(demo):
    port = urlsplit(demo.said().split("open ")[1].split()[0]).port
    first = Run(demo.folder, port)
    first.wait_for("open http")
    old = first.state()["services"]
    first.process.kill()
    first.process.wait()
    second = Run(demo.folder, port)
    second.wait_for("open http")
    new = second.state()["services"]
    assert second.stop() == 0
    assert {name: new[name]["url"] for name in new} == {name: old[name]["url"] for name in old}
    assert not [one for one in old.values() if psutil.pid_exists(one["pid"])]


def test_a_load_that_fails_stops_the_rest_and_names_its_log(demo):
    failed = Run(demo.folder, _free_port(), LOAD_RESULT="3")
    assert failed.process.wait(60) == 1
    assert "load ended with 3. Its log is" in failed.said()
    assert "web" not in failed.said()
    assert embedded.url(demo.home) is None


def test_the_source_tree_is_where_it_should_be():
    assert (Path(ROOT) / "standins" / "bank").is_dir()
