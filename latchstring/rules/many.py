"""A million households at once: a tree as SQL columns, the same to the digit as `one`.

Numbers are unscaled integers here too. In the *fast* form they are BIGINT, allowed only where the
bounds of the facts prove that nothing can pass 63 bits; otherwise HUGEINT, where every step that
could pass the limits of the language gives NULL (unknown), as `one` gives None. Expressions that
are used twice become columns of their own, in layers, so that SQL never grows out of hand. The SQL
is DuckDB's (docs/decisions/0005-bulk-rules-as-sql.md).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from latchstring.rules import days_sql, tabulated, tree
from latchstring.rules.errors import NotForMany
from latchstring.rules.one import TableData
from latchstring.rules.tree import WHOLE_DIGITS_MAX, Node, Type

FAST_LIMIT = 2**62
DENSE_CELLS_MAX = 500_000


class TooLargeForFast(Exception):
    """Some step could pass 63 bits: compile with `wide=True`."""


@dataclass(frozen=True)
class Part:
    """A piece of SQL, the deepest layer it reads, and the largest absolute value it can have."""

    sql: str
    depth: int
    bound: int = 0


class ManyCompiler:
    """Collects the columns of a set of rules; `layers` writes them as one query over a source.

    `setup` holds the statements to run first. Tables are kept as lists, all in the one row of the
    table `lists` that stands beside every row, and a cell is found by its place: version, then each
    key. A list written as a constant would be laid out anew for every 2,048 rows.
    """

    def __init__(
        self, raw_bounds: Mapping[str, int], tables: Mapping[str, TableData], wide: bool
    ) -> None:
        self.wide = wide
        self.tables = tables
        self.names: dict[str, Part] = {
            name: Part(quoted(name), 0, bound) for name, bound in raw_bounds.items()
        }
        self.columns: list[tuple[int, str, str]] = []
        self._made_columns: dict[str, Part] = {}
        self._kinds: dict[tuple[str, ...], str] = {}
        self._types: list[str] = []
        self._lists: dict[str, str] = {}
        self._in_place = False

    @property
    def setup(self) -> list[str]:
        """Return the statements to run before the query."""
        made = [f"{sql} AS {quoted(name)}" for name, sql in self._lists.items()]
        lists = f"CREATE OR REPLACE TEMP TABLE lists AS SELECT {', '.join(made)}"
        return [*self._types, lists] if made else self._types

    @property
    def number_type(self) -> str:
        """Return the SQL type of every number."""
        return "HUGEINT" if self.wide else "BIGINT"

    def define(self, name: str, node: Node, shared: bool = True) -> None:
        """Make a derived fact known to later rules; a shared one becomes a column of its own."""
        part = self._tabulated(name, node) or self.emit(node)
        written = shared and not isinstance(node, tree.Literal)
        self.names[name] = self.column(part, name) if written else part

    def _tabulated(self, name: str, node: Node) -> Part | None:
        """Write a derived fact as one cell of all it can be; what has no cell is worked out."""
        keys = None if self.wide else tabulated.keys_of(node, self.tables)
        if keys is None:
            return None
        place, inside = Part("CAST(0 AS BIGINT)", 0), "{0} IS NOT NULL"
        if keys.number is not None:
            place = number = self._simple(self.emit(keys.number))
            inside += f" AND {number.sql} BETWEEN 0 AND {tabulated.NUMBERS - 1}"
        if keys.day is not None:
            day = self._simple(self.emit(keys.day))
            version = self.column(Part(*self._version(keys.starts, day)))
            place = self._made(f"({{0}} * {len(keys.starts)} + {{1}})", [place, version])
        for key, values in keys.texts.items():
            asked = self.names[key]
            among = self.column(Part(place_among(asked.sql, self.kind(values)), asked.depth))
            place = self._made(f"({{0}} * {len(values)} + {{1}})", [place, among])
        place = self.column(self._made("({0} + 1)", [place]))
        cells = tabulated.cells(node, keys, self.tables)
        found = f"{self.keep_list(f'told.{name}', cells, node.type or tree.TEXT)}[{{0}}]"
        self._in_place = True
        rest = self.emit(node)
        self._in_place = False
        text = f"(CASE WHEN {inside} THEN {found} ELSE {{1}} END)"
        return self._made(text, [place, rest], rest.bound)

    def column(self, part: Part, name: str = "") -> Part:
        """Put an expression into a column of the layer above those it reads."""
        if not name and part.sql in self._made_columns:
            return self._made_columns[part.sql]
        if self._in_place:
            return Part(f"({part.sql})", part.depth, part.bound)
        chosen = name or f"_{len(self.columns)}"
        self.columns.append((part.depth + 1, chosen, part.sql))
        made = Part(quoted(chosen), part.depth + 1, part.bound)
        self._made_columns.setdefault(part.sql, made)
        return made

    def stands(self, sql: str, name: str) -> None:
        """Say that the source holds an expression already, as a column of that name."""
        self._made_columns[sql] = Part(quoted(name), 0)

    @property
    def made_types(self) -> list[str]:
        """Return the names of the types that `setup` makes."""
        return list(self._kinds.values())

    def layers(self, source: str, asked: Collection[str] = ()) -> str:
        """Write nested queries over `source` that carry every column, or those asked for.

        Binding a column in each of a dozen layers takes longer than determining a small file.
        """
        query = f"SELECT * FROM ({source}), lists" if self._lists else source  # noqa: S608
        for columns in reversed(self._levels(asked)[0]):
            query = f"SELECT {', '.join(columns)} FROM ({query})"  # noqa: S608
        return query

    def read_by(self, asked: Collection[str]) -> set[str]:
        """Return what the source must hold for the columns asked for."""
        return self._levels(asked)[1]

    def _levels(self, asked: Collection[str]) -> tuple[list[list[str]], set[str]]:
        """Return the columns of each layer, the last one first, and what the first one reads."""
        needed, levels = set(asked), []
        for depth in range(max([0, *(d for d, _, _ in self.columns)]), 0, -1):
            made = {
                n: sql for d, n, sql in self.columns if d == depth and (n in needed or not asked)
            }
            needed -= made.keys()
            carried = [quoted(name) for name in sorted(needed)] if asked else ["*"]
            levels.append([*carried, *(f"{sql} AS {quoted(name)}" for name, sql in made.items())])
            needed |= self.names_in(" ".join(made.values())) if asked else set()
        return levels, needed

    def names_in(self, sql: str) -> set[str]:
        """Return the facts and columns that a text names."""
        known = {*self.names, *self._lists, *(n for _, n, _ in self.columns)}
        known |= {part.sql.strip('"') for part in self._made_columns.values()}
        return known & set(re.findall('"([^"]+)"', sql))

    def emit(self, node: Node) -> Part:
        """Write a checked tree as SQL."""
        match node:
            case tree.Literal(value=value):
                return self._literal(node, value)
            case tree.Name(name=name):
                return self.names[name]
            case tree.Not(operand=operand):
                return self._made("(NOT {0})", [self.emit(operand)])
            case tree.Negative(operand=operand):
                part = self.emit(operand)
                return self._made("(-{0})", [part], part.bound)
            case tree.All(parts=parts):
                return self._joined(" AND ", parts)
            case tree.Any(parts=parts):
                return self._joined(" OR ", parts)
            case tree.Compare(operator=operator, left=left, right=right):
                sign = {"==": "=", "!=": "<>"}.get(operator, operator)
                return self._made(f"({{0}} {sign} {{1}})", self._aligned((left, right)))
            case tree.OneOf():
                return self._one_of(node)
            case tree.Arithmetic():
                return self._arithmetic(node)
            case tree.Conditional(condition=condition, yes=yes, no=no):
                branches = self._aligned((yes, no))
                text = "(CASE {0} WHEN TRUE THEN {1} WHEN FALSE THEN {2} END)"
                bound = max(part.bound for part in branches)
                return self._made(text, [self.emit(condition), *branches], bound)
            case tree.Call():
                return self._call(node)
            case tree.Lookup():
                return self._lookup(node)
        raise NotForMany("Lists of records are worked out one household at a time.", node.at)

    def _literal(self, node: Node, value: Any) -> Part:
        if isinstance(value, bool):
            return Part("TRUE" if value else "FALSE", 0)
        if isinstance(value, date):
            return Part(f"DATE '{value.isoformat()}'", 0)
        if isinstance(value, str):
            return Part(text_literal(value), 0)
        if not self.wide and abs(int(value)) >= FAST_LIMIT:
            raise TooLargeForFast
        return Part(f"CAST({value} AS {self.number_type})", 0, abs(int(value)))

    def _made(self, text: str, parts: Sequence[Part], bound: int = 0) -> Part:
        depth = max([0, *(part.depth for part in parts)])
        return Part(text.format(*(part.sql for part in parts)), depth, bound)

    def _joined(self, word: str, nodes: Sequence[Node]) -> Part:
        parts = [self.emit(node) for node in nodes]
        return self._made("(" + word.join(f"{{{i}}}" for i in range(len(parts))) + ")", parts)

    def _aligned(self, nodes: Sequence[Node]) -> list[Part]:
        scale = max(node.type.scale for node in nodes if node.type)
        return [self._at_scale(node, scale) for node in nodes]

    def _at_scale(self, node: Node, scale: int) -> Part:
        part = self.emit(node)
        if node.type is None or node.type.kind != "number" or node.type.scale == scale:
            return part
        if isinstance(node, tree.Literal):
            value = int(str(node.value)) * 10 ** (scale - node.type.scale)
            return self._literal(node, value)
        factor = 10 ** (scale - node.type.scale)
        return self._limited(self._made(f"({{0}} * {factor})", [part], part.bound * factor), scale)

    def _limited(self, part: Part, scale: int) -> Part:
        """Make a number that passes the limits of the language unknown."""
        return self._within(part, WHOLE_DIGITS_MAX + scale)

    def _within(self, part: Part, digits: int) -> Part:
        if not self.wide:
            if part.bound >= FAST_LIMIT:
                raise TooLargeForFast
            return part
        sql = f"CAST(TRY_CAST(TRY({part.sql}) AS DECIMAL({digits}, 0)) AS HUGEINT)"
        return Part(sql, part.depth, part.bound)

    def _one_of(self, node: tree.OneOf) -> Part:
        item, *choices = self._aligned((node.item, *node.choices))
        listed = ", ".join(f"{{{i + 1}}}" for i in range(len(choices)))
        text = f"({{0}} IN ({listed}))"
        if not all(isinstance(choice, tree.Literal) for choice in node.choices):
            known = " AND ".join(f"{{{i + 1}}} IS NOT NULL" for i in range(len(choices)))
            text = f"(CASE WHEN {known} THEN {text} END)"
        return self._made(text, [item, *choices])

    def _arithmetic(self, node: tree.Arithmetic) -> Part:
        assert node.type
        if node.operator == "*":
            parts = [self.emit(node.left), self.emit(node.right)]
            bound = parts[0].bound * parts[1].bound
        else:
            parts = self._aligned((node.left, node.right))
            bound = parts[0].bound + parts[1].bound
        made = self._made(f"({{0}} {node.operator} {{1}})", parts, bound)
        return self._limited(made, node.type.scale)

    def _call(self, node: tree.Call) -> Part:
        assert node.type
        arguments = node.arguments
        match node.function:
            case "min" | "max":
                return self._extreme(node)
            case "divide":
                a, b = self.emit(arguments[0]), self.emit(arguments[1])
                shift = _whole(arguments[2]) + _scale(arguments[1]) - _scale(arguments[0])
                mode = arguments[3]
            case "round":
                a, b = self.emit(arguments[0]), Part("CAST(1 AS BIGINT)", 0, 1)
                shift = _whole(arguments[1]) - _scale(arguments[0])
                mode = arguments[2]
            case "round_up_to" | "round_down_to":
                return self._to_step(node)
            case "round_to":
                return self._to_nearest_step(node)
            case _:
                return self._on_days(node)
        assert isinstance(mode, tree.Literal)
        return self._limited(self._divide(a, b, shift, str(mode.value)), node.type.scale)

    def _extreme(self, node: tree.Call) -> Part:
        """Fold pairwise."""
        sign = "<=" if node.function == "min" else ">="
        parts = self._aligned(node.arguments)
        bound = max(part.bound for part in parts)
        result = self._simple(parts[0])
        for part in map(self._simple, parts[1:]):
            # Unknown when either is: then neither comparison holds.
            left, right = f"{{0}} {sign} {{1}}", f"{{1}} {sign} {{0}}"
            text = f"(CASE WHEN {left} THEN {{0}} WHEN {right} THEN {{1}} END)"
            result = self._simple(self._made(text, [result, part], bound))
        return result

    def _simple(self, part: Part) -> Part:
        """Make sure that a part may be written more than once without growing."""
        plain = part.sql.startswith('"') or part.sql.startswith("CAST(") and part.depth == 0
        return part if plain and len(part.sql) < 64 else self.column(part)

    def _divide(self, a: Part, b: Part, shift: int, mode: str) -> Part:
        over, under = 10 ** max(shift, 0), 10 ** max(-shift, 0)
        top = self._within(self._made(f"({{0}} * {over})", [a], a.bound * over), 38)
        low = self._within(self._made(f"({{0}} * {under})", [b], max(1, b.bound) * under), 38)
        n = self.column(top)
        d = self.column(Part(f"NULLIF({low.sql}, 0)", low.depth, low.bound))
        sign = "(CASE WHEN ({0} < 0) <> ({1} < 0) THEN -1 ELSE 1 END)"
        rest, size = "abs({0} % {1})", "abs({1})"
        more = {
            "up": f"{rest} > 0",
            "down": "FALSE",
            "half_up": f"{rest} >= {size} - {rest}",
            "half_even": f"{rest} > {size} - {rest} OR "
            f"({rest} = {size} - {rest} AND abs({{0}} // {{1}}) % 2 = 1)",
        }[mode]
        text = f"({{0}} // {{1}} + {sign} * CASE WHEN {more} THEN 1 ELSE 0 END)"
        return self._made(text, [n, d], n.bound + 1)

    def _to_step(self, node: tree.Call) -> Part:
        assert node.type
        value, step = self._aligned(node.arguments)
        written = node.arguments[1]
        if not self.wide and isinstance(written, tree.Literal) and int(str(written.value)) > 0:
            return self._to_written_step(value, step.bound, node.function == "round_up_to")
        value, step = self._simple(value), self._simple(step)
        if node.function == "round_up_to":
            text = "({0} // {1} * {1} + CASE WHEN {0} % {1} > 0 THEN {1} ELSE 0 END)"
        else:
            text = "({0} // {1} * {1} - CASE WHEN {0} % {1} < 0 THEN {1} ELSE 0 END)"
        text = f"(CASE WHEN {{1}} > 0 THEN {text} END)"
        return self._limited(
            self._made(text, [value, step], value.bound + step.bound), node.type.scale
        )

    def _to_written_step(self, value: Part, step: int, up: bool) -> Part:
        """Move the number above zero by whole steps, where cutting off is rounding down."""
        lift = -(-value.bound // step) * step
        more = step - 1 if up else 0
        text = f"(({{0}} + {lift + more}) // {step} * {step} - {lift})"
        self._within(Part("", 0, 2 * (lift + step)), 0)
        return self._made(text, [value], value.bound + step)

    def _to_nearest_step(self, node: tree.Call) -> Part:
        assert node.type and isinstance(node.arguments[2], tree.Literal)
        value, step = self._aligned(node.arguments[:2])
        size = self.column(self._made("(CASE WHEN {0} > 0 THEN {0} END)", [step], step.bound))
        steps = self._divide(value, size, 0, str(node.arguments[2].value))
        made = self._made("({0} * {1})", [steps, size], value.bound + step.bound)
        return self._limited(made, node.type.scale)

    def _on_days(self, node: tree.Call) -> Part:
        parts = [self._simple(self.emit(argument)) for argument in node.arguments]
        if node.function in days_sql.DAYS:
            return self._made(days_sql.DAYS[node.function], parts)
        text, bound = days_sql.NUMBERS[node.function]
        return self._made(f"CAST({text} AS {self.number_type})", parts, bound)

    def _lookup(self, node: tree.Lookup) -> Part:
        data = self.tables[node.table]
        base, bound = Part("CAST(0 AS BIGINT)", 0), max(1, len(data.starts))
        if node.day is not None:
            base = self.column(Part(*self._version(data.starts, self._simple(self.emit(node.day)))))
        for place, key in enumerate(node.keys):
            values = sorted({cell[place] for version in data.cells for cell in version})
            step, count = self._key(values, key)
            base = self._made(f"({{0}} * {count} + {{1}})", [base, step])
            bound *= count
        base = self._made("({0} + 1)", [base])  # a list counts from 1
        base = self.column(base)  # other columns of the table are asked at the same place
        if bound > DENSE_CELLS_MAX:
            raise NotForMany(f"The table {node.table} has too many gaps to be a list.", node.at)
        text = f"{self._list(node, data)}[{{0}}]"
        if isinstance(node, tree.Listed):
            return self._known_and(node, self._made(f"COALESCE({text}, FALSE)", [base]))
        return self._made(text, [base], _table_bound(data, node.column))

    def _known_and(self, node: tree.Listed, found: Part) -> Part:
        """Unknown only when a key or the day is."""
        asked = [self.emit(part) for part in tree.children(node)]
        known = " AND ".join(f"{{{place + 1}}} IS NOT NULL" for place in range(len(asked)))
        return self._made(f"(CASE WHEN {known} THEN {{0}} END)", [found, *asked])

    def _version(self, starts: Sequence[date], day: Part) -> tuple[str, int]:
        """Write which version of a dated table is in force on a day; NULL before the first."""
        places = list(enumerate(starts))[::-1]
        whens = " ".join(f"WHEN {day.sql} >= DATE '{d}' THEN {place}" for place, d in places)
        return f"CAST(CASE {whens} END AS BIGINT)", day.depth

    def _key(self, values: list[Any], key: Node) -> tuple[Part, int]:
        """Write the place of a key among its values (NULL when it is none), and how many."""
        if isinstance(values[0], str):
            kind = self.kind(values)
            part = self.emit(key)
            return self.column(Part(place_among(part.sql, kind), part.depth)), len(values)
        low, high = values[0], values[-1]
        if isinstance(key, tree.Literal):
            inside = low <= int(str(key.value)) <= high
            return Part(str(int(str(key.value)) - low) if inside else "NULL", 0), high - low + 1
        part = self._simple(self.emit(key))
        between = f"CAST(CASE WHEN {{0}} BETWEEN {low} AND {high} THEN {{0}} - {low} END AS BIGINT)"
        return self._made(between, [part]), high - low + 1

    def kind(self, values: Sequence[str]) -> str:
        """Return the name of an ENUM of these texts; equal lists share one."""
        key = tuple(values)
        if key not in self._kinds:
            self._kinds[key] = f"kind_{len(self._kinds)}"
            listed = ", ".join(map(text_literal, key))
            self._types.append(f"CREATE TYPE {self._kinds[key]} AS ENUM ({listed})")
        return self._kinds[key]

    def _list(self, node: tree.Lookup, data: TableData) -> str:
        """Lay a table's column out as one list, and return the column that holds it."""
        name = f"{node.table}.{node.column}"
        if name not in self._lists:
            places = [
                sorted({cell[place] for version in data.cells for cell in version})
                for place in range(len(node.keys))
            ]
            ranges = [p if isinstance(p[0], str) else range(p[0], p[-1] + 1) for p in places]
            whether = isinstance(node, tree.Listed)
            cells = [
                cell in version if whether else version.get(cell, {}).get(node.column)
                for version in data.cells
                for cell in product(*ranges)
            ]
            self.keep_list(name, cells, node.type or tree.TEXT)
        return quoted(name)

    def keep_list(self, name: str, cells: Sequence[Any], kind: Type) -> str:
        """Keep a list beside every row, and return the column that holds it."""
        types = {"number": self.number_type, "bool": "BOOLEAN", "date": "DATE"}
        listed = f"[{', '.join(literal(cell) for cell in cells)}]"
        if kind.kind == "number":  # read as one text, which is faster than so many literals
            listed = text_literal(listed)
        sql_type = types.get(kind.kind, "VARCHAR")
        self._lists[name] = f"CAST({listed} AS {sql_type}[])"
        return quoted(name)


def place_among(sql: str, kind: str) -> str:
    """Write the place of a text in an ENUM of this name, from 0; NULL when it is none of it."""
    return f"CAST(enum_code(TRY_CAST({sql} AS {kind})) AS BIGINT)"


def literal(value: Any) -> str:
    """Write a cell of a table as an SQL literal."""
    if value is None:
        return "NULL"
    return text_literal(value) if isinstance(value, str) else str(value)


def quoted(name: str) -> str:
    """Write a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def text_literal(value: str) -> str:
    """Write a text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def _scale(node: Node) -> int:
    return node.type.scale if node.type else 0


def _whole(node: Node) -> int:
    assert isinstance(node, tree.Literal)
    return int(str(node.value))


def _table_bound(data: TableData, column: str) -> int:
    found = [row[column] for cells in data.cells for row in cells.values()]
    return max([0, *(abs(value) for value in found if isinstance(value, int))])
