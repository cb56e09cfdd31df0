"""What a single field may hold. Each form has a name (used in layouts.json), a test and words."""

import re
from collections.abc import Callable
from functools import cache

from latchstring.payments.nacha import codes
from latchstring.payments.nacha.routing import is_routing

# Letters, digits and the signs of the ASCII table; of the signs beyond it, those that also have a
# place in the operators' own table (EBCDIC): cent, broken bar, not, plus-minus.
ILLEGAL = re.compile(r"[^\x20-\x7e¢¦¬±]")

_DIGITS = re.compile(r"[0-9]+")
_DATE = re.compile(r"[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])")
_TIME = re.compile(r"([01][0-9]|2[0-3])[0-5][0-9]")
_MODIFIER = re.compile(r"[A-Z0-9]")
_DAYS_OF_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_IAT_PAYMENTS = re.compile(
    "ANN|BUS|DEP|LOA|MIS|MOR|PEN|REM|RLS|SAL|TAX|ARC|BOC|MTE|POP|POS|RCK|SHR|TEL|WEB"
)

Test = Callable[[str], bool]


def is_digits(value: str) -> bool:
    """Digits alone."""
    return _DIGITS.fullmatch(value) is not None


def is_filled(value: str) -> bool:
    """Neither blank nor all zeros."""
    return value.strip(" 0") != ""


def is_blank(value: str) -> bool:
    """Blanks alone."""
    return not value.strip()


def is_unset(value: str) -> bool:
    """Blanks or zeros: how a bank leaves a date or an amount out."""
    return not is_filled(value)


@cache
def is_date(value: str) -> bool:
    """A day of the calendar as YYMMDD; the century is this one."""
    if not _DATE.fullmatch(value):
        return False
    year, month, day = int(value[:2]), int(value[2:4]), int(value[4:])
    leap = year % 4 == 0
    return day <= _DAYS_OF_MONTH[month - 1] - (month == 2 and not leap)


def _is_same_day(value: str) -> bool:
    """Free text, but `SD` and four digits ask for a settlement the same day at a time."""
    asks = re.fullmatch(r"SD([0-9]{4})", value)
    return asks is None or _TIME.fullmatch(asks[1]) is not None


def _is_destination(value: str) -> bool:
    """A routing number behind a blank or a zero, or before a blank."""
    return is_routing(value.strip() if " " in value else value[1:])


def _matches(pattern: re.Pattern[str]) -> Test:
    return lambda value: pattern.fullmatch(value) is not None


FORMS: dict[str, tuple[Test, str]] = {
    "digits": (is_digits, "must be all digits"),
    "digits or blank": (lambda v: is_blank(v) or is_digits(v), "must be digits or blank"),
    "filled": (is_filled, "must not be blank or zeros"),
    "blank": (is_blank, "must be blank"),
    "date": (is_date, "must be a date as YYMMDD"),
    "date or blank": (lambda v: is_unset(v) or is_date(v), "must be a date as YYMMDD, or blank"),
    "time or blank": (
        lambda v: is_blank(v) or _TIME.fullmatch(v) is not None,
        "must be a time as HHMM, or blank",
    ),
    "month and day": (lambda v: is_date("24" + v), "must be a date as MMDD"),
    "julian or blank": (
        lambda v: is_blank(v) or (is_digits(v) and int(v) <= 366),
        "must be a day of the year (001 to 366), or blank",
    ),
    "modifier": (_matches(_MODIFIER), "must be a letter A to Z or a digit"),
    "routing": (is_routing, "must be a routing number with its check digit"),
    "destination": (_is_destination, "must be a routing number with its check digit"),
    "same day": (_is_same_day, "SD must be followed by a time as HHMM"),
    "class": (codes.CLASSES.__contains__, "is no standard entry class"),
    "transaction": (codes.TRANSACTIONS.__contains__, "is no transaction code"),
    "return reason": (codes.RETURN_REASONS.__contains__, "is no return reason"),
    "two-digit reason": (lambda v: "R" + v in codes.RETURN_REASONS, "is no return reason"),
    "change": (codes.CHANGES.__contains__, "is no change code"),
    "refused change": (codes.REFUSED_CHANGES.__contains__, "is no code to refuse a change with"),
    "iat payment": (_matches(_IAT_PAYMENTS), "is no kind of international payment"),
}


@cache
def form(name: str) -> tuple[Test, str]:
    """A form by its name; `is A B` allows exactly those values."""
    if name.startswith("is "):
        allowed = tuple(name.split()[1:])
        return allowed.__contains__, "must be " + " or ".join(allowed)
    return FORMS[name]


def complaint(name: str, value: str) -> str:
    """Why a value does not have a form, or an empty text when it does."""
    test, words = form(name)
    if test(value):
        return ""
    return f"{value!r} {words}" if value.strip() else f"is blank but {words}"
