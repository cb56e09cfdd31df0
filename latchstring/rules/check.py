"""Type-check a tree against the facts and tables there are. A misspelt fact is an error here, when
a program is published, and never when a family applies."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from latchstring.rules import tree
from latchstring.rules.check_lists import checked_macro, example_field, limited, plural
from latchstring.rules.errors import RuleError, TypeWrong, UnknownName, did_you_mean
from latchstring.rules.parse import MACROS, parse
from latchstring.rules.signatures import (
    FUNCTIONS,
    NOT_HERE,
    ON_DAYS,
    ROUNDING_MODES,
    WHOLE_WANTED,
)
from latchstring.rules.tree import BOOL, DATE, DECIMALS_MAX, TEXT, WHOLE, Node, Type, number

DAY_TEXT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


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
        checked = _Checker(vocabulary, {}, text).value(node)
        limited(checked)
        return checked
    except RuleError as wrong:
        wrong.text = text
        raise


def aligned(left: Type, right: Type) -> Type:
    """Return the number type that both numbers fit in."""
    return left if left.scale >= right.scale else right


class _Checker:
    def __init__(self, vocabulary: Vocabulary, variables: Mapping[str, Type], text: str) -> None:
        self.vocabulary = vocabulary
        self.variables = variables
        self.text = text
        self.compared: tree.Compare | None = None

    def within(self, variable: str, kind: Type, at: tuple[int, int]) -> "_Checker":
        """Return a checker that knows one of a list by its name."""
        if variable in self.variables:
            message = f"{variable} is taken by the outer list: choose another name."
            raise TypeWrong(message, at)
        if variable in self.vocabulary.facts:
            message = f"{variable} is a fact already: choose another name for one of the list."
            raise TypeWrong(message, at)
        return _Checker(self.vocabulary, {**self.variables, variable: kind}, self.text)

    def value(self, node: Node) -> Node:
        """Check a part that must have a value of its own: no list, no record."""
        return self._with_value(self.check(node))

    def _with_value(self, found: Node) -> Node:
        written = self._written(found)
        if found.type and found.type.kind == "record":
            example = example_field(written, found.type)
            message = f"{written} is a record and has no value of its own: name a field{example}."
            raise TypeWrong(message, found.at)
        if found.type and found.type.kind == "list":
            message = f"{written} is a list: ask something of it, such as {written}.size()."
            raise TypeWrong(message, found.at)
        return found

    def _written(self, node: Node) -> str:
        """Return the part as it stands in the text."""
        return self.text[slice(*node.at)]

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
                return checked_macro(node, self)
        raise TypeWrong("This part of CEL is not used in rules here.", node.at)

    def _wanted(self, node: Node, kind: str, place: str) -> Node:
        return _of_kind(self.value(node), kind, place)

    def _name(self, node: tree.Name) -> Node:
        known = self.variables.get(node.name) or self.vocabulary.facts.get(node.name)
        if known is None:
            names = [*self.variables, *self.vocabulary.facts]
            hint = did_you_mean(node.name, names)
            raise UnknownName(f"There is no fact {node.name}.{hint}", node.at)
        return replace(node, type=known)

    def _field(self, node: tree.Field) -> Node:
        compared, self.compared = self.compared, None
        known = (*self.variables, *self.vocabulary.facts)
        if isinstance(node.record, tree.Name) and node.record.name not in known:
            name = node.record.name
            inside = f" ({name} is only known inside the parentheses of a list rule.)"
            hint = did_you_mean(name, list(known)) or inside
            raise UnknownName(f"There is no fact {name}.{hint}", node.record.at)
        record = self.check(node.record)
        kind = record.type
        fields = kind.fields if kind and kind.kind == "record" and kind.fields else {}
        if node.name not in fields:
            raise UnknownName(self._no_field(node, record, compared), node.at)
        return replace(node, type=fields[node.name], record=record)

    def _no_field(self, node: tree.Field, record: Node, compared: tree.Compare | None) -> str:
        """Say why there is no such field, and what to write."""
        written, kind = self._written(record), record.type
        if kind and kind.kind == "list":
            if node.name in MACROS:
                example = "()" if node.name == "size" else "(...)"
                return f"Write {written}.{node.name}{example}."
            one = written[:1] if written[:1] not in self.vocabulary.facts else "x"
            rest = self.text[node.at[1] : compared.at[1]] if compared is not None else ""
            asked = f"{written}.exists({one}, {one}.{node.name}{rest})"
            return f"{written} is a list: say which, such as {asked}."
        if kind and kind.kind != "record" and isinstance(record, tree.Name):
            only = f"After map there are only {plural(kind)}: " if written in self.variables else ""
            return f"{only}{written} has no field {node.name}."
        listed = self.vocabulary.facts.get(node.name)
        for name, field_kind in (listed.fields or {}).items() if listed else ():
            if field_kind.kind == "record" and "id" in (field_kind.fields or {}):
                one = node.name[:1]
                asked = f"{node.name}.exists({one}, {one}.{name}.id == {written}.id && ...)"
                return f"There is no field {node.name} here. Write {asked}."
        hint = did_you_mean(node.name, list((kind.fields if kind else None) or {}))
        return f"There is no field {node.name} here.{hint}"

    def _compare(self, node: tree.Compare) -> Node:
        self.compared = node if isinstance(node.left, tree.Field) else None
        left, self.compared = self.check(node.left), None
        right = self.check(node.right)
        if "list" in (_kind(left), _kind(right)):
            raise TypeWrong("Lists cannot be compared; use exists, all or count.", node.at)
        left, right = self._with_value(left), self._with_value(right)
        if _kind(left) != _kind(right):
            message = f"{_words(left)} cannot be compared with {_words(right)}."
            raise TypeWrong(message[0].upper() + message[1:], node.at)
        if node.operator not in ("==", "!=") and _kind(left) in ("bool", "text"):
            raise TypeWrong(f"{_words(left).capitalize()} has no order: use == or !=.", node.at)
        return replace(node, type=BOOL, left=left, right=right)

    def _one_of(self, node: tree.OneOf) -> Node:
        item = self.value(node.item)
        choices = tuple(self.value(choice) for choice in node.choices)
        for choice in choices:
            if _kind(choice) != _kind(item):
                message = f"{_words(choice).capitalize()} is never equal to {_words(item)}."
                raise TypeWrong(message, choice.at)
        return replace(node, type=BOOL, item=item, choices=choices)

    def _arithmetic(self, node: tree.Arithmetic) -> Node:
        if node.operator in "/%":
            written = ", ".join(self._written(part) for part in (node.left, node.right))
            message = (
                f"{node.operator} is not used: it would lose cents. Write "
                f'divide({written}, 2, "half_up"): the places and the rounding are yours.'
            )
            raise TypeWrong(message, node.at)
        left, right = self.value(node.left), self.value(node.right)
        self._no_days(node, left, right)
        left = _of_kind(left, "number", f"before {node.operator}")
        right = _of_kind(right, "number", f"after {node.operator}")
        assert left.type and right.type
        if node.operator == "*":
            scale = left.type.scale + right.type.scale
            if scale > DECIMALS_MAX:
                message = f"This product has {scale} decimals; round a part of it to fewer first."
                raise TypeWrong(message, node.at)
            return replace(node, type=number(scale), left=left, right=right)
        return replace(node, type=aligned(left.type, right.type), left=left, right=right)

    def _no_days(self, node: tree.Arithmetic, left: Node, right: Node) -> None:
        """Refuse sums of days, and say which function counts them."""
        first, second = self._written(left), self._written(right)
        kinds = (_kind(left), _kind(right))
        if kinds == ("date", "date") and node.operator == "-":
            message = (
                f"Days are not subtracted: write days_between({second}, {first}) "
                f"or age({second}, {first})."
            )
            raise TypeWrong(message, node.at)
        if kinds == ("date", "number") and node.operator in "+-":
            plain = isinstance(right, tree.Literal | tree.Name)
            minus = "" if node.operator == "+" else "-" if plain else "-("
            closed = ")" if minus == "-(" else ""
            raise TypeWrong(f"Write add_days({first}, {minus}{second}{closed}).", node.at)
        if kinds == ("number", "date") and node.operator == "+":
            raise TypeWrong(f"Write add_days({second}, {first}).", node.at)

    def _conditional(self, node: tree.Conditional) -> Node:
        condition = self._wanted(node.condition, "bool", "before ?")
        yes, no = self.value(node.yes), self.value(node.no)
        if _kind(yes) != _kind(no):
            message = f"One branch is {_words(yes)}, the other {_words(no)}: make them alike."
            raise TypeWrong(message, node.at)
        assert yes.type and no.type
        kind = aligned(yes.type, no.type) if _kind(yes) == "number" else yes.type
        return replace(node, type=kind, condition=condition, yes=yes, no=no)

    def _call(self, node: tree.Call) -> Node:
        if node.function in NOT_HERE:
            raise UnknownName(NOT_HERE[node.function], node.at)
        if node.function not in FUNCTIONS:
            known = [*FUNCTIONS, "lookup", "listed"]
            hint = did_you_mean(node.function, known) or f" There are: {', '.join(known)}."
            raise UnknownName(f"There is no function {node.function}.{hint}", node.at)
        arguments = tuple(self.value(argument) for argument in node.arguments)
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
            case "round_to":
                if kinds != ["number", "number", "text"]:
                    raise usage
                self._mode(arguments[2])
                assert arguments[0].type and arguments[1].type
                kind = aligned(arguments[0].type, arguments[1].type)
            case "date" if kinds == ["text"]:
                return self._written_day(node, arguments[0], usage)
            case _:
                wanted, kind = ON_DAYS[node.function]
                if tuple(kinds) != wanted:
                    raise usage
                for argument in arguments:
                    if _kind(argument) == "number" and argument.type != WHOLE:
                        raise TypeWrong(WHOLE_WANTED[node.function], argument.at)
        return replace(node, type=kind, arguments=arguments)

    def _rounding(self, arguments: tuple[Node, ...]) -> int:
        places, mode = arguments
        if not (isinstance(places, tree.Literal) and 0 <= int(str(places.value)) <= DECIMALS_MAX):
            message = f"The places are a written number from 0 to {DECIMALS_MAX}."
            raise TypeWrong(message, places.at)
        if places.type != WHOLE:
            raise TypeWrong("The places are a whole number.", places.at)
        self._mode(mode)
        return int(str(places.value))

    def _mode(self, mode: Node) -> None:
        if not (isinstance(mode, tree.Literal) and mode.value in ROUNDING_MODES):
            raise TypeWrong(f"The rounding is one of: {', '.join(ROUNDING_MODES)}.", mode.at)

    def _written_day(self, node: tree.Call, text: Node, usage: TypeWrong) -> Node:
        if not isinstance(text, tree.Literal) or not DAY_TEXT.fullmatch(str(text.value)):
            raise usage
        try:
            day = date.fromisoformat(str(text.value))
        except ValueError:
            raise TypeWrong(f"There is no such day: {text.value}.", text.at) from None
        return tree.Literal(node.at, DATE, day)

    def _lookup(self, node: tree.Lookup) -> Node:
        whether = isinstance(node, tree.Listed)
        shape = self.vocabulary.tables.get(node.table)
        if shape is None:
            hint = did_you_mean(node.table, list(self.vocabulary.tables))
            raise UnknownName(f"There is no table {node.table}.{hint}", node.at)
        if node.column not in shape.columns and not whether:
            hint = did_you_mean(node.column, list(shape.columns))
            message = f"The table {node.table} has no column {node.column}.{hint}"
            raise UnknownName(message, node.at)
        wanted = [*shape.keys, *([("day", DATE)] if shape.dated else [])]
        names = ", ".join(name for name, _ in wanted)
        if len(node.keys) != len(wanted):
            raise TypeWrong(f"The table {node.table} is asked by: {names}.", node.at)
        found = [self.value(key) for key in node.keys]
        for key, (name, kind) in zip(found, wanted, strict=True):
            if key.type != kind:
                raise TypeWrong(f"{name} is {kind.words()}, not {_words(key)}.", key.at)
        keys, day = (found[:-1], found[-1]) if shape.dated else (found, None)
        kind = BOOL if whether else shape.columns[node.column]
        return replace(node, type=kind, keys=tuple(keys), day=day)


_ORDERED = ("number", "date")


def _of_kind(found: Node, kind: str, place: str) -> Node:
    if _kind(found) != kind:
        want = Type(kind).words() if kind != "number" else "a number"
        raise TypeWrong(f"There must be {want} {place}, not {_words(found)}.", found.at)
    return found


def _kind(node: Node) -> str:
    return node.type.kind if node.type else ""


def _words(node: Node) -> str:
    return node.type.words() if node.type else "nothing"


__all__ = ["BOOL", "DATE", "TEXT", "WHOLE", "TableShape", "Vocabulary", "compile_text"]
