"""Which unanswered fact can still matter: a rule worked out as far as the known facts allow.

`worked_out` returns (value, names): a value that is settled has no names; (None, ()) is settled as
unknown, whatever else is answered; (None, names) is open until some of the names are answered.
A fact that stands only in a branch not taken, or beside a side that already decides, is not named,
so it is never asked.
"""

from collections.abc import Callable, Mapping
from typing import Any

from latchstring.rules import tree
from latchstring.rules.tree import Node

Settled = tuple[Any, tuple[str, ...]]
UNKNOWN_FOR_GOOD: Settled = (None, ())


def worked_out(
    node: Node,
    known: Mapping[str, Settled],
    run: Callable[[Node], Any],
    never: Callable[[tree.Lookup, Callable[[Node], Any]], bool] = lambda lookup, run: False,
) -> Settled:
    """Work a checked tree out. `known`: each name's state; `run` evaluates a settled part;
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
            case tree.Lookup() if part.day is not None and settled(part.day) and never(part, run):
                return UNKNOWN_FOR_GOOD
            case tree.Macro():
                return strict(part, [(work(part.items))])
        return strict(part, [work(child) for child in tree.children(part)])

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


def _joined(groups: list[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in groups for name in group))
