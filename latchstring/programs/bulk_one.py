"""A file of households, row by row: the reference that the other engine must equal."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from latchstring.programs import bulk
from latchstring.programs.dictionary import FactDefinition, dictionary, text_reader
from latchstring.programs.document import Program
from latchstring.programs.evaluate import ELIGIBLE, UNKNOWN, missing, run
from latchstring.programs.tables import counties
from latchstring.rules import tree

REMEMBERED_MAX = 50_000
WORDS = {True: "true", False: "false", None: ""}


def determine(job: bulk.Job, progress: bulk.Progress) -> bulk.Count:
    """Determine every row of the file in order; memory grows only with the ids seen."""
    with bulk.written_whole(job.target) as path:
        return _write(job, path, progress)


def _write(job: bulk.Job, path: Path, progress: bulk.Progress) -> bulk.Count:
    rows = bulk.read_rows(job.source, job.columns, progress)
    checker = _Checker(next(rows), job.columns)
    columns = bulk.output_columns(job.versions[-1])
    writers = {program: _Writer(program, len(columns)) for program in job.versions}
    count = invalid = 0
    with open(path, "w", encoding="utf-8", newline="") as out:
        out.write(",".join(columns) + "\n")
        for cells in rows:
            count += 1
            id, facts, errors = checker.check(cells)
            if errors:
                invalid += 1
                middle = "," * (len(columns) - 2)
                out.write(f"{bulk.cell(id)},invalid{middle}{bulk.cell(errors)}\n")
            else:
                program = job.version_on(facts.get("applied_on"))
                out.write(f"{bulk.cell(id)},{writers[program].line(facts)}\n")
    return bulk.Count(count, invalid)


class _Checker:
    """Reads a row's cells into facts, and says which are not of their column's type."""

    def __init__(self, header: list[str], known: Sequence[str]) -> None:
        self.order = [bulk.ID, *known]
        place = {column: index for index, column in enumerate(header)}
        self.id_place = place[bulk.ID]
        definitions = dictionary()
        self.columns = [
            (column, place[column], _remembering(text_reader(definitions[column])))
            for column in known
            if column in place
        ]
        self.agreeing = [
            (column, place[column], definitions[column])
            for column, _, _ in self.columns
            if definitions[column].must_agree
        ]
        self.seen: set[str] = set()

    def check(self, cells: list[str]) -> tuple[str, dict[str, Any], str]:
        """Return the id, the facts and the errors (`column=value` joined by `;`, or empty)."""
        id = cells[self.id_place]
        facts: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        if not id or id in self.seen:
            wrong[bulk.ID] = id
        self.seen.add(id)
        for column, place, read in self.columns:
            raw = cells[place]
            if raw:
                value = read(raw)
                if value is None:
                    wrong[column] = raw
                else:
                    facts[column] = value
        for column, place, definition in self.agreeing:
            if column in facts and not _agrees(definition, facts):
                wrong[column] = cells[place]
        if not wrong:
            return id, facts, ""
        return id, facts, ";".join(f"{c}={wrong[c]}" for c in self.order if c in wrong)


def _remembering(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """Remember what a text was read as: most columns hold few different texts."""
    known: dict[str, Any] = {}

    def remembered(raw: str) -> Any:
        if raw in known:
            return known[raw]
        value = read(raw)
        if len(known) < REMEMBERED_MAX:
            known[raw] = value
        return value

    return remembered


def _agrees(definition: FactDefinition, facts: dict[str, Any]) -> bool:
    """A county must be of the row's state, where that is known and valid."""
    found = counties().get(facts[definition.key], {})
    return all(
        facts.get(other) is None or facts[other] == found.get(column)
        for column, other in (definition.must_agree or {}).items()
    )


class _Writer:
    """Writes the cells after household_id for one program."""

    def __init__(self, program: Program, columns: int) -> None:
        self.program = program
        self.inputs = [(key, slot) for key, slot in program.readers.items()]
        self.ids = [criterion.id for criterion in program.criteria]
        self.results = [
            (program.slots[r.value], _formatter(program.types[r.value], program, r.value), r.always)
            for r in program.results
        ]

    def line(self, facts: dict[str, Any]) -> str:
        """Determine a household and return its cells, joined."""
        program = self.program
        row: list[Any] = [None] * len(program.slots)
        for key, slot in self.inputs:
            row[slot] = facts.get(key)
        determination = run(program, row)
        outcome, results = determination.outcome, determination.results
        failed = ";".join(i for i, r in zip(self.ids, results, strict=True) if r is False)
        unknown = ";".join(sorted(missing(program, row, results))) if outcome == UNKNOWN else ""
        cells = [outcome, WORDS[determination.priority], failed, unknown]
        eligible = outcome == ELIGIBLE
        cells += [
            write(row[slot]) if (always or eligible) and row[slot] is not None else ""
            for slot, write, always in self.results
        ]
        cells.append("")
        return ",".join(cells)


def _formatter(kind: tree.Type, program: Program, key: str) -> Callable[[Any], str]:
    """Whole counts as they are, money with two decimals."""
    if kind.kind == "date":
        return date.isoformat
    if kind.kind != "number":
        return lambda value: WORDS.get(value, str(value))
    if not program.is_money(key):
        return str
    factor = 10 ** (2 - kind.scale)

    def dollars(value: int) -> str:
        cents = abs(value) * factor
        sign = "-" if value < 0 else ""
        return f"{sign}{cents // 100}.{cents % 100:02d}"

    return dollars
