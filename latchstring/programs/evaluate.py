"""One household through one program: the determination, with every reason and number.

A pure function of (program, facts): it reads no clock, no database and no setting.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from latchstring.programs.canonical import fingerprint
from latchstring.programs.dictionary import EXACT, Firm, dictionary, rule_value, shown_value
from latchstring.programs.document import Benefit, Criterion, Program
from latchstring.programs.lists import lists, shown_list
from latchstring.programs.tables import TableVersion
from latchstring.rules import tree

ELIGIBLE, INELIGIBLE, UNKNOWN = "eligible", "ineligible", "unknown"


class CriterionResult(NamedTuple):
    """A criterion's id, its result (True, False or None for unknown) and what decided it."""

    id: str
    result: bool | None
    operands: Mapping[str, Any]


@dataclass(frozen=True)
class AmountLine:
    """One line of help: `amount` is `months` times `rate`, or the sum of `operands`."""

    id: str
    purpose: str
    label: Mapping[str, str]
    payee: str
    months: int | None
    rate: Decimal | None
    amount: Decimal | None
    operands: Mapping[str, Any]
    counts_months: bool


@dataclass(frozen=True)
class TableUse:
    """A table that was looked into, and the year whose figures were in force."""

    table: str
    fiscal_year: str
    effective_from: str
    source: str


@dataclass(frozen=True, order=True)
class EmptyCell:
    """A cell of a table, in force since a day, that the agency has still to set."""

    table: str
    column: str
    since: date | None

    @property
    def id(self) -> str:
        """Return it as `table:snap_state_amounts.heating_allowance`."""
        return f"table:{self.table}.{self.column}"


