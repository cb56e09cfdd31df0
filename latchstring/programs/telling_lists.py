"""A fact worked out of a list, told: each record as a line with what it counts for, and how."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from latchstring.programs.dictionary import Firm, shown_value
from latchstring.programs.document import Program
from latchstring.programs.evaluate import filled
from latchstring.programs.from_lists import FromLists
from latchstring.programs.lists import ListDefinition, lists
from latchstring.programs.sentences import MONTHS, citation_text, counted, text
from latchstring.rules import tree
from latchstring.rules.lists import Items
from latchstring.rules.one import Closure

COUNTS_NOT = {"en": "does not count", "es": "no cuenta"}


@dataclass(frozen=True)
class FromListsTold:
    """What a fact was worked out of: the lists in words, how records count, a line for each.

    Only a sum has lines: `A job, $500.00 every week: $2,150.00`.
    """

    lists: str
    words: str
    lines: tuple[str, ...]
    citation: str


def told_from_lists(
    program: Program, key: str, facts: Mapping[str, Any], language: str
) -> FromListsTold | None:
    """Tell how a program worked a fact out of lists; None where it was said directly."""
    found = next((one for one in program.from_lists if one.id == key), None)
    if found is None or isinstance(facts.get(key), Firm):
        return None
    if all(facts.get(name) is None for name in found.lists):
        return None
    row = filled(program, facts)
    (worked_out,) = (work for fact, _, work in program.worked_from_lists if fact == key)
    if worked_out(row) is None:
        return None
    return FromListsTold(
        lists="; ".join(lists()[name].words[language] for name in found.lists),
        words=found.words[language].strip(),
        lines=tuple(_lines(program, found, row, language)),
        citation=citation_text(found.citation),
    )


def _lines(program: Program, found: FromLists, row: list[Any], language: str) -> Iterator[str]:
    """Write each record of the list that is summed, with what it alone comes to."""
    summed = _summed(program, found.id)
    if summed is None:
        return
    key, kind, alone = summed
    definition, slot = lists()[key], program.slots[key]
    for record in row[slot].records:
        value = alone([*row[:slot], Items((record,)), *row[slot + 1 :]])
        shown = shown_value(kind, value)
        words = (
            COUNTS_NOT[language] if value == 0 != record.get("amount") else text(shown, language)
        )
        yield f"{_record(definition, record, language)}: {words}"


@cache
def _summed(program: Program, fact: str) -> tuple[str, tree.Type, Closure] | None:
    """Return the list that a fact's rule sums, the sum's kind and what works it out, kept."""
    rule = next(one.node for one in program.from_lists if one.id == fact)
    for summing in _sums(rule):
        if summing.type is not None and isinstance(summing.items, tree.Name):
            return summing.items.name, summing.type, program.close(summing)
    return None


def _sums(node: tree.Node) -> Iterator[tree.Macro]:
    if isinstance(node, tree.Macro) and node.macro == "sum":
        yield node
    for child in tree.children(node):
        yield from _sums(child)


def _record(definition: ListDefinition, record: Mapping[str, Any], language: str) -> str:
    """Write one record by its list's line, with the words of its choices."""
    words = {}
    for key, field in definition.fields.items():
        value = shown_value(field.rule_type, record[key])
        if isinstance(value, int) and field.unit == "months":
            words[key] = counted(value, MONTHS, language)
        else:
            words[key] = text(value, language)
    for key, choices in definition.choice_words.items():
        if record[key] is not None:
            words[key] = choices[record[key]][language].format_map(words)
    return definition.line[language].format_map(words)
