"""The language, case by case: what CEL says, and where ours departs on purpose (docs/rules.md)."""

from datetime import date
from decimal import Context, Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latchstring.rules import tree
from latchstring.rules.ask import worked_out
from latchstring.rules.check import TableShape, Vocabulary, compile_text
from latchstring.rules.errors import RuleError
from latchstring.rules.many import ManyCompiler, TooLargeForFast
from latchstring.rules.one import Items, TableData, compile_one
from latchstring.rules.tree import BOOL, DATE, MONEY, TEXT, WHOLE, Type
from latchstring.rules.written import write_determination, write_operands

MEMBER = Type("list", fields={"age": WHOLE, "works": BOOL, "pay": MONEY})
FACTS = {
    **dict.fromkeys(("yes", "no", "maybe"), BOOL),
    **dict.fromkeys(("n", "m", "nothing"), WHOLE),
    **dict.fromkeys(("rent", "pay", "free"), MONEY),
    "state": TEXT,
    "county": TEXT,
    "day": DATE,
    "born": DATE,
    "members": MEMBER,
    "open_members": MEMBER,
}
TABLE = TableData(
    (date(2025, 1, 1), date(2026, 1, 1)),
    ({("A", 1): {"top": 10}, ("A", 3): {"top": 30}}, {("A", 1): {"top": 11}}),
)
SHAPE = TableShape((("county", TEXT), ("size", WHOLE)), {"top": WHOLE})
VOCABULARY = Vocabulary(FACTS, {"limits": SHAPE})
PEOPLE = (
    {"age": 40, "works": True, "pay": 100050},
    {"age": 5, "works": False, "pay": 0},
)
ROW = {
    "yes": True,
    "no": False,
    "maybe": None,
    "n": 7,
    "m": -7,
    "nothing": None,
    "rent": 120050,
    "pay": 10,
    "free": None,
    "state": "NM",
    "county": "A",
    "day": date(2025, 6, 1),
    "born": date(2000, 6, 2),
    "members": Items(PEOPLE),
    "open_members": Items(PEOPLE, complete=False),
}
SLOTS = {name: place for place, name in enumerate(FACTS)}
UNKNOWN = None
EXACT = Context(prec=60)


def one(text: str, row: dict = ROW):
    """The value by closures, and the same by the Python written for a whole program."""
    node = compile_text(text, VOCABULARY)
    value = compile_one(node, SLOTS, {"limits": TABLE})([row[name] for name in FACTS])
    slots = {**SLOTS, "answer": len(SLOTS)}
    filled = [*(row[name] for name in FACTS), "not filled"]
    write = write_determination([("answer", node)], [node], node, slots, {"limits": TABLE})
    results, last = write(filled)
    for found in (filled[-1], *results, last):
        assert found == value and type(found) is type(value)
    if node.type and node.type.kind == "number" and value is not None:
        return Decimal(value).scaleb(-node.type.scale, EXACT)
    return value


def many(text: str, wide: bool, row: dict = ROW):
    node = compile_text(text, VOCABULARY)
    number = "HUGEINT" if wide else "BIGINT"
    kinds = {"bool": "BOOLEAN", "number": number, "text": "VARCHAR", "date": "DATE"}
    bounds = dict.fromkeys(FACTS, 10**9)
    compiler = ManyCompiler(bounds, {"limits": TABLE}, wide)
    compiler.column(compiler.emit(node), "answer")
    cells = []
    for name, kind in FACTS.items():
        if kind.kind in kinds:
            value = "NULL" if row[name] is None else f"'{row[name]}'"
            cells.append(f'CAST({value} AS {kinds[kind.kind]}) AS "{name}"')
    with duckdb.connect() as connection:
        for statement in compiler.setup:
            connection.execute(statement)
        query = f"SELECT answer FROM ({compiler.layers('SELECT ' + ', '.join(cells))})"
        value = connection.execute(query).fetchall()[0][0]
    if node.type and node.type.kind == "number" and value is not None:
        return Decimal(int(value)).scaleb(-node.type.scale, EXACT)
    return value


