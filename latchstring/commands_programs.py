"""Commands for program documents: `program check | test | diff | list | publish | withdraw`."""

import argparse
import importlib
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from latchstring import database
from latchstring.kernel.errors import LatchstringError
from latchstring.programs.differences import differences
from latchstring.programs.document import Program, prepared, resolved, slugs, versions
from latchstring.programs.households import cases_of, mismatches
from latchstring.programs.reading import read_yaml

DOES_NOT_HOLD, WRONG_USAGE = 1, 2
HASH_SHOWN = 12
SHOWN_AT_MOST = 20


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands of this module to the command line."""
    verbs = commands.add_parser("program", help="check, test, compare and publish programs")
    inner = verbs.add_subparsers(dest="verb", metavar="VERB", required=True)
    check = inner.add_parser("check", help="read programs whole and say what is wrong, with line")
    check.add_argument("program", nargs="*", metavar="PROGRAM", help="a slug or a file (all)")
    check.set_defaults(run=_kindly(run_check))
    test = inner.add_parser("test", help="run the test households of programs")
    test.add_argument("program", nargs="*", metavar="PROGRAM", help="a slug or a file (all)")
    test.set_defaults(run=_kindly(run_test))
    diff = inner.add_parser("diff", help="what differs between two versions")
    diff.add_argument("old", metavar="OLD", help="a slug, a file, or slug@YYYY-MM-DD")
    diff.add_argument("new", metavar="NEW", help="a slug, a file, or slug@YYYY-MM-DD")
    diff.set_defaults(run=_kindly(run_diff))
    inner.add_parser("list", help="what is published, and from when").set_defaults(
        run=_kindly(run_list)
    )
    publish = inner.add_parser("publish", help="put a program's newest version in force")
    publish.add_argument("program", metavar="PROGRAM")
    publish.add_argument("--from", dest="first_day", type=_day, metavar="DATE", default=None)
    publish.add_argument("--by", required=True, metavar="EMAIL", help="who answers for it")
    publish.set_defaults(run=_kindly(run_publish))
    withdraw = inner.add_parser("withdraw", help="take back a version before its first day")
    withdraw.add_argument("program", metavar="PROGRAM")
    withdraw.add_argument("version", metavar="HASH", help="the first characters suffice")
    withdraw.add_argument("--by", required=True, metavar="EMAIL", help="who answers for it")
    withdraw.set_defaults(run=_kindly(run_withdraw))


def run_check(options: argparse.Namespace) -> int:
    """Read each program whole; 1 when one is wrong, with its file, line and what to mend."""
    wrong = 0
    for name in options.program or slugs():
        try:
            program = _program(name)
        except LatchstringError as problem:
            wrong += 1
            print(f"FAIL {name}: {problem.message}")
            continue
        print(f"ok   {program.slug} {program.version[:HASH_SHOWN]}")
    return DOES_NOT_HOLD if wrong else 0


def run_test(options: argparse.Namespace) -> int:
    """Run the test households of each program; 1 when one comes out otherwise or there are none."""
    wrong = 0
    for name in options.program or slugs():
        program = _program(name)
        found = list(mismatches(program))
        count = len(cases_of(program.slug))
        wrong += bool(found) or not count
        print(f"{'FAIL' if found or not count else 'ok  '} {program.slug}: {count} households")
        for mismatch in found[:SHOWN_AT_MOST]:
            print(f"       {mismatch}")
    return DOES_NOT_HOLD if wrong else 0


def run_diff(options: argparse.Namespace) -> int:
    """Print what differs, a line each; 1 when anything does."""
    old, new = _program(options.old), _program(options.new)
    lines = list(differences(old.document, new.document))
    for line in lines:
        print(line)
    if not lines:
        print("They say the same.")
    return DOES_NOT_HOLD if lines else 0


def run_list(options: argparse.Namespace) -> int:
    """Print every published version with its first day, and what is pinned to it."""
    with database.attached():
        publication = _publication()
        for row in publication.published():
            state = f"withdrawn {row.withdrawn_at:%Y-%m-%d}" if row.withdrawn_at else "stands"
            print(f"{row.program} {row.version[:HASH_SHOWN]} from {row.effective_from} {state}")
    return 0


def run_publish(options: argparse.Namespace) -> int:
    """Publish a program's newest version; refused while its own households fail."""
    program = _program(options.program)
    with database.attached():
        row = _publication().publish_checked(
            program, first_day=options.first_day, actor=f"command:{options.by}"
        )
    print(f"{row.program} {row.version[:HASH_SHOWN]} is in force from {row.effective_from}.")
    return 0


def run_withdraw(options: argparse.Namespace) -> int:
    """Withdraw a version that is not in force yet."""
    with database.attached():
        row = _publication().withdraw(
            options.program, options.version, actor=f"command:{options.by}"
        )
    print(f"{row.program} {row.version[:HASH_SHOWN]} will not take effect.")
    return 0


def _publication() -> Any:
    """Return programs' second door, only now: it needs Django set up on the database."""
    scope = importlib.import_module("latchstring.kernel.scope")
    scope.enter(scope.EVERY_AGENCY)
    return importlib.import_module("latchstring.programs.publication")


def _program(name: str) -> Program:
    """Return a program by slug (its newest version), by slug and day, or from a file."""
    if name.endswith((".yaml", ".yml")):
        return prepared(resolved(read_yaml(Path(name))))
    slug, _, day = name.partition("@")
    found = versions(slug)
    if not day:
        return found[-1]
    in_force = [version for version in found if version.effective_from <= _day(day)]
    return in_force[-1] if in_force else found[0]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no day; write it as 2026-10-01") from None


def _kindly(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """Tell what is wrong in one line, with exit code 2."""

    def told(options: argparse.Namespace) -> int:
        try:
            return run(options)
        except (LatchstringError, argparse.ArgumentTypeError) as wrong:
            message = wrong.message if isinstance(wrong, LatchstringError) else str(wrong)
            print(f"latchstring program {options.verb}: {message}", file=sys.stderr)
            return WRONG_USAGE

    return told
