"""Who else serves a place with a program's kind of help. Routing is not eligibility.

The list stands in catalog/grantees.yaml; each row names its source.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from latchstring.programs.errors import CatalogError
from latchstring.programs.reading import Marked, catalog_folder, read_yaml
from latchstring.programs.tables import counties

NEEDED = ("id", "program", "source", "words")


@dataclass(frozen=True)
class Grantee:
    """Another office beside a program; without counties it is told in the whole state."""

    id: str
    program: str
    counties: tuple[str, ...]
    words: Mapping[str, str]
    source: str
    to_confirm: bool


@cache
def grantees() -> tuple[Grantee, ...]:
    """Return every other office of the catalog; CatalogError names file and line."""
    path = catalog_folder() / "grantees.yaml"
    return read_grantees(read_yaml(path)) if path.exists() else ()


def read_grantees(document: Marked) -> tuple[Grantee, ...]:
    """Return the offices of one document; CatalogError names file and line."""
    rows = document.get("grantees")
    if not isinstance(rows, list):
        raise CatalogError("Write a list under `grantees`.", document.file, document.line)
    return tuple(_grantee(row, document) for row in rows)


def _grantee(row: object, document: Marked) -> Grantee:
    if not isinstance(row, Marked):
        message = "Each office is a mapping that begins with `id`."
        raise CatalogError(message, document.file, document.line_of("grantees"))
    if missing := [key for key in NEEDED if not row.get(key)]:
        raise CatalogError(f"This office needs `{missing[0]}`.", row.file, row.line)
    words, places = row["words"], row.get("counties", [])
    if not isinstance(words, dict) or not (words.get("en") and words.get("es")):
        message = "Write the words in English (`en`) and Spanish (`es`)."
        raise CatalogError(message, row.file, row.line_of("words"))
    if not isinstance(places, list):
        raise CatalogError("Write a list of counties.", row.file, row.line_of("counties"))
    if unknown := [code for code in places if str(code) not in counties()]:
        message = f"There is no county {unknown[0]} in tables/counties.csv."
        raise CatalogError(message, row.file, row.line_of("counties"))
    return Grantee(
        str(row["id"]),
        str(row["program"]),
        tuple(map(str, places)),
        dict(words),
        str(row["source"]),
        row.get("to_confirm") is True,
    )


def others_serving(program: str, county: str) -> list[Grantee]:
    """Return who else may serve a county ("": not known yet) with the help of a program."""
    return [
        other
        for other in grantees()
        if other.program == program and (not other.counties or county in other.counties)
    ]
