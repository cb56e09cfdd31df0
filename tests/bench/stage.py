"""The demo as a bench needs it: every process real, its database open to the bench as well."""

import atexit
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import django
import psutil

from latchstring.kernel import embedded
from tests.journeys.conftest import ROOT, Stack, free_port, running

_open = contextlib.ExitStack()
atexit.register(_open.close)  # the demo ends with the run


@dataclass(frozen=True)
class Stage:
    """A running demo and the processes of it that a bench may stop for a while."""

    stack: Stack

    @contextlib.contextmanager
    def workers_held(self) -> Iterator[None]:
        """Hold the worker still (no job is begun), as long as the block runs."""
        worker = psutil.Process(self.stack.services["services"]["worker"]["pid"])
        worker.suspend()
        try:
            yield
        finally:
            worker.resume()


@cache
def stage(households: int) -> Stage:
    """Start a demo of its own (or take the one of BENCH_HOME and BENCH_PORT), once a run."""
    if "BENCH_HOME" in os.environ:
        stack = running(Path(os.environ["BENCH_HOME"]), int(os.environ["BENCH_PORT"]))
    else:
        stack = _started(households)
    os.environ |= {
        "LATCHSTRING_HOME": str(stack.home),
        "LATCHSTRING_MODE": "demo",
        "LATCHSTRING_SECOND_FACTOR_WAIVED": "true",
        "LATCHSTRING_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "latchstring.settings",
        "DATABASE_URL": embedded.url(stack.home) or "",
    }
    django.setup()
    return Stage(stack)


def _started(households: int) -> Stack:
    # Not a TemporaryDirectory: at the end of a run that goes before what was registered here, and
    # a folder in which a demo still writes cannot be removed.
    home = Path(tempfile.mkdtemp(prefix="latchstring-bench-"))
    _open.callback(shutil.rmtree, home)
    home.chmod(0o755)  # the database runs as a user of its own
    port = free_port()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LATCHSTRING", "DATABASE"))}
    command = [sys.executable, "-m", "latchstring.command", "demo"]
    with (home / "demo.out").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--households", str(households)],
            env=kept | {"LATCHSTRING_HOME": str(home / "home"), "PORT": str(port)},
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
    _open.callback(_stopped, process)
    while "Ctrl-C stops" not in (home / "demo.out").read_text(errors="replace"):
        if process.poll() is not None:
            raise RuntimeError((home / "demo.out").read_text()[-2000:])
        time.sleep(0.5)
    return running(home / "home", port)


def _stopped(process: "subprocess.Popen[bytes]") -> None:
    """End the demo and wait: it goes only when every process that it started has gone."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)  # a second one ends all at once
        process.wait(60)
