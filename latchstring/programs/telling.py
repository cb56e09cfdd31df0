"""A criterion told: the one shape in which every page, letter and packet says why.

The screener tells what `evaluate` just found, a case what its determination stored: the same
sentence, condition, facts and citation from the same result.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from latchstring.programs.document import Criterion, Program
from latchstring.programs.evaluate import CriterionResult, Determination
from latchstring.programs.in_words import condition
from latchstring.programs.sentences import (
    citation,
    citation_text,
    fact_words,
    sentence,
    text,
    value_words,
)
from latchstring.rules import tree

SINCE = {"en": "from", "es": "desde el"}
SIGNS = {"from": "", "less": "−", "plus": "+", "gives": "=", "at_least": "≥"}


@dataclass(frozen=True)
class FactTold:
    """A fact or figure behind a criterion: its words, its value as shown, the law of a figure.

    `named` says that the condition itself names it; the others stand behind those. A `raw` one is
    what a person, paper or agency says; any other is worked out from the facts of `made_of`.
    """

    key: str
    words: str
    value: str
    known: bool
    citation: str
    named: bool
    raw: bool
    made_of: tuple[str, ...]


@dataclass(frozen=True)
class StepTold:
    """A line of arithmetic: how it stands to those above, its words, its value as shown."""

    sign: str
    words: str
    value: str

    @property
    def line(self) -> str:
        """Return it as one line: `− the standard deduction: $209.00`."""
        return f"{self.sign} {self.words}: {self.value}".strip()


@dataclass(frozen=True)
class EmptyTold:
    """A figure that the agency has still to set: its table, and which one, from which day."""

    table: str
    figure: str


@dataclass(frozen=True)
class Told:
    """One criterion: its condition in words and as a rule, what came of it, why, by which law."""

    id: str
    result: bool | None
    sentence: str
    condition: str
    rule: str
    citation: str
    facts: tuple[FactTold, ...]
    tables: tuple[str, ...]
    evidence: Mapping[str, Any]

    @property
    def outcome(self) -> str:
        """Return pass, fail or unknown."""
        return {True: "pass", False: "fail", None: "unknown"}[self.result]


def told(program: Program, found: CriterionResult, language: str) -> Told:
    """Tell one result of a program's criterion in a language."""
    test = next(test for test in program.all_tests if test.id == found.id)
    named = set(tree.names(test.node))
    return Told(
        id=found.id,
        result=found.result,
        sentence=sentence(program, found, language),
        condition=condition(program, test, language),
        rule=test.text,
        citation=citation(program, found.id),
        facts=tuple(
            _fact(program, key, value, language, key in named)
            for key, value in found.operands.items()
        ),
        tables=_tables(program, test),
        evidence=test.evidence,
    )


def steps(
    program: Program, line: str, values: Mapping[str, Any], language: str
) -> tuple[StepTold, ...]:
    """Return the arithmetic of a line of help as lines, from values already worked out.

    None where its document names no steps; what takes or adds nothing is left out.
    """
    benefit = next(one for one in program.document["benefits"] if one["id"] == line)
    return tuple(
        StepTold(
            SIGNS[step["sign"]],
            fact_words(program, step["fact"], language),
            value_words(program, step["fact"], values.get(step["fact"]), language),
        )
        for step in benefit.get("steps", ())
        if step["sign"] in ("from", "gives") or values.get(step["fact"]) != 0
    )


def waiting(
    program: Program, found: Determination, figures: Iterable[str], language: str
) -> tuple[EmptyTold, ...]:
    """Tell the empty cells that a determination and these of its figures wait for."""
    told = []
    for cell in found.waits_for(figures):
        table = program.table(cell.table)
        figure = table.column_words[cell.column][language]
        if cell.since:
            figure += f", {SINCE[language]} {text(cell.since, language)}"
        told.append(EmptyTold(table.title[language], figure))
    return tuple(told)


def _fact(program: Program, key: str, value: Any, language: str, named: bool) -> FactTold:
    derived = next((one for one in program.derived if one.id == key), None)
    return FactTold(
        key=key,
        words=fact_words(program, key, language),
        value=value_words(program, key, value, language),
        known=value is not None,
        citation=citation_text(derived.citation) if derived else "",
        named=named,
        raw=derived is None,
        made_of=tuple(tree.names(derived.node)) if derived else (),
    )


def _tables(program: Program, test: Criterion) -> tuple[str, ...]:
    """Return the tables that a criterion, or a figure behind it, may look into."""
    nodes = {derived.id: derived.node for derived in program.derived}
    behind = [nodes[key] for key in program.operand_names[test.id] if key in nodes]
    found: dict[str, None] = {}
    waiting = [test.node, *behind]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tree.Lookup):
            found[node.table] = None
        waiting += tree.children(node)
    return tuple(sorted(found))
