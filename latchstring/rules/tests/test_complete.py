"""The language complete for the field: its table of cases, run through *one*, the Python written
from it, and both forms of *many*; and its laws over generated rules and days."""

import calendar
import re
from datetime import date, timedelta
from decimal import Context, Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latchstring.rules import tree
from latchstring.rules.ask import worked_out
from latchstring.rules.check import TableShape, Vocabulary, compile_text
from latchstring.rules.errors import NotForMany, RuleError
from latchstring.rules.many import ManyCompiler, TooLargeForFast
from latchstring.rules.one import Items, TableData, compile_one
from latchstring.rules.tests.cases import CASES, FACTS, PAY, ROW, SSI, UNKNOWN, WRONG, A, B, C
from latchstring.rules.tree import BOOL, TEXT, WHOLE, Node, Type
from latchstring.rules.written import write_determination

TABLE = TableData(
    (date(2025, 1, 1), date(2026, 1, 1)),
    ({("WY", 1): {"top": 10}, ("WY", 3): {"top": None}}, {("NM", 1): {"top": 11}}),
)
TABLES = {"limits": TABLE}
SHAPE = TableShape((("state", TEXT), ("size", WHOLE)), {"top": WHOLE})
VOCABULARY = Vocabulary(FACTS, {"limits": SHAPE})
SLOTS = {name: place for place, name in enumerate(FACTS)}
EXACT = Context(prec=60)
MORE = [
    # is there such a row: unknown only when a key or the day is
    ('listed("limits", state, 1, date("2025-06-01"))', True),
    ('listed("limits", state, n, date("2025-06-01"))', True),  # its cell is empty
    ('listed("limits", state, 2, date("2025-06-01"))', False),
    ('listed("limits", "NM", 1, date("2025-06-01"))', False),
    ('listed("limits", "NM", 1, applied_on)', True),
    ('listed("limits", "XX", 1, applied_on)', False),
    ('listed("limits", state, 1, born)', False),
    ('listed("limits", state, nothing, applied_on)', UNKNOWN),
    ('listed("limits", state, 1, day_unknown)', UNKNOWN),
    # days at their bounds
    ('add_days(date("9999-12-31"), 1)', UNKNOWN),
    ('add_days(date("0001-01-01"), -1)', UNKNOWN),
    ('add_days(date("0001-01-01"), 3652058)', date(9999, 12, 31)),
    ("add_days(applied_on, 99999999999999999999999999999999)", UNKNOWN),
    ('add_months(date("9999-11-30"), 1)', date(9999, 12, 30)),
    ('add_months(date("9999-12-01"), 1)', UNKNOWN),
    ('add_months(date("0001-01-01"), -1)', UNKNOWN),
    ("add_months(applied_on, -99999999999999999999999999999999)", UNKNOWN),
    ("date(0, 1, 1)", UNKNOWN),
    ("date(10000, 1, 1)", UNKNOWN),
    ("date(99999999999999999999999999999999, 1, 1)", UNKNOWN),
    ("date(2024, 2, 29)", date(2024, 2, 29)),
    ("date(2024, 13, 1)", UNKNOWN),
    ('months_between(date("2024-02-29"), date("2023-02-28"))', Decimal(-12)),
    ("months_between(last, last)", Decimal(0)),
    # numbers at their bounds, and lists whose sum passes them
    ('round_to(99999999999999999999999999999999, 2, "up")', UNKNOWN),
    ('round_to(-2.5, 5, "half_even")', Decimal(0)),
    ('round_to(2.5, 5, "half_up")', Decimal(5)),
    ('round_to(2.5, -5, "up")', UNKNOWN),
    ("members.sum(m, 49999999999999999999999999999999)", UNKNOWN),
    ("incomes.sum(i, 33333333333333333333333333333333)", Decimal("9" * 32)),
    ("members.sum(m, 0.000001)", Decimal("0.000003")),
    # stages: a variable of a list inside is never taken over
    ("members.filter(o, o.works).exists(m, members.exists(o, o.age < m.age))", True),
    ("members.map(m, members.count(o, o.age > m.age)).max()", Decimal(2)),
    ("members.filter(m, m.age < 60).min(m, m.birth_date)", date(2008, 2, 29)),
    ("members.filter(m, m.disability).max(m, m.age)", UNKNOWN),
    ("members.filter(m, m.age > 90).max(m, m.medical, 7)", Decimal("7.00")),
    ("nobody.max(m, m.age, 0.5)", Decimal("0.5")),
    ("members.map(m, m.age).map(a, a * 2).filter(a, a > 20).sum()", Decimal(168)),
    ("members.filter(m, m.works).all(m, m.age > 60)", True),
]
MORE_WRONG = [
    ("members", "members is a list: ask something of it, such as members.size()."),
    ("yes ? members : nobody", "members is a list"),
    ("members.exists(m, m)", "m is a record and has no value of its own"),
    ("incomes.sum(i, i.earner)", "i.earner is a record and has no value of its own"),
    ("members.sum()", "Write list.sum(x, number about x)."),
    ("members.map(m, m.works, m.age)", "Write list.filter(x, rule about x).map(x, value of x)."),
    ("state.size()", ".size works on a list, not on a text."),
    ("applied_on - 30", "Write add_days(applied_on, -30)."),
    ("applied_on.getMonth()", "Write month(applied_on)."),
    ("now() > applied_on", "A rule does not know what day it is"),
    ('date("20260230")', 'Write date("2024-05-01") or date(year, month, day).'),
    ("listed(state)", 'Write listed("table", key, ..., day).'),
    ('listed("limits", state, applied_on)', "is asked by: state, size, day"),
]


