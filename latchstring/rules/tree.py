"""The tree of a rule: small, immutable, typed by the checker, read by all three uses.

A number is an exact integer together with a *scale* that is known before any rule runs: 12.50 is
1250 at scale 2. So no use ever rounds by accident, and all of them agree to the digit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date

DECIMALS_MAX = 6
WHOLE_DIGITS_MAX = 32  # decimal(38,6): 32 digits before the point, 6 behind it
LIST_AT_MOST = 40  # records, where a list does not say how many it may have
WORKING_LIMIT = 10**38  # a division whose working numbers pass this is unknown


@dataclass(frozen=True, slots=True)
class Type:
    """What a part of a rule is: bool, number (with its scale), text, date, list or record."""

    kind: str
    scale: int = 0
    fields: "Mapping[str, Type] | None" = field(default=None, compare=False)
    at_most: int = field(default=LIST_AT_MOST, compare=False)

    def words(self) -> str:
        """Name the type the way a program manager would."""
        if self.kind == "number":
            return "a whole number" if self.scale == 0 else "a number"
        names = {"bool": "true or false", "text": "a text", "date": "a date"}
        return names.get(self.kind, f"a {self.kind}")


BOOL = Type("bool")
TEXT = Type("text")
DATE = Type("date")
WHOLE = Type("number", 0)
MONEY = Type("number", 2)


def number(scale: int) -> Type:
    """Return the type of a number with that many decimals."""
    return Type("number", scale)


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a rule: where it stands in the text, and its type once checked."""

    at: tuple[int, int]
    type: Type | None


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A value written in the rule. Numbers as unscaled integers, see `type.scale`."""

    value: bool | int | str | date


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A fact, a derived fact, or the variable of a list macro."""

    name: str


@dataclass(frozen=True, slots=True)
class Field(Node):
    """One field of a record: `member.age`."""

    record: Node
    name: str


@dataclass(frozen=True, slots=True)
class Not(Node):
    """`!x`"""

    operand: Node


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """`-x`"""

    operand: Node


@dataclass(frozen=True, slots=True)
class All(Node):
    """`a && b && c`"""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any(Node):
    """`a || b || c`"""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """`a <= b` and the other five."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class OneOf(Node):
    """`x in [a, b]`"""

    item: Node
    choices: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`a + b`, `a - b`, `a * b`"""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Conditional(Node):
    """`condition ? yes : no`"""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function of the language with its arguments."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Lookup(Node):
    """`lookup("table", "column", key, ..., day)`: one cell of a dated table."""

    table: str
    column: str
    keys: tuple[Node, ...]
    day: Node | None


@dataclass(frozen=True, slots=True)
class Macro(Node):
    """`list.exists(x, rule)` and its kin, over a list of records.

    `beside` stands outside of `x`: how many of `at_least`, what `min` and `max` of nobody are.
    `chosen` is what the records of a `min` or `max` are filtered by. Once checked, no tree has the
    stages `filter` and `map`: they became part of `chosen` and `body`.
    """

    macro: str
    items: Node
    variable: str
    body: Node | None
    beside: Node | None = None
    chosen: Node | None = None

    @property
    def items_plain(self) -> bool:
        """Say whether the list stands there by itself, not filtered or mapped."""
        return not isinstance(self.items, Macro)


@dataclass(frozen=True, slots=True)
class Listed(Lookup):
    """`listed("table", key, ..., day)`: is there such a row? It has no column."""


def children(node: Node) -> tuple[Node, ...]:
    """Return the parts of a node in the order in which they are written."""
    match node:
        case Field(record=record):
            return (record,)
        case Not(operand=operand) | Negative(operand=operand):
            return (operand,)
        case All(parts=parts) | Any(parts=parts):
            return parts
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            return (left, right)
        case OneOf(item=item, choices=choices):
            return (item, *choices)
        case Conditional(condition=condition, yes=yes, no=no):
            return (condition, yes, no)
        case Call(arguments=arguments):
            return arguments
        case Lookup(keys=keys, day=day):
            return (*keys, day) if day is not None else keys
        case Macro():
            written = (node.items, node.beside, node.chosen, node.body)
            return tuple(part for part in written if part is not None)
    return ()


def with_value(node: Node, name: str, value: Node) -> Node:
    """Return the tree with another tree in the place of a variable."""
    if isinstance(node, Name):
        return value if node.name == name else node
    changed: dict[str, object] = {}
    for part in fields(node):
        given = getattr(node, part.name)
        if isinstance(given, Node):
            changed[part.name] = with_value(given, name, value)
        elif isinstance(given, tuple) and given and isinstance(given[0], Node):
            changed[part.name] = tuple(with_value(child, name, value) for child in given)
    return replace(node, **changed) if changed else node  # type: ignore[arg-type]


def names(node: Node) -> list[str]:
    """Return every fact that the tree reads, each once, in the order of reading."""
    found: dict[str, None] = {}

    def walk(part: Node, bound: frozenset[str]) -> None:
        if isinstance(part, Name) and part.name not in bound:
            found[part.name] = None
        if isinstance(part, Macro):
            inside = bound | {part.variable}
            for outer in (part.items, part.beside):
                if outer is not None:
                    walk(outer, bound)
            for inner in (part.chosen, part.body):
                if inner is not None:
                    walk(inner, inside)
            return
        for child in children(part):
            walk(child, bound)

    walk(node, frozenset())
    return list(found)
