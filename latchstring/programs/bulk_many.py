# ruff: noqa: S608 (every text put into the SQL is a constant, a checked name or a quoted literal)
"""A file of households in SQL: reading, checking, determining and writing in one DuckDB query.

Every line is first held against one pattern of what a good one looks like, in the same pass that
looks for repeated ids; a line that does not fit is taken apart. A column whose cells all fit is
read as values and not tested again; in any other each cell is read as a text and tested, and a row
that fails is looked at cell by cell. Where a cell that fits is no value after all (a thirtieth of
February), the file is read again, all as texts. A line of the result is written as one text. The
fast form holds every number in 64 bits; a file with a number too large for it makes the query stop,
and it runs again in the wide form. What DuckDB cannot read goes to `one`.
"""

import csv
import re
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from latchstring.programs import bulk, bulk_one
from latchstring.programs.bulk import ID
from latchstring.programs.dictionary import FactDefinition, dictionary
from latchstring.programs.document import Program
from latchstring.programs.tables import table
from latchstring.rules import tree
from latchstring.rules.errors import NotForMany
from latchstring.rules.many import (
    ManyCompiler,
    Part,
    TooLargeForFast,
    place_among,
    quoted,
    text_literal,
)

LINE_BYTES_MAX = 1_000_000  # a longer line goes to `one`
CHUNK_BYTES = 256_000
BUFFER_BYTES = 4_000_000  # small enough that every core has its share
LOOK_SHARE = 0.35  # of the whole time, for the bar; about what it takes of a large file
COMBINED_MAX = 8  # criteria whose failing together is listed beforehand: 256 texts
MONEY_DIGITS_FAST = 9
WHOLE_DIGITS_FAST = 6
BOUNDS_FAST = {"money": 10 ** (MONEY_DIGITS_FAST + 2), "whole": 10**WHOLE_DIGITS_FAST}
DIGITS = "(?:0+|0*[1-9][0-9]{0,31})"
PATTERNS = {
    "money": DIGITS + r"(?:\.[0-9]{1,2})?",
    "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
}
# A cell that fits its pattern and is read as the type beside it is right, and nothing more is
# looked at; that a number is not too large and a day is in the calendar is left to the reading.
CELLS_FAST = {
    "money": r"(?:[0-9]+(?:\.[0-9][0-9]?)?)?",
    "whole": "[0-9]*",
    "counted": "(?:[1-9][0-9]*)?",
    "yes_no": "(?:true|false)?",
    "date": "(?:[1-9][0-9]{3}-[0-9]{2}-[0-9]{2})?",
}
READ_AS = {
    "yes_no": "BOOLEAN",
    "date": "DATE",
    "money": f"DECIMAL({MONEY_DIGITS_FAST + 2}, 2)",
    "whole": f"DECIMAL({WHOLE_DIGITS_FAST}, 0)",
}


@dataclass(frozen=True)
class Lines:
    """What one look at every line tells: whether an id comes twice; the columns with odd cells."""

    repeated: bool
    odd: frozenset[str]


class NeedsWide(Exception):
    """The file holds a number too large for the fast form."""


def determine(job: bulk.Job, progress: bulk.Progress) -> bulk.Count:
    """Determine the whole file; hands over to `one` what is not for SQL."""
    program, progress = only_version(job), bulk.onward(progress)
    header, plain = looked_at(job)
    if program is None or len(header) == 1:
        return bulk_one.determine(job, progress)
    try:
        if plain:
            return _run(job, program, job.source, header, True, progress)
        with tempfile.TemporaryDirectory(prefix="latchstring-") as folder:
            clean = Path(folder) / "clean.csv"
            header = _rewritten(job, clean)
            return _run(job, program, clean, header, False, progress)
    except (duckdb.Error, NotForMany):
        return bulk_one.determine(job, progress)


