"""A program's rules for one household as one Python function, written from their checked trees.

`one` is a closure for each part of a rule; here the parts become lines of Python, compiled once for
a program version (docs/decisions/0010-rules-written-as-python.md). Nothing that a person wrote
stands in those lines: they hold numbers, names made here, and this module's own words; facts are
places in the row, and every text, date and table is handed over as a value beside them. The values
and their meaning are those of `one`, None is *unknown*, and nothing raises.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from latchstring.rules import tree
from latchstring.rules.one import Row, TableData, compile_one
from latchstring.rules.tree import WHOLE_DIGITS_MAX, Node, Type

Determine = Callable[[Row], tuple[list[bool | None], bool | None]]
Operands = Callable[[Row], tuple[dict[str, Any], ...]]
SIGNS = ("<", "<=", ">", ">=", "==", "!=")


@dataclass(frozen=True, slots=True)
class Atom:
    """What a part came to: a name or a written value, and whether it can be unknown."""

    text: str
    open: bool = True


def write_determination(
    derived: Sequence[tuple[str, Node]],
    tests: Sequence[Node],
    last: Node | None,
    slots: Mapping[str, int],
    tables: Mapping[str, TableData],
) -> Determine:
    """Return a function that fills a row's derived facts and gives the tests' results and `last`'s.

    `derived` stands in the order in which the facts need each other.
    """
    writer = _Writer(slots, tables)
    for name, node in derived:
        writer.define(name, node)
    results = ", ".join(writer.write(test).text for test in tests)
    end = writer.write(last).text if last is not None else "None"
    return writer.function(f"return [{results}], {end}")


def write_operands(
    tests: Sequence[Sequence[str]],
    slots: Mapping[str, int],
    kinds: Mapping[str, Type],
    shown: Callable[[int, int], Any],
) -> Operands:
    """Return a function from a row to each test's facts by name, a number with decimals `shown`.

    `shown` takes the unscaled number and its scale. Each fact is made ready once, however many
    tests name it.
    """
    writer = _Writer(slots, {})
    show = writer.given(shown)
    names: dict[str, str] = {}
    for name in dict.fromkeys(name for test in tests for name in test):
        value = writer.fact(name)
        if kinds[name].kind == "number" and kinds[name].scale:
            value = writer.keep(f"{show}({value.text}, {kinds[name].scale})", [value])
        names[name] = f"{writer.given(name)}: {value.text}"
    found = ["{" + ", ".join(names[name] for name in test) + "}, " for test in tests]
    return writer.function(f"return ({''.join(found)})")


class _Writer:
    def __init__(self, slots: Mapping[str, int], tables: Mapping[str, TableData]) -> None:
        self.slots, self.tables = slots, tables
        self.loads: dict[str, Atom] = {}
        self.defined: dict[str, Atom] = {}
        self.lines: list[str] = []
        self.indent = 1
        self.namespace: dict[str, Any] = {"bisect": bisect_right}
        self.cells: dict[tuple[str, str], str] = {}
        self.count = 0

    def function(self, end: str) -> Callable[[Row], Any]:
        """Compile what was written so far into a function of a row."""
        loads = [f"    {atom.text} = row[{self.slots[key]}]" for key, atom in self.loads.items()]
        text = "\n".join(["def written(row):", *loads, *self.lines, f"    {end}"])
        exec(compile(text, "<rules>", "exec"), self.namespace)  # noqa: S102 (our own lines, see top)
        made: Callable[[Row], Any] = self.namespace["written"]
        return made

    def define(self, name: str, node: Node) -> None:
        """Work a derived fact out and put it into its place in the row."""
        atom = self.write(node)
        slot = self.slots[name]
        self._line(f"f{slot} = row[{slot}] = {atom.text}")
        self.defined[name] = Atom(f"f{slot}", atom.open)

    def fact(self, name: str) -> Atom:
        """Return what a fact is called, raw or derived."""
        if name in self.defined:
            return self.defined[name]
        return self.loads.setdefault(name, Atom(f"f{self.slots[name]}"))

    def given(self, value: Any) -> str:
        """Hand a value over beside the lines, and return the name it has in them."""
        name = f"g{len(self.namespace)}"
        self.namespace[name] = value
        return name

    def keep(self, text: str, parts: Sequence[Atom], node: Node | None = None) -> Atom:
        """Write a value that is unknown when a part is, or when it passes the limit of a number."""
        tests = [f"{part} is None" for part in dict.fromkeys(p.text for p in parts if p.open)]
        if node is not None:
            limit = 10 ** (WHOLE_DIGITS_MAX + _scale(node))
            tests.append(f"not -{limit} < (x := {text}) < {limit}")
            text = "x"
        return self._kept(
            f"None if {' or '.join(tests)} else {text}" if tests else text, bool(tests)
        )

    def _kept(self, text: str, open: bool = True) -> Atom:
        self.count += 1
        self._line(f"v{self.count} = {text}")
        return Atom(f"v{self.count}", open)

    def _line(self, text: str) -> None:
        self.lines.append("    " * self.indent + text)

    def write(self, node: Node) -> Atom:
        """Write the lines that work a part out, and return what it came to."""
        match node:
            case tree.Literal(value=value):
                plain = isinstance(value, bool | int)
                return Atom(f"({value})" if plain else self.given(value), open=False)
            case tree.Name(name=name):
                return self.fact(name)
            case tree.Not(operand=operand):
                part = self.write(operand)
                return self.keep(f"not {part.text}", [part])
            case tree.Negative(operand=operand):
                part = self.write(operand)
                return self.keep(f"-{part.text}", [part])
            case tree.All(parts=parts):
                return self._decided([self.write(part) for part in parts], "False", "True")
            case tree.Any(parts=parts):
                return self._decided([self.write(part) for part in parts], "True", "False")
            case tree.Compare(operator=operator, left=left, right=right) if operator in SIGNS:
                a, b = self._aligned((left, right))
                return self.keep(f"{a.text} {operator} {b.text}", [a, b])
            case tree.Arithmetic(operator=operator, left=left, right=right) if operator in "+-*":
                pair = (left, right)
                a, b = map(self.write, pair) if operator == "*" else self._aligned(pair)
                return self.keep(f"{a.text} {operator} {b.text}", [a, b], node)
            case tree.Conditional():
                return self._conditional(node)
            case tree.Call(function="min" | "max" as function, arguments=arguments):
                atoms = self._aligned(arguments)
                return self.keep(f"{function}({', '.join(a.text for a in atoms)})", atoms)
            case tree.Lookup(day=tree.Node()) if not isinstance(node, tree.Listed):
                return self._lookup(node)
        return self._closed(node)

    def _closed(self, node: Node) -> Atom:
        """Leave a rarer part to its closure, which reads the row."""
        close = compile_one(node, self.slots, self.tables)
        return self._kept(f"{self.given(close)}(row)")

    def _aligned(self, nodes: Sequence[Node]) -> list[Atom]:
        """Write numbers so that all stand at one scale; other types are left as they are."""
        scale = max(_scale(node) for node in nodes)
        return [self._at_scale(node, scale) for node in nodes]

    def _at_scale(self, node: Node, scale: int) -> Atom:
        atom = self.write(node)
        if node.type is None or node.type.kind != "number" or node.type.scale == scale:
            return atom
        factor = 10 ** (scale - node.type.scale)
        return self.keep(f"{atom.text} * {factor}", [atom])

    def _decided(self, parts: Sequence[Atom], deciding: str, otherwise: str) -> Atom:
        """One deciding part decides, whatever else is unknown."""
        decided = " or ".join(f"{part.text} is {deciding}" for part in parts)
        unknown = [f"{part.text} is None" for part in parts if part.open]
        rest = f"None if {' or '.join(unknown)} else {otherwise}" if unknown else otherwise
        return self._kept(f"{deciding} if {decided} else {rest}", bool(unknown))

    def _conditional(self, node: tree.Conditional) -> Atom:
        """The branch not taken is not looked at."""
        condition = self.write(node.condition)
        self.count += 1
        name = f"v{self.count}"
        scale = max(_scale(node.yes), _scale(node.no))
        heads = (f"if {condition.text} is True:", f"elif {condition.text} is False:")
        for head, branch in zip(heads, (node.yes, node.no), strict=True):
            self._line(head)
            self.indent += 1
            self._line(f"{name} = {self._at_scale(branch, scale).text}")
            self.indent -= 1
        self._line("else:")
        self._line(f"    {name} = None")
        return Atom(name)

    def _lookup(self, node: tree.Lookup) -> Atom:
        """A dated cell: the version in force on the day, then the cell by its keys."""
        assert node.day is not None
        data = self.tables[node.table]
        asked = (node.table, node.column)
        if asked not in self.cells:
            column = [{key: row[node.column] for key, row in cells.items()} for cells in data.cells]
            self.cells[asked] = self.given([{}, *column])
        day = self.write(node.day)
        keys = [self.write(key) for key in node.keys]
        key = "(" + "".join(f"{atom.text}, " for atom in keys) + ")"
        version = f"{self.cells[asked]}[bisect({self.given(data.starts)}, {day.text})]"
        return Atom(self.keep(f"{version}.get({key})", [day]).text)


def _scale(node: Node) -> int:
    return node.type.scale if node.type else 0