def shown(node: Node, value: Any) -> Any:
    if node.type and node.type.kind == "number" and value is not None:
        return Decimal(int(value)).scaleb(-node.type.scale, EXACT)
    return value


def one(text: str, row: dict[str, Any] = ROW) -> Any:
    """The value by closures, and the same by the Python written for a whole program."""
    node = compile_text(text, VOCABULARY)
    value = compile_one(node, SLOTS, TABLES)([row[name] for name in FACTS])
    write = write_determination([], [node], None, SLOTS, TABLES)
    (found,), _ = write([row[name] for name in FACTS])
    assert found == value and type(found) is type(value)
    return shown(node, value)


def many(connection: duckdb.DuckDBPyConnection, text: str, wide: bool, rows: list[dict]) -> list:
    """The values of a rule over several rows in one query."""
    node = compile_text(text, VOCABULARY)
    compiler = ManyCompiler(dict.fromkeys(FACTS, 10**9), TABLES, wide)
    compiler.column(compiler.emit(node), "answer")
    number = "HUGEINT" if wide else "BIGINT"
    types = {"bool": "BOOLEAN", "number": number, "text": "VARCHAR", "date": "DATE"}
    columns = {name: types[kind.kind] for name, kind in FACTS.items() if kind.kind in types}
    selects = []
    for place, row in enumerate(rows):
        cells = [f'{place} AS "place"']
        for name, sql_type in columns.items():
            value = "NULL" if row[name] is None else f"'{row[name]}'"
            cells.append(f'CAST({value} AS {sql_type}) AS "{name}"')
        selects.append("SELECT " + ", ".join(cells))
    source = f"SELECT * FROM ({' UNION ALL '.join(selects)})"
    cursor = connection.cursor()
    for statement in compiler.setup:
        cursor.execute(statement.replace("CREATE TYPE", "CREATE TEMP TYPE"))
    query = f"SELECT answer FROM ({compiler.layers(source)}) ORDER BY place"
    return [shown(node, value) for (value,) in cursor.execute(query).fetchall()]


@pytest.fixture(scope="module")
def base():
    with duckdb.connect() as connection:
        yield connection


@pytest.mark.parametrize(("text", "value"), CASES + MORE)
def test_one(text: str, value: object) -> None:
    assert one(text) == value and type(one(text)) is type(value)


