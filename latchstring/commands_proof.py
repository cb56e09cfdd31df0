"""Commands that prove: `ledger verify`, `audit verify`, `replay`, and `prove` for every check."""

import argparse
import importlib
import json
import sys
from collections.abc import Callable, Iterable
from typing import Any

from latchstring import database

# Rooms with CHECKS: invariants as queries that return the rows that break them, named by number
# (I1 to I13). I1 and I7 also need a book from outside: the receipts that people were shown
# (`applications.receipts_not_kept`, `flow.receipts_without_case`) and the bank's own
# (`payments.not_as_in_the_banks_book`); those are functions that tests call with it.
ROOMS_WITH_CHECKS = (
    "people",
    "audit",
    "funds",
    "payments",
    "verification",
    "cases",
    "documents",
    "notices",
    "applications",
    "flow",
)


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands of this module to the command line."""
    ledger = commands.add_parser("ledger", help="prove the books")
    inner = ledger.add_subparsers(dest="what", metavar="verify", required=True)
    inner.add_parser("verify", help="walk every entry of the ledger").set_defaults(
        run=run_ledger_verify
    )
    audit = commands.add_parser("audit", help="prove the trail")
    inner = audit.add_subparsers(dest="what", metavar="verify", required=True)
    inner.add_parser("verify", help="walk every link of the chain").set_defaults(
        run=run_audit_verify
    )
    prove = commands.add_parser("prove", help="run every invariant of every room")
    prove.set_defaults(run=run_prove)
    replay = commands.add_parser("replay", help="derive a case's past determinations again")
    replay.add_argument("case", metavar="CASE", help="the case's number")
    replay.set_defaults(run=run_replay)


def _door(room: str) -> Any:
    """A room's door, only now: its models need Django set up on the database."""
    return importlib.import_module(f"latchstring.{room}.door")


def _every_agency() -> None:
    scope = importlib.import_module("latchstring.kernel.scope")
    scope.enter(scope.EVERY_AGENCY)


def run_ledger_verify(options: argparse.Namespace) -> int:
    """Print counts and `ok`, or the first rows that fail and 1."""
    with database.attached():
        _every_agency()
        walk = _door("funds").verify()
        print(f"transactions {walk.transactions}")
        print(f"postings {walk.postings}")
        return _say(walk.faults)


def run_audit_verify(options: argparse.Namespace) -> int:
    """Print counts and `ok`, or the first links that fail and 1."""
    with database.attached():
        _every_agency()
        audit = _door("audit")
        audit.link_new_entries()
        walk = audit.verify()
        print(f"links {walk.links}")
        print(f"waiting {walk.waiting}")
        return _say(walk.faults)


def all_checks() -> dict[str, Callable[[], Iterable[Any]]]:
    """Return every invariant of every room by its full name, in the order of the rooms."""
    return {
        f"{room}: {name}": check
        for room in ROOMS_WITH_CHECKS
        for name, check in importlib.import_module(f"latchstring.{room}.checks").CHECKS.items()
    }


def run_prove(options: argparse.Namespace) -> int:
    """Run every room's invariants; a line per invariant, 1 when any has rows that break it."""
    broken = 0
    with database.attached():
        _every_agency()
        for name, check in all_checks().items():
            rows = list(check())
            broken += bool(rows)
            print(f"{'ok  ' if not rows else 'FAIL'} {name}")
            for row in rows[:5]:
                print(f"       {row}")
    return 1 if broken else 0


def run_replay(options: argparse.Namespace) -> int:
    """Derive again from pinned version, tables and facts; a line each, 1 where bytes differ."""
    with database.attached():
        _every_agency()
        cases = _door("cases")
        try:
            found = cases.replays(options.case)
        except cases.NoSuchCase as wrong:
            print(wrong, file=sys.stderr)
            return 2
        for row, again in found:
            told = f"run {row.run} of {row.made_at:%Y-%m-%d}: {row.outcome}, {row.version[:12]}"
            print(f"{'same' if again.same else 'DIFFERS'} {told}")
            if not again.snapshot_intact:
                print("       the stored facts are not those that were sealed")
            for place in _differences(json.loads(again.stored), json.loads(again.derived)):
                print(f"       {place}")
    return 0 if all(again.same for _, again in found) else 1


def _differences(stored: Any, derived: Any, place: str = "") -> list[str]:
    """Return the places at which two results differ; not the values, which are personal."""
    if isinstance(stored, dict) and isinstance(derived, dict):
        keys = sorted({*stored, *derived})
        pairs = [(f"{place}.{key}".lstrip("."), stored.get(key), derived.get(key)) for key in keys]
    elif isinstance(stored, list) and isinstance(derived, list) and len(stored) == len(derived):
        both = zip(stored, derived, strict=True)
        pairs = [(f"{place}[{number}]", *pair) for number, pair in enumerate(both)]
    else:
        return [] if stored == derived else [place]
    return [found for where, one, other in pairs for found in _differences(one, other, where)]


def _say(faults: list[str]) -> int:
    for fault in faults:
        print(fault)
    if not faults:
        print("ok")
    return 1 if faults else 0
