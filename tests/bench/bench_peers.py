"""New Mexico's criteria beside other engines: one household, many in memory, a file of them.

Every peer has the same rules, written for it in tests/bench/peers, and the same figures. Nothing is
timed before all have told the same of every household, one by one, all at once and as a file.
Only households of which everything is known: OpenFisca and zen-engine have no unknown. The peers
tell the criteria, the priority test and the limit; ours the amounts too, and OpenFisca where it
writes a file: its columns are then ours to the byte. No peer looks for odd values or repeated ids.
"""

import csv
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path

from latchstring.programs import bulk, bulk_duckdb, bulk_many, bulk_source
from latchstring.programs.door import Program, load_program
from latchstring.programs.evaluate import filled
from latchstring.programs.tables import table
from latchstring.rules.many import quoted
from tests.bench.bench_rules import each, from_typed, household, typed_facts, written
from tests.bench.beside import Beside, beside
from tests.bench.table import Row, Times, interleaved, row

PEERS = {  # the process's name: how it is called in the table
    "zen_expressions": "compiled expression",
    "zen_graph": "graph",
    "cel_expressions": "",
    "openfisca_system": "",
}
MIXED, EDGES = 4_000, 1_000
ROUNDS = 7
# Households a round: each peer enough for a tenth of a second or more.
OURS_ONE, PEERS_ONE = 10_000, {"zen_expressions": 10_000, "openfisca_system": 200}
SOME = 1_000
LOOKED = "openfisca_system, looked"
MANY, ROW_BY_ROW = 1_000_000, {"cel_expressions": 1_000}
SEVERAL = 10_000
SHARED = ("household_id", "outcome", "priority", "failed", "income_limit")
Facts = dict[str, object]


class Differ(Exception):
    """A peer tells something else than ours: nothing may be timed."""