@pytest.mark.parametrize("wide", [False, True], ids=["fast", "wide"])
@pytest.mark.parametrize(("text", "value"), CASES + MORE)
def test_many(base, text: str, value: object, wide: bool) -> None:
    node = compile_text(text, VOCABULARY)
    listed = any(FACTS[name].kind == "list" for name in tree.names(node))
    try:
        assert many(base, text, wide, [ROW]) == [value]
        assert not listed
    except NotForMany:
        assert listed  # worked out one household at a time
    except TooLargeForFast:
        assert not wide  # the fast form refuses what it cannot hold; it is never wrong


@pytest.mark.parametrize(("text", "message"), WRONG + MORE_WRONG)
def test_a_wrong_rule_is_told_how_to_mend_it(text: str, message: str) -> None:
    with pytest.raises(RuleError) as caught:
        compile_text(text, VOCABULARY)
    said = caught.value.shown()
    wanted = ".*".join(re.escape(part) for part in message.split(" ... "))
    assert re.search(wanted, said), said
    assert text in said and "^" in said


def test_no_stage_is_left_in_a_checked_tree() -> None:
    for text, _ in CASES + MORE:
        parts = [compile_text(text, VOCABULARY)]
        while parts:
            part = parts.pop()
            assert not (isinstance(part, tree.Macro) and part.macro in ("filter", "map")), text
            parts += tree.children(part)


def test_a_rule_that_looks_at_too_many_combinations_is_refused() -> None:
    large = Type("list", fields=FACTS["members"].fields, at_most=300)
    vocabulary = Vocabulary({**FACTS, "crowd": large})
    compile_text("crowd.exists(a, a.age > 3)", vocabulary)
    with pytest.raises(RuleError, match="too many combinations"):
        compile_text("crowd.exists(a, crowd.exists(b, b.age > a.age))", vocabulary)
    doubled = "members.map(m, m.age)" + ".map(m, m + m)" * 30 + ".sum()"
    with pytest.raises(RuleError, match="too many combinations"):
        compile_text(doubled, vocabulary)
    long = " + ".join(["n"] * 80)
    compile_text(long, vocabulary)
    three = (
        "members.map(m, incomes.count(i, i.amount > m.age)).exists(v, nobody.exists(o, o.age > v))"
    )
    with pytest.raises(RuleError, match="at most two deep"):
        compile_text(three, vocabulary)


@pytest.mark.parametrize(
    ("text", "value", "names"),
    [
        ("open_members.exists(m, m.age >= 60)", True, ()),
        ("open_members.exists(m, m.age > 90)", None, ("open_members",)),
        ("members.exists(m, m.disability)", None, ("members",)),
        ("members.exists(m, m.works && maybe)", None, ()),  # stays unknown for good
        ("members.exists(m, m.works || x)", True, ()),
        ("incomes.exists(i, i.amount > 900 && x)", None, ("x",)),
        ("some_incomes.exists(i, i.amount > 900 && x)", None, ("x", "some_incomes")),
        ("yes || later.exists(m, m.works)", True, ()),
        ("yes && later.exists(m, m.works)", None, ("later",)),
        ("later.at_least(x2, m, m.works)", None, ("later", "x2")),
        ("nobody.max(m, m.age) > 3", None, ()),
        ("nobody.max(m, m.age, x2) > 3", None, ("x2",)),
        ('listed("limits", "WY", x2, applied_on)', None, ("x2",)),
        ('listed("limits", "WY", 1, date("1999-01-01"))', False, ()),
    ],
)
def test_only_what_a_list_still_needs_is_asked(text: str, value: object, names: tuple) -> None:
    facts = {**FACTS, "x": BOOL, "x2": WHOLE, "later": FACTS["members"]}
    slots = {name: place for place, name in enumerate(facts)}
    row = [ROW.get(name) for name in facts]
    known = {name: (ROW[name], ()) for name in FACTS}
    node = compile_text(text, Vocabulary(facts, {"limits": SHAPE}))
    found = worked_out(
        node,
        known,
        lambda part: compile_one(part, slots, TABLES)(row),
        lambda lookup, run: run(lookup.day) < TABLE.starts[0],
    )
    assert (found[0], set(found[1])) == (value, set(names))


