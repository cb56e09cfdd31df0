"""What other rooms may use of programs. Works without Django and without a database.

Facts go in as a plain dict: key -> Decimal, int, bool, str or date; a key that is missing is
unknown. Keys are those of catalog/facts.yaml.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from latchstring.programs.canonical import canonical, fingerprint
from latchstring.programs.conditions import holds
from latchstring.programs.dictionary import FactDefinition, Firm, dictionary, fact_definition
from latchstring.programs.document import LANGUAGES, Criterion, Program, slugs, versions
from latchstring.programs.errors import CatalogError, UnknownProgram, WrongFact, WrongFile
from latchstring.programs.evaluate import (
    AmountLine,
    CriterionResult,
    Determination,
    TableUse,
    evaluate,
    said_by_lists,
)
from latchstring.programs.grantees import (
    PLACE_ANSWERS,
    Grantee,
    PlaceQuestion,
    grantee,
    others_serving,
    place_question,
    place_questions,
)
from latchstring.programs.lists import subject_of
from latchstring.programs.papers import (
    Paper,
    PaperPage,
    documents_what,
    holds_until,
    page_of,
    paper_pages,
    paper_words,
    papers,
)
from latchstring.programs.questions import (
    Question,
    bank,
    next_questions,
    open_facts,
    question,
    questions_of,
)
from latchstring.programs.rounds import CLOSED, EARLY, OPEN, PAUSED, Round, round_on
from latchstring.programs.screen import LIKELY, MAYBE, NO, Screening, Soon, how_soon, screen
from latchstring.programs.sentences import (
    arithmetic,
    citation,
    citation_text,
    fact_words,
    sentence,
    text,
)
from latchstring.programs.tables import counties, counties_of_zip, table
from latchstring.programs.telling import EmptyTold, FactTold, StepTold, Told, steps, told, waiting
from latchstring.programs.telling_lists import FromListsTold, told_from_lists
from latchstring.programs.together import named_by


def load_program(slug: str, as_of: date | None = None) -> Program:
    """Return the version of a program in force on a day (the newest without one).

    Before the first version's day it is the first. UnknownProgram when there is none.
    """
    found = versions(slug)
    if as_of is None:
        return found[-1]
    in_force = [program for program in found if program.effective_from <= as_of]
    return in_force[-1] if in_force else found[0]


def programs(state: str | None = None) -> list[Program]:
    """Return the newest version of every program that is no draft, of one state or of all."""
    newest = [versions(slug)[-1] for slug in slugs()]
    return [found for found in newest if not found.draft and state in (None, found.state)]


def needs(state: str | None = None) -> list[Mapping[str, Any]]:
    """Return what a person may say is wrong (id, en, es, programs), each need once.

    What programs that share a need imply by it is put together. CatalogError where they use
    different words for it, or imply different things.
    """
    found: dict[str, dict[str, Any]] = {}
    for program in programs(state):
        for need in program.document.get("needs", []):
            entry = found.setdefault(need["id"], {**need, "programs": [], "implies": {}})
            entry["programs"].append(program.slug)
            implied = {**need.get("implies", {}), **entry["implies"]}
            same = implied == {**entry["implies"], **need.get("implies", {})}
            if not same or any(need[language] != entry[language] for language in LANGUAGES):
                message = f"{program.slug} says otherwise of the need {need['id']} than another."
                raise CatalogError(f"{message} Use the same words and facts.", need.file, need.line)
            entry["implies"] = implied
    return list(found.values())


def notice_template(program: Program, kind: str) -> Mapping[str, Any]:
    """Return a notice's subject and body in each language; CatalogError if it has none."""
    for notice in program.document.get("notices", []):
        if notice["id"] == kind:
            return notice
    raise CatalogError(f"{program.slug} has no notice {kind}.")


__all__ = [
    "CLOSED",
    "EARLY",
    "LIKELY",
    "MAYBE",
    "NO",
    "OPEN",
    "PAUSED",
    "PLACE_ANSWERS",
    "AmountLine",
    "CatalogError",
    "Criterion",
    "CriterionResult",
    "Determination",
    "EmptyTold",
    "FactDefinition",
    "FactTold",
    "Firm",
    "FromListsTold",
    "Grantee",
    "Paper",
    "PaperPage",
    "PlaceQuestion",
    "Program",
    "Question",
    "Round",
    "Screening",
    "Soon",
    "StepTold",
    "TableUse",
    "Told",
    "UnknownProgram",
    "WrongFact",
    "WrongFile",
    "arithmetic",
    "bank",
    "canonical",
    "citation",
    "citation_text",
    "counties",
    "counties_of_zip",
    "dictionary",
    "documents_what",
    "evaluate",
    "fact_definition",
    "fact_words",
    "fingerprint",
    "grantee",
    "holds",
    "holds_until",
    "how_soon",
    "load_program",
    "named_by",
    "needs",
    "next_questions",
    "notice_template",
    "open_facts",
    "others_serving",
    "page_of",
    "paper_pages",
    "paper_words",
    "papers",
    "place_question",
    "place_questions",
    "programs",
    "question",
    "questions_of",
    "round_on",
    "said_by_lists",
    "screen",
    "sentence",
    "steps",
    "subject_of",
    "table",
    "text",
    "told",
    "told_from_lists",
    "waiting",
]