class Determination:
    """What the rules say for one household. Cheap to make; details are worked out when asked."""

    def __init__(
        self,
        program: Program,
        row: list[Any],
        results: list[bool | None],
        priority: bool | None,
    ) -> None:
        self._program = program
        self._row = row
        self.results = results
        self.priority = priority
        if False in results:
            self.outcome = INELIGIBLE
        elif None in results:
            self.outcome = UNKNOWN
        else:
            self.outcome = ELIGIBLE

    def __repr__(self) -> str:
        return f"Determination({self.program} {self.outcome} total={self.total})"

    @property
    def program(self) -> str:
        """Return the program's slug."""
        return self._program.slug

    @property
    def version(self) -> str:
        """Return the SHA-256 of the program document that was used."""
        return self._program.version

    @cached_property
    def criteria(self) -> tuple[CriterionResult, ...]:
        """Return each criterion with its operands (raw and derived facts that it names)."""
        program = self._program
        operands = program.operands(self._row)  # the priority test's come last and are left over
        return tuple(map(CriterionResult, program.criterion_ids, self.results, operands))

    @cached_property
    def priority_result(self) -> CriterionResult | None:
        """Return the priority test as a criterion with its operands."""
        test = self._program.priority
        if test is None:
            return None
        return CriterionResult(test.id, self.priority, self._program.operands(self._row)[-1])

    @cached_property
    def failed(self) -> tuple[str, ...]:
        """Return the ids of all false criteria, in the program's order."""
        pairs = zip(self._program.criteria, self.results, strict=True)
        return tuple(c.id for c, result in pairs if result is False)

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """Return every unknown fact that an unknown criterion uses; () unless unknown."""
        return tuple(sorted(missing(self._program, self._row, self.results)))

    @cached_property
    def values(self) -> dict[str, Any]:
        """Return every derived fact (Decimal, int, bool, ...; None when unknown)."""
        return {derived.id: self.value(derived.id) for derived in self._program.derived}

    def value(self, key: str) -> Any:
        """Return one raw or derived fact as Decimal, int, bool, str or date; None if unknown."""
        program = self._program
        return shown_value(program.types[key], self._row[program.slots[key]])

    @cached_property
    def lines(self) -> tuple[AmountLine, ...]:
        """Return the amounts with their arithmetic; () unless eligible."""
        return self.estimate_lines if self.outcome == ELIGIBLE else ()

    @cached_property
    def estimate_lines(self) -> tuple[AmountLine, ...]:
        """Return the amounts as if eligible (for estimates only)."""
        return tuple(self._line(benefit) for benefit in self._program.benefits)

    @property
    def total(self) -> Decimal | None:
        """Return the total in dollars; None unless eligible and known."""
        return self.value(self._program.total) if self.outcome == ELIGIBLE else None

    @cached_property
    def tables(self) -> tuple[TableUse, ...]:
        """Return the tables that were looked into, with the fiscal year in force."""
        found: dict[tuple[str, str], TableUse] = {}
        program = self._program
        nodes = {d.id: d.node for d in program.derived}
        shown = [nodes[r.value] for r in program.results if r.value in nodes]
        for lookup in self._looked_up([*(c.node for c in program.all_tests), *shown], nodes):
            use = self._table_use(lookup)
            if use is not None:
                found[use.table, use.fiscal_year] = use
        return tuple(found[key] for key in sorted(found))

    @cached_property
    def unset(self) -> tuple[str, ...]:
        """Return the empty cells that something unknown here waits for, each by its id."""
        found = self.waits_for([result.value for result in self._program.results])
        return tuple(sorted({cell.id for cell in found}))

    def waits_for(self, figures: Iterable[str]) -> tuple[EmptyCell, ...]:
        """Return the empty cells, set by the agency, that what is unknown here waits for.

        That is each unknown criterion, and each of these figures that is unknown. Nobody in the
        household can say them.
        """
        program = self._program
        nodes = {d.id: d.node for d in program.derived}
        tests = zip(program.criteria, self.results, strict=True)
        waiting = [criterion.node for criterion, result in tests if result is None]
        waiting += [nodes[key] for key in figures if key in nodes and self.value(key) is None]
        lookups = self._looked_up(waiting, nodes)
        return tuple(sorted({self._cell(found) for found in lookups if self._is_empty(found)}))

    @cached_property
    def snapshot(self) -> dict[str, Any]:
        """Return the canonical content of this determination: facts in, everything out."""
        program = self._program
        facts = {key: self.value(key) for key in program.readers}
        for key, slot in program.lists.items():
            found = self._row[slot]
            facts[key] = found and shown_list(lists()[key], found)
        return {
            "program": program.slug,
            "version": program.version,
            "facts": {key: value for key, value in facts.items() if value is not None},
            "outcome": self.outcome,
            "priority": self.priority,
            "criteria": [{"id": c.id, "result": c.result} for c in self.criteria],
            "missing": list(self.missing),
            "derived": self.values,
            "amounts": [
                {"id": li.id, "months": li.months, "rate": li.rate, "amount": li.amount}
                for li in self.lines
            ],
            "total": self.total,
            "tables": [{"table": t.table, "fiscal_year": t.fiscal_year} for t in self.tables],
        }

    @cached_property
    def hash(self) -> str:
        """Return the SHA-256 of the snapshot."""
        return fingerprint(self.snapshot)

    def _line(self, benefit: Benefit) -> AmountLine:
        names = [n for n in (benefit.months, benefit.rate, *benefit.parts) if n]
        return AmountLine(
            id=benefit.id,
            purpose=benefit.purpose,
            label=benefit.label,
            payee=benefit.payee,
            months=self.value(benefit.months) if benefit.months else None,
            rate=as_cents(self.value(benefit.rate)) if benefit.rate else None,
            amount=as_cents(self.value(benefit.amount)),
            operands={name: self.value(name) for name in names},
            counts_months=benefit.counts_months,
        )

    def _looked_up(
        self, parts: list[tree.Node], nodes: Mapping[str, tree.Node]
    ) -> Iterator[tree.Lookup]:
        """Yield the lookups that these rules made for this household."""
        seen: set[str] = set()
        for node in parts:
            yield from _reached(self._program, node, self._row, nodes, seen)

    def _is_empty(self, lookup: tree.Lookup) -> bool:
        """Say whether a lookup found its row, and nothing in its cell."""
        close = self._program.close
        row = tree.Listed(
            lookup.at, tree.BOOL, lookup.table, lookup.column, lookup.keys, lookup.day
        )
        return close(row)(self._row) is True and close(lookup)(self._row) is None

    def _cell(self, lookup: tree.Lookup) -> EmptyCell:
        version = self._version(lookup)
        return EmptyCell(lookup.table, lookup.column, version.effective_from if version else None)

    def _version(self, lookup: tree.Lookup) -> TableVersion | None:
        """Return the version of a dated table that a lookup looked into."""
        day = self._program.close(lookup.day)(self._row) if lookup.day is not None else None
        return self._program.table(lookup.table).version_on(day) if day is not None else None

    def _table_use(self, lookup: tree.Lookup) -> TableUse | None:
        found = self._program.table(lookup.table)
        version = self._version(lookup)
        if version is None:
            return None
        start = version.effective_from.isoformat()
        return TableUse(found.id, version.fiscal_year, start, found.source)


