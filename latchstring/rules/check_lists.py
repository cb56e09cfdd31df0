"""Type-check the macros of lists, and write the stages `filter` and `map` away.

    l.filter(x, p).exists(x, q)  is  l.exists(x, p && q); at_least, exists_one and count alike
    l.filter(x, p).all(x, q)     is  l.all(x, !p || q)
    l.filter(x, p).size()        is  l.count(x, p)
    l.filter(x, p).sum(x, e)     is  l.sum(x, p ? e : 0)
    l.map(x, e).exists(v, q)     is  l.exists(x, q with e for v), and so on

So *one*, *many* and *ask* never see a stage.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from latchstring.rules import tree
from latchstring.rules.errors import TypeWrong
from latchstring.rules.tree import BOOL, WHOLE, Node, Type

LISTS_DEEP = 2
COST_MAX = 200_000
DEPTH_MAX = 200
STAGES = ("filter", "map")
TESTS = ("exists", "all", "exists_one", "at_least", "count", "filter")
NO_LIST = "A rule cannot end in a list: add .sum(), .max(), .size(), .exists(...) or .all(...)."
TOO_MUCH = "This looks at too many combinations: take fewer lists inside one another, or cut it."
PLURALS = {"bool": "true or false answers", "text": "texts", "date": "dates"}


class Scope(Protocol):
    """What checking a part needs to know: the names that are known there."""

    @property
    def variables(self) -> Mapping[str, Type]:
        """Return the variables of the lists around it."""

    def check(self, node: Node) -> Node:
        """Return the part with its types."""

    def value(self, node: Node) -> Node:
        """The same, and refuse a list or a record."""

    def within(self, variable: str, kind: Type, at: tuple[int, int]) -> "Scope":
        """Return the scope inside a list rule."""


@dataclass(frozen=True)
class _Stage:
    """A list as far as it was filtered and mapped: what stands for one of it now."""

    items: Node
    variable: str
    element: Type
    value: Node
    chosen: Node | None = None


def checked_macro(node: tree.Macro, scope: Scope) -> Node:
    """Return the macro with its types and without stages; RuleError when something is wrong."""
    if node.macro in STAGES:
        _stage(node, node, scope)
        raise TypeWrong(NO_LIST, node.at)
    _two_deep(node, len(scope.variables))
    stage = _stage(node.items, node, scope, node.variable if node.items_plain else "")
    if node.macro == "size":
        return _sized(node, stage)
    if node.body is None:
        if stage.element.kind == "record":
            raise TypeWrong(f"Write list.{node.macro}(x, number about x).", node.at)
        body = stage.value
    else:
        body = _body(node, stage, scope)
    _fits(node, body)
    beside = _beside(node, body, scope)
    made = _fused(node, stage, body, beside)
    limited(made)
    return made


def limited(node: Node) -> None:
    """Refuse a tree that is too dear, too deep, or has lists more than two deep."""
    dear, deep, lists = _measured(node)
    if lists > LISTS_DEEP:
        raise TypeWrong("Lists stand at most two deep; make a derived field of it.", node.at)
    if dear > COST_MAX:
        raise TypeWrong(TOO_MUCH, node.at)
    if deep > DEPTH_MAX:
        raise TypeWrong("This is nested too deeply; cut it in parts.", node.at)


def _measured(node: Node) -> tuple[int, int, int]:
    """Return what a tree costs, how deep it is, and how many lists stand inside one another."""
    times = 1
    inside: tuple[Node | None, ...] = ()
    if isinstance(node, tree.Macro):
        times = node.items.type.at_most if node.items.type else 1
        inside = (node.chosen, node.body)
    dear, deep, lists = 1, 0, 0
    for child in tree.children(node):
        repeated = any(child is part for part in inside)
        cost, depth, nested = _measured(child)
        dear += cost * times if repeated else cost
        deep, lists = max(deep, depth), max(lists, nested + repeated)
    return dear, deep + 1, max(lists, int(isinstance(node, tree.Macro)))


def _two_deep(node: tree.Macro, around: int) -> None:
    if node.variable and around >= LISTS_DEEP:
        raise TypeWrong("Lists stand at most two deep; make a derived field of it.", node.at)


def _stage(node: Node, asked: tree.Macro, scope: Scope, variable: str = "") -> _Stage:
    """Check a list and the stages on it, the first of them first."""
    if not isinstance(node, tree.Macro) or node.macro not in STAGES:
        items = scope.check(node)
        kind = items.type
        if not isinstance(items, tree.Name) or kind is None or kind.kind != "list":
            words = kind.words() if kind else "nothing"
            raise TypeWrong(f".{asked.macro} works on a list, not on {words}.", asked.at)
        element = Type("record", fields=kind.fields)
        # No rule can write a name with a point in it, so none inside can take it over.
        name = variable or f"{items.name}.{node.at[0]}"
        return _Stage(items, name, element, tree.Name(node.at, element, name))
    _two_deep(node, len(scope.variables))
    before = _stage(node.items, node, scope)
    body = _body(node, before, scope)
    if node.macro == "map":
        if body.type is None or body.type.kind in ("record", "list"):
            example = example_field(node.variable, before.element)
            raise TypeWrong(f"map needs one value about {node.variable}{example}.", node.at)
        return replace(before, element=body.type, value=body)
    _fits(node, body)
    return replace(before, chosen=_and(before.chosen, body, node.at))


def _body(node: tree.Macro, stage: _Stage, scope: Scope) -> Node:
    """Check what is said about one of the list, and write what it stands for in its place."""
    assert node.body
    inner = scope.within(node.variable, stage.element, node.at)
    body = inner.check(node.body) if node.macro == "map" else inner.value(node.body)
    if isinstance(stage.value, tree.Name) and stage.value.name == node.variable:
        return body
    times = _mentions(body, node.variable)
    if _measured(body)[0] + times * _measured(stage.value)[0] > COST_MAX:
        raise TypeWrong(TOO_MUCH, node.at)
    made = tree.with_value(body, node.variable, stage.value)
    limited(made)
    return made


def _mentions(node: Node, name: str) -> int:
    own = isinstance(node, tree.Name) and node.name == name
    return own + sum(_mentions(child, name) for child in tree.children(node))


def _fits(node: tree.Macro, body: Node) -> None:
    """Refuse a rule about one of the list that gives the wrong type."""
    kind = body.type.kind if body.type else ""
    if node.macro in TESTS and kind != "bool":
        raise TypeWrong(f".{node.macro} needs something true or false.", body.at)
    if node.macro == "sum" and kind == "bool":
        message = "sum needs a number. To count, write list.count(m, ...)."
        raise TypeWrong(message, body.at)
    if node.macro == "sum" and kind != "number":
        raise TypeWrong(".sum needs a number.", body.at)
    if node.macro in ("min", "max") and kind not in ("number", "date"):
        words = body.type.words() if body.type else "nothing"
        raise TypeWrong(f"{node.macro} needs numbers or dates, not {words}.", body.at)


def _beside(node: tree.Macro, body: Node, scope: Scope) -> Node | None:
    """Check what stands beside the rule: how many, or what is said of nobody."""
    if node.beside is None:
        return None
    beside = scope.value(node.beside)
    assert beside.type and body.type
    if node.macro == "at_least":
        if beside.type != WHOLE:
            raise TypeWrong("At least how many is a whole number.", beside.at)
    elif beside.type.kind != body.type.kind:
        message = (
            f"The value for an empty list is {body.type.words()}, like the others, "
            f"not {beside.type.words()}."
        )
        raise TypeWrong(message, beside.at)
    return beside


def _sized(node: tree.Macro, stage: _Stage) -> Node:
    if stage.chosen is None:
        return replace(node, type=WHOLE, items=stage.items)
    return _macro(node, stage, WHOLE, stage.chosen, "count")


def _fused(node: tree.Macro, stage: _Stage, body: Node, beside: Node | None) -> Node:
    """Take what the list was filtered by into the rule about one of it."""
    chosen, at = stage.chosen, node.at
    assert body.type
    match node.macro:
        case "min" | "max":
            other = beside.type if beside is not None else None
            kind = other if other and other.scale > body.type.scale else body.type
            made = _macro(node, stage, kind, body)
            return replace(made, beside=beside, chosen=chosen)
        case "sum":
            if chosen is not None:
                nothing = tree.Literal(at, body.type, 0)
                body = tree.Conditional(at, body.type, chosen, body, nothing)
            return _macro(node, stage, body.type or WHOLE, body)
        case "all":
            if chosen is not None:
                body = tree.Any(at, BOOL, (tree.Not(at, BOOL, chosen), body))
            return _macro(node, stage, BOOL, body)
    kind = WHOLE if node.macro == "count" else BOOL
    return replace(_macro(node, stage, kind, _and(chosen, body, at)), beside=beside)


def _macro(node: tree.Macro, stage: _Stage, kind: Type, body: Node, macro: str = "") -> tree.Macro:
    name = macro or node.macro
    return tree.Macro(node.at, kind, name, stage.items, stage.variable, body)


def _and(first: Node | None, second: Node, at: tuple[int, int]) -> Node:
    if first is None:
        return second
    parts = first.parts if isinstance(first, tree.All) else (first,)
    return tree.All(at, BOOL, (*parts, second))


def example_field(name: str, record: Type) -> str:
    """Write `, such as m.age`: a field of a record, a whole number if there is one."""
    fields = record.fields or {}
    plain = [key for key, kind in fields.items() if kind.kind not in ("record", "list")]
    ranked = sorted(plain, key=lambda key: (fields[key] != WHOLE, fields[key].kind != "number"))
    return f", such as {name}.{ranked[0]}" if ranked else ""


def plural(kind: Type) -> str:
    """Name values of a type: `whole numbers`, `texts`."""
    number = "whole numbers" if kind.scale == 0 else "numbers"
    return PLURALS.get(kind.kind, number)
