"""A rule told as one cell of all it can be says what it says worked out, to the digit."""

from datetime import date
from itertools import product

import duckdb
import pytest

from latchstring.rules import tabulated
from latchstring.rules.check import TableShape, Vocabulary, compile_text
from latchstring.rules.many import ManyCompiler
from latchstring.rules.one import TableData, compile_one
from latchstring.rules.tree import BOOL, DATE, TEXT, WHOLE, Type

FACTS: dict[str, Type] = {"size": WHOLE, "state": TEXT, "day": DATE, "rents": BOOL, "beds": WHOLE}
OF_SIZES = {(state, size): {"most": size * 100} for state in ("NM", "WY") for size in range(1, 9)}
LATER = {("WY", size): {"most": size * 105 + 1} for size in range(1, 9)}  # NM's are not known yet
TABLES = {
    "limits": TableData((date(2025, 4, 1), date(2026, 5, 1)), (OF_SIZES, LATER)),
    "floors": TableData((date(2026, 1, 1),), ({("NM",): {"least": 7}, ("WY",): {"least": 9}},)),
    "others": TableData((date(2026, 1, 1),), ({("NM",): {"least": 7}},)),
}
SHAPES = {
    "limits": TableShape((("state", TEXT), ("size", WHOLE)), {"most": WHOLE}),
    "floors": TableShape((("state", TEXT),), {"least": WHOLE}),
    "others": TableShape((("state", TEXT),), {"least": WHOLE}),
}
EIGHT = 'lookup("limits", "most", state, 8, day)'
LIMIT = f"""size <= 8 ? lookup("limits", "most", state, size, day)
  : round_up_to({EIGHT} + (size - 8) * 0.08 * lookup("limits", "most", state, 4, day), 50)"""
FLOOR = 'lookup("floors", "least", state, day)'
TOLD = [
    LIMIT,
    f"{EIGHT} * 0.5 + {FLOOR}",
    f"{EIGHT} > {FLOOR} * 100",
    f"size > 3 || {EIGHT} > {FLOOR} * 100",
]
DAYS = (None, date(2025, 3, 31), date(2025, 4, 1), date(2026, 1, 1), date(2026, 4, 30))
ROWS = [
    {"size": size, "state": state, "day": day, "rents": True, "beds": 2}
    for size, state, day in product(
        (None, -200, -1, 0, 1, 4, 8, 9, 15, 16, 17, 300),
        (None, "NM", "WY", "TX"),
        (*DAYS, date(2026, 5, 1), date(2030, 1, 1)),
    )
]


def tree(text: str):
    return compile_text(text, Vocabulary(FACTS, SHAPES))


@pytest.mark.parametrize("text", TOLD)
def test_the_same_as_worked_out(text: str) -> None:
    compiler = ManyCompiler(dict.fromkeys(FACTS, 10**6), TABLES, wide=False)
    compiler.define("limit", tree(text))
    assert any('"told.limit"' in statement for statement in compiler.setup)
    kinds = {"bool": "BOOLEAN", "number": "BIGINT", "text": "VARCHAR", "date": "DATE"}
    columns = ", ".join(f'"{name}" {kinds[kind.kind]}' for name, kind in FACTS.items())
    closure = compile_one(tree(text), {name: n for n, name in enumerate(FACTS)}, TABLES)
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"CREATE TABLE households ({columns}, place INTEGER)")
        rows = [[*row.values(), place] for place, row in enumerate(ROWS)]
        connection.executemany("INSERT INTO households VALUES (?, ?, ?, ?, ?, ?)", rows)
        for statement in compiler.setup:
            connection.execute(statement)
        query = compiler.layers("SELECT * FROM households", {"limit", "place"})
        found = connection.execute(f'SELECT "limit" FROM ({query}) ORDER BY place').fetchall()
    known = [closure(list(row.values())) for row in ROWS]
    assert [value for (value,) in found] == known
    assert len(set(known)) > 2


@pytest.mark.parametrize(
    "text",
    [
        'lookup("limits", "most", state, size, day)',  # one cell already
        f"rents ? {EIGHT} : {FLOOR}",
        f"size > 1 && beds > 1 ? {EIGHT} : {FLOOR}",
        f'{EIGHT} + lookup("floors", "least", state, date("2026-01-01"))',
        f'{EIGHT} + lookup("others", "least", state, day)',  # not of the same states
        f'listed("floors", state, day) ? {EIGHT} : {FLOOR}',
    ],
)
def test_what_asks_for_more_is_worked_out(text: str) -> None:
    assert tabulated.keys_of(tree(text), TABLES) is None
