"""The decision twin: a stored determination told whole, in one place, for everybody who asks.

The case page, the approver, the letters, the resident's status and the appeal packet read this and
nothing else: each criterion with its sentence, condition and citation (programs.door.told), each
fact with its value and where it came from (the sealed snapshot), the tables with source and day,
the amounts with their arithmetic. Nothing here evaluates a rule, but to name the figures that the
agency has still to set.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from latchstring.cases.derive import evaluated
from latchstring.cases.determine import opened
from latchstring.cases.models import Determination
from latchstring.cases.typed import untagged, values_of
from latchstring.cases.words import agency_words
from latchstring.kernel import money
from latchstring.kernel.errors import NotFound
from latchstring.programs import door as programs
from latchstring.programs import publication

ORIGINS = {
    "en": {
        "stated": "you told us",
        "attested": "you stated it in writing",
        "paper": "your paper “{paper}”",
        "accepted": "your paper “{paper}”, which we accepted",
        "document": "a paper of yours",
        "verified": "{agency} answered",
        "staff": "a caseworker established it",
        "system": "your application",
        "own_records": "our own records",
        "rule": "the program's rules",
        "worked_out": "worked out from {parts}",
        "from_lists": "worked out from {lists}. {how}",
        "unknown": "nobody has told us yet",
        "on": "{origin}, {day}",
    },
    "es": {
        "stated": "usted nos lo dijo",
        "attested": "usted lo declaró por escrito",
        "paper": "su documento «{paper}»",
        "accepted": "su documento «{paper}», que aceptamos",
        "document": "un documento suyo",
        "verified": "respondió {agency}",
        "staff": "lo estableció un trabajador del caso",
        "system": "su solicitud",
        "own_records": "nuestros propios registros",
        "rule": "las reglas del programa",
        "worked_out": "calculado con {parts}",
        "from_lists": "calculado con {lists}. {how}",
        "unknown": "nadie nos lo ha dicho todavía",
        "on": "{origin}, {day}",
    },
}
LETTER = {
    "en": "Another program already found your income low enough ({program}, {day}).",
    "es": "Otro programa ya determinó que sus ingresos son suficientemente bajos "
    "({program}, {day}).",
}


@dataclass(frozen=True)
class Origin:
    """Where a fact came from, in words with the day; `paper` is the paper's id, where it is one.

    `lines` are the records of a list that it was worked out of, with what each counts for, and
    `citation` is the law that says how.

    `kind` is stated, attested, document, verified, staff, system, own_records, worked_out or
    unknown.
    """

    kind: str
    words: str
    paper: str = ""
    lines: tuple[str, ...] = ()
    citation: str = ""

    @property
    def whole(self) -> str:
        """Return the words, with the records of a list behind them."""
        return f"{self.words}: {'; '.join(self.lines)}" if self.lines else self.words

    @property
    def backed(self) -> bool:
        """Whether more than the household's own word stands behind it."""
        return self.kind in ("document", "verified", "staff", "own_records")


@dataclass(frozen=True)
class FactUsed:
    """A fact or figure as a criterion used it, and where it came from."""

    told: programs.FactTold
    origin: Origin

    @property
    def citation(self) -> str:
        """Return the law of a figure, or of how a list was counted."""
        return self.told.citation or self.origin.citation

    @property
    def line(self) -> str:
        """Return it as one line of a letter: `your monthly rent: $1,000.00 (you told us, ...)`."""
        return f"{self.told.words}: {self.told.value} ({self.origin.whole})"


@dataclass(frozen=True)
class TableUsed:
    """A table whose figures were used: which version, since when, whose, and its fingerprint."""

    id: str
    title: str
    source: str
    fiscal_year: str
    effective_from: date
    sha256: str


