# ruff: noqa: S608 (every text put into the SQL is a constant, a checked name or a quoted literal)
"""A file of households in SQL: reading, checking, determining and writing in one DuckDB query.

A file is looked at first (`bulk_look`), then read (`bulk_cells`), determined by the rules and
written line by line (`bulk_line`). Where a cell that fits its pattern is no value after all (a
thirtieth of February), the file is read again, all as texts. A file with a number too large for 64
bits runs again in the wide form. What DuckDB cannot read goes to `one`.
"""

import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import duckdb

from latchstring.programs import bulk, bulk_line, bulk_one, bulk_source
from latchstring.programs.bulk import ID
from latchstring.programs.bulk_cells import BOUNDS_FAST, Cells, Counties
from latchstring.programs.bulk_duckdb import NeedsWide, copied, opened
from latchstring.programs.bulk_look import Lines, Look
from latchstring.programs.bulk_source import Source
from latchstring.programs.dictionary import dictionary
from latchstring.programs.document import Program
from latchstring.rules import tree
from latchstring.rules.errors import NotForMany
from latchstring.rules.many import ManyCompiler, TooLargeForFast, quoted

LOOK_SHARE = 0.35  # of the whole time, for the bar; about what it takes of a large file


def determine(job: bulk.Job, progress: bulk.Progress) -> bulk.Count:
    """Determine the whole file; hands over to `one` what is not for SQL."""
    program, progress = only_version(job), bulk.onward(progress)
    source = bulk_source.opened(job)
    if program is None or len(source.header) == 1:
        return bulk_one.determine(job, progress)
    try:
        if source.plain:
            return _run(job, program, source, progress)
        with tempfile.TemporaryDirectory(prefix="latchstring-") as folder:
            source = bulk_source.rewritten(job, Path(folder) / "clean.csv")
            return _run(job, program, source, progress)
    except (duckdb.Error, NotForMany):
        return bulk_one.determine(job, progress)


def only_version(job: bulk.Job) -> Program | None:
    """Return the version that judges every row; None where the rows' days choose among several."""
    if job.as_of is not None:
        return job.version_on(None)
    return job.versions[-1] if len(job.versions) == 1 else None


def _run(job: bulk.Job, program: Program, source: Source, progress: bulk.Progress) -> bulk.Count:
    try:
        return Query(job, program, source, wide=False).write(job.target, progress)
    except (NeedsWide, TooLargeForFast):
        return Query(job, program, source, wide=True).write(job.target, progress)


class Query:
    """Builds the one query for a program and a file, in the fast or the wide form."""

    def __init__(self, job: bulk.Job, program: Program, source: Source, wide: bool) -> None:
        self.program, self.source, self.wide = program, source, wide
        definitions = dictionary()
        bounds = {key: BOUNDS_FAST.get(definitions[key].type, 0) for key in program.readers}
        self.compiler = ManyCompiler(bounds, program.table_data, wide)
        counties = Counties(self.compiler)
        self._compile()
        self.line = bulk_line.line(program, self.compiler, source.plain)
        self.asked = {ID, "valid", "wrong", *self.compiler.names_in(self.line)}
        # A file that several programs share is read once, for all of them.
        facts = job.columns if job.shared else self.compiler.read_by(self.asked)
        self.cells = Cells(source, job.columns, facts, counties, wide)

    def _compile(self) -> None:
        program, compiler = self.program, self.compiler
        reads = _reads(program)
        for derived in program.derived:
            compiler.define(derived.id, derived.node, shared=self.wide or reads[derived.id] > 1)
        for test in program.all_tests:
            compiler.column(compiler.emit(test.node), "is_" + test.id)

    def write(self, target: Path, progress: bulk.Progress) -> bulk.Count:
        """Run the query and write its rows in the order of the file."""
        with opened() as connection:
            for statement in self.compiler.setup:
                connection.execute(statement)
            lines = self.lines(connection, lambda done: progress(LOOK_SHARE * done))
            rest = 1 - LOOK_SHARE

            def copy(lines: Lines) -> int:
                connection.execute("CREATE OR REPLACE TEMP SEQUENCE invalid_rows")
                select = self.select(self.cells.checked(lines), lines.repeated)
                return copied(connection, select, target, lambda x: progress(LOOK_SHARE + rest * x))

            rows = self.read(lines, copy)
            counted = "SELECT last_value FROM duckdb_sequences()"
            invalid = connection.execute(counted).fetchall()[0][0]
            return bulk.Count(rows, invalid or 0)

    def lines(
        self, connection: duckdb.DuckDBPyConnection, progress: bulk.Progress = lambda done: None
    ) -> Lines:
        """Look at every line; in the wide form every cell is read as a text all the same."""
        found = Look(self.source, self.cells.read).lines(connection, progress)
        return self.all_texts(found) if self.wide else found

    def all_texts(self, lines: Lines) -> Lines:
        """Return what the look told, but for a file of which every cell is to be tested."""
        return Lines(lines.repeated, frozenset(self.source.header))

    def read(self, lines: Lines, work: Callable[[Lines], int]) -> int:
        """Do the work; again with every cell read as text, if one is not of its column's type."""
        try:
            return work(lines)
        except duckdb.ConversionException:
            return work(self.all_texts(lines))

    def select(self, checked: str, repeated: bool) -> str:
        """Write the query over checked rows: determine, and write each household's line."""
        asked, order = self.asked, ""
        if repeated:
            asked, order = asked | {"place"}, " ORDER BY place"
        header = quoted(",".join(bulk.output_columns(self.program)))
        determined = self.compiler.layers(checked, asked)
        return f"SELECT {self.line} AS {header} FROM ({determined}){order}"


def _reads(program: Program) -> Counter[str]:
    """Count how often each derived fact is read: by rules, criteria and results."""
    found: Counter[str] = Counter(result.value for result in program.results)
    for node in [d.node for d in program.derived] + [t.node for t in program.all_tests]:
        found.update(_names(node))
    return found


def _names(node: tree.Node) -> list[str]:
    if isinstance(node, tree.Name):
        return [node.name]
    return [name for child in tree.children(node) for name in _names(child)]