def only_version(job: bulk.Job) -> Program | None:
    """Return the version that judges every row; None where the rows' days choose among several."""
    if job.as_of is not None:
        return job.version_on(None)
    return job.versions[-1] if len(job.versions) == 1 else None


def looked_at(job: bulk.Job) -> tuple[list[str], bool]:
    """Return the header, and whether the file has no quotation mark, CR or NUL."""
    header = next(bulk.read_rows(job.source, job.columns, lambda done: None))
    chunk = bytearray(CHUNK_BYTES)
    with open(job.source, "rb", buffering=0) as file:
        while size := file.readinto(chunk):
            if any(chunk.find(mark, 0, size) >= 0 for mark in (b'"', b"\r", b"\0")):
                return header, False
    return header, True


def _rewritten(job: bulk.Job, clean: Path) -> list[str]:
    """Write the rows again in the plainest form, so that there is one way to read them."""
    rows = bulk.read_rows(job.source, job.columns, lambda done: None)
    header = next(rows)
    with open(clean, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow(header)
        writer.writerows(rows)
    return header


def _run(
    job: bulk.Job,
    program: Program,
    source: Path,
    header: list[str],
    plain: bool,
    progress: bulk.Progress,
) -> bulk.Count:
    try:
        return Query(job, program, source, header, plain, wide=False).write(job.target, progress)
    except (NeedsWide, TooLargeForFast):
        return Query(job, program, source, header, plain, wide=True).write(job.target, progress)


@dataclass(frozen=True)
class _Column:
    """A column of the file that is a fact: its definition and the name of its text."""

    definition: FactDefinition

    @property
    def key(self) -> str:
        return self.definition.key

    @property
    def text(self) -> str:
        return quoted("text_" + self.definition.key)


class Query:
    """Builds the one query for a program and a header, in the fast or the wide form."""

    def __init__(
        self,
        job: bulk.Job,
        program: Program,
        source: Path,
        header: list[str],
        plain: bool,
        wide: bool,
    ) -> None:
        self.known = job.columns
        self.program, self.source, self.header = program, source, header
        self.plain, self.wide = plain, wide
        definitions = dictionary()
        self.columns = [_Column(definitions[key]) for key in self.known if key in header]
        bounds = {key: BOUNDS_FAST.get(definitions[key].type, 0) for key in program.readers}
        self.compiler = ManyCompiler(bounds, program.table_data, wide)
        places = table("counties").data.cells[0]
        self.counties = self.compiler.kind(sorted(key[0] for key in places))
        self.states = [places[key]["state"] for key in sorted(places)]
        self.compiler.stands(place_among(quoted("county"), self.counties), "county_place")
        reads = _reads(program)
        for derived in program.derived:
            self.compiler.define(derived.id, derived.node, shared=wide or reads[derived.id] > 1)
        tests = []
        for test in program.all_tests:
            part = self.compiler.emit(test.node)
            tests.append(self.compiler.column(part, "is_" + test.id))
        judged = [part for part in tests if part.sql != '"is_priority"']
        text = " AND ".join(part.sql for part in judged)
        self.compiler.column(Part(text, max(part.depth for part in judged)), "eligible")
        self.failed = self._failed()

    def write(self, target: Path, progress: bulk.Progress) -> bulk.Count:
        """Run the query and write its rows in the order of the file."""
        with opened() as connection:
            for statement in self.compiler.setup:
                connection.execute(statement)
            lines = self.lines(connection, lambda done: progress(LOOK_SHARE * done))
            rest = 1 - LOOK_SHARE

            def copy(lines: Lines) -> int:
                connection.execute("CREATE OR REPLACE TEMP SEQUENCE invalid_rows")
                select = self.select(self.checked(lines), lines.repeated)
                return copied(connection, select, target, lambda x: progress(LOOK_SHARE + rest * x))

            rows = self.read(lines, copy)
            counted = "SELECT last_value FROM duckdb_sequences()"
            invalid = connection.execute(counted).fetchall()[0][0]
            return bulk.Count(rows, invalid or 0)

    def read(self, lines: Lines, work: Callable[[Lines], int]) -> int:
        """Do the work; again with every cell read as text, if one is not of its column's type."""
        try:
            return work(lines)
        except duckdb.ConversionException:
            return work(Lines(lines.repeated, frozenset(self.header)))

    def lines(
        self, connection: duckdb.DuckDBPyConnection, progress: bulk.Progress = lambda done: None
    ) -> Lines:
        """Look at every line once, before the file is read.

        In a plain file the id is cut out of the line, which is faster than reading every cell.
        Where the hashes of the ids all differ, so do the ids, and nothing more is looked at.
        """
        ids, odd = f"SELECT {ID} FROM {self._read(self.header)}", "NULL"
        if self.plain:
            place = self.header.index(ID) + 1
            first = "substr(line, 1, instr(line, ',') - 1)"
            cut = first if place == 1 else f"split_part(line, ',', {place})"
            patterns = self._patterns()
            fits = f"regexp_full_match(line, {text_literal(','.join(patterns))})"
            cells = f"CASE WHEN {fits} THEN NULL ELSE string_split(line, ',') END AS cells"
            ids = f"SELECT {cut} AS {ID}, {cells} FROM {self._read(['line'], chr(31))}"
            odd = self._odd(patterns)
        look = f"SELECT count(*) = count(DISTINCT hash({ID})), {odd} FROM ({ids})"
        differ, bits = executed(connection, look, progress)
        bits = -1 if bits is None or self.wide else bits
        columns = frozenset(n for place, n in enumerate(self.header) if bits >> place & 1)
        return Lines(not differ and self._repeated(connection, ids), columns)

    def _patterns(self) -> list[str]:
        """Write what good cells look like, but for what takes two cells or a table to tell."""
        cells = {ID: "[^,]+"}
        for column in self.columns:
            definition = column.definition
            choices = f"(?:{'|'.join(map(re.escape, definition.choices))})?"
            other = choices if definition.choices else "[^,]*"
            cells[column.key] = CELLS_FAST.get(_shape(definition), other)
        return [cells[name] for name in self.header]

    def _odd(self, patterns: list[str]) -> str:
        """Write which columns have odd cells, as bits; only of a line that does not fit."""
        kind = "BIGINT" if len(patterns) < 63 else "HUGEINT"
        bits = " + ".join(
            f"CASE WHEN regexp_full_match(cells[{place + 1}], {text_literal(pattern)}) "
            f"THEN 0 ELSE CAST({1 << place} AS {kind}) END"
            for place, pattern in enumerate(patterns)
        )
        return f"coalesce(bit_or(CASE WHEN cells IS NOT NULL THEN {bits} END), 0)"

    def _repeated(self, connection: duckdb.DuckDBPyConnection, ids: str) -> bool:
        """Keep the ids that stand more than once, with the first row of each; say if any do."""
        again = f"SELECT {ID} FROM ({ids}) WHERE {ID} <> '' GROUP BY {ID} HAVING count(*) > 1"
        connection.execute(f"CREATE TEMP TABLE repeated AS {again}")
        if not connection.execute("SELECT 1 FROM repeated LIMIT 1").fetchall():
            return False
        connection.execute(
            f"CREATE TEMP TABLE firsts AS SELECT {ID}, min(place) AS place "
            f"FROM (SELECT {ID}, row_number() OVER () AS place FROM {self._read(self.header)}) "
            f"SEMI JOIN repeated USING ({ID}) GROUP BY {ID}"
        )
        return True

    def _file(self, odd: frozenset[str]) -> str:
        """Write the reading of the cells: as values, but as texts where a column has odd ones."""
        kinds = {c.key: READ_AS.get(c.definition.type, "VARCHAR") for c in self.columns}
        types = {name: kind for name, kind in kinds.items() if name not in odd}
        return self._read(self.header, ",", types)

    def _read(self, header: list[str], delimiter: str = ",", types: Mapping[str, str] = {}) -> str:
        columns = ", ".join(f"{text_literal(n)}: '{types.get(n, 'VARCHAR')}'" for n in header)
        quotes = "quote='', escape=''" if self.plain else "quote='\"', escape='\"', parallel=false"
        return (
            f"read_csv({text_literal(str(self.source))}, auto_detect=false, header=true, "
            f"delim={text_literal(delimiter)}, {quotes}, new_line='\\n', nullstr='', "
            f"max_line_size={LINE_BYTES_MAX}, buffer_size={BUFFER_BYTES}, columns={{{columns}}})"
        )

    def select(self, checked: str, repeated: bool) -> str:
        """Write the query over checked rows: determine, and write each household's line."""
        line, order = self._line(), " ORDER BY place" if repeated else ""
        asked = {ID, "valid", "wrong", "eligible", *self.compiler.names_in(line)}
        determined = self.compiler.layers(checked, asked | {"place"} if repeated else asked)
        header = quoted(",".join(bulk.output_columns(self.program)))
        return f"SELECT {line} AS {header} FROM ({determined}){order}"

    def checked(self, lines: Lines) -> str:
        """Write the reading of the file with typed facts and `wrong`: the errors, or ''."""
        present = {column.key for column in self.columns}
        texts = [f"{quoted(c.key)} AS {c.text}" for c in self.columns]
        place = ", row_number() OVER () AS place" if lines.repeated else ""
        rows = f"SELECT {', '.join([ID, *texts])}{place} FROM {self._file(lines.odd)}"
        typed = [f"{self._typed(c, c.key in lines.odd)} AS {quoted(c.key)}" for c in self.columns]
        absent = [
            f"CAST(NULL AS {self._sql_type(dictionary()[key])}) AS {quoted(key)}"
            for key in self.known
            if key not in present
        ]
        again, join = "FALSE", ""
        if lines.repeated:
            again = "firsts.place IS NOT NULL AND rows.place <> firsts.place"
            join = f" LEFT JOIN firsts ON firsts.{ID} = rows.{ID}"
        county = place_among("text_county" if "county" in present else "NULL", self.counties)
        columns = ["rows.*", *typed, *absent, f"{again} AS again", f"{county} AS county_place"]
        facts = f"SELECT {', '.join(columns)} FROM ({rows}) rows{join}"
        facts = f"SELECT *, {self._county_state()} AS county_state FROM ({facts})"
        facts = f"SELECT *, {self._plainly_right(lines.odd)} AS plainly_right FROM ({facts})"
        wrong = f"CASE WHEN plainly_right THEN '' ELSE {self._wrong(lines.odd)} END"
        checked = f"SELECT *, {wrong} AS wrong FROM ({facts})"
        if self.wide:
            return f"SELECT *, wrong = '' AS valid FROM ({checked})"
        numbers = [c for c in self.columns if c.key in lines.odd and _is_number(c)]
        if not numbers:
            return f"SELECT *, wrong = '' AS valid FROM ({checked})"
        large = " OR ".join(map(self._too_large, numbers))
        stop = f"CASE WHEN NOT plainly_right AND wrong = '' AND ({large}) "
        stop = f"{stop} THEN error('needs wide') END IS NULL"
        return f"SELECT *, {stop} AND wrong = '' AS valid FROM ({checked})"

    def _county_state(self) -> str:
        """Write the state of a county: those of a state stand together."""
        last = {state: place for place, state in enumerate(self.states)}
        whens = (f"WHEN county_place <= {place} THEN '{state}'" for state, place in last.items())
        return f"CASE {' '.join(whens)} END"

    def _sql_type(self, definition: FactDefinition) -> str:
        number = self.compiler.number_type
        kinds = {"yes_no": "BOOLEAN", "date": "DATE", "money": number, "whole": number}
        return kinds.get(definition.type, "VARCHAR")

    def _typed(self, column: _Column, odd: bool) -> str:
        """Write a cell's text as the value rules use; what is not one is NULL, checked apart."""
        text = column.text
        match column.definition.type:
            case "money" if not odd:
                return f"CAST({text} * CAST(100 AS DECIMAL(3, 0)) AS BIGINT)"
            case "whole" if not odd:
                return f"CAST({text} AS BIGINT)"
            case _ if not odd:
                return text
            case "yes_no":
                return f"{text} = 'true'"
            case "date":
                return f"TRY_CAST({text} AS DATE)"
            case "money" if self.wide:
                cents = f"rpad(split_part({text}, '.', 2), 2, '0')"
                return f"TRY_CAST(split_part({text}, '.', 1) || {cents} AS HUGEINT)"
            case "whole" if self.wide:
                return f"TRY_CAST({text} AS HUGEINT)"
            case "money":
                dollars = f"TRY_CAST({text} AS DECIMAL({MONEY_DIGITS_FAST + 2}, 2))"
                return f"CAST({dollars} * CAST(100 AS DECIMAL(3, 0)) AS BIGINT)"
            case "whole":
                return f"TRY_CAST({text} AS BIGINT)"
        return text

    def _plainly_right(self, odd: frozenset[str]) -> str:
        """Write the quick test that nearly every good row passes: nothing is found wrong.

        An empty cell makes its test NULL, which is not TRUE, so it counts as nothing wrong.
        """
        wrong = ["again"]
        for column in self.columns:
            wrong.append(self._unfit(column) if column.key in odd else self._unread(column))
        if ID in odd:
            wrong.append(f"{ID} IS NULL")
        columns = {column.key for column in self.columns}
        if "county" in columns:
            wrong.append("(text_county IS NOT NULL AND county_state IS NULL)")
        if {"state", "county"} <= columns:
            wrong.append("county_state <> text_state")
        return f"(({' OR '.join(filter(None, wrong))}) IS NOT TRUE)"

    def _unread(self, column: _Column) -> str:
        """Write a test that is never true and needs the value: DuckDB reads no cell unasked."""
        least = {"date": "DATE '1000-01-01'", "money": "0", "whole": "0"}
        kind = column.definition.type
        return f"{column.text} < {least[kind]}" if kind in least else ""

    def _unfit(self, column: _Column) -> str:
        """Write the quick test that a cell is perhaps not right."""
        value, text = quoted(column.key), column.text
        most = 10**32 - 1 if self.wide else BOUNDS_FAST["whole"] - 1
        match column.definition.type:
            case "yes_no":
                return f"NOT ({value} OR {text} = 'false')"
            case "date":  # written back, it must be the same text
                return f"{text} IS DISTINCT FROM CAST({value} AS VARCHAR) OR strlen({text}) <> 10"
            case "whole":
                again = f"{text} IS DISTINCT FROM CAST({value} AS VARCHAR)"
                return f"{again} OR {value} NOT BETWEEN {column.definition.minimum} AND {most}"
            case "money":
                pattern = rf"[0-9]{{1,{MONEY_DIGITS_FAST}}}(?:\.[0-9][0-9]?)?"
                return f"NOT regexp_full_match({text}, {text_literal(pattern)})"
            case "choice":
                listed = ", ".join(map(text_literal, column.definition.choices))
                return f"{text} NOT IN ({listed})"
        return ""

    def _county_right(self) -> str:
        """A county is one that we know, and of the row's state where that is a valid one."""
        if not any(column.key == "state" for column in self.columns):
            return "county_state IS NOT NULL"
        states = ", ".join(map(text_literal, dictionary()["state"].choices))
        other = f"text_state IS NULL OR text_state NOT IN ({states})"
        return f"(county_state IS NOT NULL AND ({other} OR county_state = text_state))"

    def _wrong(self, odd: frozenset[str]) -> str:
        """Write the errors of a row, cell by cell, as `column=value` joined by `;`."""
        pieces = [f"CASE WHEN {ID} IS NULL OR again THEN '{ID}=' || coalesce({ID}, '') END"]
        for column in self.columns:
            if column.key not in odd and not column.definition.must_agree:
                continue
            wrong = f"{column.text} IS NOT NULL AND NOT ({self._right(column)})"
            pieces.append(f"CASE WHEN {wrong} THEN '{column.key}=' || {column.text} END")
        return f"concat_ws(';', {', '.join(pieces)})"

    def _right(self, column: _Column) -> str:
        definition, text = column.definition, column.text
        match definition.type:
            case "money":
                return f"regexp_full_match({text}, {text_literal(PATTERNS['money'])})"
            case "whole":
                pattern = DIGITS if definition.minimum == 0 else "0*[1-9][0-9]{0,31}"
                return f"regexp_full_match({text}, {text_literal(pattern)})"
            case "date":
                shape = f"regexp_full_match({text}, {text_literal(PATTERNS['date'])})"
                return f"{shape} AND {quoted(column.key)} IS NOT NULL AND {text} NOT LIKE '0000%'"
            case "yes_no":
                return f"{text} IN ('true', 'false')"
            case "choice":
                return f"{text} IN ({', '.join(map(text_literal, definition.choices))})"
        return self._county_right() if column.key == "county" else "TRUE"

    def _too_large(self, column: _Column) -> str:
        bound = BOUNDS_FAST[column.definition.type]
        value = quoted(column.key)
        return f"({column.text} IS NOT NULL AND ({value} IS NULL OR {value} >= {bound}))"

    def _line(self) -> str:
        """Write a line of the result as one text: far quicker than as a column for every cell."""
        program = self.program
        priority = quoted("is_priority") if program.priority else ""
        every = [self._shown(result.value) for result in program.results]
        known = [self._shown(result.value) if result.always else "" for result in program.results]
        counted = "substr(',' || nextval('invalid_rows'), 1, 1)"
        lines = {
            "NOT valid": self._cells(",invalid", ["", "", "", *("" for _ in every)])
            + f" || {counted} || {self._cell('wrong')}",
            "eligible": self._cells(",eligible", [priority, "", "", *every, ""]),
            "NOT eligible": self._cells(",ineligible", [priority, self.failed, "", *known, ""]),
            "TRUE": self._cells(",unknown", [priority, "", self._missing(), *known, ""]),
        }
        return f"CASE {' '.join(f'WHEN {when} THEN {line}' for when, line in lines.items())} END"

    def _cells(self, outcome: str, cells: list[str]) -> str:
        """Join the id, the outcome and the cells with commas; what is NULL is an empty cell."""
        pieces, constant = [self._cell(ID)], outcome
        for cell in cells:
            constant += ","
            if cell:
                pieces += [text_literal(constant), cell]
                constant = ""
        return f"concat({', '.join([*pieces, text_literal(constant)])})"

    def _failed(self) -> str:
        """Write the ids of the false criteria: looked up in lists of every combination of a few."""
        pieces = []
        for start in range(0, len(self.program.criteria), COMBINED_MAX):
            some = self.program.criteria[start : start + COMBINED_MAX]
            lists = [
                ";".join(test.id for place, test in enumerate(some) if number >> place & 1) or None
                for number in range(2 ** len(some))
            ]
            bits = [
                f"CASE WHEN NOT {quoted('is_' + test.id)} THEN {1 << place} ELSE 0 END"
                for place, test in enumerate(some)
            ]
            kept = self.compiler.keep_list(f"failed.{start}", lists, tree.TEXT)
            pieces.append(f"{kept}[{' + '.join(bits)} + 1]")
        return pieces[0] if len(pieces) == 1 else f"concat_ws(';', {', '.join(pieces)})"

    def _missing(self) -> str:
        """Write the unknown facts behind the unknown criteria, in the order of the alphabet."""
        program = self.program
        whens: dict[str, list[str]] = {}
        for criterion in program.criteria:
            unknown = f"{quoted('is_' + criterion.id)} IS NULL"
            for fact in program.uses[criterion.id]:
                whens.setdefault(fact, []).append(f"({unknown} AND {quoted(fact)} IS NULL)")
            for fact, first in program.table_days[criterion.id]:
                before = f"({unknown} AND {quoted(fact)} < DATE '{first}')"
                whens.setdefault(fact, []).append(before)
        pieces = [
            f"CASE WHEN {' OR '.join(tests)} THEN '{fact}' END"
            for fact, tests in sorted(whens.items())
        ]
        return f"concat_ws(';', {', '.join(pieces)})"

    def _shown(self, key: str) -> str:
        """Write a number as it is shown: money with two decimals, counts whole."""
        kind, sql = self.program.types[key], self.compiler.names[key].sql
        if kind.kind != "number" or not self.program.is_money(key):
            return sql
        factor = 10 ** (2 - kind.scale)
        cents = sql if factor == 1 else f"({sql} * {factor})"
        if not self.wide:
            return f"CAST({cents} AS DECIMAL(15, 0)) * CAST(0.01 AS DECIMAL(3, 2))"
        sign = f"CASE WHEN {cents} < 0 THEN '-' ELSE '' END"
        last = f"lpad(CAST(abs({cents}) % 100 AS VARCHAR), 2, '0')"
        return f"{sign} || CAST(abs({cents}) // 100 AS VARCHAR) || '.' || {last}"

    def _cell(self, sql: str) -> str:
        """Quote a text where it is needed; in a plain file no cell ever needs it."""
        if self.plain:
            return sql
        odd = f"regexp_matches({sql}, '[,\"\n\r]')"
        doubled = f"replace({sql}, '\"', '\"\"')"
        return f"CASE WHEN {odd} THEN '\"' || {doubled} || '\"' ELSE {sql} END"


def _shape(definition: FactDefinition) -> str:
    """Name the pattern of a cell: a whole number of something that cannot be none is `counted`."""
    return "counted" if definition.minimum > 0 else definition.type


def _is_number(column: _Column) -> bool:
    return column.definition.type in BOUNDS_FAST


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


@contextmanager
def opened() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database of one's own, in memory; what does not fit there goes to a folder."""
    with (
        tempfile.TemporaryDirectory(prefix="latchstring-") as spill,
        duckdb.connect(":memory:", config={"temp_directory": spill}) as connection,
    ):
        # Progress is counted for our own bar; DuckDB's would go to the standard output.
        connection.execute("SET enable_progress_bar = true")
        connection.execute("SET enable_progress_bar_print = false")
        yield connection


def copied(
    connection: duckdb.DuckDBPyConnection, select: str, target: Path, progress: bulk.Progress
) -> int:
    """Write the rows of a query as the result; return how many there were."""
    with bulk.written_whole(target) as path:
        copy = (
            f"COPY ({select}) TO {text_literal(str(path))} "
            "(FORMAT csv, HEADER true, QUOTE '', ESCAPE '', DELIMITER ',')"
        )
        return executed(connection, copy, progress)[0]


def executed(
    connection: duckdb.DuckDBPyConnection, statement: str, progress: bulk.Progress
) -> tuple[Any, ...]:
    """Run a statement in a thread, so that its progress can be shown; return its first row."""
    outcome: list[tuple[Any, ...]] = []
    trouble: list[duckdb.Error] = []

    def work() -> None:
        try:
            outcome.append(connection.execute(statement).fetchall()[0])
        except duckdb.Error as error:
            trouble.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    while thread.is_alive():
        thread.join(0.2)
        progress(max(0.0, connection.query_progress() / 100))
    if trouble:
        raise NeedsWide if "needs wide" in str(trouble[0]) else trouble[0]
    return outcome[0]