def as_cents(value: Any) -> Decimal | None:
    """Write an amount of dollars with exactly two decimals (finer ones do not occur in amounts)."""
    return None if value is None else Decimal(value).quantize(Decimal("0.01"), context=EXACT)


def evaluate(program: Program, facts: Mapping[str, Any]) -> Determination:
    """Determine one household. `facts`: key -> value, a missing key or None is unknown.

    Keys that the program does not read are left alone; WrongFact for a value not of its type.
    """
    return run(program, filled(program, facts))


def filled(program: Program, facts: Mapping[str, Any]) -> list[Any]:
    """Return a row with the raw facts that the program reads, as rules use them."""
    row: list[Any] = [None] * len(program.slots)
    for key, slot, convert in program.inputs:
        value = facts.get(key)
        if value is not None:
            row[slot] = convert(value)
    if program.list_inputs:
        _work_from_lists(program, facts, row)
    return row


def _work_from_lists(program: Program, facts: Mapping[str, Any], row: list[Any]) -> None:
    """Fill in what the program works out of the lists that are known.

    A list tells more than a figure that was only told beside it; an established one (Firm) stays.
    """
    given = [one for one in program.list_inputs if facts.get(one[0]) is not None]
    for key, slot, convert in given:
        row[slot] = convert(facts[key])
    for key, slot, close in program.worked_from_lists if given else ():
        if not isinstance(facts.get(key), Firm) and (value := close(row)) is not None:
            row[slot] = value


def said_by_lists(program: Program, facts: Mapping[str, Any]) -> set[str]:
    """Return the facts that the lists settle by themselves for this program."""
    row = filled(program, facts)
    return {key for key, _slot, close in program.worked_from_lists if close(row) is not None}


def rule_values(facts: Mapping[str, Any], keys: list[str]) -> list[Any]:
    """Return the facts of these keys as rules use them, in their order; None where unknown."""
    return [rule_value(dictionary()[key], facts.get(key)) for key in keys]


def run(program: Program, row: list[Any]) -> Determination:
    """Determine one row whose raw slots are filled; the derived ones are filled here."""
    results, priority = program.determine(row)
    return Determination(program, row, results, priority)


def missing(program: Program, row: list[Any], results: list[bool | None]) -> set[str]:
    """Return the unknown facts behind every unknown criterion; none when one is false."""
    found: set[str] = set()
    if False in results or None not in results:
        return found
    slots = program.slots
    for criterion, result in zip(program.criteria, results, strict=True):
        if result is None:
            for name in program.uses[criterion.id]:
                if row[slots[name]] is None:
                    found.add(name)
            found |= days_before_tables(program, criterion, row)
    return found


def days_before_tables(program: Program, criterion: Criterion, row: list[Any]) -> set[str]:
    """Return the day facts that lie before the first version of a table the criterion uses."""
    found = set()
    for day, first in program.table_days[criterion.id]:
        value = row[program.slots[day]]
        if value is not None and value < first:
            found.add(day)
    return found


def _reached(
    program: Program,
    node: tree.Node,
    row: list[Any],
    nodes: Mapping[str, tree.Node],
    seen: set[str],
) -> Iterator[tree.Lookup]:
    """Yield the lookups that were made: those in the branch not taken were not."""
    parts = tree.children(node)
    if isinstance(node, tree.Conditional):
        test = program.close(node.condition)(row)
        taken = () if test is None else (node.yes if test else node.no,)
        parts = (node.condition, *taken)
    if isinstance(node, tree.Name) and node.name in nodes and node.name not in seen:
        seen.add(node.name)
        parts = (nodes[node.name],)
    if isinstance(node, tree.Lookup):
        yield node
    for part in parts:
        yield from _reached(program, part, row, nodes, seen)
