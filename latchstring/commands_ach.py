"""Commands for bank files: `ach check FILE` and `ach read FILE`. They need no database."""

import argparse
import json
import sys
from pathlib import Path
from typing import BinaryIO

from latchstring.payments.nacha.check import MOST_FAULTS, check
from latchstring.payments.nacha.errors import CannotRead
from latchstring.payments.nacha.read import as_values, read_file

HOLDS, DOES_NOT_HOLD, WRONG_USAGE = 0, 1, 2


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands of this module to the command line."""
    ach = commands.add_parser("ach", help="check or read a bank (NACHA) file")
    verbs = ach.add_subparsers(dest="verb", metavar="VERB", required=True)
    checking = verbs.add_parser(
        "check",
        help="print `valid`, or a line per fault",
        description="Judge any NACHA file: `valid` and 0, or a line per fault and 1.",
    )
    checking.set_defaults(run=run_check)
    reading = verbs.add_parser(
        "read",
        help="print the file as JSON",
        description="The file as JSON: batches, entries, addenda, returns, changes, totals.",
    )
    reading.set_defaults(run=run_read)
    for verb in (checking, reading):
        verb.add_argument("file", metavar="FILE", help="a file of 94-character records")


def run_check(options: argparse.Namespace) -> int:
    """Print `valid`, or every fault in order of its record."""
    source = _open(options.file)
    if source is None:
        return WRONG_USAGE
    with source:
        try:
            faults = check(source)
        except CannotRead as error:
            print(f"record 1, field record_size: {error}")
            return DOES_NOT_HOLD
    for fault in faults:
        print(fault)
    if len(faults) >= MOST_FAULTS:
        print(f"latchstring: stopped after {MOST_FAULTS} faults", file=sys.stderr)
    if not faults:
        print("valid")
    return DOES_NOT_HOLD if faults else HOLDS


def run_read(options: argparse.Namespace) -> int:
    """Print the file as JSON, as it stands: `check` says whether it is right."""
    source = _open(options.file)
    if source is None:
        return WRONG_USAGE
    with source:
        try:
            values = as_values(read_file(source))
        except CannotRead as error:
            print(f"latchstring: {options.file}: {error}", file=sys.stderr)
            return DOES_NOT_HOLD
    json.dump(values, sys.stdout, ensure_ascii=False, indent=2)
    print()
    return HOLDS


def _open(name: str) -> BinaryIO | None:
    """The file, opened; or a line that says why not, and None."""
    try:
        return Path(name).open("rb")
    except OSError as error:
        why = (error.strerror or "cannot be read").lower()
        print(f"latchstring: {name}: {why}. Give the path of a bank file.", file=sys.stderr)
        return None
