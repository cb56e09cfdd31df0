"""Values in stored JSON that keep their kind: {"decimal": "12.50"}, {"date": "2026-11-23"}."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from latchstring.people import door as people
from latchstring.programs import door as programs


def tagged(value: Any) -> Any:
    """Write a value as JSON that reads back the same; TypeError for a float or anything odd."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return {"decimal": format(value, "f")}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Mapping):
        return {"record": {str(key): tagged(item) for key, item in value.items()}}
    if isinstance(value, list | tuple):
        return [tagged(item) for item in value]
    raise TypeError(f"a determination cannot hold a {type(value).__name__}")


def untagged(value: Any) -> Any:
    """Read back what `tagged` wrote."""
    if isinstance(value, Mapping):
        if "decimal" in value:
            return Decimal(value["decimal"])
        if "date" in value:
            return date.fromisoformat(value["date"])
        return {key: untagged(item) for key, item in value["record"].items()}
    if isinstance(value, list):
        return [untagged(item) for item in value]
    return value


def values_of(entries: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the values of a snapshot's facts as rules take them.

    What staff, another agency or a paper established stands above lists that were only told.
    """
    found = {}
    for key, entry in entries.items():
        value = untagged(entry["value"])
        found[key] = programs.Firm(value) if people.established(entry["source"]) else value
    return found


def day(text: str) -> date:
    """Read a day written YYYY-MM-DD."""
    return date.fromisoformat(text)
