"""A fact worked out of a list, told: each record as a line with what it counts for, and how."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from latchstring.programs.dictionary import Firm, shown_value
from latchstring.programs.document import Program
from latchstring.programs.evaluate import filled
from latchstring.programs.from_lists import FromLists
from latchstring.programs.lists import ListDefinition, lists
from latchstring.programs.sentences import MONTHS, citation_text, counted, text
from latchstring.rules import tree
from latchstring.rules.lists import Items

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
    if program.close(found.node)(row) is None:
        return None
    return FromListsTold(
        lists="; ".join(lists()[name].words[language] for name in found.lists),
        words=found.words[language].strip(),
        lines=tuple(_lines(program, found, row, language)),
        citation=citation_text(found.citation),
    )


def _lines(program: Program, found: FromLists, row: list[Any], language: str) -> Iterator[str]:
    """Write each record of the list that is summed, with what it alone comes to."""
    summed = next(_sums(found.node), None)
    if summed is None or summed.type is None:
        return
    definition = lists()[summed.items.name]  # type: ignore[attr-defined]  # a checked sum's
    slot, alone = program.slots[definition.key], program.close(summed)
    for record in row[slot].records:
        value = alone([*row[:slot], Items((record,)), *row[slot + 1 :]])
        shown = shown_value(summed.type, value)
        words = (
            COUNTS_NOT[language] if value == 0 != record.get("amount") else text(shown, language)
        )
        yield f"{_record(definition, record, language)}: {words}"


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
