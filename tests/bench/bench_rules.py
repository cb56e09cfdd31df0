"""How fast are the rules?

Prints microseconds per household for *one* (outcome; and with every criterion's operands), and the
time of *many* against the floor: DuckDB reading the same file as text and writing 13 columns of it.
"""

import random
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import duckdb

from latchstring.programs import bulk, bulk_many
from latchstring.programs.dictionary import file_columns
from latchstring.programs.door import counties, evaluate, load_program
from latchstring.programs.evaluate import filled, run
from tests.bench.table import Row, row

ROUNDS = 3


def household(dice: random.Random) -> dict[str, object]:
    """Return one household, mostly well-formed and known."""
    code, county = dice.choice(list(counties().items()))
    yes = ["true"] * 6 + ["false"]
    facts: dict[str, object] = {key: dice.choice(yes) for key in file_columns()}
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


def best(action: Callable[[], object]) -> float:
    """Return the shortest of a few runs in seconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def bench(rows: int = 1_000_000) -> list[Row]:
    """Time *one* by the household and *many* by the file."""
    program, dice = load_program("nm-erap"), random.Random(5)
    some = [household(dice) for _ in range(5000)]
    known = [{k: str(v) for k, v in facts.items() if v != ""} for facts in some]
    raw = [filled(program, facts) for facts in known]
    core = best(lambda: [run(program, list(row)) for row in raw]) / len(raw)
    rows_filled = [run(program, list(row)) for row in raw]
    reasons = best(lambda: [run(program, list(r)).criteria for r in raw]) / len(rows_filled)
    whole = best(lambda: [evaluate(program, facts) for facts in known]) / len(known)
    found = [
        row("one: outcome", core * 1e6, "us", goal="<= 10 us"),
        row("one: outcome, ids and operands", reasons * 1e6, "us", goal="<= 10 us"),
        row("one: from facts as texts", whole * 1e6, "us"),
    ]
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.csv", Path(folder) / "out.csv"
        with open(source, "w", encoding="utf-8") as file:
            file.write(",".join(["household_id", *file_columns()]) + "\n")
            for number in range(rows):
                facts = some[number % len(some)]
                values = ",".join(str(facts[key]) for key in file_columns())
                file.write(f"H{number:07d},{values}\n")
        chosen = ", ".join(["household_id", *file_columns()[:12]])
        copy = (
            f"COPY (SELECT {chosen} FROM read_csv('{source}', all_varchar=true, header=true)) "
            f"TO '{target}' (HEADER)"
        )
        floor = best(lambda: duckdb.connect().execute(copy))
        job = bulk.job("nm-erap", source, target)
        many = best(lambda: bulk_many.determine(job, lambda done: None))
    return [*found, row(f"many: {rows:,} rows", many, "s", "text floor", many / floor, "<= 2")]