ABOUT_M = st.recursive(
    st.sampled_from(
        ["m.works", "m.disability", "m.eats", "m.age >= 18", "m.medical > 5", "maybe", "m.age < 9"]
    ),
    lambda inner: st.one_of(
        st.builds("({} && {})".format, inner, inner),
        st.builds("({} || {})".format, inner, inner),
        st.builds("!({})".format, inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
    ),
    max_leaves=4,
)
VALUE_OF_M = st.sampled_from(
    ["m.age", "m.medical", "(m.disability ? 1 : m.age)", "m.age * 0.5", "(maybe ? 1 : nothing)"]
)
LISTS = st.builds(
    lambda name, filters: name + "".join(f".filter(m, {rule})" for rule in filters),
    st.sampled_from(["members", "open_members", "nobody", "unasked"]),
    st.lists(ABOUT_M, max_size=2),
)
LIST_RULES = st.one_of(
    st.builds(
        "{}.{}(m, {})".format,
        LISTS,
        st.sampled_from(["exists", "all", "exists_one", "count"]),
        ABOUT_M,
    ),
    st.builds("{}.at_least({}, m, {})".format, LISTS, st.sampled_from("0123n"), ABOUT_M),
    st.builds("{}.size()".format, LISTS),
    st.builds("{}.sum(m, {})".format, LISTS, VALUE_OF_M),
    st.builds("{}.map(m, {}).sum()".format, LISTS, VALUE_OF_M),
    st.builds("{}.{}(m, {})".format, LISTS, st.sampled_from(["min", "max"]), VALUE_OF_M),
    st.builds("{}.max(m, {}, {})".format, LISTS, VALUE_OF_M, st.sampled_from(["0", "nothing"])),
    st.builds("{}.map(m, {}).exists(v, v > 3)".format, LISTS, VALUE_OF_M),
    st.builds(
        "{}.{}(m, {}.exists(o, o.age > m.age))".format,
        LISTS,
        st.sampled_from(["exists", "all", "count"]),
        st.sampled_from(["members", "open_members", "unasked"]),
    ),
)
NEW_MEMBERS = [A, B, C, {**B, "works": True}, {**C, "age": 30, "medical": UNKNOWN}]


@st.composite
def learned(draw: st.DrawFn) -> dict[str, Any]:
    """The row after something was learned: unknowns filled, records added, lists completed."""
    row = dict(ROW)
    filled = {
        "maybe": st.booleans(),
        "nothing": st.integers(0, 5),
        "day_unknown": st.dates(date(2020, 1, 1), date(2027, 1, 1)),
    }
    for name, values in filled.items():
        row[name] = draw(st.none() | values)
    about_b = {**B, "disability": draw(st.none() | st.booleans())}
    about_b["medical"] = draw(st.none() | st.integers(0, 9000))
    for name, items in ROW.items():
        if not isinstance(items, Items):
            continue
        records = [about_b if record is B else record for record in items.records]
        records = [
            {**r, "amount": draw(st.none() | st.integers(0, 9000))}
            if r.get("amount", 0) is None
            else r
            for r in records
        ]
        complete = items.complete
        if not complete:
            kin = NEW_MEMBERS if "incomes" not in name else [SSI, PAY]
            records += draw(st.lists(st.sampled_from(kin), min_size=1, max_size=3))
            complete = draw(st.booleans())
        row[name] = Items(tuple(records), complete)
    return row


@settings(max_examples=150, deadline=None)
@given(
    LIST_RULES | st.sampled_from([text for text, _ in CASES + MORE]),
    st.lists(learned(), min_size=4, max_size=4),
)
def test_learning_more_never_turns_an_answer_round(text: str, rows: list[dict[str, Any]]) -> None:
    before = one(text)
    if before is not None:
        assert [one(text, row) for row in rows] == [before] * len(rows)


EDGES = [
    *(date(year, 2, calendar.monthrange(year, 2)[1]) for year in (1900, 2000, 2023, 2024, 2100)),
    *(date(2024, month, 31) for month in (1, 3, 5, 12)),
    *(date.min + timedelta(days) for days in (0, 1, 27, 30, 31, 58, 59, 364, 365)),
    *(date.max - timedelta(days) for days in (0, 1, 30, 31, 305, 306, 365)),
]
DAYS = st.sampled_from(EDGES) | st.dates()
COUNTS = st.integers(-40, 40) | st.sampled_from([-120001, 119987, -3652058, 3652058, 10**9, 1, 12])
DAY_NAMES = st.sampled_from(["born", "last", "day_unknown", 'date("2024-02-29")'])


def day_rules(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Rules that give a day, over days."""
    return st.one_of(
        st.builds("add_days({}, {})".format, inner, st.sampled_from(["n", "size", "-1", "365"])),
        st.builds("add_months({}, {})".format, inner, st.sampled_from(["n", "size", "-1", "12"])),
        st.builds("first_of_month({})".format, inner),
        st.builds("last_of_month({})".format, inner),
        st.builds("date(year({}), month({}), n)".format, inner, inner),
        st.builds("date(year({}) + size, 2, 29)".format, inner),
        st.builds("min({}, {})".format, inner, inner),
    )


DAY_RULES = day_rules(DAY_NAMES) | day_rules(DAY_NAMES | day_rules(DAY_NAMES))
COUNT_RULES = st.builds(
    "{}({}, {})".format,
    st.sampled_from(["age", "months_between", "days_between", "years_between"]),
    DAY_RULES,
    DAY_RULES,
) | st.builds(
    "{}({})".format,
    st.sampled_from(["year", "month", "day_of_month", "weekday", "days_in_month"]),
    DAY_RULES,
)
DAY_ROWS = st.lists(
    st.fixed_dictionaries(
        {"born": DAYS, "last": DAYS, "n": COUNTS, "size": st.none() | st.integers(0, 31)}
    ).map(lambda values: {**ROW, **values}),
    min_size=6,
    max_size=12,
)
MODES = ("up", "down", "half_up", "half_even")
STEP_RULES = st.builds(
    'round_to({}, {}, "{}")'.format,
    st.sampled_from(["rent", "n", "n * 0.5", "-n", "n * 2.5"]),
    st.sampled_from(["50", "0.25", "n", "size", "2", "5"]),
    st.sampled_from(MODES),
)


@settings(max_examples=60, deadline=None)
@given(DAY_RULES | COUNT_RULES, DAY_ROWS)
def test_generated_days_agree(base, text: str, rows: list[dict[str, Any]]) -> None:
    expected = [one(text, row) for row in rows]
    for wide in (False, True):
        assert many(base, text, wide, rows) == expected


@settings(max_examples=30, deadline=None)
@given(STEP_RULES, DAY_ROWS)
def test_generated_steps_agree(base, text: str, rows: list[dict[str, Any]]) -> None:
    expected = [one(text, row) for row in rows]
    for wide in (False, True):
        assert many(base, text, wide, rows) == expected


@given(DAYS, DAYS, st.integers(-120000, 120000))
def test_days_against_the_calendar(first: date, second: date, months: int) -> None:
    row = {**ROW, "born": first, "last": second, "n": months}
    later = one("add_months(born, n)", row)
    whole = first.year * 12 + first.month - 1 + months
    assert (later is not None) == (12 <= whole <= 9999 * 12 + 11)
    if later is not None:
        assert later.year * 12 + later.month - 1 == whole
        assert later.day == min(first.day, calendar.monthrange(later.year, later.month)[1])
    if first <= second:
        between = int(one("months_between(born, last)", row))
        assert one("months_between(last, born)", row) == -between
        assert one("add_months(born, n)", {**row, "n": between}) <= second
        past = one("add_months(born, n)", {**row, "n": between + 1})
        assert past is None or past > second
