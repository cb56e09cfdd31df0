"""The interview: which pages an application has, in which order, and which are answered.

All of it follows from the documents of the programs asked for: each of their questions once, those
on danger and clocks first; a page for each payee, dated harm, permission and thing to be shown. A
page of the question bank is there only while its answer can still change something (or was given
already). Nothing is stored about the order: it follows from the facts each time.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from latchstring.applications.models import Application
from latchstring.applications.showing import ToShow, to_show
from latchstring.applications.words import CONSENT_TEXT
from latchstring.documents import door as documents
from latchstring.kernel import clock
from latchstring.kernel.find import find
from latchstring.people import door as people
from latchstring.programs import door as programs
from latchstring.programs import publication

# Facts that the interview works out from its own pages, so that nobody is asked twice.
WORKED_OUT = {
    "state",
    "county",
    "size",
    "monthly_income",
    "months_assisted",
    "applied_on",
}
MEMBER_FIELDS = frozenset({"buys_food_together"})  # asked of each member where rules read it
PARTNERS = tuple(CONSENT_TEXT)
DATES = ("court_date", "shutoff_date")
PAYEES = {"landlord": "landlord", "utility": "utility_account"}  # page: the fact it answers
REUSE_SEEN = "reuse_seen"  # the application whose resident saw what was taken over
RANKS = ("danger", "clock")  # what a document asks before anything else


@dataclass(frozen=True)
class Step:
    """One page: id, section, whether it is answered or was passed over, whether it may be.

    `told_on` is the moment of an answer that was given for something else, before this application.
    """

    id: str
    section: str
    answered: bool
    optional: bool = False
    skipped: bool = False
    question: programs.Question | None = None
    shows: ToShow | None = None
    told_on: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether the interview stops here."""
        return not self.answered and not self.skipped


