"""What a document of the right shape must still say: its parts name one another, days run forward.

These are checked of files in the catalog only. A version that was published and kept is read as it
is, whatever is asked of documents since then.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from latchstring.programs.errors import Problems
from latchstring.programs.reading import Marked, catalog_folder, read_yaml
from latchstring.programs.shape import held
from latchstring.programs.tables import texts
from latchstring.programs.units import disagreement
from latchstring.rules import tree
from latchstring.rules.errors import did_you_mean

FILLED = re.compile(r"\{([^{}]*)\}")
NOTICE_WORDS = frozenset(
    ("name", "program", "date", "reference", "agency", "items", "due_date", "appeal")
    + ("amounts", "total", "reasons", "amount", "payee", "purpose", "next_step")
    + ("first_month", "certification_start", "certification_end")
)
# What the law says a letter must name, where the word that fills it in is called otherwise.
NAMED_BY = {
    "action": "amounts",
    "amount": "amounts",
    "reason": "reasons",
    "fair_hearing": "appeal",
    "continued_benefits": "due_date",
    "office_phone": "agency",
    "contact": "agency",
}
# The letters of a case, however it ends; a card is told of when it is filled and never comes back.
LETTERS = ("received", "request_for_information", "approved", "denied", "paid")
OF_A_BANK = ("payment_returned",)
CARD = "ebt_card"
# Who can be asked for and paid: the pages of the interview and the bank file know these.
PAYEES = ("tenant", "landlord", "utility", CARD)
# Where somebody who writes a new one puts it.
WHERE = {
    "list": "Of a list, `from_lists:` works out a fact, which rules may read"
    " (docs/programs.md, Lists of people and incomes)",
    "fact": "A new one is an entry of catalog/facts.yaml, or of `derived:` here",
    "kind of payee": f"There are {', '.join(PAYEES)}",
    "question": "A new one is an entry of a file in catalog/questions/",
    "kind of paper": "A new one is a line of `papers:` in catalog/papers.yaml",
    "page": "A new one is an entry of `pages:` in catalog/papers.yaml",
}
Facts = Mapping[str, tree.Type]
Compiled = Callable[[Marked, str], tree.Node | None]  # None where it was told of already


def check_days(document: Marked, problems: Problems) -> None:
    """Refuse rounds and pauses that end before they begin."""
    for one in document.get("rounds", ()):
        _forward(one, "opens_early_on", "opens_on", problems)
        if not _forward(one, "opens_on", "closes_on", problems):
            continue
        for pause in one.get("paused", ()):
            _forward(pause, "from", "to", problems)
            if not one["opens_on"] <= pause["from"] <= (one.get("closes_on") or date.max):
                problems.add("This pause is not in its round.", pause.file, pause.line)


def _forward(one: Marked, first: str, then: str, problems: Problems) -> bool:
    before, after = one.get(first), one.get(then)
    backwards = isinstance(before, date) and isinstance(after, date) and after < before
    if backwards:
        message = f"{then} ({after}) is before {first} ({before}). Turn them round."
        problems.add(message, one.file_of(then), one.line_of(then))
    return not backwards


def check_names(document: Marked, facts: Facts, problems: Problems) -> None:
    """Refuse a payee, criterion, check, fact or filled-in word that is nowhere."""
    criteria = [criterion["id"] for criterion in document["criteria"]]
    payees = document.get("payees", Marked())
    for payee in payees:
        _known(payees, payee, [payee], list(PAYEES), "kind of payee", problems)
    for benefit in document["benefits"]:
        _known(benefit, "payee", [benefit["payee"]], list(payees), "payee", problems)
        _known(benefit, "parts", benefit.get("parts", ()), list(facts), "fact", problems)
        if "set_at_most" in benefit:
            _known(benefit, "set_at_most", [benefit["set_at_most"]], list(facts), "fact", problems)
        for step in benefit.get("steps", ()):
            _known(step, "fact", [step["fact"]], list(facts), "fact", problems)
    for check in document.get("checks", ()):
        _known(check, "proves", check.get("proves", ()), criteria, "criterion", problems)
    for need in document.get("needs", ()):
        _known(need, "implies", need.get("implies", ()), list(facts), "fact", problems)
    words = {*document.get("words", ()), *facts}
    for test in [
        *document["criteria"],
        *([document["priority"]] if "priority" in document else []),
    ]:
        for outcome in ("pass", "fail", "unknown"):
            _filled(test[outcome], words, problems)
    named = NOTICE_WORDS | {*document.get("words", ())}
    for notice in document.get("notices", ()):
        for part in ("subject", "body"):
            _filled(notice[part], named, problems)
        _named(notice, problems)


def _known(
    at: Marked, key: str, named: Any, known: list[str], kind: str, problems: Problems
) -> None:
    for name in named:
        if name not in known and name not in problems.broken:
            hint = did_you_mean(str(name), known)
            where = f" {WHERE[kind]}." if kind in WHERE else ""
            message = f"There is no {kind} {name}.{hint}{where}"
            problems.add(message, at.file_of(key), at.line_of(key))


def _filled(words: Marked, known: set[str] | frozenset[str], problems: Problems) -> None:
    """Refuse a {word} that nothing fills in, and one that stands in one language only."""
    for language in ("en", "es"):
        text = words[language]
        for name in FILLED.findall(text):
            _known(words, language, [name], sorted(known), "word to fill in named", problems)
        if "{" in (rest := FILLED.sub("", text)) or "}" in rest:
            message = "A { or } stands alone. Write {fact}."
            problems.add(message, words.file_of(language), words.line_of(language))


def named_by(required: str) -> str:
    """Return the word of a letter that names what the law requires of it."""
    return NAMED_BY.get(required, required)


def _named(notice: Marked, problems: Problems) -> None:
    """Refuse a letter that leaves out, in one language, what it must name."""
    body = notice["body"]
    for required in notice.get("must_name", ()):
        for language in ("en", "es"):
            if named_by(required) not in FILLED.findall(body[language]):
                message = (
                    f"The letter {notice['id']} must name {required}. "
                    f"Write {{{named_by(required)}}} where it says so."
                )
                problems.add(message, body.file_of(language), body.line_of(language))


def check_letters(document: Marked, problems: Problems) -> None:
    """Refuse a program without a letter or the words on appeals that its cases will need."""
    by_bank = any(benefit["payee"] != CARD for benefit in document["benefits"])
    needed = (*LETTERS, *OF_A_BANK) if by_bank else LETTERS
    there = {*(notice["id"] for notice in document.get("notices", ())), *problems.broken}
    missing = ", ".join(letter for letter in needed if letter not in there)
    if missing and "notices" not in there:
        message = f"Letters are missing in notices: {missing}. Every case may come to need them."
        problems.add(message, document.file_of("notices"), document.line_of("notices"))
    if "appeal" not in {*document, *problems.broken}:
        message = "appeal is missing: the letter of a decision says how to ask for a second look."
        problems.add(message, document.file, document.line)


def check_papers(document: Marked, problems: Problems) -> None:
    """Refuse evidence that the papers bank has no words for: a resident would read its id."""
    bank = held(read_yaml(catalog_folder() / "papers.yaml"), "papers")
    kinds = [paper["kind"] for paper in bank["papers"]]
    pages = [page["id"] for page in bank["pages"]]
    for criterion in document["criteria"]:
        evidence = criterion.get("evidence", Marked())
        _known(
            evidence, "documents", evidence.get("documents", ()), kinds, "kind of paper", problems
        )
        if "page" in evidence:
            _known(evidence, "page", [evidence["page"]], pages, "page", problems)


def check_questions(
    document: Marked, read: set[str], compiled: Compiled, problems: Problems
) -> None:
    """Refuse a question that the bank lacks, or whose answer nothing of the document reads."""
    bank = _bank()
    asked = document.get("questions", ())
    for entry in asked:
        _known(entry, "id", [entry["id"]], list(bank), "question", problems)
    read = read | {name for node in _conditions(document, compiled) for name in tree.names(node)}
    for benefit in document["benefits"]:
        read |= set(benefit.get("parts", ()))
    if problems.broken:
        return  # what is broken may be what reads it
    for entry in asked:
        answered = bank[entry["id"]]["facts"] if entry["id"] in bank else read
        if entry.get("ask") != "always" and not read.intersection(answered):
            message = (
                f"Nothing in {document['slug']} reads the answer of {entry['id']}. Take it out."
            )
            problems.add(message, entry.file, entry.line)


def check_columns(lookups: Iterable[tree.Lookup], problems: Problems) -> None:
    """Refuse a column that a rule looks up and that nobody wrote words for: people read them."""
    for lookup in lookups:
        written = texts(lookup.table)[0]
        if lookup.column and lookup.column not in written.get("column_words", ()):
            message = (
                f"{lookup.column} of {lookup.table} has no words. "
                "Write them under column_words: who waits for it reads them."
            )
            problems.add(message, written.file, written.line_of("columns"))


def _bank() -> dict[str, Marked]:
    files = sorted((catalog_folder() / "questions").glob("*.yaml"))
    read = [held(read_yaml(path), "questions") for path in files]
    return {raw["id"]: raw for file in read for raw in file["questions"]}


def _conditions(document: Marked, compiled: Compiled) -> Iterator[tree.Node]:
    """Yield the conditions outside the criteria; each must be a rule that is true or false."""
    for section, key in (
        *(("questions", "when"), ("clocks", "when"), ("checks", "when")),
        ("rounds", "opens_early_for"),
    ):
        for one in document.get(section, ()):
            if key in one and one[key] != "priority" and (node := compiled(one, key)):
                yield node


def check_units(
    units: Mapping[str, str], rules: list[tuple[Marked, tree.Node, str]], problems: Problems
) -> None:
    """Refuse a rule that takes a monthly figure for a yearly one, or people for dollars."""
    for written, node, unit in rules:
        wrong = disagreement(node, units, unit)
        if wrong:
            problems.add(wrong, written.file_of("rule"), written.line_of("rule"))
