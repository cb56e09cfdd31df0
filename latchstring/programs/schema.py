"""The words in which the shapes of files are written: each makes a piece of JSON Schema."""

from typing import Any

Schema = dict[str, Any]
SET_BY_AGENCY = "set by the agency"
SAYS = r"\S"  # a text that is not empty: a missing translation is no translation
SLUG, KEY, DAY_OF_YEAR = r"^[a-z][a-z0-9_-]{0,39}$", r"^[a-z][a-z0-9_.-]{0,59}$", r"^\d\d-\d\d$"


def text(about: str, *choices: str, pattern: str = "") -> Schema:
    """Return the shape of a text, of a choice of texts, or of one that a pattern describes."""
    more: Schema = {"enum": list(choices)} if choices else {"pattern": pattern} if pattern else {}
    return {"type": "string", **more, "description": about}


def whole(about: str, least: int = 0) -> Schema:
    """Return the shape of a whole number."""
    return {"type": "integer", "minimum": least, "maximum": 1_000_000_000, "description": about}


def yes_no(about: str) -> Schema:
    """Return the shape of a yes or no."""
    return {"type": "boolean", "description": about}


def day(about: str) -> Schema:
    """Return the shape of a day, written as 2026-10-01."""
    return {"type": "string", "format": "date", "description": about}


def either(about: str, *shapes: Schema) -> Schema:
    """Return the shape of what is of one shape or of another."""
    return {"anyOf": [_bare(shape) for shape in shapes], "description": about}


def or_set(shape: Schema, *others: str) -> Schema:
    """Return a shape, or the words for what no source gives."""
    named = [{"const": other} for other in (SET_BY_AGENCY, *others)]
    return either(shape["description"], shape, *named)


def or_none(shape: Schema) -> Schema:
    """Return a shape that may be null."""
    return either(shape["description"], shape, {"type": "null"})


def many(about: str, item: Schema) -> Schema:
    """Return the shape of a list."""
    return {"type": "array", "items": item, "description": about}


def names(about: str) -> Schema:
    """Return the shape of a list of ids."""
    return many(about, {"type": "string", "pattern": KEY})


def thing(about: str, must: str = "", /, **keys: Schema) -> Schema:
    """Return the shape of a mapping whose keys are all known; `_` ends a Python word (`from_`)."""
    named = {key.rstrip("_"): shape for key, shape in keys.items()}
    return {
        "type": "object",
        "properties": named,
        "required": must.split(),
        "additionalProperties": False,
        "description": about,
    }


def keyed(about: str, item: Schema, pattern: str = KEY) -> Schema:
    """Return the shape of a mapping from ids to things of one shape."""
    return {
        "type": "object",
        "propertyNames": {"pattern": pattern},
        "additionalProperties": item,
        "description": about,
    }


def words(about: str) -> Schema:
    """Return the shape of a text in every language."""
    return {"$ref": "#/$defs/words", "description": about}


def _bare(shape: Schema) -> Schema:
    return {key: value for key, value in shape.items() if key != "description"}