@dataclass(frozen=True)
class Reason:
    """One criterion of a stored determination: what it says, by which law, from which facts."""

    told: programs.Told
    facts: tuple[FactUsed, ...]
    tables: tuple[TableUsed, ...]
    proven: bool

    @property
    def id(self) -> str:
        """Return the criterion's id."""
        return self.told.id

    @property
    def result(self) -> bool | None:
        """Return true, false, or None for not known."""
        return self.told.result

    @property
    def sentence(self) -> str:
        """Return what it says of this household."""
        return self.told.sentence

    @property
    def citation(self) -> str:
        """Return the law, answer or manual behind it."""
        return self.told.citation

    @property
    def named(self) -> tuple[FactUsed, ...]:
        """Return the facts that the condition itself names."""
        return tuple(fact for fact in self.facts if fact.told.named)

    @property
    def behind(self) -> tuple[FactUsed, ...]:
        """Return the facts behind those that the condition names."""
        return tuple(fact for fact in self.facts if not fact.told.named)

    @property
    def backed(self) -> tuple[FactUsed, ...]:
        """Return the facts behind which more than the household's own word stands."""
        return tuple(fact for fact in self.facts if fact.origin.backed)


@dataclass(frozen=True)
class Amount:
    """One line of help as it was determined; `amount_cents` of help by the month is a month's."""

    id: str
    purpose: str
    label: str
    payee: str
    months: int | None
    arithmetic: str
    steps: tuple[programs.StepTold, ...]
    amount_cents: int
    first_cents: int | None


