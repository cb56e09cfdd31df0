"""A rule that asks nothing but what a table is asked by: worked out once for every such cell.

An income limit depends on the day, the county and how many people there are. For a million
households it is looked up as one cell, and not put together from several cells for each of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from latchstring.rules import tree
from latchstring.rules.one import TableData, compile_one
from latchstring.rules.tree import Node

NUMBERS = 16  # a number that a rule asks is told for these, from 0
CELLS_MAX = 50_000


@dataclass(frozen=True)
class Keys:
    """What a rule asks: at most one number and one day, and texts with what each may be."""

    number: tree.Name | None
    day: tree.Name | None
    starts: tuple[date, ...]
    texts: Mapping[str, tuple[str, ...]]

    @property
    def count(self) -> int:
        """Return how many cells there are."""
        found = (NUMBERS if self.number else 1) * max(1, len(self.starts))
        for values in self.texts.values():
            found *= len(values)
        return found


def keys_of(node: Node, tables: Mapping[str, TableData]) -> Keys | None:
    """Return what a rule is told by; None where it asks for more, or is one cell already."""
    lookups = [part for part in _parts(node) if isinstance(part, tree.Lookup)]
    days = {part.day for part in lookups}
    if len(lookups) < 2 or any(isinstance(part, tree.Listed) for part in lookups):
        return None
    if len({_name(day) for day in days}) != 1:
        return None
    texts: dict[str, tuple[str, ...]] = {}
    for part in lookups:
        for place, key in enumerate(part.keys):
            if isinstance(key, tree.Name) and key.type == tree.TEXT:
                cells = (cell[place] for version in tables[part.table].cells for cell in version)
                values = tuple(sorted(set(cells)))
                if texts.setdefault(key.name, values) != values:
                    return None
    day = days.pop()
    starts = sorted({start for part in lookups for start in tables[part.table].starts})
    asked = {name.name: name for name in _parts(node) if isinstance(name, tree.Name)}
    others = [asked[name] for name in asked if name not in texts and name != _name(day)]
    if len(others) > 1 or any(other.type != tree.WHOLE for other in others):
        return None
    if day is not None and not isinstance(day, tree.Name):
        return None
    found = Keys(others[0] if others else None, day, tuple(starts) if day else (), texts)
    return found if found.count <= CELLS_MAX else None


def cells(node: Node, keys: Keys, tables: Mapping[str, TableData]) -> list[Any]:
    """Return the rule's value for each number, version and text, in this order; None if unknown."""
    named = [name.name for name in (keys.number, keys.day) if name is not None]
    ranges: list[Any] = [range(NUMBERS)] if keys.number else []
    ranges += [keys.starts] if keys.day else []
    slots = {name: place for place, name in enumerate([*named, *keys.texts])}
    closure = compile_one(node, slots, tables)
    return [closure(list(row)) for row in product(*ranges, *keys.texts.values())]


def _parts(node: Node) -> Iterator[Node]:
    yield node
    for child in tree.children(node):
        yield from _parts(child)


def _name(day: Node | None) -> str | None:
    return day.name if isinstance(day, tree.Name) else None
