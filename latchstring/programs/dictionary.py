"""The fact dictionary: every fact a program may read, its type, and how its values are read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from functools import cache
from typing import Any

from latchstring.programs.errors import CatalogError, WrongFact
from latchstring.programs.reading import catalog_folder, read_yaml
from latchstring.programs.shape import held
from latchstring.programs.tables import counties
from latchstring.rules import tree

RULE_TYPES = {
    "yes_no": tree.BOOL,
    "money": tree.MONEY,
    "whole": tree.WHOLE,
    "date": tree.DATE,
    "text": tree.TEXT,
    "choice": tree.TEXT,
}
MONEY_TEXT = re.compile(r"([0-9]+)(?:\.([0-9]{1,2}))?", re.ASCII)
WHOLE_TEXT = re.compile(r"[0-9]+", re.ASCII)
DATE_TEXT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
EXACT = Context(prec=80)


class Firm:
    """A fact's value that was established: what is worked out from lists never stands above it."""

    def __init__(self, value: Any) -> None:
        self.value = value


@dataclass(frozen=True, eq=False)
class FactDefinition:
    """One fact: its key, type, who may say it, whether it is personal, its words."""

    key: str
    type: str
    standing: str
    subject: str
    personal: bool
    unit: str
    words: Mapping[str, str]
    choices: tuple[str, ...] = ()
    minimum: int = 0
    table: str = ""
    must_agree: Mapping[str, str] | None = None

    @property
    def rule_type(self) -> tree.Type:
        """Return the type that rules see."""
        return RULE_TYPES[self.type]


@cache
def dictionary() -> Mapping[str, FactDefinition]:
    """Return every fact of the catalog by its key."""
    entry = held(read_yaml(catalog_folder() / "facts.yaml"), "facts")
    found = {}
    for key, raw in entry["facts"].items():
        if raw.get("type") not in RULE_TYPES:
            raise CatalogError(f"{key} has no known type.", entry.file, raw.line_of("type"))
        found[key] = defined(key, raw)
    return found


def defined(key: str, raw: Mapping[str, Any]) -> FactDefinition:
    """Return the definition of a fact, or of a field of a list, as the catalog writes it."""
    return FactDefinition(
        key=key,
        type=raw["type"],
        standing=raw.get("standing", "raw"),
        subject=raw.get("subject", ""),
        personal=raw.get("personal", True),
        unit=raw.get("unit", ""),
        words={"en": raw["en"], "es": raw["es"]},
        choices=tuple(raw.get("choices", ())),
        minimum=raw.get("minimum", 0),
        table=raw.get("table", ""),
        must_agree=raw.get("must_agree"),
    )


def fact_definition(key: str) -> FactDefinition:
    """Return the definition of one fact; WrongFact when there is none."""
    found = dictionary().get(key)
    if found is None:
        raise WrongFact(key, "there is no such fact.")
    return found


def text_reader(definition: FactDefinition) -> Callable[[str], Any]:
    """Return a function from a cell's text to the value rules use; None when it is no such value.

    Nothing is trimmed or guessed: `TRUE`, ` 3`, `3.0`, `1e3` are all refused.
    """
    match definition.type:
        case "yes_no":
            return {"true": True, "false": False}.get
        case "money":
            return read_money
        case "whole":
            return lambda raw: read_whole(raw, definition.minimum)
        case "date":
            return read_date
        case "choice":
            return {choice: choice for choice in definition.choices}.get
    if definition.table == "counties":
        return {code: code for code in counties()}.get
    return lambda raw: raw


def read_money(raw: str) -> int | None:
    """Read dollars with at most two decimals, not negative, into cents."""
    found = MONEY_TEXT.fullmatch(raw)
    if not found:
        return None
    whole, decimals = found.groups()
    whole = whole.lstrip("0")  # int() refuses texts of thousands of digits, zeros too
    if len(whole) > tree.WHOLE_DIGITS_MAX:
        return None
    return int(whole + (decimals or "").ljust(2, "0"))


def read_whole(raw: str, minimum: int = 0) -> int | None:
    """Read a whole number in plain digits, from a minimum."""
    digits = raw.lstrip("0")
    if not WHOLE_TEXT.fullmatch(raw) or len(digits) > tree.WHOLE_DIGITS_MAX:
        return None
    value = int(digits or "0")
    return value if value >= minimum else None


def read_date(raw: str) -> date | None:
    """Read a day of the calendar written YYYY-MM-DD."""
    if not DATE_TEXT.fullmatch(raw):
        return None
    try:
        return date.fromisoformat(raw)
    except ValueError:
        return None


def rule_value(definition: FactDefinition, value: Any) -> Any:
    """Turn a fact's value (Decimal, int, bool, str, date, None) into what rules use.

    Texts are read like the cells of a file. WrongFact says what would be right.
    """
    return None if value is None else value_reader(definition)(value)


@cache
def value_reader(definition: FactDefinition) -> Callable[[Any], Any]:
    """Return `rule_value` for one fact, with the choices made that do not depend on the value."""
    from_text = text_reader(definition)
    from_value = _from_value(definition)

    def read(value: Any) -> Any:
        found = from_text(value) if isinstance(value, str) else from_value(value)
        if found is None and isinstance(value, Firm):
            return read(value.value)
        if found is None:
            raise WrongFact(definition.key, f"{value} is not {_wanted(definition)}.")
        return found

    return read


def _from_value(definition: FactDefinition) -> Callable[[Any], Any]:
    match definition.type:
        case "yes_no":
            return lambda value: value if isinstance(value, bool) else None
        case "date":
            return lambda value: value if isinstance(value, date) else None
        case "money":
            return lambda value: _scaled(value, 2, 0)
        case "whole":
            return lambda value: _scaled(value, 0, definition.minimum)
    return lambda value: None


def _scaled(value: Any, scale: int, minimum: int) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        scaled = value * 10**scale
    elif isinstance(value, Decimal):
        if not value.is_finite() or value.adjusted() > tree.WHOLE_DIGITS_MAX:
            return None
        exact = value.scaleb(scale, EXACT)
        scaled = int(exact)
        if exact != scaled:
            return None
    else:
        return None
    return scaled if minimum <= scaled < 10 ** (tree.WHOLE_DIGITS_MAX + scale) else None


def _wanted(definition: FactDefinition) -> str:
    if definition.type == "choice":
        return "one of " + ", ".join(definition.choices)
    return {
        "yes_no": "true or false",
        "money": "an amount of dollars with at most two decimals, such as 1200 or 1200.50",
        "whole": f"a whole number from {definition.minimum}",
        "date": "a date, such as 2026-05-01",
        "text": "a county code we know" if definition.table else "a text",
    }[definition.type]


def shown_value(definition_type: tree.Type, value: Any) -> Any:
    """Turn what rules use back into Decimal, int, bool, str or date."""
    if value is None or definition_type.kind != "number":
        return value
    if definition_type.scale == 0:
        return value
    return exact_decimal(value, definition_type.scale)


def exact_decimal(value: int, scale: int) -> Decimal:
    """Turn an unscaled number into the Decimal that it stands for."""
    return EXACT.scaleb(value, -scale)  # type: ignore[arg-type]  # an int is taken as it is
