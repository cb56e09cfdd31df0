"""What a program works out of lists: a fact of the dictionary, where its lists are known.

    from_lists:
      monthly_income:
        rule: 'incomes.sum(i, i.period == "weekly" ? round(i.amount * 4.3, 2, "half_up") : ...)'
        en: Pay by the week counts 4.3 times a month.
        es: El pago semanal cuenta 4.3 veces al mes.

The fact may still be said directly, as in a file of households: then that is what rules read.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from latchstring.programs import together
from latchstring.programs.dictionary import dictionary
from latchstring.programs.errors import CatalogError
from latchstring.programs.lists import lists
from latchstring.programs.reading import Marked
from latchstring.programs.tables import shapes
from latchstring.rules import tree
from latchstring.rules.check import Vocabulary
from latchstring.rules.errors import did_you_mean


@dataclass(frozen=True)
class FromLists:
    """A fact that the program works out of lists of people and incomes, where they are known.

    `words` say how records count, beside the lines that show it.
    """

    id: str
    text: str
    node: tree.Node
    words: Mapping[str, str]
    citation: Mapping[str, str]

    @cached_property
    def lists(self) -> tuple[str, ...]:
        """Return the lists that the rule reads."""
        return tuple(name for name in tree.names(self.node) if name in lists())

    @cached_property
    def fields(self) -> frozenset[str]:
        """Return the fields of records that the rule reads."""
        return frozenset(_fields(self.node))


def from_lists(
    key: str, where: Marked, compiled: Callable[[Marked, Vocabulary], tree.Node]
) -> FromLists:
    """Check one entry of `from_lists:`; CatalogError unless it gives just the fact's type."""
    fact, raw = dictionary().get(key), where[key]
    if fact is None:
        hint = did_you_mean(key, list(dictionary()))
        message = f"There is no fact {key}.{hint} {together.WHERE['fact']}."
        raise CatalogError(message, where.file_of(key), where.line_of(key))
    kinds = {name: definition.rule_type for name, definition in dictionary().items()}
    kinds |= {name: definition.rule_type for name, definition in lists().items()}
    node = compiled(raw, Vocabulary(kinds, shapes()))
    words = {language: raw[language] for language in ("en", "es")}
    made = FromLists(key, raw["rule"], node, words, raw.get("citation", {}))
    message = ""
    if node.type != fact.rule_type:
        found = node.type.words() if node.type else "nothing"
        message = f"{key} is {fact.rule_type.words()}, and this gives {found}."
        if fact.type == "money":
            message = f'{key} is dollars and cents: write round(..., 2, "half_up").'
    elif _looks_up(node):
        message = "What is worked out of a list looks into no table: let a derived fact do that."
    elif not made.lists:
        message = f"This reads no list. There are {', '.join(lists())}."
    if message:
        raise CatalogError(message, raw.file_of("rule"), raw.line_of("rule"))
    return made


def _fields(node: tree.Node) -> Iterator[str]:
    if isinstance(node, tree.Field):
        yield node.name
    for child in tree.children(node):
        yield from _fields(child)


def _looks_up(node: tree.Node) -> bool:
    return isinstance(node, tree.Lookup) or any(map(_looks_up, tree.children(node)))
