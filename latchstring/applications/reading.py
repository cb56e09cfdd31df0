"""Reading what people type: forgiving about blanks, commas and dollar signs, strict about values.

Every reader returns the value or raises ValueError; who asks says what to do in the reader's
language.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from latchstring.kernel import limits
from latchstring.programs import door as programs

MONEY_MAX = Decimal("10000000")
WHOLE_MAX = 1_000
_MONEY = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]{1,2})?", re.ASCII)


def text(raw: str, most: int = 200) -> str:
    """Return a line of text without control characters; ValueError when it is too long."""
    tidy = " ".join("".join(c if c.isprintable() else " " for c in str(raw)).split())
    if len(tidy) > most:
        raise ValueError("too long")
    return tidy


def words(raw: str) -> str:
    """Return free text of several lines within the limit; ValueError when it is too long."""
    tidy = str(raw).replace("\r\n", "\n").replace("\0", "").strip()
    if len(tidy) > limits.FREE_TEXT_CHARACTERS_MAX:
        raise ValueError("too long")
    return tidy


def money(raw: str) -> Decimal:
    """Read dollars such as `1200`, `$1,200.50`; ValueError for anything else or too much."""
    tidy = str(raw).strip().removeprefix("$").strip()
    if not tidy or tidy == "." or not _MONEY.fullmatch(tidy):
        raise ValueError("not money")
    amount = Decimal(tidy.replace(",", ""))
    if amount > MONEY_MAX:
        raise ValueError("too much")
    return amount.quantize(Decimal("0.01"))


def whole(raw: str) -> int:
    """Read a whole number in plain digits, up to a thousand."""
    tidy = str(raw).strip()
    if not re.fullmatch(r"[0-9]{1,4}", tidy, re.ASCII) or int(tidy) > WHOLE_MAX:
        raise ValueError("not a whole number")
    return int(tidy)


def day(values: Mapping[str, str], name: str) -> date | None:
    """Read a date from `<name>_month`, `_day`, `_year` (or `<name>` in ISO form); None if empty."""
    if values.get(name):
        return date.fromisoformat(str(values[name]).strip())
    parts = [str(values.get(f"{name}_{part}") or "").strip() for part in ("year", "month", "day")]
    if not any(parts):
        return None
    if not all(re.fullmatch(r"[0-9]{1,4}", part, re.ASCII) for part in parts):
        raise ValueError("not a date")
    return date(*map(int, parts))


def zip_code(raw: str) -> str:
    """Read a ZIP code, with or without its four further digits; returns the first five."""
    found = re.fullmatch(r"([0-9]{5})(?:-?[0-9]{4})?", str(raw).strip(), re.ASCII)
    if not found:
        raise ValueError("not a ZIP code")
    return found.group(1)


def email(raw: str) -> str:
    """Read an email address loosely: something, an at sign, a name with a dot."""
    tidy = text(raw, 200).lower()
    if tidy and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", tidy):
        raise ValueError("not an email address")
    return tidy


def phone(raw: str) -> str:
    """Read a telephone number: ten digits, with 1 before them or not; empty stays empty."""
    digits = re.sub(r"\D", "", text(raw, 40))
    if not digits:
        return ""
    digits = digits.removeprefix("1") if len(digits) == 11 else digits
    if len(digits) != 10:
        raise ValueError("not a telephone number")
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"


def facts_of(question: programs.Question, values: Mapping[str, str], state: str) -> dict[str, Any]:
    """Read the facts that an answer to a question of the bank gives; ValueError when it does not.

    `values` holds the inputs by the question's id; a county question also takes `<id>_zip`.
    """
    raw = str(values.get(question.id) or "").strip()
    match question.kind:
        case "yes_no":
            value: Any = {"yes": True, "no": False}.get(raw)
        case "money":
            value = money(raw)
        case "whole_number":
            value = whole(raw)
            least = max(programs.fact_definition(key).minimum for key in question.facts)
            value = value if value >= least else None
        case "date":
            value = day(values, question.id)
        case "county":
            return _county(raw, str(values.get(f"{question.id}_zip") or ""), state)
        case "choice":
            value = raw if raw in {str(choice["value"]) for choice in question.choices} else None
        case _:
            value = text(raw) or None
    if value is None:
        raise ValueError("missing")
    return dict.fromkeys(question.facts, value)


def _county(code: str, zip_typed: str, state: str) -> dict[str, Any]:
    known = programs.counties(state)
    if not code and zip_typed.strip():
        lies_in = [c for c in programs.counties_of_zip(zip_code(zip_typed)) if c in known]
        code = lies_in[0] if len(lies_in) == 1 else ""
    if code not in known:
        raise ValueError("no such county")
    return {"county": code, "state": known[code]["state"]}
