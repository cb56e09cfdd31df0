"""The interview: which pages an application has, in which order, and which are answered.

A page of the question bank is there only while its answer can still change something (or was
given already); the other pages are what every application form asks. Nothing is stored about the
order: it follows from the facts each time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from latchstring.applications.models import Application
from latchstring.documents import door as documents
from latchstring.kernel import clock
from latchstring.people import door as people
from latchstring.programs import door as programs
from latchstring.programs import publication

# Facts that the interview works out from its own pages, so that nobody is asked twice.
WORKED_OUT = {"state", "county", "size", "monthly_income", "months_assisted", "applied_on"}
PAPER_ORDER = ("renter", "instability", "hardship", "income")
PARTNERS = ("tax", "human_services")


@dataclass(frozen=True)
class Step:
    """One page: id, section, whether it is answered or was passed over, whether it may be."""

    id: str
    section: str
    answered: bool
    optional: bool = False
    skipped: bool = False
    question: programs.Question | None = None
    criterion: Any = None

    @property
    def open(self) -> bool:
        """Whether the interview stops here."""
        return not self.answered and not self.skipped


@dataclass
class Interview:
    """What is known of one application, read once: the facts, the programs, the pages."""

    application: Application
    household: people.Household = field(init=False)

    def __post_init__(self) -> None:
        self.household = people.household_by_id(self.application.household)

    @cached_property
    def versions(self) -> list[programs.Program]:
        """The program versions that the application is pinned to."""
        rows = sorted(self.application.programs.all(), key=lambda row: row.program)
        return [publication.program_by_hash(row.version) for row in rows]

    def read_again(self) -> None:
        """Forget the facts read so far: some were stated since."""
        for name in ("views", "facts", "steps"):
            self.__dict__.pop(name, None)

    @cached_property
    def views(self) -> dict[str, people.FactView]:
        """Every current fact about the household."""
        return people.facts(self.household)

    @cached_property
    def facts(self) -> dict[str, Any]:
        """The facts that rules read, by key."""
        known = programs.dictionary()
        found = {key: view.value for key, view in self.views.items() if key in known}
        found.setdefault("applied_on", clock.today())
        return found

    def said(self, key: str) -> Any:
        """One fact's value, or None."""
        return self.views[key].value if key in self.views else None

    @cached_property
    def dwelling(self) -> people.DwellingView | None:
        """Where the household lives."""
        return people.dwelling(self.household)

    @cached_property
    def members(self) -> list[people.Member]:
        """The people of the household."""
        return people.members(self.household)

    @cached_property
    def sums(self) -> people.IncomeSums:
        """The household's income, summed."""
        return people.income_sums(self.household)

    @cached_property
    def papers(self) -> list[documents.DocumentView]:
        """The papers given so far."""
        return documents.of_household(self.household.id)

    @cached_property
    def steps(self) -> list[Step]:
        """Every page in its order, the bank's pages where they matter."""
        return [*self._about(), *self._bank(), *self._rest()]

    def step(self, id: str) -> Step | None:
        """One page by its id; None when this application has none of that name."""
        return next((step for step in self.steps if step.id == id), None)

    def _skipped(self, id: str) -> bool:
        return id in self.application.skipped

    def _about(self) -> list[Step]:
        home = self.dwelling
        steps = [
            Step("name", "you", answered=True),
            Step("address", "you", answered=home is not None and bool(home.address["street"])),
        ]
        if home is not None and len(counties_here(home)) > 1:
            steps.append(Step("county", "you", answered=bool(home.county)))
        steps.append(Step("members", "people", answered=bool(self.said("members_listed"))))
        steps.append(Step("income", "people", answered=bool(self.said("income_listed"))))
        return steps

    def _bank(self) -> list[Step]:
        """Questions of the programs: those that still matter and those already answered."""
        worth = {asked.id for asked in programs.next_questions(self.versions, self.facts)}
        found: dict[str, Step] = {}
        for program in self.versions:
            for asked in programs.questions_of(program):
                step = self._bank_step(asked, worth)
                if step is not None:
                    found.setdefault(step.id, step)
        return list(found.values())

    def _bank_step(self, asked: programs.Question, worth: set[str]) -> Step | None:
        if WORKED_OUT.issuperset(asked.facts):
            return None
        if asked.id == "rent_paper":  # the paper itself answers, or that there is none
            return self._paper("renter") if self.facts.get("rents") is not False else None
        known = all(self.facts.get(key) is not None for key in asked.facts)
        if not known and asked.id not in worth:
            return None
        section = "rent" if asked.subject == "dwelling" else "situation"
        section = "people" if asked.subject == "income_source" else section
        return Step(asked.id, section, answered=known, question=asked)

    def _paper(self, criterion_id: str) -> Step | None:
        test = self.criterion(criterion_id)
        kinds = paper_kinds(test)
        if test is None or not kinds:
            return None
        given = any(paper.kind in kinds and paper.status != "refused" for paper in self.papers)
        attested = set(self.attestable(criterion_id)) <= set(self.application.attested)
        id = f"papers-{criterion_id}"
        return Step(
            id,
            "papers" if criterion_id != "renter" else "rent",
            answered=given or (attested and bool(self.attestable(criterion_id))),
            optional=True,
            skipped=self._skipped(id),
            criterion=test,
        )

    def criterion(self, id: str) -> Any:
        """One test of the programs by its id, or None."""
        return next((test for p in self.versions for test in p.criteria if test.id == id), None)

    def attestable(self, criterion_id: str) -> list[str]:
        """The facts that a resident may state in place of a paper for one test; [] if none."""
        test = self.criterion(criterion_id)
        if test is None or not test.evidence.get("attestation"):
            return []
        used = {key for p in self.versions for key in p.uses.get(criterion_id, ())}
        fixed = WORKED_OUT - {"monthly_income"}
        found = sorted(key for key in used - fixed if key in self.views)
        return ["rent_attested", *found] if criterion_id == "renter" else found

    def _rest(self) -> list[Step]:
        steps = [
            Step(
                "dates",
                "situation",
                answered=self.said("dates_said") is not None,
                optional=True,
                skipped=self._skipped("dates"),
            ),
            Step("landlord", "landlord", answered=self.said("landlord") is not None),
        ]
        owed = [self.facts.get(key) for key in ("utilities_owed", "internet_owed")]
        if any(owed):
            steps.append(
                Step(
                    "utility",
                    "landlord",
                    answered=self.said("utility_account") is not None,
                    optional=True,
                    skipped=self._skipped("utility"),
                )
            )
        steps.append(Step("consent", "papers", answered=self.said("consents") is not None))
        papers = [self._paper(id) for id in PAPER_ORDER if id != "renter"]
        return steps + [step for step in papers if step is not None]


def counties_here(home: people.DwellingView) -> list[str]:
    """Return the counties of a home's state that its ZIP code lies in."""
    known = programs.counties(home.address["state"])
    return [code for code in programs.counties_of_zip(home.address["zip"]) if code in known]


def paper_kinds(test: Any) -> list[str]:
    """Return which papers show what a test asks, as its program says: any one of them."""
    evidence: Mapping[str, Any] = test.evidence if test is not None else {}
    return list(evidence.get("documents", ()))
