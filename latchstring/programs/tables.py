"""Lookup tables: dated, sourced figures that a rule names and nobody computes."""

import csv
import hashlib
import io
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from latchstring.programs.canonical import canonical
from latchstring.programs.errors import CatalogError
from latchstring.programs.reading import Marked, catalog_folder, read_yaml
from latchstring.programs.shape import held
from latchstring.rules import tree
from latchstring.rules.check import TableShape
from latchstring.rules.one import TableData

TYPES = {"text": tree.TEXT, "whole": tree.WHOLE, "money": tree.MONEY, "bool": tree.BOOL}


@dataclass(frozen=True)
class TableVersion:
    """A table's figures for one year, in force from a day until the next version starts."""

    version: str
    fiscal_year: str
    effective_from: date


@dataclass(frozen=True)
class Table:
    """A table with its source, its shape for the checker and its cells for the rules."""

    id: str
    title: Mapping[str, str]
    column_words: Mapping[str, Mapping[str, str]]
    source: str
    shape: TableShape
    versions: tuple[TableVersion, ...]
    data: TableData

    def version_on(self, day: date) -> TableVersion | None:
        """Return the version in force on a day; None before the first."""
        place = bisect_right(self.data.starts, day)
        return self.versions[place - 1] if place else None


@cache
def table(name: str) -> Table:
    """Read one table of the catalog (once per process)."""
    declared = _declarations()
    if name not in declared:
        raise CatalogError(f"There is no table {name}.", "catalog/tables/tables.yaml")
    return from_texts(name, declared[name], _figures(name))


@cache
def digest(name: str) -> str:
    """Return the SHA-256 of what the catalog says of a table: its declaration and its figures."""
    whole = canonical(_declarations()[name]) + b"\n" + _figures(name).encode()
    return hashlib.sha256(whole).hexdigest()


def texts(name: str) -> tuple[Marked, str]:
    """Return a table's declaration and its figures (CSV) as the catalog has them today."""
    return _declarations()[name], _figures(name)


def _figures(name: str) -> str:
    path = catalog_folder() / "tables" / f"{name}.csv"
    return path.read_bytes().decode("utf-8")


@cache
def shapes() -> Mapping[str, TableShape]:
    """Return the shape of every table, without reading the figures."""
    return {name: _shape(entry) for name, entry in _declarations().items()}


@cache
def _declarations() -> Marked:
    return held(read_yaml(catalog_folder() / "tables" / "tables.yaml"), "tables")


def _shape(entry: Marked) -> TableShape:
    keys = tuple((key, TYPES[kind]) for key, kind in entry["keys"].items())
    columns = {column: TYPES[kind] for column, kind in entry["columns"].items()}
    return TableShape(keys, columns, dated="versions" in entry)


def from_texts(name: str, entry: Marked, figures: str) -> Table:
    """Read a table from its declaration and its figures (CSV)."""
    shape = _shape(entry)
    marker = entry.get("version_column", "")
    listed = entry.get("versions") or []
    versions = tuple(
        TableVersion(str(v["version"]), str(v["fiscal_year"]), v["effective_from"]) for v in listed
    )
    starts = tuple(version.effective_from for version in versions)
    if list(starts) != sorted(set(starts)):
        raise CatalogError(f"The versions of {name} are not in order.", entry.file, entry.line)
    cells: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {v.version: {} for v in versions}
    if not versions:
        cells[""] = {}
    for row in csv.DictReader(io.StringIO(figures, newline="")):
        version = cells.get(row[marker] if marker else "")
        if version is None:
            continue  # figures of a year that is not in force for any program
        key = tuple(_value(row[column], kind) for column, kind in shape.keys)
        if key in version:
            raise CatalogError(f"{key} stands twice in {name}.csv.", entry.file, entry.line)
        version[key] = {c: _value(row[c], kind) for c, kind in shape.columns.items()}
    data = TableData(starts, tuple(cells.values()))
    title = entry["title"]
    if isinstance(title, str):  # as tables were kept that have English words only
        title = {"en": title, "es": title}
    words = {c: {"en": c.replace("_", " "), "es": c.replace("_", " ")} for c in shape.columns}
    words |= entry.get("column_words", {})
    return Table(name, title, words, entry["source"], shape, versions, data)


def _value(raw: str, kind: tree.Type) -> Any:
    if raw == "":
        return None
    if kind.kind == "number":
        whole, _, decimals = raw.partition(".")
        return int(whole + decimals.ljust(kind.scale, "0"))
    return raw == "true" if kind.kind == "bool" else raw


def counties(state: str | None = None) -> dict[str, dict[str, Any]]:
    """Return county code -> state, name, area, metropolitan; of one state or of both."""
    cells = table("counties").data.cells[0]
    return {key[0]: dict(found) for key, found in cells.items() if state in (None, found["state"])}


def counties_of_zip(zip_code: str) -> list[str]:
    """Return the county codes that a ZIP code lies in (often more than one)."""
    return [key[1] for key in table("zip_county").data.cells[0] if key[0] == zip_code]
