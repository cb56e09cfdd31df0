# ruff: noqa: S608 (every text put into the SQL is a constant, a checked name or a quoted literal)
"""The cells of a file as facts: read as values where every cell fits, and as texts where not.

A column whose cells all fit their pattern is read as values and not tested again; in any other each
cell is read as a text and tested, and a row that fails is looked at cell by cell. The fast form
holds every number in 64 bits; a file with a number too large for it makes the query stop.
"""

from collections.abc import Collection
from dataclasses import dataclass

from latchstring.programs.bulk import ID
from latchstring.programs.bulk_duckdb import NEEDS_WIDE
from latchstring.programs.bulk_look import COUNTED, DIGITS, Lines
from latchstring.programs.bulk_source import Source
from latchstring.programs.dictionary import FactDefinition, dictionary
from latchstring.programs.tables import table
from latchstring.rules.many import ManyCompiler, place_among, quoted, text_literal

MONEY_DIGITS_FAST = 9
WHOLE_DIGITS_FAST = 6
BOUNDS_FAST = {"money": 10 ** (MONEY_DIGITS_FAST + 2), "whole": 10**WHOLE_DIGITS_FAST}
READ_AS = {
    "yes_no": "BOOLEAN",
    "date": "DATE",
    "money": f"DECIMAL({MONEY_DIGITS_FAST + 2}, 2)",
    "whole": f"DECIMAL({WHOLE_DIGITS_FAST}, 0)",
}
PATTERNS = {
    "money": DIGITS + r"(?:\.[0-9]{1,2})?",
    "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
}
LEAST = {"date": "DATE '1000-01-01'", "money": "0", "whole": "0"}  # of cells that are read


class Counties:
    """The counties that we know, as an ENUM of a compiler; those of a state stand together."""

    def __init__(self, compiler: ManyCompiler) -> None:
        places = table("counties").data.cells[0]
        self.kind = compiler.kind(sorted(key[0] for key in places))
        self.last = {places[key]["state"]: place for place, key in enumerate(sorted(places))}
        compiler.stands(self.place_of(quoted("county")), "county_place")

    def place_of(self, text: str) -> str:
        """Write the place of a county among them all; NULL when it is none."""
        return place_among(text, self.kind)

    @property
    def state(self) -> str:
        """Write the state of the county at `county_place`."""
        whens = (f"WHEN county_place <= {last} THEN '{state}'" for state, last in self.last.items())
        return f"(CASE {' '.join(whens)} END)"


@dataclass(frozen=True)
class Column:
    """A column of the file that is a fact: its definition, and whether a cell of it is odd."""

    definition: FactDefinition
    odd: bool

    @property
    def key(self) -> str:
        return self.definition.key

    @property
    def value(self) -> str:
        return quoted(self.key)

    @property
    def cell_name(self) -> str:
        return "cell_" + self.key

    @property
    def cell(self) -> str:
        """Name what is read: a text where a cell is odd, else a value."""
        return quoted(self.cell_name)

    @property
    def text(self) -> str:
        """Name the text of a cell; one that is not odd has its value's, if it is a text at all."""
        return self.cell if self.odd else self.value

    @property
    def is_number(self) -> bool:
        return self.definition.type in BOUNDS_FAST


