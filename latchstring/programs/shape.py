"""Hold a file of the catalog to its published shape (keys.py), with the line and the mend."""

import re
from datetime import date
from typing import Any, NamedTuple

from latchstring.programs.errors import CatalogError
from latchstring.programs.keys import DEFS, SHAPES
from latchstring.programs.reading import Marked
from latchstring.programs.schema import SAYS, Schema
from latchstring.rules.errors import did_you_mean

SHOWN = 40  # characters of a wrong value


class Place(NamedTuple):
    """Where a value is written: its key as people say it, file and line."""

    key: str
    file: str
    line: int

    def wrong(self, message: str) -> CatalogError:
        """Return the error that says so of this place."""
        return CatalogError(message, self.file, self.line)


def held(document: Marked, kind: str) -> Marked:
    """Return a file's content when it is of its kind's shape; CatalogError otherwise."""
    _hold(document, SHAPES[kind], Place(f"This {kind} file", document.file, document.line))
    return document


def _hold(value: Any, shape: Schema, place: Place) -> None:
    if "$ref" in shape:
        shape = DEFS[str(shape["$ref"]).rsplit("/", 1)[1]]
    if "anyOf" in shape:
        _hold_any(value, shape["anyOf"], place)
    elif shape.get("type") == "object" and isinstance(value, dict):
        _hold_mapping(value, shape, place)
    elif shape.get("type") == "array" and isinstance(value, list):
        for item in value:
            inside = place
            if isinstance(item, Marked):
                named = item.get("id") if isinstance(item.get("id"), str) else None
                inside = Place(
                    f"{place.key}[{named}]" if named else place.key, item.file, item.line
                )
            _hold(item, shape["items"], inside)
    elif not _is(value, shape):
        raise place.wrong(f"{place.key} must be {_wanted(shape)}, not {_shown(value)}.")


def _hold_mapping(value: dict[str, Any], shape: Schema, place: Place) -> None:
    known, more = shape.get("properties", {}), shape.get("additionalProperties")
    pattern = shape.get("propertyNames", {}).get("pattern")
    for key, inner in value.items():
        at = place
        if isinstance(value, Marked):
            at = Place(key, value.file_of(key), value.line_of(key))
        if key not in known and not isinstance(more, dict):
            hint = did_you_mean(key[:SHOWN], list(known))
            raise at.wrong(f"There is no key {_shown(key)} in {place.key}.{hint}")
        if pattern and not re.search(pattern, key):
            raise at.wrong(f"{_shown(key)} is no name: write small letters, digits and _.")
        _hold(inner, known.get(key, more), at._replace(key=key))
    for key in shape.get("required", ()):
        if key not in value:
            raise place.wrong(f"{key} is missing in {place.key}.")


def _hold_any(value: Any, shapes: list[Schema], place: Place) -> None:
    if isinstance(value, dict | list):
        kind = "object" if isinstance(value, dict) else "array"
        for shape in shapes:
            if shape.get("type") == kind:
                _hold(value, shape, place)
                return
    elif any(_fits(value, shape) for shape in shapes):
        return
    wanted = " or ".join(dict.fromkeys(map(_wanted, shapes)))
    raise place.wrong(f"{place.key} must be {wanted}, not {_shown(value)}.")


def _fits(value: Any, shape: Schema) -> bool:
    if "anyOf" in shape:
        return any(_fits(value, inner) for inner in shape["anyOf"])
    return _is(value, shape)


def _is(value: Any, shape: Schema) -> bool:
    """Say whether a single value is of a shape. A day stands for its text."""
    if "const" in shape:
        return bool(value == shape["const"])
    if "enum" in shape and value not in shape["enum"]:
        return False
    types = shape["type"] if isinstance(shape["type"], list) else [shape["type"]]
    if isinstance(value, bool):
        return "boolean" in types
    if isinstance(value, int):
        most = shape.get("maximum", value)
        return "integer" in types and shape.get("minimum", value) <= value <= most
    if isinstance(value, date):
        return "format" in shape or "null" in types and "string" in types
    if isinstance(value, str):
        named = re.search(shape.get("pattern", ""), value) is not None
        return "string" in types and "format" not in shape and named
    return value is None and "null" in types


def _wanted(shape: Schema) -> str:
    """Say what a shape wants, as one would ask for it."""
    if "const" in shape:
        return f"`{shape['const']}`"
    if "anyOf" in shape:
        return " or ".join(dict.fromkeys(map(_wanted, shape["anyOf"])))
    if "enum" in shape:
        return "one of " + ", ".join(shape["enum"])
    if isinstance(shape["type"], list):
        return "a text, a whole number, true, false or null"
    if shape.get("format") == "date":
        return "a day, such as 2026-10-01"
    if shape["type"] == "integer":
        return f"a whole number from {shape['minimum']} to {shape['maximum']}"
    if shape.get("pattern") == SAYS:
        return "a text that says something"
    if "pattern" in shape and shape["type"] == "string":
        return f"a name or number like {shape['pattern']}"
    return {
        "string": "a text (in quotation marks where it looks like a number)",
        "boolean": "true or false",
        "object": "a mapping of names to values",
        "array": "a list",
        "null": "null",
    }[shape["type"]]


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = {None: "null", True: "true", False: "false"}[value] if _is_bare(value) else str(value)
    return f"`{text[:SHOWN]}`" + ("..." if len(text) > SHOWN else "")


def _is_bare(value: Any) -> bool:
    return value is None or isinstance(value, bool)
