"""A server of our own to stop, and children to kill.

Children are forked from this process, which has Django and the catalog loaded: each takes database
connections of its own and ends by SIGKILL or `os._exit`, so that nothing of ours is ever cleaned up
by them. The server is an embedded PostgreSQL beside the suite's; its databases are clones.
"""

import contextlib
import gc
import os
import pickle
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import unquote, urlsplit

import psycopg
from django.db import connections
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.periodic import PeriodicRegistry
from psycopg import sql

from latchstring.flow import door as flow
from latchstring.flow import jobs, worker
from latchstring.kernel import crashpoint, embedded, scope
from latchstring.kernel import home as homes
from latchstring.payments import hand_over
from latchstring.verification import call
from tests import postgres

PATIENCE_SECONDS = 90.0
LINGER_SECONDS = 1.0  # how long a process may outlive its database before it is ended too


class Server:
    """The embedded server of these tests; `use` points Django at one of its databases."""

    def __init__(self, home: Path, url: str) -> None:
        self.home, self.url = home, url
        self.template = postgres.make_template(url)

    def clone(self, name: str, source: str) -> None:
        """Make a database anew from another one, to which nobody is connected."""
        connections.close_all()
        new, old = sql.Identifier(name), sql.Identifier(source)
        with psycopg.connect(self.url, autocommit=True) as link:
            link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(new))
            link.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(new, old))
            # A copied sequence believes that its next 32 numbers are in the log, where they are its
            # original's: after a crash it would give them out twice. A checkpoint makes it log.
            link.execute("CHECKPOINT")

    def use(self, name: str) -> None:
        """Let Django's connection, and every child's, go to this database."""
        connections.close_all()
        parts = urlsplit(self.url)
        connections["default"].settings_dict |= {
            "NAME": name,
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname,
            "PORT": str(parts.port),
        }
        scope.enter(scope.EVERY_AGENCY)

    def postmaster(self) -> int:
        """The process that `LATCHSTRING_CRASH` is to stop."""
        return int((homes.at(self.home).postgres / "postmaster.pid").read_text().split()[0])

    def is_up(self) -> bool:
        """Whether it runs."""
        return embedded.url(self.home) is not None

    def restart(self) -> None:
        """Start it again after it was stopped; it recovers by itself."""
        connections.close_all()
        self.url = embedded.restart(self.home)
        scope.enter(scope.EVERY_AGENCY)


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """Run the server."""
    who = os.environ.get("PYTEST_XDIST_WORKER", "main")
    home = Path(f"{os.environ['LATCHSTRING_HOME']}-faults-{who}")
    # A kill, unlike a power cut, leaves with the system what was written: waiting for the disk
    # would show nothing here, and takes most of the time.
    quick = mock.patch.dict(embedded.SETTINGS, {"fsync": "off"})
    with quick, embedded.running(home) as url:
        yield Server(home, url)


def fork(do: Callable[[], Any], log: Path, crash: str = "") -> tuple[int, int]:
    """Start a child that does something and ends; returns its pid and where its answer comes."""
    connections.close_all()
    ours, its = os.pipe()
    gc.freeze()  # what is here already is not looked through, and so not copied, by the child
    pid = os.fork()
    if pid:
        os.close(its)
        return pid, ours
    code = 1
    try:
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(out, 1)
        os.dup2(out, 2)
        hand_over.service_at.cache_clear()
        call.forget_tokens()
        scope.enter(scope.EVERY_AGENCY)
        crashpoint.arm(crash)
        answer = do()
        os.write(its, pickle.dumps(answer))
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def wait(pid: int, seconds: float = PATIENCE_SECONDS) -> int:
    """Wait for a child and kill it when it is late; its exit code, negative for a signal."""
    patience = time.monotonic() + seconds
    while True:
        gone, status = os.waitpid(pid, os.WNOHANG)
        if gone:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > patience:
            os.kill(pid, signal.SIGKILL)
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        time.sleep(0.005)


def in_child(do: Callable[[], Any], log: Path) -> Any:
    """Do something in a process of its own, which nobody kills; returns what it answers."""
    pid, answers = fork(do, log)
    with os.fdopen(answers, "rb") as pipe:
        assert wait(pid) == 0, log.read_text()[-3000:]
        raw = pipe.read()
    return pickle.loads(raw)  # noqa: S301 (our own child)


def kill_in(do: Callable[[], Any], point: str, target: str, on: Server, log: Path) -> Any:
    """Let `target` ("process" or "postgres") die at a point; restarts nothing.

    Returns what the process answered all the same: a database that dies after the commit takes
    nothing back. None where there was no answer.
    """
    whom = "self" if target == "process" else str(on.postmaster())
    pid, answers = fork(do, log, f"{point}:1:{whom}")
    with os.fdopen(answers, "rb") as pipe:
        if target == "process":
            assert wait(pid) == -signal.SIGKILL, f"{point} was never reached: {_end(log)}"
            return None
        patience = time.monotonic() + PATIENCE_SECONDS
        while on.is_up():
            gone, _ = os.waitpid(pid, os.WNOHANG)
            assert not gone or not on.is_up(), f"{point} was never reached: {_end(log)}"
            assert time.monotonic() < patience, f"{point} was never reached: {_end(log)}"
            if gone:
                break
            time.sleep(0.01)
        else:
            wait(pid, LINGER_SECONDS)
        raw = pipe.read()
        return pickle.loads(raw) if raw else None  # noqa: S301 (our own child)


def _end(log: Path) -> str:
    return log.read_text()[-2000:] if log.exists() else ""


def work(*, rescue: bool = True, schedule: bool = False) -> None:
    """Be a real worker until no job is left. Dead workers' jobs are rescued at once.

    In deployment that takes 30 s (test_real_time.py). The schedule is off, so that the sweep cannot
    heal what should never have been lost.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(mock.patch.object(jobs, "STALLED_SECONDS", 0))
        if not schedule:
            nothing = mock.patch.object(worker, "_schedule_of", lambda beside: PeriodicRegistry())
            stack.enter_context(nothing)
        if rescue:
            with contextlib.suppress(AlreadyEnqueued):
                jobs.rescue.defer(timestamp=0)
        for _ in range(2 if rescue else 1):
            flow.run_worker(
                wait=False, concurrency=1, install_signal_handlers=False, listen_notify=False
            )
