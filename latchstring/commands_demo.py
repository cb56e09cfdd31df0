"""`latchstring demo`: everything real beside it, started and stopped by one command."""

import argparse
import importlib
import os
import shutil
import sys
from pathlib import Path

from latchstring import database, supervisor
from latchstring.demo import words
from latchstring.kernel import embedded
from latchstring.kernel import home as homes


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `demo` and the loading step that it runs before the web starts."""
    demo = commands.add_parser("demo", help="run portal, desk, agencies, bank and mail here")
    demo.add_argument("--reset", action="store_true", help="forget the demo's data and stop")
    demo.add_argument("--households", type=int, default=48, help="how many lived it (default 48)")
    demo.set_defaults(run=run_demo)
    load = commands.add_parser("demo-load", help="fill the demo (the demo runs this by itself)")
    load.add_argument("--households", type=int, default=48)
    load.set_defaults(run=run_load)


def run_demo(options: argparse.Namespace) -> int:
    """Run the demo until Ctrl-C; its data stays for the next time."""
    home = Path(os.environ.get("LATCHSTRING_HOME", ".latchstring")).absolute()
    if options.reset:
        if supervisor.is_running(home):
            print("The demo runs. Stop it with Ctrl-C first, then reset.", file=sys.stderr)
            return 2
        embedded.stop(home)
        shutil.rmtree(home, ignore_errors=True)
        print("The demo's data is gone. `make demo` begins anew.")
        return 0
    load = [
        *(sys.executable, "-m", "latchstring.command", "demo-load"),
        *("--households", str(options.households)),
    ]
    return supervisor.run_demo(
        homes.at(home).root,
        port=int(os.environ.get("PORT", "8000")),
        load=load,
        greet=words.greeting,
        environment={
            "LATCHSTRING_MODE": "demo",
            "LATCHSTRING_SECOND_FACTOR_WAIVED": "true",
            "LATCHSTRING_DEMO_TICK_SECONDS": "5",
        },
    )


def run_load(options: argparse.Namespace) -> int:
    """Migrate, then fill what is not there yet; running it again changes nothing."""
    with database.attached(with_tables=False) as url:
        database.migrate(url)
        # Only now: the loader's models need Django set up on this database.
        importlib.import_module("latchstring.demo.load").load(options.households)
    return 0
