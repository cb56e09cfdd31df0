"""Read the YAML of the catalog, remembering the line of everything, so that an error can point."""

import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from latchstring.programs.errors import CatalogError, Problems

LARGEST, DEEPEST = 1_000_000, 20
# Control characters, and those that turn the direction of what stands after them.
HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
WHOLE, DAY = re.compile(r"0|-?[1-9][0-9]{0,17}"), re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MENDS = {
    "found character that cannot start any token": (
        "A character cannot start a value here: indent with spaces, not tabs, and put a text that "
        "begins with a sign in quotation marks."
    ),
}


class Marked(dict[str, Any]):
    """A mapping of the catalog that knows where it was written."""

    file: str = ""
    line: int = 0
    lines: dict[str, int]
    files: dict[str, str] | None = None  # of keys that come from a base

    def line_of(self, key: str) -> int:
        """Return the line (from 1) on which a key is written."""
        return self.lines.get(key, self.line)

    def file_of(self, key: str) -> str:
        """Return the file in which a key is written: that of its base, where it comes from one."""
        return (self.files or {}).get(key, self.file)


def catalog_folder() -> Path:
    """Return the folder of the programs that ship (LATCHSTRING_CATALOG overrides it)."""
    given = os.environ.get("LATCHSTRING_CATALOG")
    return Path(given) if given else Path(__file__).resolve().parents[2] / "catalog"


def read_yaml(path: Path) -> Marked:
    """Read one YAML file of the catalog; CatalogError names file and line."""
    name = _shown(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CatalogError("This file cannot be read.", name) from error
    if len(raw) > LARGEST:
        raise CatalogError(f"This file is larger than {LARGEST:,} bytes. Split it.", name)
    try:
        return read_text(raw.decode("utf-8"), name)
    except UnicodeDecodeError as wrong:
        line = raw[: wrong.start].count(b"\n") + 1
        raise CatalogError("This is not UTF-8. Save the file as UTF-8.", name, line) from None


def read_text(text: str, name: str) -> Marked:
    """Read one YAML text; CatalogError says its name and the line."""
    hidden = HIDDEN.search(text)
    if hidden:
        line = text.count("\n", 0, hidden.start()) + 1
        code = f"U+{ord(hidden.group()):04X}"
        raise CatalogError(f"A hidden character ({code}) stands here. Take it out.", name, line)
    try:
        return _Reader(text, name).document()
    except yaml.YAMLError as error:
        mark: Any = getattr(error, "problem_mark", None)
        problem = str(getattr(error, "problem", "") or "this is no YAML")
        message = MENDS.get(problem, f"{problem[:1].upper()}{problem[1:]}.")
        raise CatalogError(message, name, mark.line + 1 if mark else 1) from None


class _Reader:
    """Builds a document from YAML's events, in bounded depth and without its surprises."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.problems = Problems()
        self.events = yaml.parse(text, yaml.CSafeLoader)
        self.loader = yaml.SafeLoader("")

    def document(self) -> Marked:
        """Return the one document of the text."""
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                break
            if isinstance(event, yaml.StreamEndEvent):
                raise CatalogError("This file is empty.", self.name, 1)
        found = self._value(next(self.events), 1)
        next(self.events)
        if isinstance(event := next(self.events), yaml.DocumentStartEvent):
            raise self._wrong("Only one document may stand in a file. Take out `---`.", event)
        if not isinstance(found, Marked):
            raise CatalogError("This must be a mapping of names to values.", self.name, 1)
        self.problems.settle()
        return found

    def _value(self, event: Any, depth: int) -> Any:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._wrong("Write it out again: `&` and `*` may not stand for it.", event)
        if event.tag is not None:
            raise self._wrong(f"Take out {event.tag[:40]}: a value needs no `!`.", event)
        if depth > DEEPEST:
            raise self._wrong(f"This is nested more than {DEEPEST} deep.", event)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            found = []
            while not isinstance(inner := next(self.events), yaml.SequenceEndEvent):
                found.append(self._value(inner, depth + 1))
            return found
        return self._scalar(event)

    def _next(self) -> Any:
        return next(self.events)

    def _mapping(self, start: Any, depth: int) -> Marked:
        out = Marked()
        out.file, out.line, out.lines = self.name, start.start_mark.line + 1, {}

        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.tag or event.anchor:
                raise self._wrong("A name must be a single word.", event)
            line, key = self._line(event), str(event.value)
            if key in out:
                self._step_over(f"{key[:40]} is written twice.", event)
            out.lines[key] = line
            out[key] = self._value(next(self.events), depth + 1)
        return out

    def _scalar(self, event: Any) -> Any:
        """Read a single value; what YAML would turn into something else must be quoted."""
        tag = self.loader.resolve(yaml.ScalarNode, event.value, event.implicit)
        if tag == "tag:yaml.org,2002:str":
            return event.value
        if tag == "tag:yaml.org,2002:null" and event.value in ("", "null"):
            return None
        if tag == "tag:yaml.org,2002:bool" and event.value in ("true", "false"):
            return event.value == "true"
        if tag == "tag:yaml.org,2002:int" and WHOLE.fullmatch(event.value):
            return int(event.value)
        if tag == "tag:yaml.org,2002:timestamp" and DAY.fullmatch(event.value):
            try:
                return date.fromisoformat(event.value)
            except ValueError:
                return self._step_over(f"There is no day {event.value}.", event)
        shown = event.value[:40]
        message = f'Put "{shown}" in quotation marks: YAML reads it otherwise.'
        return self._step_over(message, event)

    def _step_over(self, message: str, event: Any) -> None:
        """Write down what is wrong with one name or value; the rest can still be read."""
        self.problems.add(message, self.name, self._line(event))

    def _wrong(self, message: str, event: Any) -> CatalogError:
        return CatalogError(message, self.name, self._line(event))

    def _line(self, event: Any) -> int:
        return int(event.start_mark.line) + 1


def _shown(path: Path) -> str:
    folder = catalog_folder()
    try:
        return f"catalog/{path.relative_to(folder)}"
    except ValueError:
        return path.name


def merged(base: Any, own: Any) -> Any:
    """Lay a document over its base: mappings key by key, lists of things with an id by id."""
    if isinstance(base, dict) and isinstance(own, dict):
        out = Marked()
        source = own if isinstance(own, Marked) else base
        out.file, out.line = getattr(source, "file", ""), getattr(source, "line", 0)
        out.lines, out.files = {}, {}
        for key in [*base, *(key for key in own if key not in base)]:
            out[key] = merged(base.get(key), own[key]) if key in own else base[key]
            origin = own if key in own else base
            if isinstance(origin, Marked):
                out.lines[key], out.files[key] = origin.line_of(key), origin.file_of(key)
        return out
    if _by_id(base) and _by_id(own):
        mine = {item["id"]: item for item in own}
        kept = [merged(item, mine.pop(item["id"])) if item["id"] in mine else item for item in base]
        return kept + list(mine.values())
    return own


def _by_id(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(i, dict) and "id" in i for i in value)
