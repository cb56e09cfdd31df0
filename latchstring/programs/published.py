"""The published shapes: as JSON Schema for others, and as the table of docs/programs.md."""

import json
from collections.abc import Iterator
from typing import Any

from latchstring.programs.keys import DEFS, SHAPES
from latchstring.programs.schema import Schema


def published(kind: str) -> Schema:
    """Return the JSON Schema of one kind of file, as others may use it.

    That of a program is for a document as it is written: what its base says may be left out.
    """
    shape = _as_written(SHAPES[kind]) if kind == "program" else SHAPES[kind]
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": kind}
    return {**head, **shape, "$defs": DEFS}


def written(kind: str) -> str:
    """Return that schema as the text of its file in catalog/schema/."""
    return json.dumps(published(kind), indent=1, ensure_ascii=False) + "\n"


def _as_written(shape: Any) -> Any:
    """Leave out what a base may say: only ids must stand in the document itself."""
    if isinstance(shape, list):
        return [_as_written(item) for item in shape]
    if not isinstance(shape, dict):
        return shape
    must = [key for key in shape.get("required", ()) if key in ("id", "slug")]
    more = {"required": must} if "required" in shape else {}
    return {key: _as_written(value) for key, value in shape.items()} | more


def reference(kind: str) -> Iterator[str]:
    """Yield the lines of docs/programs.md that name every key of one kind of file."""
    yield "| key | holds |"
    yield "|---|---|"
    for path, shape in _keys(SHAPES[kind], ""):
        yield f"| `{path}` | {_typed(shape)}{shape['description']} |"
    if kind == "program":
        for path, shape in _keys(DEFS["citation"], "citation"):
            yield f"| `{path}` | {shape['description']} |"


def _keys(shape: Schema, path: str) -> Iterator[tuple[str, Schema]]:
    for key, inner in shape.get("properties", {}).items():
        at = f"{path}.{key}" if path else key
        yield at, inner
        yield from _keys(inner, at)
    if isinstance(inner := shape.get("additionalProperties"), dict):
        yield from _keys(inner, f"{path}.KEY" if path else "KEY")
    for inner in shape.get("anyOf", [shape["items"]] if "items" in shape else []):
        yield from _keys(inner, path)


def _typed(shape: Schema) -> str:
    """Say a shape's type in a few words, for the table."""
    if "enum" in shape:
        return " or ".join(f"`{choice}`" for choice in shape["enum"]) + ": "
    if "$ref" in shape:
        return {"words": "en, es: ", "citation": "citation: "}[str(shape["$ref"]).rsplit("/", 1)[1]]
    kind = {"integer": "number", "boolean": "true or false", "array": "list"}
    if "anyOf" in shape:
        return ""
    found = "day" if shape.get("format") == "date" else kind.get(str(shape.get("type")), "")
    return f"{found}: " if found else ""
