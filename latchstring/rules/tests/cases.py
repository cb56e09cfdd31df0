"""The cases of the language that programs rest on, and what a wrong rule is told.

Read by test_complete.py, which runs each through *one*, its Python, and both forms of *many*.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from latchstring.rules.lists import Items
from latchstring.rules.tree import BOOL, DATE, MONEY, TEXT, WHOLE, Type

UNKNOWN = None
MEMBER = {
    "id": TEXT,
    "birth_date": DATE,
    "works": BOOL,
    "disability": BOOL,
    "student": BOOL,
    "eats": BOOL,
    "medical": MONEY,
    "age": WHOLE,
}
INCOME = {"earner": Type("record", fields=MEMBER), "kind": TEXT, "amount": MONEY, "period": TEXT}
MEMBERS, INCOMES = Type("list", fields=MEMBER), Type("list", fields=INCOME)
FACTS = {
    **dict.fromkeys(("members", "open_members", "nobody", "unasked"), MEMBERS),
    **dict.fromkeys(("incomes", "some_incomes", "open_incomes"), INCOMES),
    **dict.fromkeys(("applied_on", "leap", "born", "last", "day_unknown"), DATE),
    **dict.fromkeys(("yes", "no", "maybe"), BOOL),
    **dict.fromkeys(("n", "nothing", "size"), WHOLE),
    "rent": MONEY,
    "state": TEXT,
}


def member(id: str, born: date, age: int, *answers: Any) -> dict[str, Any]:
    """Return a record of the table: works, disability, student, eats, medical (cents)."""
    keys = ("works", "disability", "student", "eats", "medical")
    return {"id": id, "birth_date": born, "age": age, **dict(zip(keys, answers, strict=True))}


def income(earner: dict[str, Any], kind: str, amount: int | None, period: str) -> dict[str, Any]:
    """Return a record of the table of incomes (cents)."""
    return {"earner": earner, "kind": kind, "amount": amount, "period": period}


A = member("a", date(1960, 3, 1), 66, True, False, False, True, 4000)
B = member("b", date(2008, 2, 29), 18, False, UNKNOWN, True, True, UNKNOWN)
C = member("c", date(2021, 11, 24), 4, False, False, False, False, 0)
WAGES = income(A, "wages", 50000, "weekly")
SSI = income(A, "ssi", 99400, "monthly")
PAY = income(B, "wages", 30000, "two_weeks")
GIFT = income(B, "gift", UNKNOWN, "monthly")
ROW: dict[str, Any] = {
    "members": Items((A, B, C)),
    "open_members": Items((A, C), complete=False),
    "nobody": Items(()),
    "unasked": Items((), complete=False),
    "incomes": Items((WAGES, SSI, PAY)),
    "some_incomes": Items((WAGES, GIFT)),
    "open_incomes": Items((WAGES, SSI), complete=False),
    "applied_on": date(2026, 11, 23),
    "leap": date(2024, 2, 29),
    "born": date(2008, 2, 29),
    "last": date(2026, 1, 31),
    "day_unknown": UNKNOWN,
    "yes": True,
    "no": False,
    "maybe": UNKNOWN,
    "n": 3,
    "nothing": UNKNOWN,
    "size": 4,
    "rent": 120050,
    "state": "WY",
}
CASES: list[tuple[str, Any]] = [
    # exists
    ("members.exists(m, m.age >= 60)", True),
    ("members.exists(m, m.age > 90)", False),
    ("members.exists(m, m.disability)", UNKNOWN),
    ("members.exists(m, m.disability || m.works)", True),
    ("open_members.exists(m, m.age >= 60)", True),
    ("open_members.exists(m, m.age > 90)", UNKNOWN),
    ("nobody.exists(m, m.works)", False),
    ("unasked.exists(m, m.works)", UNKNOWN),
    ("nobody.exists(m, maybe)", False),
    ("members.exists(m, maybe)", UNKNOWN),
    ("incomes.exists(i, i.earner.age < 22 && i.earner.student)", True),
    ('members.exists(m, incomes.exists(i, i.earner.id == m.id && i.kind == "ssi"))', True),
    # all
    ("members.all(m, m.age >= 4)", True),
    ("members.all(m, m.works)", False),
    ("members.all(m, !m.disability)", UNKNOWN),
    ("members.all(m, m.works || !m.disability)", UNKNOWN),
    ("open_members.all(m, m.works)", False),
    ("open_members.all(m, m.age < 90)", UNKNOWN),
    ("nobody.all(m, m.works)", True),
    ("unasked.all(m, m.works)", UNKNOWN),
    ('incomes.all(i, i.kind in ["wages", "ssi"])', True),
    ("!members.exists(m, m.works) == members.all(m, !m.works)", True),
    # exists_one, at_least
    ("members.exists_one(m, m.works)", True),
    ("members.exists_one(m, m.age > 0)", False),
    ("members.exists_one(m, m.disability)", UNKNOWN),
    ("open_members.exists_one(m, m.works)", UNKNOWN),
    ("open_members.exists_one(m, m.age > 0)", False),
    ("nobody.exists_one(m, m.works)", False),
    ("members.at_least(2, m, m.age >= 18)", True),
    ("members.at_least(3, m, m.age >= 18)", False),
    ("members.at_least(1, m, m.disability)", UNKNOWN),
    ("members.at_least(2, m, m.disability)", False),
    ("open_members.at_least(2, m, m.age > 0)", True),
    ("open_members.at_least(3, m, m.age > 0)", UNKNOWN),
    ("members.at_least(nothing, m, true)", UNKNOWN),
    ("unasked.at_least(0, m, true)", True),
    # count, size
    ("members.size()", Decimal("3")),
    ("members.count(m, m.eats)", Decimal("2")),
    ("members.count(m, m.disability)", UNKNOWN),
    ("members.count(m, m.disability && m.works)", Decimal("0")),
    ("open_members.size()", UNKNOWN),
    ("open_members.count(m, m.works)", UNKNOWN),
    ("nobody.size()", Decimal("0")),
    ("unasked.size()", UNKNOWN),
    ("members.count(m, m.age >= 60) + members.count(m, m.age < 6)", Decimal("2")),
    # sum
    ("incomes.sum(i, i.amount)", Decimal("1794.00")),
    ("some_incomes.sum(i, i.amount)", UNKNOWN),
    ("open_incomes.sum(i, i.amount)", UNKNOWN),
    ("nobody.sum(m, m.medical)", Decimal("0.00")),
    ("unasked.sum(m, m.medical)", UNKNOWN),
    ("members.sum(m, m.medical)", UNKNOWN),
    ("members.sum(m, m.eats ? 1 : 0)", Decimal("2")),
    (
        'incomes.sum(i, i.period == "weekly" ? round(i.amount * 4.3, 2, "half_up") '
        ': i.period == "two_weeks" ? round(i.amount * 2.15, 2, "half_up") : i.amount)',
        Decimal("3789.00"),
    ),
    ('incomes.sum(i, i.kind == "wages" ? i.amount : 0)', Decimal("800.00")),
    ("members.sum(m, m.age >= 60 ? m.medical : 0)", Decimal("40.00")),
    # filter, map (stages: they fuse into what follows)
    ("members.filter(m, m.eats).size()", Decimal("2")),
    ("members.filter(m, m.eats).exists(m, m.age < 6)", False),
    ("members.filter(m, m.disability).exists(m, m.works)", False),
    ("members.filter(m, m.disability).exists(m, m.student)", UNKNOWN),
    ("members.filter(m, m.disability).size()", UNKNOWN),
    ("members.filter(m, m.disability).all(m, m.student)", True),
    ("members.filter(m, m.disability).count(m, m.works)", Decimal("0")),
    ("members.filter(m, m.disability).sum(m, m.age)", UNKNOWN),
    ("members.filter(m, m.age >= 60).sum(m, m.medical)", Decimal("40.00")),
    ('incomes.filter(i, i.kind == "wages").sum(i, i.amount)', Decimal("800.00")),
    ('incomes.filter(i, i.kind == "wages").map(i, i.amount).max()', Decimal("500.00")),
    ("members.map(m, m.age).max()", Decimal("66")),
    ("members.map(m, m.age).sum()", Decimal("88")),
    ("members.map(m, m.age).exists(a, a < 6)", True),
    ("members.filter(m, m.eats).filter(m, m.student).size()", Decimal("1")),
    ("open_members.filter(m, m.works).exists(m, m.age > 60)", True),
    ("open_members.filter(m, m.works).size()", UNKNOWN),
    ("nobody.filter(m, m.works).map(m, m.age).sum()", Decimal("0")),
    # min, max over a list
    ("members.min(m, m.age)", Decimal("4")),
    ("members.max(m, m.age)", Decimal("66")),
    ("members.max(m, m.birth_date)", date(2021, 11, 24)),
    ("members.max(m, m.medical)", UNKNOWN),
    ("nobody.max(m, m.age)", UNKNOWN),
    ("nobody.max(m, m.age, 0)", Decimal("0")),
    ("unasked.max(m, m.age, 0)", UNKNOWN),
    ("open_members.min(m, m.age)", UNKNOWN),
    ("max(members.max(m, m.age), 70)", Decimal("70")),
    ("min(members.size(), 2)", Decimal("2")),
    # dates and ages
    ("age(born, applied_on)", Decimal("18")),
    ('age(born, date("2026-02-28"))', Decimal("17")),
    ('age(born, date("2026-03-01"))', Decimal("18")),
    ('age(date("2021-11-24"), applied_on)', Decimal("4")),
    ('age(date("2021-11-24"), add_days(applied_on, 1))', Decimal("5")),
    ("age(day_unknown, applied_on)", UNKNOWN),
    ("year(applied_on)", Decimal("2026")),
    ("month(applied_on)", Decimal("11")),
    ("day_of_month(applied_on)", Decimal("23")),
    ("weekday(applied_on)", Decimal("1")),
    ("days_in_month(leap)", Decimal("29")),
    ("first_of_month(applied_on)", date(2026, 11, 1)),
    ("last_of_month(leap)", date(2024, 2, 29)),
    ("add_days(applied_on, 30)", date(2026, 12, 23)),
    ("add_days(applied_on, -23)", date(2026, 10, 31)),
    ("add_months(last, 1)", date(2026, 2, 28)),
    ("add_months(last, 13)", date(2027, 2, 28)),
    ("add_months(add_months(last, 1), -1)", date(2026, 1, 28)),
    ("add_months(day_unknown, 1)", UNKNOWN),
    ('months_between(last, date("2026-02-28"))', Decimal("1")),
    ('months_between(date("2026-01-15"), date("2026-03-14"))', Decimal("1")),
    ('months_between(date("2026-03-14"), date("2026-01-15"))', Decimal("-1")),
    ("date(year(applied_on), 10, 1)", date(2026, 10, 1)),
    ("date(2026, 2, 30)", UNKNOWN),
    ("date(2026, nothing, 1)", UNKNOWN),
    ("month(applied_on) >= 10 || month(applied_on) <= 4", True),
    ("applied_on >= date(year(applied_on), 10, 1)", True),
    ("min(day_of_month(last), 30)", Decimal("30")),
    ('divide(602 * (31 - min(day_of_month(last), 30)), 30, 0, "down")', Decimal("20")),
    # rounding as regulations round
    ('round(100.49, 0, "half_up")', Decimal("100")),
    ('round(100.50, 0, "half_up")', Decimal("101")),
    ('round(1306 * 0.30, 0, "up")', Decimal("392")),
    ('round(1310 * 0.30, 0, "up")', Decimal("393")),
    ('round(-2.5, 0, "half_up")', Decimal("-3")),
    ('round(-2.5, 0, "down")', Decimal("-2")),
    ('round(2.5, 0, "half_even")', Decimal("2")),
    ('round_to(1225, 50, "half_up")', Decimal("1250")),
    ('round_to(1224.99, 50, "half_up")', Decimal("1200")),
    ('round_to(1201, 50, "up")', Decimal("1250")),
    ('round_to(rent, 0.25, "down")', Decimal("1200.50")),
    ('round_to(rent, 0, "up")', UNKNOWN),
    ('round_to(nothing, 50, "up")', UNKNOWN),
    ("round_up_to(rent, 50)", Decimal("1250")),
    ('divide(1200.50 * 52, 12, 2, "half_up")', Decimal("5202.17")),
    ('divide(1, 0, 0, "up")', UNKNOWN),
    ('round(500.00 * 4.3333, 2, "half_up")', Decimal("2166.65")),
    # what a list must not change
    ("members.exists(m, m.age >= 60) && maybe", UNKNOWN),
    ("members.exists(m, m.age > 90) && maybe", False),
    ("maybe || members.size() == 3", True),
    ("maybe ? members.size() : members.size()", UNKNOWN),
    ("0 * unasked.size()", UNKNOWN),
    ("members.filter(m, m.eats).size() <= size", True),
    ("members.exists(m, members.exists(o, o.age > m.age && o.works))", True),
]
# The message begins so; `...` stands for words in between.
WRONG: list[tuple[str, str]] = [
    ("members.exist(m, m.works)", "exist is not known. Lists have: ... Did you mean exists?"),
    ("members.exists(m.works)", "Write exists as list.exists(x, rule about x)."),
    ("members.exists(m, m.age)", ".exists needs something true or false."),
    ("members.sum(m, m.works)", "sum needs a number. To count, write list.count(m, ...)."),
    ("members.sum(m, m.birth_date)", ".sum needs a number."),
    ("members.max(m, m.id)", "max needs numbers or dates, not a text."),
    (
        "members.max(m, m.age, yes)",
        "The value for an empty list is a whole number, like the others, not true or false.",
    ),
    (
        "members.map(m, m.age)",
        "A rule cannot end in a list: add .sum(), .max(), .size(), .exists(...) or .all(...).",
    ),
    (
        "members.filter(m, m.eats)",
        "A rule cannot end in a list: add .sum(), .max(), .size(), .exists(...) or .all(...).",
    ),
    ("members.map(m, m)", "map needs one value about m, such as m.age."),
    (
        "members.map(m, m.age).filter(m, m.works)",
        "After map there are only whole numbers: m has no field works.",
    ),
    ("members.exists(m, m.agee > 3)", "There is no field agee here. Did you mean age?"),
    ("members.age > 3", "members is a list: say which, such as members.exists(m, m.age > 3)."),
    ("m.age > 3", "There is no fact m. (m is only known inside the parentheses of a list rule.)"),
    (
        "members.exists(size, size > 3)",
        "size is a fact already: choose another name for one of the list.",
    ),
    (
        "members.exists(m, members.exists(m, m.works))",
        "m is taken by the outer list: choose another name.",
    ),
    ("members == open_members", "Lists cannot be compared; use exists, all or count."),
    (
        "members.exists(m, m == 3)",
        "m is a record and has no value of its own: name a field, such as m.age.",
    ),
    ("3 in members.map(m, m.age)", "Write members.exists(m, m.age == 3)."),
    ("members.at_least(m, m.works)", "Write list.at_least(2, x, rule about x)."),
    ("members.at_least(1.5, m, m.works)", "At least how many is a whole number."),
    (
        "members[0].works",
        "This part of CEL is not used in rules here: a list has no first; use exists or all.",
    ),
    ("members.size", "Write members.size()."),
    (
        "applied_on - born",
        "Days are not subtracted: write days_between(born, applied_on) or age(born, applied_on).",
    ),
    ("applied_on + 30", "Write add_days(applied_on, 30)."),
    ("age(applied_on)", "Write age(birth_date, day)."),
    ("add_months(applied_on, 1.5)", "Months are a whole number."),
    ("date(2026, 2, 30, 1)", 'Write date("2024-05-01") or date(year, month, day).'),
    ('date("2026-02-30")', "There is no such day: 2026-02-30."),
    ('round_to(rent, 50, "nearest")', "The rounding is one of: up, down, half_up, half_even."),
    ("round(rent, 0)", 'Write round(x, places, "half_up").'),
    (
        "members.exists(a, members.exists(b, members.exists(c, c.age > a.age)))",
        "Lists stand at most two deep; make a derived field of it.",
    ),
    ("has(members)", "There is no has here: a fact without a value is unknown."),
    (
        "members.exists(m, m.incomes.exists(i, true))",
        "There is no field incomes here. Write incomes.exists(i, i.earner.id == m.id && ...).",
    ),
]