@dataclass
class Interview:
    """What is known of one application, read once: the facts, the programs, the pages.

    With `only`, it is the interview that this program alone would hold: its own form.
    """

    application: Application
    only: str | None = None
    read: people.Reading = field(init=False)

    def __post_init__(self) -> None:
        self.read = people.Reading(people.household_by_id(self.application.household))

    @property
    def household(self) -> people.Household:
        """Whose application it is."""
        return self.read.household

    @cached_property
    def versions(self) -> list[programs.Program]:
        """The program versions that the application is pinned to."""
        rows = sorted(self.application.programs.all(), key=lambda row: row.program)
        return [
            publication.program_by_hash(row.version)
            for row in rows
            if self.only in (None, row.program)
        ]

    def read_again(self) -> None:
        """Forget what the facts said so far: some were stated since, through `known`."""
        for name in ("views", "facts", "for_rules", "_listed", "steps"):
            self.__dict__.pop(name, None)

    @property
    def known(self) -> people.Known:
        """The rows behind every fact of the household."""
        return self.read.known

    @cached_property
    def views(self) -> dict[str, people.FactView]:
        """Every current fact about the household, but for what is asked anew each time."""
        began = self.application.began_at
        anew = {key for q in programs.bank().values() if q.each_time for key in q.facts}
        return {
            key: view
            for key, view in self.read.facts().items()
            if key not in anew or view.recorded_at >= began
        }

    @cached_property
    def facts(self) -> dict[str, Any]:
        """The facts that rules read, by key."""
        known = programs.dictionary()
        found = {key: view.value for key, view in self.views.items() if key in known}
        found.setdefault("applied_on", clock.today())
        return found

    @cached_property
    def for_rules(self) -> dict[str, Any]:
        """The facts and the lists as the programs' rules take them."""
        found = dict(self.facts)
        if any(program.lists for program in self.versions):
            found |= {
                key: programs.Firm(view.value)
                for key, view in self.views.items()
                if key in found and people.established(view.source)
            }
            listed = self.read.lists(self.views)
            found |= {key: one.value for key, one in listed.items()}
        return found

    def said(self, key: str) -> Any:
        """One fact's value, or None."""
        return self.views[key].value if key in self.views else None

    @property
    def dwelling(self) -> people.DwellingView | None:
        """Where the household lives."""
        return self.read.dwelling

    @property
    def members(self) -> list[people.Member]:
        """The people of the household."""
        return self.read.members

    @property
    def sums(self) -> people.IncomeSums:
        """The household's income, summed."""
        return self.read.sums

    @cached_property
    def papers(self) -> list[documents.DocumentView]:
        """The papers given so far."""
        return documents.of_household(self.household.id)

    @cached_property
    def partners(self) -> list[str]:
        """The agencies that some program would ask, with the household's permission."""
        asked = {
            check["agency"]
            for program in self.versions
            for check in program.document.get("checks", [])
            if check.get("needs_consent")
        }
        return [partner for partner in PARTNERS if partner in asked]

    @cached_property
    def dates(self) -> list[str]:
        """The days of harm that some program's clock ends before."""
        clocks = [one for p in self.versions for one in p.document.get("clocks", [])]
        before = {one.get("before") for one in clocks}
        return [key for key in DATES if key in before]

    @cached_property
    def steps(self) -> list[Step]:
        """Every page in its order, the bank's pages where they matter."""
        bank = sorted(((self._rank(step), step) for step in self._bank()), key=lambda it: it[0])
        danger = [step for rank, step in bank if rank == 0]
        name, *about = self._about()
        rest = [*about, *(step for rank, step in bank if rank), *self._rest()]
        told = any(step.told_on for step in (*danger, *rest))
        seen = self.said(REUSE_SEEN) == str(self.application.id)
        before = [Step("before", "you", answered=seen)] if told else []
        return [name, *danger, *before, *rest]

    def statements(self, language: str) -> list[tuple[str, list[str]]]:
        """What is agreed to beside the words that all programs share: program, statements."""
        return [
            (program.name[language], [one[language] for one in program.document["statements"]])
            for program in self.versions
            if program.document.get("statements")
        ]

    def asks(self, payee: str, language: str) -> str:
        """The words with which a program asks about a payee; empty where none has its own."""
        told = [p.document.get("payees", {}).get(payee, {}).get("asks", {}) for p in self.versions]
        return next((words[language] for words in told if words), "")

    @cached_property
    def member_questions(self) -> frozenset[str]:
        """What some program asks about each member, beside who they are: fields of a member."""
        read = (one.fields for program in self.versions for one in program.from_lists)
        return MEMBER_FIELDS.intersection(field for fields in read for field in fields)

    @property
    def open_members(self) -> list[people.Member]:
        """The members of whom something asked is not said; none once the list was signed."""
        held = self.application
        signed = held.submitted_at is not None and "members" not in held.asked_later
        asked = self.member_questions
        if signed or not asked:
            return []
        return [one for one in self.members if any(getattr(one, key) is None for key in asked)]

    def step(self, id: str) -> Step | None:
        """One page by its id; None when this application has none of that name."""
        return next((step for step in self.steps if step.id == id), None)

    def _rank(self, step: Step) -> int:
        """Danger first, then what starts a clock, then what several programs ask, then the rest."""
        if step.question is None:
            return len(RANKS) + 1
        named = [
            entry.get("rank", "")
            for program in self.versions
            for entry in program.document.get("questions", [])
            if entry["id"] == step.id
        ]
        ranks = [RANKS.index(rank) for rank in named if rank in RANKS]
        return min(ranks, default=len(RANKS) + (len(named) < 2))

    def _own(self, id: str, section: str, key: str, *, optional: bool = False) -> Step:
        """Return one of the pages that no bank holds, answered by one fact."""
        view = self.views.get(key)
        return Step(
            id,
            section,
            answered=view is not None,
            optional=optional,
            skipped=optional and id in self.application.skipped,
            told_on=self._before(key),
        )

    def _before(self, *keys: str) -> datetime | None:
        """Return when facts were told, if it was for an application before this one."""
        told = [self.views[key].recorded_at for key in keys if key in self.views]
        return self._earlier(max(told)) if told else None

    def _earlier(self, told_at: datetime) -> datetime | None:
        return told_at if self._not_the_first and told_at < self.application.began_at else None

    @cached_property
    def _not_the_first(self) -> bool:
        return bool(find(_begun_before, self.household.id, self.application.began_at))

    def _about(self) -> list[Step]:
        home = self.dwelling
        housed = home is not None and bool(home.address["street"])
        steps = [
            Step("name", "you", answered=True),
            Step("address", "you", answered=housed, told_on=self._before("county")),
        ]
        if home is not None and len(counties_here(home)) > 1:
            steps.append(Step("county", "you", answered=bool(home.county)))
        for id in ("members", "income"):
            said = bool(self.said(f"{id}_listed"))
            said = said and not (id == "members" and self.open_members)
            told_on = self._before(f"{id}_listed")
            steps.append(Step(id, "people", answered=said, told_on=told_on))
        return steps

    def _bank(self) -> list[Step]:
        """Questions of the programs: those that still matter and those already answered."""
        worth = {asked.id for asked in programs.next_questions(self.versions, self.for_rules)}
        settled = {one.page.settles: one for one in self._to_show if one.page.settles}
        found: dict[str, Step] = {}
        for program in self.versions:
            for asked in programs.questions_of(program):
                if asked.id in found or self._worked_out(asked):
                    continue
                if settled.keys() >= set(asked.facts):  # the paper itself answers, or that
                    if self.facts.get("rents") is not False:  # there is none
                        found[asked.id] = self._paper(settled[asked.facts[0]])
                    continue
                known = all(self.facts.get(key) is not None for key in asked.facts)
                if known or asked.id in worth:
                    told_on = self._before(*asked.facts) if known else None
                    found[asked.id] = Step(
                        asked.id, asked.section, known, question=asked, told_on=told_on
                    )
        return list(found.values())

    def _worked_out(self, asked: programs.Question) -> bool:
        """Whether our own pages and the lists answer a question for every program that reads it.

        One whose finished lists do not settle it is asked.
        """
        readers = [p for p in self.versions if not p.readers.keys().isdisjoint(asked.facts)]
        return WORKED_OUT.issuperset(asked.facts) or (
            bool(readers) and all(self._listed[p.slug].issuperset(asked.facts) for p in readers)
        )

    @cached_property
    def _listed(self) -> dict[str, set[str]]:
        """The facts that each program has from the lists, or will have once they are finished."""
        waiting = {key for key, value in self.for_rules.items() if isinstance(value, Mapping)}
        return {
            program.slug: programs.said_by_lists(program, self.for_rules)
            | {one.id for one in program.from_lists if waiting.intersection(one.lists)}
            for program in self.versions
        }

    @cached_property
    def _to_show(self) -> list[ToShow]:
        return to_show(self.versions)

    def _paper(self, one: ToShow) -> Step:
        id = f"papers-{one.id}"
        stated = self.attestable(one)
        shown = one.shown(self.papers, self.facts)
        given = [p.given_at for p in self.papers if p.kind in one.kinds(self.facts)]
        return Step(
            id,
            one.page.section,
            answered=shown or (bool(stated) and set(stated) <= set(self.application.attested)),
            optional=True,
            skipped=id in self.application.skipped,
            shows=one,
            told_on=self._earlier(max(given)) if shown and given else None,
        )

    def attestable(self, one: ToShow) -> list[str]:
        """The facts that a resident may state in place of a paper; [] if none."""
        return one.attestable(self.views)

    def _rest(self) -> Iterator[Step]:
        if self.dates:
            yield self._own("dates", "situation", "dates_said", optional=True)
        for payee, key in PAYEES.items():
            if any(self._may_pay(program, payee) for program in self.versions):
                yield self._own(payee, "landlord", key, optional=payee != "landlord")
        if self.partners:
            given: Mapping[str, Any] = self.said("consents") or {}
            answered = set(self.partners) <= given.keys()
            yield Step("consent", "papers", answered, told_on=self._before("consents"))
        for one in self._to_show:
            if not one.page.settles and one.kinds(self.facts):
                yield self._paper(one)

    def _may_pay(self, program: programs.Program, payee: str) -> bool:
        """Whether a program can pay such a payee: not where all it would pay is asked, and nil."""
        asked = {key for q in programs.questions_of(program) for key in q.facts}
        return any(
            not line.parts or any(self.facts.get(part) or part not in asked for part in line.parts)
            for line in program.benefits
            if line.payee == payee
        )


def _begun_before(household_id: uuid.UUID, began_at: datetime) -> QuerySet[Application]:
    return Application.objects.filter(household=household_id, began_at__lt=began_at)[:1]


def counties_here(home: people.DwellingView) -> list[str]:
    """Return the counties of a home's state that its ZIP code lies in."""
    known = programs.counties(home.address["state"])
    return [code for code in programs.counties_of_zip(home.address["zip"]) if code in known]
