"""The papers bank: what a household may be asked to show, and which kinds of paper show it.

The words stand in catalog/papers.yaml; which test asks for which kinds stands in each program's
document (`evidence`). How long a paper holds is the program's too: `lasts_months`, or `lasts: {for:
season | certification_period}`.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from latchstring.programs.dictionary import dictionary
from latchstring.programs.document import Criterion, Program
from latchstring.programs.errors import CatalogError
from latchstring.programs.reading import Marked, catalog_folder, read_yaml
from latchstring.programs.shape import held

CERTIFIED_MONTHS = 12  # 7 CFR 273.10(f): the longest certification of most households


@dataclass(frozen=True)
class Paper:
    """A kind of paper: its name by language, what it documents, which costs it shows."""

    kind: str
    words: Mapping[str, str]
    proves: tuple[str, ...]
    shows: tuple[str, ...]


@dataclass(frozen=True)
class PaperPage:
    """One thing to be shown: title and words for stating it instead, by language.

    `settles` is a yes-or-no fact that the paper, or the lack of it, answers; on a page with `each`
    every paper shows something else; one that is not `asked` has no page of its own.
    """

    id: str
    section: str
    title: Mapping[str, str]
    instead: Mapping[str, str]
    settles: str
    each: bool
    asked: bool


@cache
def _file() -> Marked:
    return held(read_yaml(catalog_folder() / "papers.yaml"), "papers")


@cache
def papers() -> Mapping[str, Paper]:
    """Return every kind of paper by its name in documents."""
    found = {}
    for raw in _file()["papers"]:
        facts = (*raw.get("proves", ()), *raw.get("shows", ()))
        if unknown := [key for key in facts if key not in dictionary()]:
            raise CatalogError(f"There is no fact {unknown[0]}.", raw.file, raw.line)
        found[raw["kind"]] = Paper(
            raw["kind"],
            {"en": raw["en"], "es": raw["es"]},
            tuple(raw.get("proves", ())),
            tuple(raw.get("shows", ())),
        )
    return found


@cache
def paper_pages() -> Mapping[str, PaperPage]:
    """Return the pages that ask for papers, in the order of the interview."""
    return {
        raw["id"]: PaperPage(
            raw["id"],
            raw.get("section", "papers"),
            raw["title"],
            raw.get("instead", {}),
            raw.get("settles", ""),
            raw.get("each", False),
            raw.get("asked", True),
        )
        for raw in _file()["pages"]
    }


def page_of(test: Criterion) -> str:
    """Return the id of the page on which a criterion's papers are asked for."""
    return str(test.evidence.get("page", test.id))


def paper_words(kind: str, language: str) -> str:
    """Return what a kind of paper is called; the kind itself where the bank does not know it."""
    return papers()[kind].words[language] if kind in papers() else kind


def documents_what(kind: str) -> list[str]:
    """Return the yes-or-no facts that a kind of paper documents."""
    return list(papers()[kind].proves) if kind in papers() else []


def holds_until(program: Program, test: Criterion, since: date) -> date | None:
    """Return the last day on which proof of a day still holds for a test; None: it does not lapse.

    A season ends the day before the next one opens; a certification period lasts as long as the
    program's longest, twelve months unless it says another.
    """
    months = test.evidence.get("lasts_months")
    if isinstance(months, int) and months:
        return months_after(since, months)
    match test.evidence.get("lasts", {}).get("for"):
        case "season":
            opens = [row["opens_on"] for row in program.document.get("rounds", [])]
            later = [day for day in opens if isinstance(day, date) and day > since]
            return date.fromordinal(min(later).toordinal() - 1) if later else None
        case "certification_period":
            most = program.document.get("recertify", {}).get("at_most_months", CERTIFIED_MONTHS)
            return months_after(since, int(most))
    return None


def months_after(day: date, months: int) -> date:
    """Return the same day some months later, or that month's last day."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
