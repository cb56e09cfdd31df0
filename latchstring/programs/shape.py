"""Hold a file of the catalog to its published shape (keys.py), with the line and the mend.

What is not of its shape falls away, with whatever needs it, so that the rest can be read further.
"""

import re
from datetime import date
from typing import Any, NamedTuple

from latchstring.programs.errors import Problems
from latchstring.programs.keys import DEFS, SHAPES
from latchstring.programs.reading import Marked
from latchstring.programs.schema import SAYS, Schema
from latchstring.rules.errors import did_you_mean, nearest

SHOWN = 40  # characters of a wrong value
GONE = object()


class Place(NamedTuple):
    """Where a value is written: its key as people say it, file and line."""

    key: str
    file: str
    line: int


def held(document: Marked, kind: str, problems: Problems | None = None) -> Marked:
    """Return a file's content when it is of its kind's shape; CatalogError otherwise.

    With `problems` they are written down there, and what holds is returned.
    """
    gathered = Problems() if problems is None else problems
    holder = _Holder(gathered)
    found = holder.mapping(document, SHAPES[kind], Place(f"This {kind} file", *_at(document)))
    if problems is None:
        gathered.settle()
    return found


def _at(document: Marked) -> tuple[str, int]:
    return document.file, document.line


class _Holder:
    """Holds values to shapes; each verb returns what holds of a value, or GONE."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems

    def wrong(self, place: Place, message: str, *broken: str) -> Any:
        """Write down what is wrong with a place."""
        self.problems.add(message, place.file, place.line, *broken)
        return GONE

    def value(self, value: Any, shape: Schema, place: Place) -> Any:
        """Hold any value."""
        if "$ref" in shape:
            shape = DEFS[str(shape["$ref"]).rsplit("/", 1)[1]]
        if "anyOf" in shape:
            return self.any_of(value, shape["anyOf"], place)
        if shape.get("type") == "object" and isinstance(value, dict):
            return self.thing(value, shape, place)
        if shape.get("type") == "array" and isinstance(value, list):
            held = (self.item(item, shape["items"], place) for item in value)
            return [item for item in held if item is not GONE]
        if not _is(value, shape):
            return self.wrong(place, f"{place.key} must be {_wanted(shape)}, not {_shown(value)}.")
        return value

    def item(self, item: Any, shape: Schema, place: Place) -> Any:
        """Hold one of a list; it is called by its id, where it has one."""
        if not isinstance(item, Marked):
            return self.value(item, shape, place)
        id = item.get("id") if isinstance(item.get("id"), str) else None
        named = f"{place.key}[{id}]" if id else place.key
        found = self.value(item, shape, Place(named, *_at(item)))
        if found is GONE and id:
            self.problems.broken.add(id)
        return found

    def thing(self, value: dict[str, Any], shape: Schema, place: Place) -> Any:
        """Hold a mapping inside of a file: without a key that it needs, it is gone."""
        found = self.mapping(value, shape, place)
        return found if found.keys() >= set(shape.get("required", ())) else GONE

    def mapping(self, value: Any, shape: Schema, place: Place) -> Any:
        """Hold a mapping key by key. One that is misspelt is told of, then read as it was meant."""
        known, more = shape.get("properties", {}), shape.get("additionalProperties")
        pattern = shape.get("propertyNames", {}).get("pattern")
        found = _like(value)
        for key, inner in value.items():
            at = place
            if isinstance(value, Marked):
                at = Place(key, value.file_of(key), value.line_of(key))
            if key not in known and not isinstance(more, dict):
                hint = did_you_mean(key[:SHOWN], list(known))
                self.wrong(at, f"There is no key {_shown(key)} in {place.key}.{hint}")
                key = nearest(key[:SHOWN], list(known))  # noqa: PLW2901
                if not key or key in value:
                    continue
                found.lines[key] = at.line
            if pattern and not re.search(pattern, key):
                self.wrong(at, f"{_shown(key)} is no name: write small letters, digits and _.", key)
                continue
            inner = self.value(inner, known.get(key, more), at._replace(key=key))  # noqa: PLW2901
            if inner is GONE:
                self.problems.broken.add(key)
            else:
                found[key] = inner
        for key in shape.get("required", ()):
            if key not in found and key not in value and key not in found.lines:
                self.wrong(place, f"{key} is missing in {place.key}.", key)
        return found

    def any_of(self, value: Any, shapes: list[Schema], place: Place) -> Any:
        """Hold a value that may be of several shapes."""
        if isinstance(value, dict | list):
            kind = "object" if isinstance(value, dict) else "array"
            for shape in shapes:
                if shape.get("type") == kind:
                    return self.value(value, shape, place)
        elif any(_fits(value, shape) for shape in shapes):
            return value
        wanted = " or ".join(dict.fromkeys(map(_wanted, shapes)))
        return self.wrong(place, f"{place.key} must be {wanted}, not {_shown(value)}.")


def _like(value: dict[str, Any]) -> Marked:
    """Return an empty mapping that stands where another one does."""
    found = Marked()
    found.file, found.line = getattr(value, "file", ""), getattr(value, "line", 0)
    found.lines = dict(getattr(value, "lines", {}))
    found.files = getattr(value, "files", None)
    return found


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
