"""A program document: read, laid over its base, checked, and made ready to run.

What a document may hold is in docs/programs.md. A published document never changes; it is known by
the SHA-256 of its resolved, canonical form.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property, partial
from typing import Any

from latchstring.programs import together
from latchstring.programs.canonical import fingerprint
from latchstring.programs.dictionary import RULE_TYPES, dictionary, exact_decimal, value_reader
from latchstring.programs.errors import CatalogError, Problems, UnknownProgram
from latchstring.programs.from_lists import FromLists, from_lists
from latchstring.programs.keys import MUST
from latchstring.programs.lists import items, lists
from latchstring.programs.reading import Marked, catalog_folder, merged, read_yaml
from latchstring.programs.shape import held
from latchstring.programs.tables import Table, shapes, table
from latchstring.rules import tree
from latchstring.rules.check import Vocabulary, compile_text
from latchstring.rules.errors import RuleError, UnknownName, did_you_mean
from latchstring.rules.lists import Items
from latchstring.rules.one import Closure, TableData, compile_one
from latchstring.rules.parse import parse
from latchstring.rules.written import Determine, Operands, write_determination, write_operands

LANGUAGES = ("en", "es")
NAMED = ("derived", "payees", "words")  # sections that the others name: without one, all would
SET_BY = ("set by the state", "set by the agency")


@dataclass(frozen=True)
class Derived:
    """A fact that the program works out: its checked rule, unit, words and source."""

    id: str
    text: str
    node: tree.Node
    unit: str
    words: Mapping[str, str]
    citation: Mapping[str, str]


@dataclass(frozen=True)
class Criterion:
    """One test of eligibility: rule, words for pass, fail and unknown, citation, evidence."""

    id: str
    text: str
    node: tree.Node
    words: Mapping[str, Mapping[str, str]]
    citation: Mapping[str, str]
    evidence: Mapping[str, Any]


@dataclass(frozen=True)
class Benefit:
    """One line of help: what it is for and which derived facts say how much."""

    id: str
    purpose: str
    label: Mapping[str, str]
    amount: str
    months: str | None
    rate: str | None
    parts: tuple[str, ...]
    payee: str
    counts_months: bool


@dataclass(frozen=True)
class Result:
    """One column of the result of a bulk run."""

    id: str
    value: str
    always: bool


@dataclass(frozen=True, eq=False)
class Program:
    """A program ready to run. `document` is the whole resolved document, for other rooms."""

    slug: str
    version: str
    document: Mapping[str, Any]
    from_lists: tuple[FromLists, ...]
    derived: tuple[Derived, ...]
    criteria: tuple[Criterion, ...]
    priority: Criterion | None
    benefits: tuple[Benefit, ...]
    results: tuple[Result, ...]
    total: str
    uses: Mapping[str, tuple[str, ...]] = field(repr=False)
    kept: Mapping[str, Table] = field(default_factory=dict, repr=False)

    def table(self, name: str) -> Table:
        """Return a table: as it was kept for this program, or as the catalog has it."""
        return self.kept.get(name) or table(name)

    def with_tables(self, kept: Mapping[str, Table]) -> "Program":
        """Return this program over figures of another day than today's."""
        return replace(self, kept=kept)

    @property
    def name(self) -> Mapping[str, str]:
        """Return the program's name in each language."""
        return self.document["name"]

    @property
    def draft(self) -> bool:
        """Say whether it is still being written: commands run it, no resident is offered it."""
        return bool(self.document.get("draft"))

    @property
    def effective_from(self) -> date:
        """Return the first day on which this version is in force."""
        return self.document["effective_from"]

    @property
    def state(self) -> str:
        """Return the state whose program it is."""
        return str(self.document["state"])

    @cached_property
    def slots(self) -> dict[str, int]:
        """Return where each fact stands in a row: the dictionary's, the derived, the lists."""
        order = [*dictionary(), *(derived.id for derived in self.derived), *lists()]
        return {key: place for place, key in enumerate(order)}

    @cached_property
    def types(self) -> dict[str, tree.Type]:
        """Return the type of every fact, raw and derived."""
        found = {key: definition.rule_type for key, definition in dictionary().items()}
        return found | {d.id: d.node.type for d in self.derived if d.node.type}

    @cached_property
    def table_names(self) -> tuple[str, ...]:
        """Return the tables that the rules look into."""
        nodes = [d.node for d in self.derived] + [c.node for c in self.all_tests]
        return tuple(sorted({lookup.table for node in nodes for lookup in _lookups(node)}))

    @cached_property
    def table_data(self) -> dict[str, TableData]:
        """Return the cells of those tables."""
        return {name: self.table(name).data for name in self.table_names}

    @cached_property
    def all_tests(self) -> tuple[Criterion, ...]:
        """Return the criteria and the priority test."""
        return (*self.criteria, *([self.priority] if self.priority else []))

    def is_money(self, key: str) -> bool:
        """Say whether a fact is an amount of dollars (a count of months or people is not)."""
        if key in dictionary():
            return dictionary()[key].type == "money"
        return any(d.id == key and d.unit.startswith("dollars") for d in self.derived)

    def close(self, node: tree.Node) -> Closure:
        """Return a closure over this program's rows."""
        return compile_one(node, self.slots, self.table_data)

    @cached_property
    def criterion_ids(self) -> tuple[str, ...]:
        """Return the criteria's ids in their order."""
        return tuple(criterion.id for criterion in self.criteria)

    @cached_property
    def determine(self) -> Determine:
        """Return what to run for one row: it fills the derived facts, and gives all results."""
        derived = [(d.id, d.node) for d in self.derived]
        tests = [criterion.node for criterion in self.criteria]
        last = self.priority.node if self.priority else None
        return write_determination(derived, tests, last, self.slots, self.table_data)

    @cached_property
    def operands(self) -> Operands:
        """Return a function from a row to each criterion's operands, and the priority test's."""
        tests = [self.operand_names[test.id] for test in self.all_tests]
        return write_operands(tests, self.slots, self.types, exact_decimal)

    @cached_property
    def inputs(self) -> tuple[tuple[str, int, Closure], ...]:
        """Return (key, slot, reader of a value) for each raw fact that the rules read."""
        definitions = dictionary()
        return tuple((k, slot, value_reader(definitions[k])) for k, slot in self.readers.items())

    @cached_property
    def lists(self) -> dict[str, int]:
        """Return the lists that something is worked out of, with their slots."""
        return {key: self.slots[key] for one in self.from_lists for key in one.lists}

    @cached_property
    def list_inputs(self) -> tuple[tuple[str, int, Callable[[Any], Items]], ...]:
        """Return (key, slot, reader of a value) for each of those lists."""
        known = lists()
        return tuple((k, slot, partial(items, known[k])) for k, slot in self.lists.items())

    @cached_property
    def worked_from_lists(self) -> tuple[tuple[str, int, Closure], ...]:
        """Return (fact, slot, what works it out of a row) for each fact that lists give."""
        return tuple((one.id, self.slots[one.id], self.close(one.node)) for one in self.from_lists)

    def stands_on(self, test: str) -> tuple[str, ...]:
        """Return what a person says behind a test: its raw facts, and the lists some come from."""
        facts = self.uses[test]
        behind = (key for one in self.from_lists if one.id in facts for key in one.lists)
        return (*facts, *dict.fromkeys(behind))

    @cached_property
    def operand_names(self) -> dict[str, tuple[str, ...]]:
        """Return the raw and derived facts behind each test, a derived one after its own."""
        nodes = {d.id: d.node for d in self.derived}

        def walk(part: tree.Node, found: dict[str, None]) -> dict[str, None]:
            for name in tree.names(part):
                if name in nodes and name not in found:
                    walk(nodes[name], found)
                found[name] = None
            return found

        return {test.id: tuple(walk(test.node, {})) for test in self.all_tests}

    @cached_property
    def table_days(self) -> dict[str, tuple[tuple[str, date], ...]]:
        """Return (day fact, first day of the table) for each dated lookup behind a test."""
        nodes = {d.id: d.node for d in self.derived}
        found = {}
        for test in self.all_tests:
            behind = [nodes[name] for name in self.operand_names[test.id] if name in nodes]
            lookups = [lookup for node in (test.node, *behind) for lookup in _lookups(node)]
            found[test.id] = tuple(
                {
                    (lookup.day.name, self.table(lookup.table).data.starts[0]): None
                    for lookup in lookups
                    if isinstance(lookup.day, tree.Name)
                }
            )
        return found

    @cached_property
    def readers(self) -> dict[str, int]:
        """Return only the raw facts that this program's rules read, with their slots."""
        derived = {d.id for d in self.derived}
        roots = [d.node for d in self.derived] + [c.node for c in self.all_tests]
        roots += [one.node for one in self.from_lists]
        read = {name for node in roots for name in tree.names(node)} - derived
        return {key: self.slots[key] for key in dictionary() if key in read}

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Return the facts that are columns of a bulk file: as listed, or all that rules read."""
        return tuple(self.document.get("file", self.readers))


@cache
def _files() -> dict[str, list[Marked]]:
    """Return the documents by slug. Folders hold programs, apart from the shared ones."""
    found: dict[str, list[Marked]] = {}
    for path in sorted(catalog_folder().glob("*/*.yaml")):
        if path.parent.name in ("tables", "questions") or path.stem.endswith(".households"):
            continue
        document = read_yaml(path)
        if "slug" not in document:
            raise CatalogError("A program has a slug.", document.file, 1)
        found.setdefault(str(document["slug"]), []).append(document)
    for versions in found.values():
        versions.sort(key=lambda document: str(document.get("effective_from", "")))
    return found


def resolved(document: Marked, above: tuple[str, ...] = ()) -> Marked:
    """Lay a document over the base it extends, and that over its own; it extends none then."""
    parent = document.get("extends")
    if not parent:
        return document
    if parent not in _files():
        hint = did_you_mean(str(parent), list(_files()))
        line = document.line_of("extends")
        raise CatalogError(f"There is no program {parent} to extend.{hint}", document.file, line)
    way = (*above, str(document.get("slug")))
    if parent in way:
        message = f"Documents extend one another in a circle: {' extends '.join([*way, parent])}."
        raise CatalogError(message, document.file, document.line_of("extends"))
    found: Marked = merged(resolved(_files()[parent][-1], way), document)
    del found["extends"]
    return found


@cache
def versions(slug: str) -> tuple[Program, ...]:
    """Return every version of a program that ships, oldest first; UnknownProgram if none."""
    documents = [d for d in _files().get(slug, []) if not d.get("abstract")]
    if not documents:
        known = sorted(s for s, ds in _files().items() if not ds[-1].get("abstract"))
        hint = did_you_mean(slug, known) or f" There are: {', '.join(known)}."
        raise UnknownProgram(f"There is no program {slug}.{hint}")
    return tuple(from_catalog(document) for document in documents)


def from_catalog(document: Marked) -> Program:
    """Make a document of the catalog ready: laid over its base, held to its published shape.

    CatalogError is the first problem by line, with all `others` that do not follow from one.
    """
    problems = Problems()
    sound = held(resolved(document), "program", problems)
    if problems.broken.intersection(NAMED):
        problems.settle()
    for key in MUST.split():
        sound.setdefault(key, [])  # missing was told of; it holds nothing that could be wrong
    program = prepared(sound, problems)
    hold_together(program, problems)
    problems.settle()
    return program


def hold_together(program: Program, problems: Problems) -> None:
    """Find what only a file of the catalog can be asked to mend (see together.py)."""
    document = program.document
    assert isinstance(document, Marked)
    vocabulary = Vocabulary(program.types, shapes())

    def condition(raw: Marked, key: str) -> tree.Node | None:
        if _follows(raw, problems, key):
            return None
        with problems.gathered(key):
            node = _compiled(raw, vocabulary, key)
            if node.type != tree.BOOL:
                message = f"{key} must be true or false."
                raise CatalogError(message, raw.file_of(key), raw.line_of(key))
            return node
        return None

    together.check_days(document, problems)
    together.check_names(document, program.types, problems)
    together.check_letters(document, problems)
    together.check_papers(document, problems)
    together.check_questions(document, set(program.readers), condition, problems)
    nodes = [*(d.node for d in program.derived), *(test.node for test in program.all_tests)]
    together.check_columns((found for node in nodes for found in _lookups(node)), problems)
    units = {key: definition.unit for key, definition in dictionary().items()}
    units |= {derived.id: derived.unit for derived in program.derived}
    derived = ((document["derived"][d.id], d.node, d.unit) for d in program.derived)
    written = {raw["id"]: raw for raw in document["criteria"]}
    tests = ((written[test.id], test.node, "") for test in program.criteria)
    together.check_units(units, [*derived, *tests], problems)


def shipped(version: str) -> Program | None:
    """Return the version with that SHA-256 if a file of the catalog still says exactly that."""
    found = (program for slug in slugs() for program in versions(slug))
    return next((program for program in found if program.version == version), None)


def slugs() -> list[str]:
    """Return the slug of every program that can be applied for."""
    return sorted(slug for slug, found in _files().items() if not found[-1].get("abstract"))


def prepared(document: Marked, problems: Problems | None = None) -> Program:
    """Check a resolved document whole and make it ready; CatalogError names file and line.

    With `problems` they are written down there, and the program is what holds of it.
    """
    gathered = Problems() if problems is None else problems
    for key in ("slug", "name", "state", "agency", "effective_from", "criteria", "benefits"):
        if key not in document:
            raise CatalogError(f"{key} is missing.", document.file, document.line)
    with gathered.gathered():
        _both_languages(document, document.file)
    _each_once(document, gathered)
    kinds = {key: RULE_TYPES[d.type] for key, d in dictionary().items()}
    derived = _derived(document, kinds, gathered)
    kinds |= {d.id: d.node.type for d in derived if d.node.type}
    vocabulary = Vocabulary(kinds, shapes())
    tests = [(raw, raw["id"]) for raw in document["criteria"]]
    criteria = tuple(_criteria(tests, vocabulary, gathered))
    last = [(document["priority"], "priority")] if "priority" in document else []
    uses = _uses(derived, criteria)
    _known_names(document, kinds, gathered)
    _whole_cents(document, derived, gathered)
    program = Program(
        slug=str(document["slug"]),
        version=fingerprint(document),
        document=document,
        from_lists=tuple(_from_lists(document, gathered)),
        derived=derived,
        criteria=criteria,
        priority=next(_criteria(last, vocabulary, gathered), None),
        benefits=tuple(_benefit(raw) for raw in document["benefits"]),
        results=tuple(
            Result(raw["id"], raw["value"], raw["shown"] == "always")
            for raw in document.get("results", [])
        ),
        total=document["total"],
        uses=uses,
    )
    _known_columns(program, document, gathered)
    if problems is None:
        gathered.settle()
    return program


def _derived(
    document: Marked, kinds: dict[str, tree.Type], problems: Problems
) -> tuple[Derived, ...]:
    """Check the derived facts in the order in which they need each other."""
    waiting: Marked = document.get("derived", Marked())
    done: dict[str, Derived] = {}
    known = dict(kinds)

    def visit(key: str, path: tuple[str, ...]) -> None:
        if key in done or key not in waiting or key in problems.broken:
            return
        raw = waiting[key]
        if key in path:
            way = " needs ".join([*path[path.index(key) :], key])
            problems.add(f"Derived facts go in a circle: {way}.", raw.file, raw.line, *path)
            return
        if key in kinds:
            problems.add(f"{key} is a raw fact already.", raw.file, raw.line)
            return
        for name in _names_of(raw):
            visit(name, (*path, key))
        if _follows(raw, problems):
            problems.broken.add(key)
            return
        with problems.gathered(key):
            node = _compiled(raw, Vocabulary(known, shapes()))
            assert node.type
            known[key] = node.type
            words = {language: raw.get(language, key) for language in LANGUAGES}
            done[key] = Derived(
                key, raw["rule"], node, raw.get("unit", ""), words, raw.get("citation", {})
            )

    for key in waiting:
        visit(key, ())
    return tuple(done.values())


def _follows(raw: Marked, problems: Problems, key: str = "rule") -> bool:
    """Say whether a rule reads what is broken: nothing can be said of it until that is mended."""
    return not problems.broken.isdisjoint(_names_of(raw, key))


def _names_of(raw: Marked, key: str = "rule") -> list[str]:
    """Return the names a rule reads; a rule that cannot be read is reported when compiled."""
    try:
        return tree.names(parse(str(raw.get(key, ""))))
    except RuleError:
        return []


def _compiled(raw: Marked, vocabulary: Vocabulary, key: str = "rule") -> tree.Node:
    if raw.get(key) in SET_BY or key not in raw:
        raise CatalogError("The rule is still to be written.", raw.file, raw.line)
    try:
        return compile_text(str(raw[key]), vocabulary)
    except RuleError as wrong:
        new = isinstance(wrong, UnknownName) and wrong.message.startswith("There is no fact ")
        listed = new and not lists().keys().isdisjoint(_names_of(raw, key))
        where = together.WHERE["list" if listed else "fact"]
        message = f"{wrong.shown()} {where}." if new else wrong.shown()
        raise CatalogError(message, raw.file_of(key), raw.line_of(key)) from None


def _from_lists(document: Marked, problems: Problems) -> Iterator[FromLists]:
    where = document.get("from_lists", Marked())
    for key in where:
        with problems.gathered(key):
            yield from_lists(key, where, _compiled)


def _criteria(
    tests: list[tuple[Marked, str]], vocabulary: Vocabulary, problems: Problems
) -> Iterator[Criterion]:
    for raw, id in tests:
        if _follows(raw, problems):
            problems.broken.add(id)
            continue
        with problems.gathered(id):
            yield _criterion(raw, id, vocabulary)


def _criterion(raw: Marked, id: str, vocabulary: Vocabulary) -> Criterion:
    node = _compiled(raw, vocabulary)
    if node.type != tree.BOOL:
        line = raw.line_of("rule")
        raise CatalogError(f"{id} must be true or false.", raw.file, line)
    for outcome in ("pass", "fail", "unknown"):
        if outcome not in raw:
            raise CatalogError(f"{id} has no words for {outcome}.", raw.file, raw.line)
    words = {outcome: raw[outcome] for outcome in ("pass", "fail", "unknown")}
    return Criterion(id, raw["rule"], node, words, raw.get("citation", {}), raw.get("evidence", {}))


def _benefit(raw: Marked) -> Benefit:
    return Benefit(
        id=raw["id"],
        purpose=raw["purpose"],
        label=raw["label"],
        amount=raw["amount"],
        months=raw.get("months"),
        rate=raw.get("rate"),
        parts=tuple(raw.get("parts", ())),
        payee=raw["payee"],
        counts_months=bool(raw.get("counts_months")),
    )


def _uses(
    derived: tuple[Derived, ...], criteria: tuple[Criterion, ...]
) -> dict[str, tuple[str, ...]]:
    """Return the raw facts behind each derived fact and criterion, alphabetical."""
    found: dict[str, set[str]] = {}
    things: tuple[Derived | Criterion, ...] = (*derived, *criteria)
    for thing in things:
        raw: set[str] = set()
        for name in tree.names(thing.node):
            raw |= found.get(name, {name})
        found[thing.id] = raw
    return {key: tuple(sorted(value)) for key, value in found.items()}


def _lookups(node: tree.Node) -> list[tree.Lookup]:
    found = [node] if isinstance(node, tree.Lookup) else []
    for child in tree.children(node):
        found += _lookups(child)
    return found


def _known_names(document: Marked, kinds: Mapping[str, tree.Type], problems: Problems) -> None:
    """Refuse a benefit or result that names a fact which does not exist."""
    for section, keys in (("benefits", ("amount", "months", "rate")), ("results", ("value",))):
        for raw in document.get(section, []):
            for key in keys:
                if raw.get(key) is not None and raw[key] not in {*kinds, *problems.broken}:
                    hint = did_you_mean(str(raw[key]), list(kinds))
                    problems.add(f"There is no fact {raw[key]}.{hint}", raw.file, raw.line_of(key))


def _known_columns(program: Program, document: Marked, problems: Problems) -> None:
    """Refuse a list of columns that names no fact, or leaves out one that the rules read."""
    for name in program.columns:
        if name not in dictionary():
            hint = did_you_mean(name, list(dictionary()))
            message = f"There is no fact {name}.{hint}"
            problems.add(message, document.file, document.line_of("file"))
    left_out = ", ".join(key for key in program.readers if key not in program.columns)
    if left_out:
        message = f"The rules read {left_out}: add it to the columns of the file."
        problems.add(message, document.file, document.line_of("file"))


def _whole_cents(document: Marked, derived: tuple[Derived, ...], problems: Problems) -> None:
    """Refuse a result that is finer than a cent, or a count that is not whole."""
    found = {d.id: d for d in derived}
    for raw in document.get("results", []):
        fact = found.get(raw["value"])
        if fact is None or fact.node.type is None or fact.node.type.kind != "number":
            continue
        decimals = 2 if fact.unit.startswith("dollars") else 0
        if fact.node.type.scale > decimals:
            message = f"{fact.id} can have {fact.node.type.scale} decimals: round it first."
            problems.add(message, raw.file, raw.line)


def _each_once(document: Marked, problems: Problems) -> None:
    """Refuse two things of one id in a list: the second would stand in the first one's way."""
    for key, things in document.items():
        seen: set[str] = set()
        for item in things if isinstance(things, list) else ():
            id = item.get("id") if isinstance(item, Marked) else None
            if id is not None and id in seen:
                problems.add(f"{id} stands twice in {key}.", item.file, item.line_of("id"))
            seen.add(str(id))


def _both_languages(value: Any, file: str) -> None:
    """Refuse words that stand in one language only: a missing word fails here, not on a screen."""
    if isinstance(value, Marked) and ("en" in value) != ("es" in value):
        missing = "es" if "en" in value else "en"
        raise CatalogError(f"The words in {missing} are missing.", value.file, value.line)
    if isinstance(value, Marked) and "en" in value and None in value.values():
        raise CatalogError("A text is cut off: put it in quotation marks.", file, value.line)
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in items:
        _both_languages(item, file)
