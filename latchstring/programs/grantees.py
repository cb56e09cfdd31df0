"""Who else serves a place with a program's kind of help. Routing is not eligibility.

The list stands in catalog/grantees.yaml; each row names its source. Mostly the county says who
serves a home; where it does not, a row names the question that does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from latchstring.programs.errors import CatalogError
from latchstring.programs.papers import papers
from latchstring.programs.reading import Marked, catalog_folder, read_yaml
from latchstring.programs.shape import held
from latchstring.programs.tables import counties

YES, NO, UNSURE = "yes", "no", "unsure"
PLACE_ANSWERS = (YES, NO, UNSURE)


@dataclass(frozen=True)
class PlaceQuestion:
    """A question on where a home is, answered yes, no or not sure."""

    id: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class Grantee:
    """Another office beside a program; without counties it is told in the whole state.

    With `asks` it is named where the answer is `when`. `phone` and `web` are empty while no source
    gives them; `bring` are kinds of paper.
    """

    id: str
    program: str
    counties: tuple[str, ...]
    asks: PlaceQuestion | None
    when: str
    name: Mapping[str, str]
    words: Mapping[str, str]
    find: Mapping[str, str]
    phone: str
    web: str
    bring: tuple[str, ...]
    source: str
    to_confirm: bool


@cache
def grantees() -> tuple[Grantee, ...]:
    """Return every other office of the catalog; CatalogError names file and line."""
    path = catalog_folder() / "grantees.yaml"
    return read_grantees(read_yaml(path)) if path.exists() else ()


def read_grantees(document: Marked) -> tuple[Grantee, ...]:
    """Return the offices of one document; CatalogError names file and line."""
    content = held(document, "grantees")
    asked = {
        row["id"]: PlaceQuestion(row["id"], {"en": row["en"], "es": row["es"]})
        for row in content.get("questions", [])
    }
    return tuple(_grantee(row, asked) for row in content["grantees"])


def _grantee(row: Marked, asked: Mapping[str, PlaceQuestion]) -> Grantee:
    places, kinds = row.get("counties", []), row.get("bring", {}).get("papers", [])
    if unknown := [code for code in places if code not in counties()]:
        message = f"There is no county {unknown[0]} in tables/counties.csv."
        raise CatalogError(message, row.file, row.line_of("counties"))
    if unknown := [kind for kind in kinds if kind not in papers()]:
        message = f"There is no kind of paper {unknown[0]} in papers.yaml."
        raise CatalogError(message, row.file, row.line_of("bring"))
    if "asks" in row and row["asks"] not in asked:
        message = f"There is no question {row['asks']} in this file."
        raise CatalogError(message, row.file, row.line_of("asks"))
    if ("asks" in row) != ("when" in row):
        message = "asks and when belong together: the question, and the answer that names it."
        raise CatalogError(message, row.file, row.line_of("asks" if "asks" in row else "when"))
    return Grantee(
        row["id"],
        row["program"],
        tuple(places),
        asked[row["asks"]] if "asks" in row else None,
        YES if row.get("when") else NO,
        dict(row["name"]),
        dict(row["words"]),
        dict(row["find"]),
        row.get("phone", {}).get("number", ""),
        row.get("web", {}).get("address", ""),
        tuple(kinds),
        row["source"],
        row.get("to_confirm") is True,
    )


def _serving(programs: Iterable[str], county: str) -> list[Grantee]:
    """Return who may serve a county ("": not known yet) with the help of these programs."""
    asked = set(programs)
    return [
        other
        for other in grantees()
        if other.program in asked and (not other.counties or county in other.counties)
    ]


def place_questions(
    programs: Iterable[str], county: str, answers: Mapping[str, Any]
) -> list[PlaceQuestion]:
    """Return what must be asked to say who serves a home: each once, none after a "yes"."""
    found: dict[str, PlaceQuestion] = {}
    for other in _serving(programs, county):
        if other.asks is not None:
            found.setdefault(other.asks.id, other.asks)
    asked: list[PlaceQuestion] = []
    for question in found.values():
        asked.append(question)
        if answers.get(question.id) == YES:
            break
    return asked


def others_serving(
    programs: Iterable[str], county: str, answers: Mapping[str, Any]
) -> list[Grantee]:
    """Return who else serves a home in a county, by its county and what was answered.

    A question that nobody answered names nobody; one answered "unsure" names each that asks it.
    """
    slugs = list(programs)
    heard = {q.id: answers.get(q.id) for q in place_questions(slugs, county, answers)}
    return [
        other
        for other in _serving(slugs, county)
        if other.asks is None or heard.get(other.asks.id) in (other.when, UNSURE)
    ]


def grantee(id: str) -> Grantee | None:
    """Return one office of the catalog; None where it is no longer there."""
    return next((other for other in grantees() if other.id == id), None)


def place_question(id: str) -> PlaceQuestion | None:
    """Return one question of the catalog's offices; None where it is no longer there."""
    asked = (other.asks for other in grantees() if other.asks is not None)
    return next((question for question in asked if question.id == id), None)
