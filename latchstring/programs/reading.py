"""Read the YAML of the catalog, remembering the line of everything, so that an error can point."""

import os
from pathlib import Path
from typing import Any

import yaml

from latchstring.programs.errors import CatalogError


class Marked(dict[str, Any]):
    """A mapping of the catalog that knows where it was written."""

    file: str = ""
    line: int = 0
    lines: dict[str, int]

    def line_of(self, key: str) -> int:
        """Return the line (from 1) on which a key is written."""
        return self.lines.get(key, self.line)


def catalog_folder() -> Path:
    """Return the folder of the programs that ship (LATCHSTRING_CATALOG overrides it)."""
    given = os.environ.get("LATCHSTRING_CATALOG")
    return Path(given) if given else Path(__file__).resolve().parents[2] / "catalog"


def read_yaml(path: Path) -> Marked:
    """Read one YAML file of the catalog; CatalogError names file and line."""
    name = _shown(path)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CatalogError("This file cannot be read.", name) from error
    return read_text(text, name)


def read_text(text: str, name: str) -> Marked:
    """Read one YAML text; CatalogError says its name and the line."""
    try:
        node = yaml.compose(text, yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", "") or "not YAML"
        raise CatalogError(str(problem), name, mark.line + 1 if mark else 0) from None
    if not isinstance(node, yaml.MappingNode):
        raise CatalogError("This must be a mapping of names to values.", name, 1)
    found = _construct(node, name, yaml.SafeLoader(""))
    assert isinstance(found, Marked)
    return found


def _shown(path: Path) -> str:
    folder = catalog_folder()
    try:
        return f"catalog/{path.relative_to(folder)}"
    except ValueError:
        return path.name


def _construct(node: yaml.Node, file: str, loader: yaml.SafeLoader) -> Any:
    if isinstance(node, yaml.MappingNode):
        out = Marked()
        out.file, out.line, out.lines = file, node.start_mark.line + 1, {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in out:
                line = key_node.start_mark.line + 1
                raise CatalogError(f"{key} is written twice.", file, line)
            out[key] = _construct(value_node, file, loader)
            out.lines[key] = key_node.start_mark.line + 1
        return out
    if isinstance(node, yaml.SequenceNode):
        return [_construct(child, file, loader) for child in node.value]
    return loader.construct_object(node)


def merged(base: Any, own: Any) -> Any:
    """Lay a document over its base: mappings key by key, lists of things with an id by id."""
    if isinstance(base, dict) and isinstance(own, dict):
        out = Marked()
        source = own if isinstance(own, Marked) else base
        out.file, out.line = getattr(source, "file", ""), getattr(source, "line", 0)
        out.lines = {}
        for key in [*base, *(key for key in own if key not in base)]:
            out[key] = merged(base.get(key), own[key]) if key in own else base[key]
            origin = own if key in own else base
            if isinstance(origin, Marked):
                out.lines[key] = origin.line_of(key)
        return out
    if _by_id(base) and _by_id(own):
        mine = {item["id"]: item for item in own}
        kept = [merged(item, mine.pop(item["id"])) if item["id"] in mine else item for item in base]
        return kept + list(mine.values())
    return own


def _by_id(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(i, dict) and "id" in i for i in value)
