"""What a resident is asked for and whom we ask, in words. Documents and banks hold the rest."""

from latchstring.cases.models import Case
from latchstring.programs import door as programs
from latchstring.programs import publication

AGENCIES = {
    "tax": ("the tax department", "el departamento de impuestos"),
    "human_services": ("human services", "servicios humanos"),
}


def agency_words(source: str, language: str) -> str:
    """Return what people call an agency that we ask; a kind sentence's word for any other."""
    return AGENCIES.get(source, ("another agency", "otra agencia"))[language == "es"]


def item_words(case: Case, what: str, language: str = "") -> str:
    """Return what was asked for in words: a paper by kind, a question of the bank, a fact."""
    tongue = language or case.language
    if what in programs.papers():
        return programs.paper_words(what, tongue)
    if what in programs.bank():
        return programs.question(what).label[tongue]
    return programs.fact_words(publication.program_by_hash(case.version), what, tongue)
