"""How fast are the rules, for one household and for a file of them?

*one*: 10,000 mixed households in process. *many*: all of `determine` from the file to the file,
beside the floor (DuckDB reading the same file as text and writing 13 columns of it) and beside SQL
written by hand for the same rules, whose rows must be ours to the byte (joins lose their order).
"""

import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb

from latchstring.programs import bulk, bulk_many, bulk_several
from latchstring.programs.document import slugs
from latchstring.programs.door import Program, counties, evaluate, load_program, sentence
from latchstring.programs.evaluate import Determination, filled, run
from latchstring.programs.households import cases_of
from latchstring.programs.households import written as as_written
from tests.bench import erap_by_hand
from tests.bench.table import Row, interleaved, row

COLUMNS = load_program("nm-erap").columns
HOUSEHOLDS = 10_000
ROUNDS = 5
FILE_ROUNDS = 3
SIZES = (100_000, 1_000_000)
GROWTH = (10_000, 100_000, 1_000_000)


def household(dice: random.Random) -> dict[str, object]:
    """Return one household, mostly well-formed and known."""
    code, county = dice.choice(list(counties().items()))
    yes = ["true"] * 6 + ["false"]
    facts: dict[str, object] = {key: dice.choice(yes) for key in COLUMNS}
    facts |= {
        "applied_on": date(2024, 3, 1) + timedelta(dice.randrange(960)),
        "state": county["state"],
        "county": code,
        "size": dice.choice([1, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 11]),
        "annual_income": f"{dice.randrange(9_000_000) / 100:.2f}",
        "monthly_income": dice.randrange(7000),
        "monthly_rent": dice.randrange(400, 2500),
        "bedrooms": dice.randrange(6),
        "months_behind": dice.randrange(9),
        "future_months": dice.randrange(5),
        "months_assisted": dice.randrange(14),
        "utilities_owed": f"{dice.randrange(60_000) / 100:.2f}",
        "internet_owed": dice.randrange(200),
        "other_federal_rent_help": dice.choice(["false"] * 9 + ["true"]),
    }
    return {key: "" if dice.random() < 0.005 else value for key, value in facts.items()}


def bench() -> Iterator[Row]:
    """Time *one* by the household, then *many* by the file."""
    dice = random.Random(5)
    some = [household(dice) for _ in range(HOUSEHOLDS)]
    yield from one(load_program("nm-erap"), some)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for rows in SIZES:
            written(folder / "in.csv", some, rows)
            yield from many("nm-erap", folder, rows, by_hand=True)
            yield from many("wy-erap", folder, rows, by_hand=False)
        spoilt(folder / "in.csv")
        yield from many("nm-erap", folder, rows, by_hand=False, said=", 1 in 1,000 wrong")
        for rows in GROWTH:
            yield from several(folder, rows)


def one(program: Program, some: list[dict[str, object]]) -> Iterator[Row]:
    """Time a household: its outcome, its reasons, its sentences, and what its facts' texts cost."""
    texts = [{k: str(v) for k, v in facts.items() if v != ""} for facts in some]
    filled_rows = [filled(program, facts) for facts in texts]
    typed = [typed_facts(program, row) for row in filled_rows]
    plain, determined = erap_by_hand.closures(), from_typed(program)
    for facts, filled_row in zip(typed, filled_rows, strict=True):
        ours = run(program, list(filled_row))
        assert plain(facts) == (ours.results, ours.priority), facts

    found = [determined(facts) for facts in typed]
    for determination in found:
        assert len(determination.criteria) == len(program.criteria)

    def told(language: str) -> Callable[[Determination], object]:
        return lambda known: [sentence(program, result, language) for result in known.criteria]

    times = {
        name: every.processor  # in one thread: what others do on the machine is left out
        for name, every in interleaved(
            {
                "plain": each(plain, typed),
                "outcome": each(determined, typed),
                "reasons": each(lambda facts: determined(facts).criteria, typed),
                "texts": each(lambda facts: filled(program, facts), texts),
                "whole": each(lambda facts: evaluate(program, facts).criteria, texts),
                "en": each(told("en"), found),
                "es": each(told("es"), found),
            },
            ROUNDS,
        ).items()
    }

    def line(what: str, name: str, goal: str = "") -> Row:
        taken, peer = times[name], times["plain"]
        return row(
            f"one: {what}",
            taken.median / len(some) * 1e6,
            "us",
            "" if name == "plain" else "plain closures",
            None if name == "plain" else taken.over(peer),
            goal,
            least=taken.least / len(some) * 1e6,
        )

    yield line("results by plain closures, written by hand (peer)", "plain")
    yield line("outcome and amounts", "outcome")
    yield line("outcome, amounts, ids and operands", "reasons", "<= 10 us")
    yield line("reading and typing the texts", "texts")
    yield line("from texts to ids and operands", "whole")
    yield line("7 sentences in English", "en")
    yield line("7 sentences in Spanish", "es")


def typed_facts(program: Program, row: list) -> dict[str, object]:
    """Return the known facts of a filled row as a dict."""
    return {key: row[slot] for key, slot in program.readers.items() if row[slot] is not None}


