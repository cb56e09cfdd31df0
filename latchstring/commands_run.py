"""Commands that run the platform: `migrate`, `web`, `worker`, `check` (`demo` has its module)."""

import argparse
import importlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

from latchstring import database, unsafe
from latchstring.kernel import home as homes
from latchstring.kernel import limits, metrics_folder


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands of this module to the command line."""
    migrate = commands.add_parser("migrate", help="bring the database to this version")
    migrate.set_defaults(run=run_migrate)
    web = commands.add_parser("web", help="serve the web on PORT (default 8000)")
    web.add_argument("--workers", type=int, default=2, help="processes (default 2)")
    web.set_defaults(run=run_web)
    worker = commands.add_parser("worker", help="do the jobs: advance cases, send notices")
    worker.add_argument("--concurrency", type=int, default=4, help="jobs at once (default 4)")
    worker.set_defaults(run=run_worker)
    check = commands.add_parser("check", help="say everything that is unsafe for production")
    check.set_defaults(run=run_check)


def run_check(options: argparse.Namespace) -> int:
    """Print every unsafe setting with how to mend it; exit code 2 when there is one.

    Outside production nothing refuses to start; it then says what production would refuse.
    """
    problems = _problems()
    for line in problems:
        print(f"latchstring: {line}", file=sys.stderr)
    if not problems:
        print("Nothing unsafe was found.")
    return 2 if problems else 0


def refuse_if_unsafe() -> None:
    """Stop a command before it begins when production is not safe (WrongSetting)."""
    if unsafe.mode() == "production":
        unsafe.refuse(_problems())


def _problems() -> list[str]:
    found = unsafe.in_environment()
    url = os.environ.get("DATABASE_URL")
    return found + (unsafe.in_database(url) if url else [])


def run_migrate(options: argparse.Namespace) -> int:
    """Apply every migration and say so."""
    refuse_if_unsafe()
    with database.attached(with_tables=False) as url:
        database.migrate(url)
    print("The database is up to date.")
    return 0


def run_web(options: argparse.Namespace) -> int:
    """Serve until told to stop (serve.py). It takes this process over where it can.

    With an embedded server of our own we stay, pass signals on, and stop the server after it.
    """
    refuse_if_unsafe()
    os.environ.setdefault("LATCHSTRING_DB_POOL", "true")
    os.environ.setdefault("LATCHSTRING_STATEMENT_TIMEOUT_MS", str(limits.STATEMENT_TIMEOUT_WEB_MS))
    if unsafe.mode() == "production":
        os.environ.setdefault("LATCHSTRING_DRAIN_SECONDS", "5")
    metrics_folder.share(_metrics_folder())
    command = [sys.executable, "-m", "latchstring.serve", "--workers", str(options.workers)]
    with database.attached():
        if os.environ.get("LATCHSTRING_SUPERVISED") or not _is_embedded():
            os.execv(command[0], command)  # noqa: S606
        return _run_and_pass_signals_on(command)


def run_worker(options: argparse.Namespace) -> int:
    """Do jobs until told to stop; a job under way is finished first."""
    refuse_if_unsafe()
    os.environ.setdefault(
        "LATCHSTRING_STATEMENT_TIMEOUT_MS", str(limits.STATEMENT_TIMEOUT_REPORT_MS)
    )
    metrics_folder.share(_metrics_folder())
    with database.attached():
        # Who waits at a page comes before a job on the same cores; a job still has its share. Only
        # now: a database that we started must not come after.
        os.nice(limits.WORKER_NICENESS)
        # Only now: the jobs' models need Django set up on this database.
        importlib.import_module("latchstring.flow.door").run_worker(concurrency=options.concurrency)
    return 0


def _metrics_folder() -> Path:
    return homes.from_environment().prepare().run / "metrics"


def _is_embedded() -> bool:
    return not _GIVEN_URL


def _run_and_pass_signals_on(command: list[str]) -> int:
    with subprocess.Popen(command, start_new_session=True) as process:  # noqa: S603

        def pass_on(number: int, _: FrameType | None) -> None:
            process.send_signal(number)

        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, pass_on)
        return process.wait()


_GIVEN_URL = os.environ.get("DATABASE_URL", "")  # before `attached` names the embedded one
