"""The functions of the language: how each is written, what it takes and gives, and what people may
write instead out of habit from CEL."""

from collections.abc import Mapping

from latchstring.rules.tree import DATE, WHOLE, Type

ROUNDING_MODES = ("up", "down", "half_up", "half_even")
FUNCTIONS = {
    "min": "min(a, b, ...)",
    "max": "max(a, b, ...)",
    "divide": 'divide(a, b, places, "half_up")',
    "round": 'round(x, places, "half_up")',
    "round_to": 'round_to(x, step, "half_up")',
    "round_up_to": "round_up_to(x, step)",
    "round_down_to": "round_down_to(x, step)",
    "date": 'date("2024-05-01") or date(year, month, day)',
    "days_between": "days_between(earlier, later)",
    "years_between": "years_between(birth_date, day)",
    "age": "age(birth_date, day)",
    "months_between": "months_between(earlier, later)",
    "year": "year(day)",
    "month": "month(day)",
    "day_of_month": "day_of_month(day)",
    "weekday": "weekday(day), Monday is 1",
    "days_in_month": "days_in_month(day)",
    "first_of_month": "first_of_month(day)",
    "last_of_month": "last_of_month(day)",
    "add_days": "add_days(day, days)",
    "add_months": "add_months(day, months)",
}
ON_DAYS: Mapping[str, tuple[tuple[str, ...], Type]] = {
    **dict.fromkeys(
        ("days_between", "years_between", "age", "months_between"), (("date", "date"), WHOLE)
    ),
    **dict.fromkeys(
        ("year", "month", "day_of_month", "weekday", "days_in_month"), (("date",), WHOLE)
    ),
    **dict.fromkeys(("first_of_month", "last_of_month"), (("date",), DATE)),
    **dict.fromkeys(("add_days", "add_months"), (("date", "number"), DATE)),
    "date": (("number", "number", "number"), DATE),
}
WHOLE_WANTED = {
    "add_days": "Days are a whole number.",
    "add_months": "Months are a whole number.",
    "date": "Year, month and day are whole numbers.",
}
_PLAIN = "It needs no function: facts have their type already."
NOT_HERE = {
    "has": "There is no has here: a fact without a value is unknown.",
    "size": "Write list.size().",
    "type": f"There is no type here. {_PLAIN}",
    "timestamp": 'There is no timestamp here. Write date("2024-05-01").',
    "duration": "There is no duration here. Write add_days(day, days) or add_months(day, months).",
    **{name: f"There is no {name} here. {_PLAIN}" for name in ("int", "uint", "double", "string")},
    **dict.fromkeys(
        ("now", "today"), "A rule does not know what day it is: name a fact, such as applied_on."
    ),
}
NOT_METHODS = {
    "getFullYear": "year",
    "getMonth": "month",
    "getDate": "day_of_month",
    "getDayOfMonth": "day_of_month",
    "getDayOfWeek": "weekday",
}
