"""The question bank, and which of its questions can still change an answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from latchstring.programs.dictionary import dictionary
from latchstring.programs.document import Program
from latchstring.programs.errors import CatalogError
from latchstring.programs.evaluate import filled
from latchstring.programs.reading import catalog_folder, read_yaml
from latchstring.programs.shape import held
from latchstring.programs.tables import shapes, table
from latchstring.rules import tree
from latchstring.rules.ask import Settled, worked_out
from latchstring.rules.check import Vocabulary, compile_text
from latchstring.rules.errors import RuleError
from latchstring.rules.tree import Node

SECTIONS = {"dwelling": "rent", "income_source": "people"}  # of a question that names none


@dataclass(frozen=True)
class Question:
    """One question of the bank: which facts it answers, how, and its words in each language.

    `section` is the part of the interview it stands in; what it asks `each_time` changes so fast
    that an answer given for another application is not taken over.
    """

    id: str
    kind: str
    subject: str
    facts: tuple[str, ...]
    label: Mapping[str, str]
    help: Mapping[str, str]
    why: Mapping[str, str]
    error: Mapping[str, str]
    choices: tuple[Mapping[str, Any], ...]
    section: str
    each_time: bool


@cache
def bank() -> Mapping[str, Question]:
    """Return every question by its id."""
    found: dict[str, Question] = {}
    for path in sorted((catalog_folder() / "questions").glob("*.yaml")):
        for raw in held(read_yaml(path), "questions")["questions"]:
            facts = tuple(raw["facts"])
            if raw["id"] in found:
                raise CatalogError(f"{raw['id']} stands twice in the bank.", raw.file, raw.line)
            if unknown := set(facts) - set(dictionary()):
                message = f"There is no fact {', '.join(sorted(unknown))}."
                raise CatalogError(message, raw.file, raw.line)
            found[raw["id"]] = Question(
                raw["id"],
                raw["kind"],
                raw["subject"],
                facts,
                raw["label"],
                raw.get("help", {}),
                raw.get("why", {}),
                raw["error"],
                tuple(raw.get("choices", ())),
                raw.get("section", SECTIONS.get(raw["subject"], "situation")),
                bool(raw.get("each_time")),
            )
    return found


def question(id: str) -> Question:
    """Return one question; CatalogError when the bank has none of that id."""
    if id not in bank():
        raise CatalogError(f"There is no question {id}.", "catalog/questions")
    return bank()[id]


def questions_of(program: Program) -> tuple[Question, ...]:
    """Return the questions of a program in its order, whatever is known."""
    return tuple(question(entry["id"]) for entry in program.document.get("questions", []))


def open_facts(
    program: Program, facts: Mapping[str, Any], *, outcome_only: bool = False
) -> tuple[str, ...]:
    """Return the unanswered facts that can still change the outcome, priority or an amount.

    The order is that of the criteria, then priority, then the amounts; with `outcome_only` the
    criteria alone are looked at.
    """
    criteria, more = _states(program, facts)
    if any(value is False for value, _ in criteria):
        return ()
    states = criteria if outcome_only else [*criteria, *more]
    return tuple(dict.fromkeys(name for _, names in states for name in names))


def _states(program: Program, facts: Mapping[str, Any]) -> tuple[list[Settled], list[Settled]]:
    """Return how far each criterion, and then priority and each amount, is settled."""
    row = filled(program, facts)
    slots = program.slots
    known: dict[str, Settled] = {}
    for key in program.readers:
        value = row[slots[key]]
        known[key] = (None, (key,)) if value is None else (value, ())
    for derived in program.derived:
        state = _worked_out(program, derived.node, known, row)
        known[derived.id] = state
        row[slots[derived.id]] = state[0]
    criteria = [_worked_out(program, c.node, known, row) for c in program.criteria]
    tests = [program.priority] if program.priority else []
    more = [_worked_out(program, test.node, known, row) for test in tests]
    return criteria, [*more, *(known[benefit.amount] for benefit in program.benefits)]


def next_questions(
    programs: Program | Iterable[Program], facts: Mapping[str, Any]
) -> tuple[Question, ...]:
    """Return the questions still worth asking, for one program or several at once, in order.

    A question is left out when its facts are all known, cannot matter, or its `when` is false. One
    with `ask: always` matters as long as the program is not ruled out: a clock hangs on it.
    """
    several = [programs] if isinstance(programs, Program) else list(programs)
    found: dict[str, Question] = {}
    for program in several:
        criteria, more = _states(program, facts)
        if any(value is False for value, _ in criteria):
            continue
        matter = {name for _, names in (*criteria, *more) for name in names}
        for entry in program.document.get("questions", []):
            asked = question(entry["id"])
            if (_always(asked, entry, facts) or matter.intersection(asked.facts)) and _applies(
                program, entry, facts
            ):
                found[asked.id] = asked
    return tuple(found.values())


def _always(asked: Question, entry: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    return entry.get("ask") == "always" and any(facts.get(key) is None for key in asked.facts)


def _applies(program: Program, entry: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    when = entry.get("when")
    if not when:
        return True
    node = _condition(program.version, str(when))
    names = tree.names(node)
    row = filled(program, facts)
    known: dict[str, Settled] = {}
    for name in names:
        value = row[program.slots[name]]
        known[name] = (None, (name,)) if value is None else (value, ())
    return _worked_out(program, node, known, row)[0] is not False


@cache
def _condition(version: str, when: str) -> Node:
    kinds = {key: definition.rule_type for key, definition in dictionary().items()}
    try:
        return compile_text(when, Vocabulary(kinds, shapes()))
    except RuleError as wrong:
        raise CatalogError(wrong.shown()) from None


def _worked_out(
    program: Program, node: Node, known: Mapping[str, Settled], row: list[Any]
) -> Settled:
    def run(part: Node) -> Any:
        return program.close(part)(row)

    def never(lookup: tree.Lookup, run: Any) -> bool:
        starts = table(lookup.table).data.starts
        return lookup.day is not None and run(lookup.day) < starts[0]

    return worked_out(node, known, run, never)
