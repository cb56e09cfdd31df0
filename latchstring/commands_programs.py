"""Commands for program documents: check, test, compare, publish, withdraw; and their rounds."""

import argparse
import importlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from latchstring import database
from latchstring.kernel.errors import LatchstringError
from latchstring.programs.carry import exported, taken_in
from latchstring.programs.columns import page, page_path
from latchstring.programs.differences import differences
from latchstring.programs.document import Program, from_catalog, slugs, versions
from latchstring.programs.errors import CatalogError
from latchstring.programs.households import cases_of, mismatches
from latchstring.programs.keys import SHAPES
from latchstring.programs.published import written
from latchstring.programs.reading import catalog_folder, read_yaml
from latchstring.programs.rounds import Round

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
    columns = inner.add_parser("columns", help="what a file of households holds, in and out")
    columns.add_argument("program", nargs="*", metavar="PROGRAM", help="a slug (all)")
    columns.add_argument(
        "--write", action="store_true", help="write the pages beside the documents"
    )
    columns.set_defaults(run=_kindly(run_columns))
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
    schema = inner.add_parser("schema", help="print the JSON Schema of a kind of file")
    schema.add_argument("kind", nargs="?", default="program", choices=list(SHAPES))
    schema.set_defaults(run=_kindly(run_schema))
    export = inner.add_parser("export", help="write a program and all it stands on to one file")
    export.add_argument("program", metavar="PROGRAM")
    export.add_argument("--out", type=Path, required=True, metavar="FILE")
    export.set_defaults(run=_kindly(run_export))
    take_in = inner.add_parser("import", help="take in a file that `program export` wrote")
    take_in.add_argument("file", type=Path, metavar="FILE")
    take_in.add_argument("--into", type=Path, metavar="FOLDER", help="a catalog (the one in use)")
    take_in.set_defaults(run=_kindly(run_import))
    _register_round(inner)


def _register_round(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    turn = inner.add_parser("round", help="open, pause or close a program, or say how it stands")
    turn.add_argument("act", choices=["open", "pause", "close", "show"])
    turn.add_argument("program", metavar="PROGRAM")
    turn.add_argument(
        "--from", dest="from_day", type=_day, metavar="DATE", help="today if left out"
    )
    turn.add_argument(
        "--until", type=_day, metavar="DATE", help="an opening's last day; the day a pause is over"
    )
    turn.add_argument("--why", default="", metavar="TEXT", help="what residents are told")
    turn.add_argument("--why-es", default="", metavar="TEXT", help="the same in Spanish")
    turn.add_argument("--by", default="", metavar="EMAIL", help="who answers for it")
    turn.set_defaults(run=_kindly(run_round))


def run_check(options: argparse.Namespace) -> int:
    """Read each program whole; 1 when one is wrong, with each file, line and what to mend."""
    wrong = 0
    for name in options.program or slugs():
        try:
            program = _program(name)
        except LatchstringError as problem:
            wrong += 1
            print(f"FAIL {name}: {_all_of(problem)}")
            continue
        print(f"ok   {program.slug} {program.version[:HASH_SHOWN]}")
    return DOES_NOT_HOLD if wrong else 0


def _all_of(problem: LatchstringError) -> str:
    """Return the problems of one reading, in the order of their lines; of many, the first ones."""
    others = problem.others if isinstance(problem, CatalogError) else ()
    told = [one.message.replace("\n", "\n     ") for one in (problem, *others)]
    more = [f"and {len(told) - SHOWN_AT_MOST} more."] if len(told) > SHOWN_AT_MOST else []
    return "\n     ".join([*told[:SHOWN_AT_MOST], *more])


def run_columns(options: argparse.Namespace) -> int:
    """Print the page of columns of each program, or write it beside the program's document."""
    for slug in options.program or slugs():
        program = versions(slug)[-1]
        if options.write:
            page_path(program).write_text(page(program), encoding="utf-8")
        else:
            print(page(program))
    return 0


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


def run_schema(options: argparse.Namespace) -> int:
    """Print the published shape of a kind of file, as it stands in catalog/schema/."""
    print(written(options.kind), end="")
    return 0


def run_export(options: argparse.Namespace) -> int:
    """Write a program, its facts, questions, papers, tables and households to one file."""
    program = _program(options.program)
    options.out.write_text(exported(program), encoding="utf-8", newline="")
    print(f"{program.slug} {program.version[:HASH_SHOWN]} is in {options.out}.")
    return 0


def run_import(options: argparse.Namespace) -> int:
    """Take a program in; nothing is written unless it reads and tests well where it would stand."""
    folder = options.into or catalog_folder()
    carried = read_yaml(options.file)
    changed = taken_in(carried, folder)
    slug = carried["program"]["slug"]
    with tempfile.TemporaryDirectory() as scratch:
        tried = Path(scratch) / "catalog"
        if folder.exists():
            shutil.copytree(folder, tried)
        _write(tried, changed)
        said = ""
        for verb in ("check", "test"):
            run = subprocess.run(  # noqa: S603 - our own interpreter and a slug that was checked
                [sys.executable, "-m", "latchstring.command", "program", verb, slug],
                env={**os.environ, "LATCHSTRING_CATALOG": str(tried)},
                capture_output=True,
                text=True,
                check=False,
            )
            said = run.stdout + run.stderr
            if run.returncode:
                raise CatalogError(f"It was not taken in.\n{said.strip()}")
        _write(folder, changed)
    for path in changed:
        print(f"wrote {folder / path}")
    print(said, end="")
    return 0


def _write(folder: Path, changed: Mapping[Path, str]) -> None:
    for path, text in changed.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="")