def bench() -> Iterator[Row]:
    """Compare all answers, then time one household, many in memory, and files."""
    program = load_program("nm-erap")
    dice = random.Random(20261123)
    some = mixed(dice)
    some += on_the_edge(program, dice, some[:EDGES])
    with tempfile.TemporaryDirectory(prefix="latchstring-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        written(folder / "all.csv", some, len(some))
        them = {peer: stack.enter_context(beside(peer, folder / "all.csv")) for peer in PEERS}
        called = {peer: _called(peer, process) for peer, process in them.items()}
        compared(program, some, them, folder)
        yield from single(program, some, them, called)
        yield from in_memory(program, some, them, called, folder)
        for rows in (SEVERAL, MANY):
            yield from from_file(some, them, called, folder, rows)


def _called(name: str, process: Beside) -> str:
    package = {"zen": "zen-engine", "cel": "cel-python", "openfisca": "OpenFisca-Core"}
    called = f"{package[name.partition('_')[0]]} {process.ask('version')}"
    return f"{called}, {PEERS[name]}" if PEERS[name] else called


def mixed(dice: random.Random) -> list[Facts]:
    """Return households of which everything is known, on days of which the figures are."""
    tables = (table("hud_income_limits"), table("hud_fair_market_rents"))
    first, found = max(known.data.starts[0] for known in tables), []
    while len(found) < MIXED:
        facts = household(dice)
        if "" not in facts.values() and facts["applied_on"] >= first:
            found.append(facts)
    return found


def on_the_edge(program: Program, dice: random.Random, some: Sequence[Facts]) -> list[Facts]:
    """Return households with an income at a limit, a cent under and over it; months likewise."""
    found, determined = [], from_typed(program)
    for facts in some:
        known = determined(_typed(program, facts))
        limit = known.value(dice.choice(("income_limit", "priority_limit")))
        cent = Decimal(dice.choice((-1, 0, 1))) / 100
        incomes = {"annual_income": limit + cent, "monthly_income": Decimal(90_000)}
        if dice.random() < 0.5:
            monthly = (limit / 12).quantize(Decimal("0.01")) + cent
            incomes = {"annual_income": Decimal(900_000), "monthly_income": monthly}
        told = {key: f"{value:.2f}" for key, value in incomes.items()}
        found.append(facts | told | {"months_assisted": dice.choice((14, 14, 14, 15, 16))})
    return found


def _typed(program: Program, facts: Facts) -> Facts:
    return typed_facts(program, filled(program, {key: str(value) for key, value in facts.items()}))


def compared(program: Program, some: list[Facts], them: dict[str, Beside], folder: Path) -> None:
    """Hold what each peer tells against ours; Differ names the first household that differs."""
    determined = from_typed(program)
    ours = []
    for facts in some:
        known = determined(_typed(program, facts))
        ours.append([known.results, known.priority, int(known.value("income_limit"))])
    for outcome in (True, False):  # a comparison where all were alike would say nothing
        assert any((False not in results) is outcome for results, _, _ in ours)
    source, target = folder / "all.csv", folder / "told.csv"
    bulk_many.determine(bulk.job(program.slug, source, target), lambda done: None)
    in_file = _rows(target)
    for name, process in them.items():
        one_by_one, at_once = process.ask("answers")
        process.ask("determine", str(source), str(target))
        in_its = _rows(target)
        columns = in_its[0].keys()
        assert columns >= set(SHARED)
        for way, told, known in (
            ("one by one", one_by_one, ours),
            ("all at once", at_once, ours),
            ("as a file", in_its, [{c: cells[c] for c in columns} for cells in in_file]),
        ):
            wrong = [
                n for n, pair in enumerate(zip(told, known, strict=True)) if pair[0] != pair[1]
            ]
            if wrong:
                n = wrong[0]
                raise Differ(
                    f"{name}, {way}, tells something else of {len(wrong):,} of {len(some):,} "
                    f"households; nothing was timed. The first: {known[n]} is ours, {told[n]} "
                    f"theirs, for {some[n]}"
                )


def _rows(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def single(
    program: Program, some: list[Facts], them: dict[str, Beside], called: dict[str, str]
) -> Iterator[Row]:
    """Time one household after another, each typed beforehand; the asking itself is told apart."""
    typed = [_typed(program, facts) for facts in some]
    typed = (typed * (OURS_ONE // len(typed) + 1))[:OURS_ONE]
    determined = from_typed(program)
    counts = {name: PEERS_ONE.get(name, SOME) for name in them}
    first = next(iter(them))
    actions: dict[str, Callable[[], object]] = {
        "client": lambda: them[first].time("client", OURS_ONE),
        "results": each(determined, typed),
        "ours": each(lambda facts: determined(facts).criteria, typed),
        **{name: _asked(them[name], "one", counts[name]) for name in them},
    }
    found = interleaved(actions, ROUNDS)
    sizes = dict.fromkeys(("client", "results", "ours"), OURS_ONE) | counts
    times = {name: _each(found[name].processor, sizes[name]) for name in found}
    said = "one, everything known"
    yield _row(f"{said}: the asking alone (a function that does nothing)", times["client"])
    yield _row(f"{said}: ours, results and amounts", times["results"], times["ours"])
    yield _row(f"{said}: ours, results, amounts, ids and operands", times["ours"], goal="<= 10 us")
    for name in them:
        yield _row(f"{said}: {called[name]}", times[name], times["ours"])


def in_memory(
    program: Program,
    some: list[Facts],
    them: dict[str, Beside],
    called: dict[str, str],
    folder: Path,
) -> Iterator[Row]:
    """Time many households that stand in memory already: ours in a table, theirs as each takes."""
    source, target = folder / "in.csv", folder / "out.csv"
    written(source, some, MANY)
    job = bulk.job(program.slug, source, target)
    query = bulk_many.Query(job, program, bulk_source.opened(job), wide=False)
    with bulk_duckdb.opened() as connection:
        for statement in query.compiler.setup:
            connection.execute(statement)
        lines = query.lines(connection)
        connection.execute(f"CREATE TABLE checked AS {query.cells.checked(lines)}")
        asked = [f"is_{test.id}" for test in program.all_tests] + ["income_limit"]
        determined = query.compiler.layers("SELECT * FROM checked", asked)
        select = (
            f"SELECT {', '.join(map(quoted, asked))} FROM ({determined})"  # what the peers tell
        )
        told = f"CREATE OR REPLACE TABLE told AS {select}"
        counts = {name: ROW_BY_ROW.get(name, SEVERAL) for name in them}
        counts["openfisca_system"] = MANY
        actions: dict[str, Callable[[], object]] = {"ours": lambda: connection.execute(told)}
        actions |= {name: _asked(them[name], "many", counts[name]) for name in them}
        found = interleaved(actions, ROUNDS)
    yield from _beside(f"many, {MANY:,} in memory", found, {"ours": MANY} | counts, called)


def from_file(
    some: list[Facts], them: dict[str, Beside], called: dict[str, str], folder: Path, rows: int
) -> Iterator[Row]:
    """Time a file of households into a file; the large one only where all rows go at once."""
    counts = {name: min(rows, ROW_BY_ROW.get(name, rows)) for name in them}
    if rows > SEVERAL:
        counts = {"openfisca_system": rows}
    counts["ours"] = rows
    sources = {name: folder / f"in-{count}.csv" for name, count in counts.items()}
    for name, count in counts.items():
        written(sources[name], some, count)
    job = bulk.job("nm-erap", sources["ours"], folder / "ours.csv")
    actions: dict[str, Callable[[], object]] = {
        "ours": lambda: bulk_many.determine(job, lambda done: None)
    }
    for name in counts:
        if name != "ours":
            target = folder / f"{name}.csv"
            actions[name] = _asked(them[name], "determine", str(sources[name]), str(target))
    actions["look"] = lambda: _looked_at(job)
    found = interleaved(actions, ROUNDS)
    look = found.pop("look")
    # Its bare time is told without a goal: a file with an odd cell would be written wrong.
    found[LOOKED] = found["openfisca_system"].plus(look)
    counts[LOOKED], bare = rows, f"{called['openfisca_system']}, reading whatever there is"
    called = called | {"openfisca_system": bare, LOOKED: f"{called['openfisca_system']} and a look"}
    said = f"many, a file of {rows:,} rows"
    yield from _beside(said, found, counts, called, without_goal=("openfisca_system",))
    for unit, times in (("us", look), ("us of processor", look.processor)):
        what = f"{said}: of ours, the look for odd cells and repeated ids"
        yield _row(what, _each(times, rows), unit=unit)


def _looked_at(job: bulk.Job) -> None:
    """Do what ours does before it determines, and no peer does."""
    query = bulk_many.Query(job, job.versions[-1], bulk_source.opened(job), wide=False)
    with bulk_duckdb.opened() as connection:
        assert not query.lines(connection).repeated


def _asked(process: Beside, verb: str, *arguments: object) -> Callable[[], object]:
    return lambda: process.time(verb, *arguments)


def _beside(
    said: str,
    found: dict[str, Times],
    counts: dict[str, int],
    called: dict[str, str],
    without_goal: Sequence[str] = (),
) -> Iterator[Row]:
    """Yield ours and each peer by the household: by the clock, with the goal; by the processor."""
    processor = {name: times.processor for name, times in found.items()}
    for unit, every in (("us", found), ("us of processor", processor)):
        times = {name: _each(taken, counts[name]) for name, taken in every.items()}
        yield _row(f"{said}: ours", times["ours"], unit=unit)
        for name in called:
            if name in times:
                fewer = f" ({counts[name]:,})" if counts[name] < counts["ours"] else ""
                what = f"{said}: {called[name]}{fewer}"
                goal = "> 1" if unit == "us" and name not in without_goal else ""
                yield _row(what, times[name], times["ours"], unit, goal)


def _each(times: Times, count: int) -> Times:
    """Return the microseconds a household of rounds with so many."""
    return Times(tuple(seconds / count * 1e6 for seconds in times.rounds))


def _row(
    what: str, times: Times, ours: Times | None = None, unit: str = "us", goal: str = ""
) -> Row:
    against, ratio = ("ours", times.over(ours)) if ours else ("", None)
    return row(what, times.median, unit, against, ratio, goal, least=times.least)