CASES = [
    # three-valued logic, as SQL
    ("yes && maybe", UNKNOWN),
    ("no && maybe", False),
    ("maybe && no", False),
    ("yes || maybe", True),
    ("maybe || yes", True),
    ("no || maybe", UNKNOWN),
    ("!maybe", UNKNOWN),
    ("no || no || yes && yes", True),
    ("nothing <= 3", UNKNOWN),
    ("nothing == nothing", UNKNOWN),
    ("0 * nothing", UNKNOWN),
    ("min(0, nothing)", UNKNOWN),
    ("max(nothing, 5, 6)", UNKNOWN),
    ("maybe ? 1 : 1", UNKNOWN),
    ("yes ? 1 : nothing", Decimal(1)),
    ("no ? nothing : 2.5", Decimal("2.5")),
    ("yes ? nothing : 2", UNKNOWN),
    # numbers are exact, departures from CEL
    ("0.1 + 0.2 == 0.3", True),
    ("1.50 == 1.5", True),
    ("n * 0.08", Decimal("0.56")),
    ("rent * 12", Decimal("14406.00")),
    ("rent - n", Decimal("1193.50")),
    ("-n + 3 - -1", Decimal(-3)),
    ("2 + 3 * 4", Decimal(14)),
    ("(2 + 3) * 4", Decimal(20)),
    ('divide(rent, 7, 2, "half_up")', Decimal("171.50")),
    ('divide(1, 8, 2, "half_up")', Decimal("0.13")),
    ('divide(1, 8, 2, "half_even")', Decimal("0.12")),
    ('divide(3, 8, 2, "half_even")', Decimal("0.38")),
    ('divide(m, 2, 0, "half_up")', Decimal(-4)),
    ('divide(m, 2, 0, "half_even")', Decimal(-4)),
    ('divide(m, 2, 0, "down")', Decimal(-3)),
    ('divide(m, 2, 0, "up")', Decimal(-4)),
    ('divide(n, 0, 2, "up")', UNKNOWN),
    ('divide(n, m + 7, 2, "up")', UNKNOWN),
    ('round(rent, 0, "half_even")', Decimal(1200)),
    ('round(rent, 1, "up")', Decimal("1200.5")),
    ("round_up_to(rent, 50)", Decimal("1250.00")),
    ("round_up_to(1250, 50)", Decimal(1250)),
    ("round_up_to(m, 5)", Decimal(-5)),
    ("round_down_to(m, 5)", Decimal(-10)),
    ("round_down_to(rent, 50)", Decimal("1200.00")),
    ("round_up_to(n, n - 7)", UNKNOWN),
    ("99999999999999999999999999999999 + 1", UNKNOWN),
    ("99999999999999999999999999999999 * 10", UNKNOWN),
    ("99999999999999999999999999999998 + 1", Decimal("9" * 32)),
    # texts, dates, lists of choices
    ('state == "NM"', True),
    ('state != "WY"', True),
    ('state in ["WY", "NM"]', True),
    ("n in [1, 7.0]", True),
    ("n in [1, nothing]", UNKNOWN),
    ("n in [7, nothing]", UNKNOWN),
    ('day >= date("2025-06-01")', True),
    ("min(day, born) == born", True),
    ("days_between(born, day)", Decimal(9130)),
    ("years_between(born, day)", Decimal(24)),
    # dated tables
    ('lookup("limits", "top", county, 1, day)', Decimal(10)),
    ('lookup("limits", "top", county, 2, day)', UNKNOWN),
    ('lookup("limits", "top", county, n, day)', UNKNOWN),
    ('lookup("limits", "top", "B", 1, day)', UNKNOWN),
    ('lookup("limits", "top", county, n - 4, day)', Decimal(30)),
    ('lookup("limits", "top", county, 1, born)', UNKNOWN),
    ('lookup("limits", "top", county, 1, date("2026-01-01"))', Decimal(11)),
    ('lookup("limits", "top", county, nothing, day)', UNKNOWN),
]
LISTS = [
    ("members.exists(p, p.age < 6)", True),
    ("members.all(p, p.age < 6)", False),
    ("members.size()", Decimal(2)),
    ("members.count(p, p.works)", Decimal(1)),
    ("members.sum(p, p.pay)", Decimal("1000.50")),
    ("members.filter(p, p.age > 17).size()", Decimal(1)),
    ("open_members.exists(p, p.age < 6)", True),  # one is enough, whoever else there is
    ("open_members.exists(p, p.age > 90)", UNKNOWN),
    ("open_members.all(p, p.age < 6)", False),
    ("open_members.all(p, p.age < 90)", UNKNOWN),
    ("open_members.size()", UNKNOWN),
    ("open_members.sum(p, p.pay)", UNKNOWN),
]
WRONG = [
    ("sise > 1", "There is no fact sise.", (0, 4)),
    ("n / 2", 'divide(n, 2, 2, "half_up")', (0, 5)),
    ("n % 2", "would lose cents", (0, 5)),
    ("n = 2", "Write == to compare.", (2, 3)),
    ("n >", "stops too early", (3, 4)),
    ("n + yes", "There must be a number after +", (4, 7)),
    ("state < 3", "cannot be compared", (0, 9)),
    ('state < "x"', "has no order", (0, 11)),
    ("yes ? 1 : yes", "make them alike", (0, 13)),
    ("null == n", "There is no null", (0, 4)),
    ("foo(n)", "There is no function foo", (0, 6)),
    ("mn(1, 2)", "Did you mean min?", (0, 8)),
    ("min(n)", "min(a, b, ...)", (0, 6)),
    ("0.0001 * 0.001", "7 decimals", (0, 14)),
    ("1e3", "plain digits", (0, 3)),
    ("3u", "whole numbers", (0, 2)),
    ('lookup("limts", "top", county, 1, day)', "Did you mean limits?", (0, 38)),
    ('lookup("limits", "top", county, day)', "is asked by: county, size, day", (0, 36)),
    ('"abc', "no closing quotation mark", (0, 1)),
    ("members.map(p, p.age)", "cannot end in a list", (0, 21)),
    ("n & 2", "Write && (twice)", (2, 3)),
    ("", "There is no rule here", (0, 1)),
    ("!" * 300 + "yes", "nested too deeply", None),
]