class Cells:
    """Writes the reading of a file: the facts in `read`, `wrong` (the errors, or '') and `valid`.

    Besides the facts that are asked for, those are read that their pattern cannot tell right alone:
    a day has to be in the calendar, a county in its state.
    """

    def __init__(
        self,
        source: Source,
        known: Collection[str],
        asked: Collection[str],
        counties: Counties,
        wide: bool,
    ) -> None:
        definitions = dictionary()
        self.source, self.counties, self.wide = source, counties, wide
        self.present = [definitions[key] for key in known if key in source.header]
        told = {d.key for d in self.present if d.must_agree or d.type == "date"}
        self.read = {*asked} & {*known} | told
        self.absent = [definitions[k] for k in known if k in self.read and k not in source.header]

    def checked(self, lines: Lines) -> str:
        """Write the query; where an id comes again it tells the `place` of each row too."""
        columns = [
            Column(definition, definition.key in lines.odd)
            for definition in self.present
            if definition.key in self.read or definition.key in lines.odd
        ]
        facts = ", ".join(self._facts(columns, lines.repeated))
        query = f"SELECT {facts} FROM {self._rows(columns, lines.repeated)}"
        right = self._plainly_right(columns, lines)
        query = f"SELECT *, {right} AS plainly_right FROM ({query})"
        wrong = f"CASE WHEN plainly_right THEN '' ELSE {self._wrong(columns, lines.repeated)} END"
        query = f"SELECT *, {wrong} AS wrong FROM ({query})"
        valid = f"CASE WHEN plainly_right THEN TRUE ELSE {self._valid(columns)} END"
        return f"SELECT *, {valid} AS valid FROM ({query})"

    def _rows(self, columns: list[Column], repeated: bool) -> str:
        """Write the reading of the cells: as values, but as texts where a column has odd ones."""
        names = [name if name == ID else "cell_" + name for name in self.source.header]
        types = {
            c.cell_name: READ_AS.get(c.definition.type, "VARCHAR") for c in columns if not c.odd
        }
        rows = self.source.read(names, types=types)
        if not repeated:
            return rows
        numbered = f"SELECT *, row_number() OVER () AS place FROM {rows}"
        return f"({numbered}) rows LEFT JOIN firsts ON firsts.{ID} = rows.{ID}"

    def _facts(self, columns: list[Column], repeated: bool) -> list[str]:
        texts = [column.cell for column in columns if column.odd]
        typed = [f"{self._typed(column)} AS {column.value}" for column in columns]
        absent = [f"CAST(NULL AS {self._sql_type(d)}) AS {quoted(d.key)}" for d in self.absent]
        county = next((column.cell for column in columns if column.key == "county"), "NULL")
        facts = [*texts, *typed, *absent, f"{self.counties.place_of(county)} AS county_place"]
        if not repeated:
            return [ID, *facts]
        again = "firsts.place IS NOT NULL AND rows.place <> firsts.place"
        return [f"rows.{ID}", *facts, "rows.place", f"{again} AS again"]

    def _sql_type(self, definition: FactDefinition) -> str:
        number = "HUGEINT" if self.wide else "BIGINT"
        kinds = {"yes_no": "BOOLEAN", "date": "DATE", "money": number, "whole": number}
        return kinds.get(definition.type, "VARCHAR")

    def _typed(self, column: Column) -> str:
        """Write a cell as the value that rules use; what is not one is NULL, checked apart."""
        cell = column.cell
        match column.definition.type:
            case "money" if not column.odd:
                return f"CAST({cell} * CAST(100 AS DECIMAL(3, 0)) AS BIGINT)"
            case "whole" if not column.odd:
                return f"CAST({cell} AS BIGINT)"
            case _ if not column.odd:
                return cell
            case "yes_no":
                return f"{cell} = 'true'"
            case "date":
                return f"TRY_CAST({cell} AS DATE)"
            case "money" if self.wide:
                cents = f"rpad(split_part({cell}, '.', 2), 2, '0')"
                return f"TRY_CAST(split_part({cell}, '.', 1) || {cents} AS HUGEINT)"
            case "whole" if self.wide:
                return f"TRY_CAST({cell} AS HUGEINT)"
            case "money":
                dollars = f"TRY_CAST({cell} AS {READ_AS['money']})"
                return f"CAST({dollars} * CAST(100 AS DECIMAL(3, 0)) AS BIGINT)"
            case "whole":
                return f"TRY_CAST({cell} AS BIGINT)"
        return cell

    def _plainly_right(self, columns: list[Column], lines: Lines) -> str:
        """Write the quick test that nearly every good row passes: nothing is found wrong.

        An empty cell makes its test NULL, which is not TRUE, so it counts as nothing wrong.
        """
        wrong = ["again"] if lines.repeated else []
        wrong += [f"{ID} IS NULL"] if ID in lines.odd else []
        wrong += [self._unfit(column) for column in columns if column.odd]
        here = {column.key: column.text for column in columns}
        if "county" in here:
            wrong.append(f"({here['county']} IS NOT NULL AND county_place IS NULL)")
        if {"state", "county"} <= here.keys():
            wrong.append(f"{self.counties.state} <> {here['state']}")
        return f"(({' OR '.join(filter(None, wrong)) or 'FALSE'}) IS NOT TRUE)"

    def _unfit(self, column: Column) -> str:
        """Write the quick test that a cell is perhaps not right."""
        value, text = column.value, column.text
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

    def _wrong(self, columns: list[Column], repeated: bool) -> str:
        """Write the errors of a row, cell by cell, as `column=value` joined by `;`."""
        again = " OR again" if repeated else ""
        pieces = [f"CASE WHEN {ID} IS NULL{again} THEN '{ID}=' || coalesce({ID}, '') END"]
        states = [column.text for column in columns if column.key == "state"]
        pieces += [_asked(c) for c in columns if not c.odd and c.definition.type in LEAST]
        for column in columns:
            if column.odd or column.definition.must_agree:
                right = self._county_right(states) if column.key == "county" else _right(column)
                wrong = f"{column.text} IS NOT NULL AND NOT ({right})"
                pieces.append(f"CASE WHEN {wrong} THEN '{column.key}=' || {column.text} END")
        return f"concat_ws(';', {', '.join(pieces)})"

    def _county_right(self, states: list[str]) -> str:
        """A county is one that we know, and of the row's state where that is a valid one."""
        known = "county_place IS NOT NULL"
        valid = ", ".join(map(text_literal, dictionary()["state"].choices))
        for state in states:
            other = f"{state} IS NULL OR {state} NOT IN ({valid})"
            known += f" AND ({other} OR {self.counties.state} = {state})"
        return known

    def _valid(self, columns: list[Column]) -> str:
        """Write that nothing is wrong; the fast form stops at a good number too large for it."""
        numbers = [column for column in columns if column.odd and column.is_number]
        if self.wide or not numbers:
            return "wrong = ''"
        large = " OR ".join(map(_too_large, numbers))
        stop = f"CASE WHEN wrong = '' AND ({large}) THEN error('{NEEDS_WIDE}') END IS NULL"
        return f"{stop} AND wrong = ''"


def _asked(column: Column) -> str:
    """Write what is never true and names the value: DuckDB reads no column that nothing names."""
    return f"CASE WHEN {column.value} < {LEAST[column.definition.type]} THEN '' END"


def _right(column: Column) -> str:
    definition, text = column.definition, column.text
    match definition.type:
        case "money":
            return f"regexp_full_match({text}, {text_literal(PATTERNS['money'])})"
        case "whole":
            pattern = COUNTED if definition.minimum > 0 else DIGITS
            return f"regexp_full_match({text}, {text_literal(pattern)})"
        case "date":
            shape = f"regexp_full_match({text}, {text_literal(PATTERNS['date'])})"
            return f"{shape} AND {column.value} IS NOT NULL AND {text} NOT LIKE '0000%'"
        case "yes_no":
            return f"{text} IN ('true', 'false')"
        case "choice":
            return f"{text} IN ({', '.join(map(text_literal, definition.choices))})"
    return "TRUE"


def _too_large(column: Column) -> str:
    bound, value = BOUNDS_FAST[column.definition.type], column.value
    return f"({column.text} IS NOT NULL AND ({value} IS NULL OR {value} >= {bound}))"
