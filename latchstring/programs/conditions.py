"""A condition outside the criteria, such as a clock's `when`: same rules, same facts."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from latchstring.programs.dictionary import dictionary, value_reader
from latchstring.programs.document import Program
from latchstring.programs.errors import CatalogError
from latchstring.programs.evaluate import filled
from latchstring.programs.tables import shapes
from latchstring.rules import tree
from latchstring.rules.check import Vocabulary, compile_text
from latchstring.rules.errors import RuleError

PRIORITY = "priority"  # alone, it asks the document's own priority test


@cache
def _node(program: Program, text: str) -> tree.Node:
    try:
        node = compile_text(text, Vocabulary(program.types, shapes()))
    except RuleError as wrong:
        raise CatalogError(wrong.shown(), program.slug, 1) from None
    if node.type != tree.BOOL:
        raise CatalogError(f"{text} must be true or false.", program.slug, 1)
    return node


def holds(program: Program, text: str, facts: Mapping[str, Any]) -> bool | None:
    """Say whether a condition of a document holds for these facts; None where it is unknown.

    It may name any fact, those too that no criterion reads. CatalogError when it cannot be read.
    """
    row = filled(program, facts)
    if text == PRIORITY:
        return program.determine(row)[1]
    node = _node(program, text)
    for key in tree.names(node):
        if key in dictionary() and facts.get(key) is not None:
            row[program.slots[key]] = value_reader(dictionary()[key])(facts[key])
    program.determine(row)
    found: bool | None = program.close(node)(row)
    return found
