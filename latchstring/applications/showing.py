"""What an application must show: one page for all programs that ask for the same thing.

Which kinds of paper do, whether a signed word suffices and how long proof lasts is each program's
own; a paper given once shows it to all of them, until it lapses there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from latchstring.documents import door as documents
from latchstring.kernel import clock
from latchstring.programs import door as programs

# What follows from the pages on the home, the people and the filing is not a statement to sign.
COUNTED = {"state", "county", "size", "months_assisted", "applied_on"}
OTHER = "other"  # a kind that any page takes, for what has no name
_FALLBACK = "another"


@dataclass(frozen=True)
class ToShow:
    """One thing to be shown: the page of the papers bank and the tests of programs that ask it."""

    id: str
    page: programs.PaperPage
    tests: tuple[tuple[programs.Program, programs.Criterion], ...]

    def kinds(self, facts: Mapping[str, Any]) -> list[str]:
        """Return which papers show it: any one of them, or each on a page that says so."""
        named = dict.fromkeys(k for _, test in self.tests for k in test.evidence["documents"])
        if not self.page.each:
            return list(named)
        return [kind for kind in named if self._told(kind, facts)]

    @staticmethod
    def _told(kind: str, facts: Mapping[str, Any]) -> set[str]:
        """Return the costs that a kind shows and that the household told of."""
        shows = programs.papers()[kind].shows if kind in programs.papers() else ()
        return {key for key in shows if facts.get(key) and facts[key] != "none"}

    def shown(self, papers: Sequence[documents.DocumentView], facts: Mapping[str, Any]) -> bool:
        """Say whether papers show it to every program; a refused or lapsed one shows nothing."""
        kinds = self.kinds(facts)
        if self.page.each:
            given = {p.kind for p in papers if p.status != "refused"}
            told = set().union(*(self._told(kind, facts) for kind in kinds))
            covered = set().union(*(self._told(kind, facts) for kind in given))
            return bool(kinds) and told <= covered
        return all(
            any(holds(paper, program, test) for paper in papers) for program, test in self.tests
        )

    def attestable(self, facts: Mapping[str, Any]) -> list[str]:
        """Return the facts that may be stated in place of a paper; [] where all want one."""
        return sorted(
            {
                key
                for program, test in self.tests
                if test.evidence.get("attestation")
                for key in program.stands_on(test.id)
                if key in facts and key not in COUNTED
            }
        )

    @property
    def papers_only(self) -> list[programs.Program]:
        """The programs whose rules take no statement in place of a paper."""
        return [p for p, test in self.tests if not test.evidence.get("attestation")]


def holds(
    paper: documents.DocumentView, program: programs.Program, test: programs.Criterion
) -> bool:
    """Say whether one paper shows a test to its program today."""
    if paper.kind not in test.evidence["documents"] or paper.status == "refused":
        return False
    since = paper.given_at.astimezone(clock.MOUNTAIN).date()
    until: date | None = programs.holds_until(program, test, since)
    return until is None or clock.today() <= until


def to_show(versions: Sequence[programs.Program]) -> list[ToShow]:
    """Return what programs want shown, in the order of the papers bank, each thing once."""
    found: dict[str, list[tuple[programs.Program, programs.Criterion]]] = {}
    for program in versions:
        for test in program.criteria:
            if test.evidence.get("documents"):
                found.setdefault(programs.page_of(test), []).append((program, test))
    bank = programs.paper_pages()
    order = list(bank)
    asked = [ToShow(id, bank.get(id, bank[_FALLBACK]), tuple(tests)) for id, tests in found.items()]
    return sorted(
        (one for one in asked if one.page.asked), key=lambda one: order.index(one.page.id)
    )
