"""Commands that need no database: `determine`, `explain` and `rules eval`."""

import argparse
import json
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from latchstring.kernel.errors import LatchstringError
from latchstring.programs import bulk, bulk_many, bulk_one, bulk_several
from latchstring.programs.dictionary import EXACT
from latchstring.programs.door import dictionary, load_program
from latchstring.programs.evaluate import rule_values
from latchstring.programs.explain import explanation, facts_from_json, plain
from latchstring.programs.tables import shapes, table
from latchstring.rules import tree
from latchstring.rules.check import Vocabulary, compile_text
from latchstring.rules.errors import RuleError
from latchstring.rules.one import compile_one

DONE, DOES_NOT_HOLD, WRONG_USAGE, SOME_REFUSED = 0, 1, 2, 3
ENGINES = {"one": bulk_one.determine, "duckdb": bulk_many.determine}
ENGINES_OF_SEVERAL = {"one": bulk_several.in_rows, "duckdb": bulk_several.determine}
BAR_CHARACTERS, BAR_SECONDS = 40, 0.1  # how wide it is, and how seldom it is drawn again


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands of this module to the command line."""
    determine = commands.add_parser("determine", help="run a file of households through a program")
    determine.add_argument(
        "program", metavar="PROGRAM", help="for example nm-erap; or several: nm-erap,wy-erap"
    )
    determine.add_argument("--households", required=True, metavar="IN.csv", type=Path)
    out = determine.add_mutually_exclusive_group(required=True)
    out.add_argument("--out", metavar="OUT.csv", type=Path)
    out.add_argument(
        "--out-dir", metavar="DIR", type=Path, help="write PROGRAM.csv there, for each of several"
    )
    determine.add_argument(
        "--as-of",
        metavar="DATE",
        type=_day,
        help="the day whose program version is used (default: each row's applied_on)",
    )
    determine.add_argument(
        "--engine",
        choices=[*ENGINES, "spark"],
        default="duckdb",
        help="all give the same bytes (default duckdb)",
    )
    determine.set_defaults(run=run_determine)
    explain = commands.add_parser("explain", help="one household, every reason, as JSON")
    explain.add_argument("program", metavar="PROGRAM", help="for example nm-erap")
    explain.add_argument("--facts", required=True, metavar="FACTS.json", type=Path)
    explain.set_defaults(run=run_explain)
    rules = commands.add_parser("rules", help="work with the rule language")
    verbs = rules.add_subparsers(dest="verb", metavar="VERB", required=True)
    evaluated = verbs.add_parser("eval", help="print the value of an expression, or unknown")
    evaluated.add_argument("expression", metavar="EXPRESSION")
    evaluated.add_argument("--facts", required=True, metavar="FACTS.json", type=Path)
    evaluated.set_defaults(run=run_rules_eval)


def run_determine(options: argparse.Namespace) -> int:
    """Determine a file; 3 when some rows were invalid and the rest done."""
    if options.engine == "spark":
        return _refused("no Spark cluster is connected here; use --engine duckdb or one.")
    progress = _Bar() if sys.stderr.isatty() else _no_bar
    try:
        count = _determined(options, progress)
    except LatchstringError as wrong:
        return _refused(wrong.message)
    except OSError as wrong:
        return _refused(f"{wrong.filename or options.households}: {wrong.strerror}.")
    finally:
        if isinstance(progress, _Bar):
            progress.close()
    if count.invalid:
        message = f"{count.invalid} of {count.rows} rows are invalid; see the column errors."
        print(f"latchstring: {message}", file=sys.stderr)
        return SOME_REFUSED
    return DONE


def _determined(options: argparse.Namespace, progress: bulk.Progress) -> bulk.Count:
    if options.out_dir is None:
        job = bulk.job(options.program, options.households, options.out, options.as_of)
        return ENGINES[options.engine](job, progress)
    slugs = options.program.split(",")
    jobs = bulk.jobs(slugs, options.households, options.out_dir, options.as_of)
    return ENGINES_OF_SEVERAL[options.engine](jobs, progress)


def run_explain(options: argparse.Namespace) -> int:
    """Print one household's determination with every reason as JSON."""
    try:
        facts = _facts(options.facts)
        day = facts.get("applied_on")
        found = explanation(load_program(options.program, day), facts)
    except LatchstringError as wrong:
        return _refused(wrong.message)
    print(json.dumps(found, ensure_ascii=False, indent=2))
    return DONE


def run_rules_eval(options: argparse.Namespace) -> int:
    """Print the value of an expression as JSON, or `unknown`."""
    try:
        facts = _facts(options.facts)
    except LatchstringError as wrong:
        return _refused(wrong.message)
    definitions = dictionary()
    vocabulary = Vocabulary({key: d.rule_type for key, d in definitions.items()}, shapes())
    try:
        node = compile_text(options.expression, vocabulary)
    except RuleError as wrong:
        print(wrong.shown(), file=sys.stderr)
        return WRONG_USAGE
    slots = {key: place for place, key in enumerate(definitions)}
    tables = {name: table(name).data for name in _tables(node)}
    value = compile_one(node, slots, tables)(rule_values(facts, list(slots)))
    print("unknown" if value is None else _as_json(node, value))
    return DONE


def _facts(path: Path) -> dict[str, Any]:
    try:
        return facts_from_json(path.read_text(encoding="utf-8-sig"))
    except OSError as wrong:
        raise LatchstringError(f"{path} cannot be read: {wrong.strerror}.") from None
    except (ValueError, RecursionError) as wrong:
        raise LatchstringError(f"{path} does not hold facts as JSON: {wrong}.") from None


def _tables(node: tree.Node) -> set[str]:
    found = {node.table} if isinstance(node, tree.Lookup) else set()
    return found.union(*(_tables(child) for child in tree.children(node)))


def _as_json(node: tree.Node, value: Any) -> str:
    """Write a value as JSON: numbers exactly and without idle zeros, dates as texts."""
    if node.type and node.type.kind == "number":
        digits = format(Decimal(int(value)).scaleb(-node.type.scale, EXACT), "f")
        return digits.rstrip("0").rstrip(".") if "." in digits else digits
    return json.dumps(plain(value), ensure_ascii=False)


def _day(text: str) -> date:
    try:
        if len(text) != 10:
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        message = f"{text} is not a date; write it as 2026-05-01"
        raise argparse.ArgumentTypeError(message) from None


def _refused(message: str) -> int:
    line = " ".join(message.split())
    print(f"latchstring: {line}", file=sys.stderr)
    return WRONG_USAGE


def _no_bar(done: float) -> None:
    """Show nothing: nobody is watching."""


class _Bar:
    """A bar on the terminal that says how far the file is."""

    def __init__(self) -> None:
        self.shown = 0.0
        self.line = ""

    def __call__(self, done: float) -> None:
        if time.monotonic() - self.shown < BAR_SECONDS:
            return
        self.shown = time.monotonic()
        full = int(BAR_CHARACTERS * min(1.0, done))
        bar = "#" * full + "." * (BAR_CHARACTERS - full)
        self.line = f"Working through the households [{bar}] {min(1.0, done):4.0%}"
        print(f"\r{self.line}", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Clear the line."""
        if self.line:
            print(f"\r{' ' * len(self.line)}\r", end="", file=sys.stderr, flush=True)