def run_round(options: argparse.Namespace) -> int:
    """Open, pause or close a program from a day, and say how it stands today."""
    program = _program(options.program)
    if options.act != "show" and not options.by:
        raise argparse.ArgumentTypeError("Say who answers for it: --by you@agency.gov")
    with database.attached():
        publication, today = _publication(), _clock().today()
        if options.act != "show":
            publication.change_round(
                program,
                options.act,
                actor=f"command:{options.by}",
                note={"en": options.why, "es": options.why_es},
                from_day=options.from_day,
                until=options.until,
            )
        for act in publication.acts_of(program.slug):
            print(
                f"{act.act} from {act.from_day} {f'until {act.until} ' if act.until else ''}"
                f"{act.note.get('en', '')}"
            )
        found = publication.round_on(program, today)
    print(f"{program.slug} is {found.status} on {today}.{_then(found)}")
    return 0


def _then(found: Round) -> str:
    if found.opens_on:
        return f" It opens on {found.opens_on}."
    if found.takes_applications:
        return f" Its last day is {found.closes_on}." if found.closes_on else ""
    return " Nobody has set the day on which it opens."


def _clock() -> Any:
    return importlib.import_module("latchstring.kernel.clock")


def _publication() -> Any:
    """Return programs' second door, only now: it needs Django set up on the database."""
    scope = importlib.import_module("latchstring.kernel.scope")
    scope.enter(scope.EVERY_AGENCY)
    return importlib.import_module("latchstring.programs.publication")


def _program(name: str) -> Program:
    """Return a program by slug (its newest version), by slug and day, or from a file."""
    if name.endswith((".yaml", ".yml")):
        return from_catalog(read_yaml(Path(name)))
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
    """Tell what is wrong in a few lines, with exit code 2."""

    def told(options: argparse.Namespace) -> int:
        try:
            return run(options)
        except (LatchstringError, argparse.ArgumentTypeError) as wrong:
            message = _all_of(wrong) if isinstance(wrong, LatchstringError) else str(wrong)
            print(f"latchstring program {options.verb}: {message}", file=sys.stderr)
            return WRONG_USAGE

    return told
