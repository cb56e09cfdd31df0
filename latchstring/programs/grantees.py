"""Who else serves a place with a program's kind of help. Routing is not eligibility.

The list stands in catalog/grantees.yaml; each row names its source.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from latchstring.programs.errors import CatalogError
from latchstring.programs.reading import Marked, catalog_folder, read_yaml
from latchstring.programs.shape import held
from latchstring.programs.tables import counties


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
    return tuple(_grantee(row) for row in held(document, "grantees")["grantees"])


def _grantee(row: Marked) -> Grantee:
    places = row.get("counties", [])
    if unknown := [code for code in places if code not in counties()]:
        message = f"There is no county {unknown[0]} in tables/counties.csv."
        raise CatalogError(message, row.file, row.line_of("counties"))
    return Grantee(
        row["id"],
        row["program"],
        tuple(places),
        dict(row["words"]),
        row["source"],
        row.get("to_confirm") is True,
    )


def others_serving(program: str, county: str) -> list[Grantee]:
    """Return who else may serve a county ("": not known yet) with the help of a program."""
    return [
        other
        for other in grantees()
        if other.program == program and (not other.counties or county in other.counties)
    ]
