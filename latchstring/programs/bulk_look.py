# ruff: noqa: S608 (every text put into the SQL is a constant, a checked name or a quoted literal)
"""One look at every line, before the file is read: does it look right, and does its id come twice.

Each line is held against one pattern of what a good one looks like; a line that does not fit is
taken apart. A cell that fits its pattern and is read as the type beside it is right, and nothing
more is looked at: that a number is not too large and a day is in the calendar is left to the
reading. A cell that is not read as its type has to be told right by its pattern alone.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

import duckdb

from latchstring.programs import bulk
from latchstring.programs.bulk import ID
from latchstring.programs.bulk_duckdb import executed
from latchstring.programs.bulk_source import Source
from latchstring.programs.dictionary import FactDefinition, dictionary
from latchstring.rules.many import text_literal

DIGITS = "(?:0+|0*[1-9][0-9]{0,31})"
COUNTED = "0*[1-9][0-9]{0,31}"
YES_NO = "(?:true|false)?"
DATE = "(?:[1-9][0-9]{3}-[0-9]{2}-[0-9]{2})?"
READ = {  # the shorter patterns, of cells that are read as values too
    "money": r"(?:[0-9]+(?:\.[0-9][0-9]?)?)?",
    "whole": "[0-9]*",
    "counted": "(?:[1-9][0-9]*)?",
    "yes_no": YES_NO,
    "date": DATE,
}
UNREAD = {
    "money": rf"(?:{DIGITS}(?:\.[0-9]{{1,2}})?)?",
    "whole": f"(?:{DIGITS})?",
    "counted": f"(?:{COUNTED})?",
    "yes_no": YES_NO,
    "date": DATE,
}


@dataclass(frozen=True)
class Lines:
    """What the look tells: whether an id comes twice; the columns with odd cells."""

    repeated: bool
    odd: frozenset[str]


def pattern_of(definition: FactDefinition, read: bool) -> str:
    """Write what a good cell looks like, but for what takes two cells or a table to tell."""
    if definition.choices:
        return f"(?:{'|'.join(map(re.escape, definition.choices))})?"
    return (READ if read else UNREAD).get(shape(definition), "[^,]*")


def shape(definition: FactDefinition) -> str:
    """Name the pattern of a cell: a whole number of something that cannot be none is `counted`."""
    return "counted" if definition.minimum > 0 else definition.type


class Look:
    """The look at a file of which some facts are read as values."""

    def __init__(self, source: Source, read: Collection[str]) -> None:
        self.source = source
        known = dictionary()
        self.patterns = [
            "[^,]+" if name == ID else pattern_of(known[name], name in read)
            for name in source.header
        ]

    def lines(self, connection: duckdb.DuckDBPyConnection, progress: bulk.Progress) -> Lines:
        """Look at every line once; in a file that is not plain only at the ids.

        In a plain file the id is cut out of the line, which is faster than reading every cell.
        Where the hashes of the ids all differ, so do the ids, and nothing more is looked at.
        """
        ids, odd = f"SELECT {ID} FROM {self.source.read()}", "-1"
        if self.source.plain:
            place = self.source.header.index(ID) + 1
            first = "substr(line, 1, instr(line, ',') - 1)"
            cut = first if place == 1 else f"split_part(line, ',', {place})"
            fits = f"regexp_full_match(line, {text_literal(','.join(self.patterns))})"
            cells = f"CASE WHEN {fits} THEN NULL ELSE string_split(line, ',') END AS cells"
            ids = f"SELECT {cut} AS {ID}, {cells} FROM {self.source.read(['line'], chr(31))}"
            odd = self._odd()
        look = f"SELECT count(*) = count(DISTINCT hash({ID})), {odd} FROM ({ids})"
        differ, bits = executed(connection, look, progress)
        columns = {n for place, n in enumerate(self.source.header) if bits >> place & 1}
        return Lines(not differ and self._repeated(connection, ids), frozenset(columns))

    def _odd(self) -> str:
        """Write which columns have odd cells, as bits; only of a line that does not fit."""
        kind = "BIGINT" if len(self.patterns) < 63 else "HUGEINT"
        bits = " + ".join(
            f"CASE WHEN regexp_full_match(cells[{place + 1}], {text_literal(pattern)}) "
            f"THEN 0 ELSE CAST({1 << place} AS {kind}) END"
            for place, pattern in enumerate(self.patterns)
        )
        return f"coalesce(bit_or(CASE WHEN cells IS NOT NULL THEN {bits} END), 0)"

    def _repeated(self, connection: duckdb.DuckDBPyConnection, ids: str) -> bool:
        """Keep the ids that stand more than once, with the first row of each; say if any do."""
        again = f"SELECT {ID} FROM ({ids}) WHERE {ID} <> '' GROUP BY {ID} HAVING count(*) > 1"
        connection.execute(f"CREATE TEMP TABLE repeated AS {again}")
        if not connection.execute("SELECT 1 FROM repeated LIMIT 1").fetchall():
            return False
        numbered = f"SELECT {ID}, row_number() OVER () AS place FROM {self.source.read()}"
        connection.execute(
            f"CREATE TEMP TABLE firsts AS SELECT {ID}, min(place) AS place "
            f"FROM ({numbered}) SEMI JOIN repeated USING ({ID}) GROUP BY {ID}"
        )
        return True
