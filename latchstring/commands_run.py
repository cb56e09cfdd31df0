"""Commands that run the platform: `migrate`, `web`, `worker` (and `demo`, in its own module)."""

import argparse
import importlib
import os
import sys
from pathlib import Path

from latchstring import database


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


def run_migrate(options: argparse.Namespace) -> int:
    """Apply every migration and say so."""
    with database.attached(with_tables=False) as url:
        database.migrate(url)
    print("The database is up to date.")
    return 0


def run_web(options: argparse.Namespace) -> int:
    """Serve until told to stop. Granian takes this process over, so signals reach it."""
    with database.attached():
        os.environ.setdefault("LATCHSTRING_DB_POOL", "true")
        host = os.environ.get("LATCHSTRING_BIND", "127.0.0.1")
        arguments = [
            *("--interface", "wsgi", "--host", host),
            *("--port", os.environ.get("PORT", "8000")),
            *("--workers", str(options.workers), "--blocking-threads", "8"),
            *("--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "10"),
            *("--static-path-mount", str(Path(__file__).parent / "web" / "static")),
            *("--static-path-expires", "3600"),
            "latchstring.wsgi:application",
        ]
        if os.environ.get("LATCHSTRING_SUPERVISED"):
            os.execv(sys.executable, [sys.executable, "-m", "granian", *arguments])  # noqa: S606
        return os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-m", "granian", *arguments])  # noqa: S606


def run_worker(options: argparse.Namespace) -> int:
    """Do jobs until told to stop; a job under way is finished first."""
    with database.attached():
        # Only now: the jobs' models need Django set up on this database.
        importlib.import_module("latchstring.flow.door").run_worker(concurrency=options.concurrency)
    return 0