@pytest.mark.parametrize(("text", "value"), CASES + LISTS)
def test_one(text: str, value: object) -> None:
    assert one(text) == value and type(one(text)) is type(value)


@pytest.mark.parametrize("wide", [False, True], ids=["fast", "wide"])
@pytest.mark.parametrize(("text", "value"), CASES)
def test_many(text: str, value: object, wide: bool) -> None:
    try:
        assert many(text, wide) == value
    except TooLargeForFast:
        assert not wide  # the fast form refuses what it cannot hold; it is never wrong


@pytest.mark.parametrize(("text", "message", "place"), WRONG)
def test_errors_point_at_the_place(text: str, message: str, place: tuple[int, int] | None) -> None:
    with pytest.raises(RuleError) as caught:
        compile_text(text, VOCABULARY)
    assert message in caught.value.shown()
    if place and text:
        assert caught.value.at == place
        assert "\n" + " " * place[0] + "^" in caught.value.shown()


RULES = st.deferred(lambda: LOGIC | COMPARED)
NUMBERS = st.recursive(
    st.sampled_from(["n", "m", "nothing", "rent", "pay", "0", "3", "0.25", "12.5", "-2"]),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-"), inner),
        st.builds("({} * {})".format, inner, st.sampled_from(["2", "n", "-1"])),
        st.builds("{}({}, {})".format, st.sampled_from(["min", "max"]), inner, inner),
        st.builds("(maybe ? {} : {})".format, inner, inner),
        st.builds("(n > 0 ? {} : {})".format, inner, inner),
        st.builds(
            'divide({}, {}, 2, "{}")'.format,
            inner,
            inner,
            st.sampled_from(["up", "down", "half_up", "half_even"]),
        ),
        st.builds("round_up_to({}, {})".format, inner, st.sampled_from(["50", "n", "0.25"])),
    ),
    max_leaves=6,
)
SIGNS = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
COMPARED = st.builds("({} {} {})".format, NUMBERS, SIGNS, NUMBERS) | st.sampled_from(
    ["yes", "no", "maybe"]
)
LOGIC = st.builds("({} {} {})".format, COMPARED, st.sampled_from(["&&", "||"]), RULES) | st.builds(
    "!({})".format, RULES
)
VALUES = st.none() | st.integers(-1000, 1000)


@settings(max_examples=120, deadline=None)
@given(NUMBERS | RULES, VALUES, VALUES, VALUES, st.sampled_from([True, False, None]))
def test_generated_rules_agree(text: str, n, m, rent, maybe) -> None:
    row = ROW | {"n": n, "m": m, "rent": rent, "maybe": maybe}
    try:
        expected = one(text, row)
    except RuleError:
        return  # for example a product of too many decimals
    assert many(text, True, row) == expected
    try:
        assert many(text, False, row) == expected
    except TooLargeForFast:
        return


@pytest.mark.parametrize(
    ("text", "settled", "names"),
    [
        ("yes || x", True, ()),
        ("no && x", False, ()),
        ("yes && x", None, ("x",)),
        ("n > 5 ? rent : x2", 120050, ()),
        ("n > 5 ? n : rent", 700, ()),  # at the scale of the whole conditional
        ("n < 5 ? rent : x2", None, ("x2",)),
        ("x ? rent : x2", None, ("x", "x2")),
        ("x2 + free > 3", None, ()),  # free stays unknown for good: x2 cannot help
        ("x2 > 3 && no", False, ()),
    ],
)
def test_only_what_can_still_matter_is_asked(text: str, settled: object, names: tuple) -> None:
    vocabulary = Vocabulary({**FACTS, "x": BOOL, "x2": WHOLE})
    slots = {name: place for place, name in enumerate(vocabulary.facts)}
    row = [ROW.get(name) for name in vocabulary.facts]
    known = {name: (ROW[name], ()) for name in FACTS}
    node = compile_text(text, vocabulary)
    found = worked_out(node, known, lambda part: compile_one(part, slots, {})(row))
    assert found == (settled, names)


def test_operands_by_name_numbers_as_they_are_shown() -> None:
    tests = [["n", "rent", "day"], ["rent", "free", "state"], []]
    write = write_operands(tests, SLOTS, FACTS, lambda value, scale: Decimal(value).scaleb(-scale))
    assert write([ROW[name] for name in FACTS]) == (
        {"n": 7, "rent": Decimal("1200.50"), "day": ROW["day"]},
        {"rent": Decimal("1200.50"), "free": None, "state": "NM"},
        {},
    )


def test_names_in_the_order_of_reading() -> None:
    node = compile_text("members.exists(p, p.age > n) && rent > pay", VOCABULARY)
    assert tree.names(node) == ["members", "n", "rent", "pay"]
