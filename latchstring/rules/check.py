"""Type-check a tree against the facts and tables there are. A misspelt fact is an error here, when
a program is published, and never when a family applies."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from latchstring.rules import tree
from latchstring.rules.errors import RuleError, TypeWrong, UnknownName, did_you_mean
from latchstring.rules.parse import parse
from latchstring.rules.tree import BOOL, DATE, DECIMALS_MAX, TEXT, WHOLE, Node, Type, number

ROUNDING_MODES = ("up", "down", "half_up", "half_even")
FUNCTIONS = {
    "min": "min(a, b, ...)",
    "max": "max(a, b, ...)",
    "divide": 'divide(a, b, places, "half_up")',
    "round": 'round(x, places, "half_up")',
    "round_up_to": "round_up_to(x, step)",
    "round_down_to": "round_down_to(x, step)",
    "date": 'date("2024-05-01")',
    "days_between": "days_between(earlier, later)",
    "years_between": "years_between(birth_date, day)",
}


@dataclass(frozen=True)
class TableShape:
    """What a rule may ask of a table: its keys in order, its columns, whether it is dated."""

    keys: tuple[tuple[str, Type], ...]
    columns: Mapping[str, Type]
    dated: bool = True


@dataclass(frozen=True)
class Vocabulary:
    """Every name a rule may use."""

    facts: Mapping[str, Type]
    tables: Mapping[str, TableShape] = field(default_factory=dict)


def compile_text(text: str, vocabulary: Vocabulary) -> Node:
    """Parse and check a rule; RuleError (with place and text) says what is wrong."""
    node = parse(text)
    try:
        return _Checker(vocabulary, {}).check(node)
    except RuleError as wrong:
        wrong.text = text
        raise


def aligned(left: Type, right: Type) -> Type:
    """Return the number type that both numbers fit in."""
    return left if left.scale >= right.scale else right


class _Checker:
    def __init__(self, vocabulary: Vocabulary, variables: dict[str, Type]) -> None:
        self.vocabulary = vocabulary
        self.variables = variables

    def check(self, node: Node) -> Node:
        match node:
            case tree.Literal():
                return node
            case tree.Name():
                return self._name(node)
            case tree.Field():
                return self._field(node)
            case tree.Not():
                operand = self._wanted(node.operand, "bool", "after !")
                return replace(node, type=BOOL, operand=operand)
            case tree.Negative():
                operand = self._wanted(node.operand, "number", "after -")
                return replace(node, type=operand.type, operand=operand)
            case tree.All() | tree.Any():
                word = "&&" if isinstance(node, tree.All) else "||"
                parts = tuple(self._wanted(part, "bool", f"beside {word}") for part in node.parts)
                return replace(node, type=BOOL, parts=parts)
            case tree.Compare():
                return self._compare(node)
            case tree.OneOf():
                return self._one_of(node)
            case tree.Arithmetic():
                return self._arithmetic(node)
            case tree.Conditional():
                return self._conditional(node)
            case tree.Call():
                return self._call(node)
            case tree.Lookup():
                return self._lookup(node)
            case tree.Macro():
                return self._macro(node)
        raise TypeWrong("This part of CEL is not used in rules here.", node.at)

    def _wanted(self, node: Node, kind: str, place: str) -> Node:
        found = self.check(node)
        if _kind(found) != kind:
            want = Type(kind).words() if kind != "number" else "a number"
            raise TypeWrong(f"There must be {want} {place}, not {_words(found)}.", found.at)
        return found

    def _name(self, node: tree.Name) -> Node:
        known = self.variables.get(node.name) or self.vocabulary.facts.get(node.name)
        if known is None:
            names = [*self.variables, *self.vocabulary.facts]
            hint = did_you_mean(node.name, names)
            raise UnknownName(f"There is no fact {node.name}.{hint}", node.at)
        return replace(node, type=known)

    def _field(self, node: tree.Field) -> Node:
        record = self.check(node.record)
        fields = record.type.fields if record.type and record.type.fields else {}
        if _kind(record) != "record" or node.name not in fields:
            hint = did_you_mean(node.name, list(fields))
            raise UnknownName(f"There is no field {node.name} here.{hint}", node.at)
        return replace(node, type=fields[node.name], record=record)

    def _compare(self, node: tree.Compare) -> Node:
        left, right = self.check(node.left), self.check(node.right)
        if _kind(left) != _kind(right):
            message = f"{_words(left)} cannot be compared with {_words(right)}."
            raise TypeWrong(message[0].upper() + message[1:], node.at)
        if _kind(left) in ("list", "record"):
            raise TypeWrong("Lists cannot be compared; use exists, all or count.", node.at)
        if node.operator not in ("==", "!=") and _kind(left) in ("bool", "text"):
            raise TypeWrong(f"{_words(left).capitalize()} has no order: use == or !=.", node.at)
        return replace(node, type=BOOL, left=left, right=right)

    def _one_of(self, node: tree.OneOf) -> Node:
        item = self.check(node.item)
        choices = tuple(self.check(choice) for choice in node.choices)
        for choice in choices:
            if _kind(choice) != _kind(item) or _kind(item) in ("list", "record"):
                message = f"{_words(choice).capitalize()} is never equal to {_words(item)}."
                raise TypeWrong(message, choice.at)
        return replace(node, type=BOOL, item=item, choices=choices)

    def _arithmetic(self, node: tree.Arithmetic) -> Node:
        if node.operator in "/%":
            written = ", ".join(_source(part) for part in (node.left, node.right))
            message = (
                f"{node.operator} is not used: it would lose cents. Write "
                f'divide({written}, 2, "half_up"): the places and the rounding are yours.'
            )
            raise TypeWrong(message, node.at)
        left = self._wanted(node.left, "number", f"before {node.operator}")
        right = self._wanted(node.right, "number", f"after {node.operator}")
        assert left.type and right.type
        if node.operator == "*":
            scale = left.type.scale + right.type.scale
            if scale > DECIMALS_MAX:
                message = f"This product has {scale} decimals; round a part of it to fewer first."
                raise TypeWrong(message, node.at)
            return replace(node, type=number(scale), left=left, right=right)
        return replace(node, type=aligned(left.type, right.type), left=left, right=right)

    def _conditional(self, node: tree.Conditional) -> Node:
        condition = self._wanted(node.condition, "bool", "before ?")
        yes, no = self.check(node.yes), self.check(node.no)
        if _kind(yes) != _kind(no):
            message = f"One branch is {_words(yes)}, the other {_words(no)}: make them alike."
            raise TypeWrong(message, node.at)
        assert yes.type and no.type
        kind = aligned(yes.type, no.type) if _kind(yes) == "number" else yes.type
        return replace(node, type=kind, condition=condition, yes=yes, no=no)

    def _call(self, node: tree.Call) -> Node:
        if node.function not in FUNCTIONS:
            known = [*FUNCTIONS, "lookup"]
            hint = did_you_mean(node.function, known) or f" There are: {', '.join(known)}."
            raise UnknownName(f"There is no function {node.function}.{hint}", node.at)
        arguments = tuple(self.check(argument) for argument in node.arguments)
        kinds = [_kind(argument) for argument in arguments]
        usage = TypeWrong(f"Write {FUNCTIONS[node.function]}.", node.at)
        match node.function:
            case "min" | "max":
                if len(arguments) < 2 or len(set(kinds)) != 1 or kinds[0] not in _ORDERED:
                    raise usage
                kind = arguments[0].type
                for argument in arguments[1:]:
                    assert kind and argument.type
                    kind = aligned(kind, argument.type)
            case "divide" | "round":
                numbers = 2 if node.function == "divide" else 1
                if kinds != ["number"] * (numbers + 1) + ["text"]:
                    raise usage
                kind = number(self._rounding(arguments[numbers:]))
            case "round_up_to" | "round_down_to":
                if kinds != ["number", "number"]:
                    raise usage
                assert arguments[0].type and arguments[1].type
                kind = aligned(arguments[0].type, arguments[1].type)
            case "date":
                return self._date(node, arguments, usage)
            case _:
                if kinds != ["date", "date"]:
                    raise usage
                kind = WHOLE
        return replace(node, type=kind, arguments=arguments)

    def _rounding(self, arguments: tuple[Node, ...]) -> int:
        places, mode = arguments
        if not (isinstance(places, tree.Literal) and 0 <= int(str(places.value)) <= DECIMALS_MAX):
            message = f"The places are a written number from 0 to {DECIMALS_MAX}."
            raise TypeWrong(message, places.at)
        if places.type != WHOLE:
            raise TypeWrong("The places are a whole number.", places.at)
        if not (isinstance(mode, tree.Literal) and mode.value in ROUNDING_MODES):
            raise TypeWrong(f"The rounding is one of: {', '.join(ROUNDING_MODES)}.", mode.at)
        return int(str(places.value))

    def _date(self, node: tree.Call, arguments: tuple[Node, ...], usage: TypeWrong) -> Node:
        if len(arguments) != 1 or not isinstance(arguments[0], tree.Literal):
            raise usage
        try:
            day = date.fromisoformat(str(arguments[0].value))
        except ValueError:
            raise usage from None
        return tree.Literal(node.at, DATE, day)

    def _lookup(self, node: tree.Lookup) -> Node:
        shape = self.vocabulary.tables.get(node.table)
        if shape is None:
            hint = did_you_mean(node.table, list(self.vocabulary.tables))
            raise UnknownName(f"There is no table {node.table}.{hint}", node.at)
        if node.column not in shape.columns:
            hint = did_you_mean(node.column, list(shape.columns))
            message = f"The table {node.table} has no column {node.column}.{hint}"
            raise UnknownName(message, node.at)
        wanted = [*shape.keys, *([("day", DATE)] if shape.dated else [])]
        names = ", ".join(name for name, _ in wanted)
        if len(node.keys) != len(wanted):
            raise TypeWrong(f"The table {node.table} is asked by: {names}.", node.at)
        found = [self.check(key) for key in node.keys]
        for key, (name, kind) in zip(found, wanted, strict=True):
            if key.type != kind:
                raise TypeWrong(f"{name} is {kind.words()}, not {_words(key)}.", key.at)
        keys, day = (found[:-1], found[-1]) if shape.dated else (found, None)
        kind = shape.columns[node.column]
        return replace(node, type=kind, keys=tuple(keys), day=day)

    def _macro(self, node: tree.Macro) -> Node:
        items = self.check(node.items)
        if _kind(items) != "list" or items.type is None:
            raise TypeWrong(f".{node.macro} works on a list, not on {_words(items)}.", node.at)
        if node.body is None:
            return replace(node, type=WHOLE, items=items)
        record = Type("record", fields=items.type.fields)
        inner = _Checker(self.vocabulary, {**self.variables, node.variable: record})
        body = inner.check(node.body)
        if node.macro in ("exists", "all", "filter", "count") and _kind(body) != "bool":
            raise TypeWrong(f".{node.macro} needs something true or false.", body.at)
        if node.macro == "sum" and _kind(body) != "number":
            raise TypeWrong(".sum needs a number.", body.at)
        if node.macro == "map":
            raise TypeWrong("map alone is not used: write list.sum(x, number about x).", node.at)
        kinds = {"exists": BOOL, "all": BOOL, "count": WHOLE, "sum": body.type}
        return replace(node, type=kinds.get(node.macro, items.type), items=items, body=body)


_ORDERED = ("number", "date")


def _kind(node: Node) -> str:
    return node.type.kind if node.type else ""


def _words(node: Node) -> str:
    return node.type.words() if node.type else "nothing"


def _source(node: Node) -> str:
    if isinstance(node, tree.Name):
        return node.name
    whole = isinstance(node, tree.Literal) and node.type == WHOLE
    return str(node.value) if whole and isinstance(node, tree.Literal) else "..."


__all__ = ["BOOL", "DATE", "TEXT", "WHOLE", "TableShape", "Vocabulary", "compile_text"]
