"""One household at a time: a tree as nested Python closures. None is *unknown*.

Values: bool, text and date as they are; a number as an unscaled int at the scale of its type; a
list as `Items`. A closure takes the row of slots and never raises.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from latchstring.rules import lists, tree
from latchstring.rules.days import ON_DAYS
from latchstring.rules.lists import Closure, Items, Row
from latchstring.rules.tree import WHOLE_DIGITS_MAX, WORKING_LIMIT, Node


@dataclass(frozen=True)
class TableData:
    """A table ready to be asked: versions by first day, each key tuple -> column -> value."""

    starts: tuple[date, ...]
    cells: tuple[Mapping[tuple[Any, ...], Mapping[str, Any]], ...]


def compile_one(node: Node, slots: Mapping[str, int], tables: Mapping[str, TableData]) -> Closure:
    """Turn a checked tree into a function of one row; `slots` says where each fact stands."""
    return _Compiler(slots, tables).close(node)


class _Compiler:
    def __init__(self, slots: Mapping[str, int], tables: Mapping[str, TableData]) -> None:
        self.slots = dict(slots)
        self.tables = tables

    def close(self, node: Node) -> Closure:
        match node:
            case tree.Literal(value=value):
                return lambda row: value
            case tree.Name(name=name):
                slot = self.slots[name]
                return lambda row: row[slot]
            case tree.Field(record=record, name=name):
                return _field(self.close(record), name)
            case tree.Not(operand=operand):
                return _not(self.close(operand))
            case tree.Negative(operand=operand):
                return _negative(self.close(operand))
            case tree.All(parts=parts):
                return _all([self.close(part) for part in parts])
            case tree.Any(parts=parts):
                return _any([self.close(part) for part in parts])
            case tree.Compare(operator=operator, left=left, right=right):
                if isinstance(left, tree.Name) and isinstance(right, tree.Literal):
                    return self._fact_against_literal(operator, left, right)
                return _compare(operator, *self._aligned((left, right)))
            case tree.OneOf(item=item, choices=choices):
                closed = self._aligned((item, *choices))
                return _one_of(closed[0], closed[1:])
            case tree.Arithmetic(operator="*", left=left, right=right):
                return _times(self.close(left), self.close(right), _limit(node))
            case tree.Arithmetic(operator=operator, left=left, right=right):
                a, b = self._aligned((left, right))
                return (_plus if operator == "+" else _minus)(a, b, _limit(node))
            case tree.Conditional(condition=condition, yes=yes, no=no):
                return _conditional(self.close(condition), *self._aligned((yes, no)))
            case tree.Call():
                return self._call(node)
            case tree.Lookup():
                return self._lookup(node)
            case tree.Macro():
                return self._macro(node)
        raise AssertionError(f"no closure for {type(node).__name__}")

    def _aligned(self, nodes: Sequence[Node]) -> list[Closure]:
        """Close numbers so that all stand at one scale; other types are left as they are."""
        scale = max(node.type.scale for node in nodes if node.type)
        return [self._at_scale(node, scale) for node in nodes]

    def _at_scale(self, node: Node, scale: int) -> Closure:
        assert node.type
        if node.type.kind != "number" or node.type.scale == scale:
            return self.close(node)
        factor = 10 ** (scale - node.type.scale)
        if isinstance(node, tree.Literal):
            value = int(node.value) * factor  # type: ignore[arg-type]
            return lambda row: value
        return _scaled(self.close(node), factor)

    def _fact_against_literal(self, operator: str, left: tree.Name, right: tree.Literal) -> Closure:
        assert left.type and right.type
        slot, value = self.slots[left.name], right.value
        if left.type.kind == "number":
            if right.type.scale > left.type.scale:
                return _compare(operator, *self._aligned((left, right)))
            value = int(value) * 10 ** (left.type.scale - right.type.scale)  # type: ignore[arg-type]
        return _fact_compare(operator, slot, value)

    def _call(self, node: tree.Call) -> Closure:
        arguments = node.arguments
        match node.function:
            case "min" | "max":
                return _extreme(self._aligned(arguments), min if node.function == "min" else max)
            case "divide":
                places, mode = _rounding(arguments[2:])
                return _divide(
                    self.close(arguments[0]),
                    self.close(arguments[1]),
                    places + _scale(arguments[1]) - _scale(arguments[0]),
                    mode,
                    _limit(node),
                )
            case "round":
                places, mode = _rounding(arguments[1:])
                one: Closure = lambda row: 1  # noqa: E731
                shift = places - _scale(arguments[0])
                return _divide(self.close(arguments[0]), one, shift, mode, _limit(node))
            case "round_up_to" | "round_down_to":
                up = node.function == "round_up_to"
                value, step = self._aligned(arguments)
                return _to_step(value, step, up, _limit(node))
            case "round_to":
                value, step = self._aligned(arguments[:2])
                assert isinstance(arguments[2], tree.Literal)
                return _to_nearest_step(value, step, str(arguments[2].value), _limit(node))
        return _on_days(ON_DAYS[node.function], [self.close(argument) for argument in arguments])

    def _lookup(self, node: tree.Lookup) -> Closure:
        table = self.tables[node.table]
        keys = [self.close(key) for key in node.keys]
        day = self.close(node.day) if node.day is not None else None
        if isinstance(node, tree.Listed):
            return _listed(table, [*keys, day] if day is not None else keys, day is not None)
        if day is None:
            return _undated(table.cells[0], keys, node.column)
        if len(keys) == 2:
            return _dated_two(table, keys[0], keys[1], day, node.column)
        return _dated(table, keys, day, node.column)

    def _macro(self, node: tree.Macro) -> Closure:
        items = self.close(node.items)
        if node.body is None:
            return lists.size(items)
        slot = max(self.slots.values(), default=-1) + 1
        inner = _Compiler({**self.slots, node.variable: slot}, self.tables)
        if node.macro in ("min", "max"):
            return self._extreme_of(node, items, inner, slot)
        answers = lists.of_each(inner.close(node.body), slot)
        match node.macro:
            case "exists" | "all":
                return lists.exists(items, answers, node.macro == "exists")
            case "exists_one":
                return lists.exists_one(items, answers)
            case "at_least":
                assert node.beside
                return lists.at_least(items, answers, self.close(node.beside))
            case "count":
                return lists.count(items, answers)
        return lists.total(items, answers, _limit(node))

    def _extreme_of(
        self, node: tree.Macro, items: Closure, inner: "_Compiler", slot: int
    ) -> Closure:
        assert node.body and node.type
        chosen = lists.of_each(inner.close(node.chosen), slot) if node.chosen else None
        values = lists.of_each(inner._at_scale(node.body, node.type.scale), slot)
        otherwise = self._at_scale(node.beside, node.type.scale) if node.beside else None
        return lists.extreme(items, chosen, values, otherwise, min if node.macro == "min" else max)


def rounded(numerator: int, denominator: int, mode: str) -> int:
    """Divide two ints and round away from zero (up), to zero (down), or to the nearest."""
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    whole, rest = divmod(abs(numerator), abs(denominator))
    twice = 2 * rest
    if mode == "up":
        whole += rest > 0
    elif mode == "half_up":
        whole += twice >= abs(denominator)
    elif mode == "half_even":
        whole += twice > abs(denominator) or (twice == abs(denominator) and whole % 2 == 1)
    return sign * whole


def _limit(node: Node) -> int:
    assert node.type
    return int(10 ** (WHOLE_DIGITS_MAX + node.type.scale))


def _scale(node: Node) -> int:
    return node.type.scale if node.type else 0


def _rounding(arguments: Sequence[Node]) -> tuple[int, str]:
    places, mode = arguments
    assert isinstance(places, tree.Literal) and isinstance(mode, tree.Literal)
    return int(str(places.value)), str(mode.value)


def _field(record: Closure, name: str) -> Closure:
    def field(row: Row) -> Any:
        found = record(row)
        return None if found is None else found.get(name)

    return field


def _not(operand: Closure) -> Closure:
    def negation(row: Row) -> Any:
        value = operand(row)
        return None if value is None else not value

    return negation


def _negative(operand: Closure) -> Closure:
    def negative(row: Row) -> Any:
        value = operand(row)
        return None if value is None else -value

    return negative


def _all(parts: list[Closure]) -> Closure:
    def conjunction(row: Row) -> Any:
        unknown = False
        for part in parts:
            value = part(row)
            if value is False:
                return False
            if value is None:
                unknown = True
        return None if unknown else True

    return conjunction


def _any(parts: list[Closure]) -> Closure:
    def disjunction(row: Row) -> Any:
        unknown = False
        for part in parts:
            value = part(row)
            if value is True:
                return True
            if value is None:
                unknown = True
        return None if unknown else False

    return disjunction


_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


def _compare(operator: str, left: Closure, right: Closure) -> Closure:
    if operator == "<=":  # the commonest test of all, without a second call

        def at_most(row: Row) -> Any:
            a = left(row)
            b = right(row)
            return None if a is None or b is None else a <= b

        return at_most
    return _both(left, right, _TESTS[operator])


def _fact_compare(operator: str, slot: int, value: Any) -> Closure:
    if operator == "==":

        def equals(row: Row) -> Any:
            a = row[slot]
            return None if a is None else a == value

        return equals
    if operator == "<":

        def below(row: Row) -> Any:
            a = row[slot]
            return None if a is None else a < value

        return below
    test = _TESTS[operator]

    def against(row: Row) -> Any:
        a = row[slot]
        return None if a is None else test(a, value)

    return against


def _both(left: Closure, right: Closure, function: Callable[[Any, Any], Any]) -> Closure:
    def both(row: Row) -> Any:
        a = left(row)
        b = right(row)
        return None if a is None or b is None else function(a, b)

    return both


def _one_of(item: Closure, choices: list[Closure]) -> Closure:
    def one_of(row: Row) -> Any:
        value = item(row)
        values = [choice(row) for choice in choices]
        return None if value is None or None in values else value in values

    return one_of


def _scaled(operand: Closure, factor: int) -> Closure:
    def scaled(row: Row) -> Any:
        value = operand(row)
        return None if value is None else value * factor

    return scaled


def _times(left: Closure, right: Closure, limit: int) -> Closure:
    def times(row: Row) -> Any:
        a = left(row)
        b = right(row)
        if a is None or b is None:
            return None
        product = a * b
        return product if -limit < product < limit else None

    return times


def _plus(left: Closure, right: Closure, limit: int) -> Closure:
    def plus(row: Row) -> Any:
        a = left(row)
        b = right(row)
        if a is None or b is None:
            return None
        total = a + b
        return total if -limit < total < limit else None

    return plus


def _minus(left: Closure, right: Closure, limit: int) -> Closure:
    def minus(row: Row) -> Any:
        a = left(row)
        b = right(row)
        if a is None or b is None:
            return None
        total = a - b
        return total if -limit < total < limit else None

    return minus


def _conditional(condition: Closure, yes: Closure, no: Closure) -> Closure:
    def conditional(row: Row) -> Any:
        test = condition(row)
        if test is None:
            return None
        return yes(row) if test else no(row)

    return conditional


def _extreme(parts: list[Closure], choose: Callable[..., Any]) -> Closure:
    if len(parts) == 2:
        return _both(parts[0], parts[1], choose)

    def extreme(row: Row) -> Any:
        values = [part(row) for part in parts]
        return None if None in values else choose(values)

    return extreme


def _divide(left: Closure, right: Closure, shift: int, mode: str, limit: int) -> Closure:
    over, under = 10 ** max(shift, 0), 10 ** max(-shift, 0)

    def divide(row: Row) -> Any:
        a = left(row)
        b = right(row)
        if a is None or not b:
            return None
        numerator, denominator = a * over, b * under
        if abs(numerator) >= WORKING_LIMIT or abs(denominator) >= WORKING_LIMIT:
            return None
        value = rounded(numerator, denominator, mode)
        return value if -limit < value < limit else None

    return divide


def _to_step(operand: Closure, step: Closure, up: bool, limit: int) -> Closure:
    def to_step(row: Row) -> Any:
        value = operand(row)
        size = step(row)
        if value is None or not size or size < 0:
            return None
        stepped = -(-value // size) * size if up else value // size * size
        return stepped if -limit < stepped < limit else None

    return to_step


def _to_nearest_step(operand: Closure, step: Closure, mode: str, limit: int) -> Closure:
    def to_step(row: Row) -> Any:
        value = operand(row)
        size = step(row)
        if value is None or not size or size < 0:
            return None
        stepped = rounded(value, size, mode) * size
        return stepped if -limit < stepped < limit else None

    return to_step


def _on_days(function: Callable[..., Any], parts: list[Closure]) -> Closure:
    if len(parts) == 2:
        return _both(parts[0], parts[1], function)

    def on_days(row: Row) -> Any:
        values = [part(row) for part in parts]
        return None if None in values else function(*values)

    return on_days


def _undated(cells: Mapping[Any, Mapping[str, Any]], keys: list[Closure], column: str) -> Closure:
    def lookup(row: Row) -> Any:
        found = cells.get(tuple([key(row) for key in keys]))
        return None if found is None else found[column]

    return lookup


def _listed(table: TableData, keys: list[Closure], dated: bool) -> Closure:
    """Whether there is such a row: unknown only when a key or the day is."""

    def listed(row: Row) -> Any:
        values = [key(row) for key in keys]
        if None in values:
            return None
        version = bisect_right(table.starts, values.pop()) if dated else 1
        return version > 0 and tuple(values) in table.cells[version - 1]

    return listed


def _dated_two(
    table: TableData, first: Closure, second: Closure, day: Closure, column: str
) -> Closure:
    starts, cells = table.starts, table.cells

    def lookup(row: Row) -> Any:
        when = day(row)
        if when is None:
            return None
        version = bisect_right(starts, when)
        if not version:
            return None
        found = cells[version - 1].get((first(row), second(row)))
        return None if found is None else found[column]

    return lookup


def _dated(table: TableData, keys: list[Closure], day: Closure, column: str) -> Closure:
    starts, cells = table.starts, table.cells

    def lookup(row: Row) -> Any:
        when = day(row)
        version = 0 if when is None else bisect_right(starts, when)
        if not version:
            return None
        found = cells[version - 1].get(tuple([key(row) for key in keys]))
        return None if found is None else found[column]

    return lookup


__all__ = ["Closure", "Items", "Row", "TableData", "compile_one"]