def from_typed(program: Program) -> Callable[[dict[str, object]], Determination]:
    """Determine from a dict that is typed already, as *one* does once the texts are read."""
    places, width = list(program.readers.items()), len(program.slots)

    def determined(facts: dict[str, object]) -> Determination:
        slots: list[object] = [None] * width
        for key, slot in places:
            slots[slot] = facts.get(key)
        return run(program, slots)

    return determined


def each(action: Callable[..., object], things: list) -> Callable[[], None]:
    """Return an action that does one thing after another and keeps nothing."""

    def all_of_them() -> None:
        for thing in things:
            action(thing)

    return all_of_them


def many(slug: str, folder: Path, rows: int, by_hand: bool, said: str = "") -> Iterator[Row]:
    """Time a file against the floor; the new process with its imports is told apart."""
    source, target = folder / "in.csv", folder / "out.csv"
    floor_target, hand_target = folder / "floor.csv", folder / "hand.csv"
    chosen = ", ".join(["household_id", *COLUMNS[:12]])
    copy = (
        f"COPY (SELECT {chosen} FROM read_csv('{source}', all_varchar=true, header=true)) "
        f"TO '{floor_target}' (HEADER)"
    )
    job = bulk.job(slug, source, target)
    command = [sys.executable, "-m", "latchstring.command", "determine", slug]
    command += ["--households", str(source), "--out", str(target)]
    actions: dict[str, Callable[[], object]] = {
        "floor": lambda: duckdb.connect().execute(copy),
        "ours": lambda: bulk_many.determine(job, lambda done: None),
        "process": lambda: subprocess.run(command, check=not said, capture_output=True),
    }
    if by_hand:
        actions["hand"] = lambda: handwritten(source, hand_target)
    times = interleaved(actions, FILE_ROUNDS)
    if by_hand:
        ours, hand = (path.read_bytes().split(b"\n") for path in (target, hand_target))
        assert sorted(ours) == sorted(hand), "ours and by hand differ"

    said = f"many: {slug}, {rows:,} rows{said}"

    def lines(what: str, name: str, peer: str, against: str, goal: str = "") -> Iterator[Row]:
        for taken, other, unit in (
            (times[name], times[peer], "s"),
            (times[name].processor, times[peer].processor, "s of processor"),
        ):
            ratio = taken.over(other)
            yield row(
                f"{said}: {what}", taken.median, unit, against, ratio, goal, least=taken.least
            )

    for floor, unit in ((times["floor"], "s"), (times["floor"].processor, "s of processor")):
        yield row(f"{said}: text floor", floor.median, unit, least=floor.least)
    yield from lines("determine", "ours", "floor", "text floor", "<= 2")
    yield next(lines("determine, a new process", "process", "floor", "text floor"))
    if by_hand:
        yield from lines("SQL by hand", "hand", "floor", "text floor")
        yield from lines("determine", "ours", "hand", "SQL by hand")


def several(folder: Path, rows: int) -> Iterator[Row]:
    """Time every program over one file, read once, beside one program after another."""
    source = folder / "all.csv"
    source.touch()
    jobs = bulk.jobs(slugs(), source, folder)
    columns = jobs[0].columns
    cases = [case["facts"] for slug in slugs() for case in cases_of(slug)]
    lines = [",".join(as_written(facts.get(key)) for key in columns) for facts in cases]
    with open(source, "w", encoding="utf-8") as file:
        file.write(",".join(["household_id", *columns]) + "\n")
        for number in range(rows):
            file.write(f"H{number:08d},{lines[number % len(lines)]}\n")
    times = interleaved(
        {
            "once": lambda: bulk_several.determine(jobs, lambda done: None),
            "each": lambda: bulk_several.one_by_one(jobs, bulk_many.determine, lambda done: None),
        },
        FILE_ROUNDS,
    )
    for name, what in (("each", "one after another"), ("once", "in one pass")):
        for taken, other, unit in (
            (times[name], times["each"], "s"),
            (times[name].processor, times["each"].processor, "s of processor"),
        ):
            against = "" if name == "each" else "one after another"
            ratio = taken.over(other) if against else None
            said = f"many: {len(jobs)} programs, {rows:,} rows, {what}"
            yield row(said, taken.median, unit, against, ratio, least=taken.least)


def handwritten(source: Path, target: Path) -> None:
    """Run the peer's SQL in a database of its own."""
    with duckdb.connect(":memory:") as connection:
        for statement in [*erap_by_hand.setup(), erap_by_hand.sql(str(source), str(target))]:
            connection.execute(statement)


def written(source: Path, some: list[dict[str, object]], rows: int) -> None:
    """Write a file of that many rows, its households over and over under ids of their own."""
    lines = [",".join(str(facts[key]) for key in COLUMNS) for facts in some]
    with open(source, "w", encoding="utf-8") as file:
        file.write(",".join(["household_id", *COLUMNS]) + "\n")
        for number in range(rows):
            file.write(f"H{number:08d},{lines[number % len(lines)]}\n")


def spoilt(source: Path) -> None:
    """Give every thousandth row a number that is none."""
    lines = source.read_text(encoding="utf-8").splitlines()
    place = 1 + COLUMNS.index("annual_income")
    for number in range(1000, len(lines), 1000):
        cells = lines[number].split(",")
        cells[place] = "1e3"
        lines[number] = ",".join(cells)
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
