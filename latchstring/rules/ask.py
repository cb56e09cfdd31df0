"""Which unanswered fact can still matter: a rule worked out as far as the known facts allow.

`worked_out` returns (value, names): a value that is settled has no names; (None, ()) is settled as
unknown, whatever else is answered; (None, names) is open until some of the names are answered.
A fact that stands only in a branch not taken, or beside a side that already decides, is not named,
so it is never asked.
"""

from collections.abc import Callable, Mapping
from typing import Any

from latchstring.rules import tree
from latchstring.rules.lists import Items
from latchstring.rules.tree import Node

Settled = tuple[Any, tuple[str, ...]]
UNKNOWN_FOR_GOOD: Settled = (None, ())


def worked_out(
    node: Node,
    known: Mapping[str, Settled],
    run: Callable[[Node], Any],
    never: Callable[[tree.Lookup, Callable[[Node], Any]], bool] = lambda lookup, run: False,
) -> Settled:
    """Work a checked tree out. `known`: each name's state; `run` evaluates a part, with None for
    what is unanswered;
    `never` says of a lookup whether its settled parts already leave no cell to be found."""

    def work(part: Node) -> Settled:
        match part:
            case tree.Literal(value=value):
                return value, ()
            case tree.Name(name=name):
                return known.get(name, (None, (name,)))
            case tree.All(parts=parts):
                return _decided([work(p) for p in parts], False)
            case tree.Any(parts=parts):
                return _decided([work(p) for p in parts], True)
            case tree.Conditional():
                return branch(part)
            case tree.Macro():
                return listed(part)
            case tree.Listed():  # a row that is not there is an answer: false
                return strict(part, [work(child) for child in tree.children(part)])
            case tree.Lookup() if part.day is not None and settled(part.day) and never(part, run):
                return UNKNOWN_FOR_GOOD
        return strict(part, [work(child) for child in tree.children(part)])

    def listed(part: tree.Macro) -> Settled:
        """What a list has answered stays so, whatever is learned; else its open facts are asked."""
        value = run(part)
        if value is not None:
            return value, ()
        open_names: list[tuple[str, ...]] = []
        read = _fields(part)
        for name in tree.names(part):
            value, names = known.get(name, (None, (name,)))
            if isinstance(value, Items) and not names and _open(value, read):
                names = (name,)
            open_names.append(names)
        return None, _joined(open_names)

    def settled(part: Node) -> bool:
        value, names = work(part)
        return value is not None and not names

    def branch(part: tree.Conditional) -> Settled:
        value, names = work(part.condition)
        if names:
            branches = [work(part.yes), work(part.no)]
            if branches == [UNKNOWN_FOR_GOOD, UNKNOWN_FOR_GOOD]:
                return UNKNOWN_FOR_GOOD
            return None, _joined([names, *(more for _, more in branches)])
        if value is None:
            return UNKNOWN_FOR_GOOD
        value, names = work(part.yes if value else part.no)
        # The branch may stand at another scale than the whole: only `run` knows both.
        return (None, names) if value is None else (run(part), ())

    def strict(part: Node, states: list[Settled]) -> Settled:
        if any(value is None and not names for value, names in states):
            return UNKNOWN_FOR_GOOD
        names = _joined([names for _, names in states])
        return (None, names) if names else (run(part), ())

    return work(node)


def _decided(states: list[Settled], deciding: bool) -> Settled:
    """`&&` is decided by one false part, `||` by one true part."""
    if any(value is deciding for value, _ in states):
        return deciding, ()
    names = _joined([names for _, names in states])
    if names:
        return None, names
    return (None, ()) if any(value is None for value, _ in states) else (not deciding, ())


def _open(items: Items, read: set[str]) -> bool:
    """Whether more may be learned of a list: another record, or a field of one that is read."""

    def lacks(record: Mapping[str, Any]) -> bool:
        found = [value for name, value in record.items() if name in read]
        return any(v is None or isinstance(v, Mapping) and lacks(v) for v in found)

    return not items.complete or any(lacks(record) for record in items.records)


def _fields(node: Node) -> set[str]:
    own = {node.name} if isinstance(node, tree.Field) else set()
    return own.union(*(_fields(child) for child in tree.children(node)))


def _joined(groups: list[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in groups for name in group))