class Twin:
    """A determination told in a language. Cheap to make; what is asked for is told then."""

    def __init__(self, determination: Determination, language: str) -> None:
        self.determination = determination
        self.language = language

    @cached_property
    def snapshot(self) -> dict[str, Any]:
        """Return the facts, papers and tables that the determination rests on, opened."""
        return opened(self.determination)

    @cached_property
    def program(self) -> programs.Program:
        """Return the program version over the tables as they were."""
        return publication.program_as_then(
            self.determination.version, self.snapshot.get("tables", {})
        )

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Return every criterion in the program's order."""
        return tuple(self._reason(row) for row in self.determination.result["criteria"])

    @cached_property
    def priority(self) -> Reason | None:
        """Return the test for who goes first, where the program has one."""
        row = self.determination.result.get("priority_criterion")
        return self._reason(row) if row else None

    @cached_property
    def failed(self) -> tuple[Reason, ...]:
        """Return the criteria that are not met."""
        return tuple(reason for reason in self.reasons if reason.result is False)

    @cached_property
    def facts(self) -> tuple[FactUsed, ...]:
        """Return every fact and figure that any criterion used, each once."""
        found = {fact.told.key: fact for reason in self.reasons for fact in reason.facts}
        return tuple(found.values())

    @cached_property
    def tables(self) -> tuple[TableUsed, ...]:
        """Return the tables that were looked into, each with its version."""
        return tuple(self._tables())

    @cached_property
    def amounts(self) -> tuple[Amount, ...]:
        """Return the lines of help with their arithmetic."""
        return tuple(map(self._amount, self.determination.result.get("lines", ())))

    @cached_property
    def _values(self) -> dict[str, Any]:
        """Every fact and figure of the determination, as it was worked out then."""
        found = {key: untagged(e["value"]) for key, e in self.snapshot["facts"].items()}
        result = self.determination.result
        used = (*(row["operands"] for row in result["criteria"]), result["derived"])
        return found | {key: untagged(value) for each in used for key, value in each.items()}

    @cached_property
    def _from_lists(self) -> dict[str, programs.FromListsTold]:
        """What the program worked out of lists, told once for all criteria that use it."""
        facts = values_of(self.snapshot["facts"])
        told = (
            (one.id, programs.told_from_lists(self.program, one.id, facts, self.language))
            for one in self.program.from_lists
        )
        return {key: listed for key, listed in told if listed is not None}

    @cached_property
    def waits_for(self) -> tuple[programs.EmptyTold, ...]:
        """Return the figures that the agency has still to set before this can be decided."""
        program, found = evaluated(self.snapshot)
        unset = {line["id"] for line in self.determination.result.get("unset", ())}
        figures = [one.amount for one in program.benefits if one.id in unset]
        return programs.waiting(program, found, figures, self.language)

    def _amount(self, line: Mapping[str, Any]) -> Amount:
        steps = programs.steps(self.program, line["id"], self._values, self.language)
        sums = line["arithmetic"].get(self.language) or line["arithmetic"]["en"]
        return Amount(
            id=line["id"],
            purpose=line["purpose"],
            label=line["label"].get(self.language) or line["label"]["en"],
            payee=line["payee"],
            months=line["months"],
            arithmetic=money.shown(line["amount_cents"]) if steps else sums,
            steps=steps,
            amount_cents=line["amount_cents"],
            first_cents=line.get("first_cents"),
        )

    @property
    def total_cents(self) -> int:
        """Return the sum of the lines of help."""
        return int(self.determination.result["total_cents"])

    @property
    def letter(self) -> str:
        """Say which other program's letter stood in for papers of income; empty where none did."""
        found = self.determination.result.get("letter")
        if not found:
            return ""
        day = programs.text(date.fromisoformat(found["determined_on"]), self.language)
        return LETTER[self.language].format(program=found["program"].upper(), day=day)

    def _reason(self, row: Mapping[str, Any]) -> Reason:
        operands = {key: untagged(value) for key, value in row["operands"].items()}
        found = programs.CriterionResult(row["id"], row["result"], operands)
        told = programs.told(self.program, found, self.language)
        return Reason(
            told=told,
            facts=tuple(FactUsed(fact, self._origin(fact)) for fact in told.facts),
            tables=tuple(used for used in self.tables if used.id in told.tables),
            proven=row["id"] in self.determination.proven,
        )

    def _origin(self, fact: programs.FactTold) -> Origin:
        words = ORIGINS[self.language]
        if fact.made_of:
            parts = (programs.fact_words(self.program, key, self.language) for key in fact.made_of)
            return Origin("worked_out", words["worked_out"].format(parts="; ".join(parts)))
        if not fact.raw:
            return Origin("worked_out", words["rule"])
        entry = self.snapshot["facts"].get(fact.key)
        if listed := self._from_lists.get(fact.key):
            how = listed.words[:1].upper() + listed.words[1:].rstrip(".")
            said = words["from_lists"].format(lists=listed.lists, how=how)
            return Origin("worked_out", said, lines=listed.lines, citation=listed.citation)
        if entry is None:
            return Origin("unknown", words["unknown"])
        return self._said(fact.key, entry)

    def _said(self, key: str, entry: Mapping[str, Any]) -> Origin:
        """Say who said a fact of the snapshot and when."""
        kind, _, whom = entry["source"].partition(":")
        if kind == "stated" and key in self.snapshot["attested"]:
            kind = "attested"
        proof, paper, how = entry["evidence"], "", kind
        day = entry.get("said_on")  # determinations from before it was kept have none
        filling = {"agency": agency_words(whom, self.language)}
        if proof is not None:
            day = proof["obtained_on"]
            if proof["kind"] == "document":
                paper = str(proof["reference"])
                taken = {row["id"] for row in self.snapshot["papers"]}
                how = "accepted" if paper in taken else "paper"
                filling["paper"] = programs.paper_words(proof["source"], self.language)
        words = ORIGINS[self.language]
        said = words[how].format(**filling)
        if day:
            shown = programs.text(date.fromisoformat(day), self.language)
            said = words["on"].format(origin=said, day=shown)
        return Origin(kind, said, paper)

    def _tables(self) -> Iterator[TableUsed]:
        digests = self.snapshot.get("tables", {})
        for use in self.determination.result["tables"]:
            table = self.program.table(use["table"])
            yield TableUsed(
                id=table.id,
                title=table.title[self.language],
                source=table.source,
                fiscal_year=use["fiscal_year"],
                effective_from=date.fromisoformat(use["from"]),
                sha256=digests.get(table.id, ""),
            )


def tell(determination: Determination | uuid.UUID, language: str) -> Twin:
    """Tell a stored determination in a language. The caller has checked who asks.

    NotFound for an id that is none.
    """
    if isinstance(determination, uuid.UUID):
        row = Determination.objects.filter(id=determination).first()
        if row is None:
            raise NotFound()
        determination = row
    return Twin(determination, language)
