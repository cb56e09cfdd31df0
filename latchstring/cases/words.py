"""What a resident is asked for, in words. The program documents and the banks hold them."""

from latchstring.cases.models import Case
from latchstring.programs import door as programs
from latchstring.programs import publication


def item_words(case: Case, what: str, language: str = "") -> str:
    """Return what was asked for in words: a paper by kind, a question of the bank, a fact."""
    tongue = language or case.language
    if what in programs.papers():
        return programs.paper_words(what, tongue)
    if what in programs.bank():
        return programs.question(what).label[tongue]
    return programs.fact_words(publication.program_by_hash(case.version), what, tongue)
