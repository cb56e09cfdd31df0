"""What a document of the right shape must still say: its parts name one another, days run forward.

These are checked of files in the catalog only. A version that was published and kept is read as it
is, whatever is asked of documents since then.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from latchstring.programs.errors import CatalogError
from latchstring.programs.reading import Marked, catalog_folder, read_yaml
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
Facts = Mapping[str, tree.Type]


def check_days(document: Marked) -> None:
    """Refuse rounds and pauses that end before they begin."""
    for one in document.get("rounds", ()):
        _forward(one, "opens_early_on", "opens_on")
        _forward(one, "opens_on", "closes_on")
        for pause in one.get("paused", ()):
            _forward(pause, "from", "to")
            if not one["opens_on"] <= pause["from"] <= (one.get("closes_on") or date.max):
                raise CatalogError("This pause is not in its round.", pause.file, pause.line)


def _forward(held: Marked, first: str, then: str) -> None:
    before, after = held.get(first), held.get(then)
    if isinstance(before, date) and isinstance(after, date) and after < before:
        message = f"{then} ({after}) is before {first} ({before}). Turn them round."
        raise CatalogError(message, held.file_of(then), held.line_of(then))


def check_names(document: Marked, facts: Facts) -> None:
    """Refuse a payee, criterion, check, fact or filled-in word that is nowhere."""
    criteria = [criterion["id"] for criterion in document["criteria"]]
    for benefit in document["benefits"]:
        _known(benefit, "payee", [benefit["payee"]], list(document.get("payees", ())), "payee")
        _known(benefit, "parts", benefit.get("parts", ()), list(facts), "fact")
    for check in document.get("checks", ()):
        _known(check, "proves", check.get("proves", ()), criteria, "criterion")
    for need in document.get("needs", ()):
        _known(need, "implies", need.get("implies", ()), list(facts), "fact")
    words = {*document.get("words", ()), *facts}
    for test in [
        *document["criteria"],
        *([document["priority"]] if "priority" in document else []),
    ]:
        for outcome in ("pass", "fail", "unknown"):
            _filled(test[outcome], words)
    for notice in document.get("notices", ()):
        for part in ("subject", "body"):
            _filled(notice[part], NOTICE_WORDS | {*document.get("words", ())})
        _named(notice)


def _known(held: Marked, key: str, named: Any, known: list[str], kind: str) -> None:
    for name in named:
        if name not in known:
            hint = did_you_mean(str(name), known)
            message = f"There is no {kind} {name}.{hint}"
            raise CatalogError(message, held.file_of(key), held.line_of(key))


def _filled(words: Marked, known: set[str] | frozenset[str]) -> None:
    """Refuse a {word} that nothing fills in, and one that stands in one language only."""
    for language in ("en", "es"):
        text = words[language]
        for name in FILLED.findall(text):
            _known(words, language, [name], sorted(known), "word to fill in named")
        if "{" in (rest := FILLED.sub("", text)) or "}" in rest:
            message = "A { or } stands alone. Write {fact}."
            raise CatalogError(message, words.file_of(language), words.line_of(language))


def named_by(required: str) -> str:
    """Return the word of a letter that names what the law requires of it."""
    return NAMED_BY.get(required, required)


def _named(notice: Marked) -> None:
    """Refuse a letter that leaves out, in one language, what it must name."""
    body = notice["body"]
    for required in notice.get("must_name", ()):
        for language in ("en", "es"):
            if named_by(required) not in FILLED.findall(body[language]):
                message = (
                    f"The letter {notice['id']} must name {required}. "
                    f"Write {{{named_by(required)}}} where it says so."
                )
                raise CatalogError(message, body.file_of(language), body.line_of(language))


def check_questions(
    document: Marked, read: set[str], compiled: Callable[[Marked, str], tree.Node]
) -> None:
    """Refuse a question that the bank lacks, or whose answer nothing of the document reads."""
    bank = _bank()
    asked = document.get("questions", ())
    for entry in asked:
        _known(entry, "id", [entry["id"]], list(bank), "question")
    read = read | {name for node in _conditions(document, compiled) for name in tree.names(node)}
    for benefit in document["benefits"]:
        read |= set(benefit.get("parts", ()))
    for entry in asked:
        if entry.get("ask") != "always" and not read.intersection(bank[entry["id"]]["facts"]):
            message = (
                f"Nothing in {document['slug']} reads the answer of {entry['id']}. Take it out."
            )
            raise CatalogError(message, entry.file, entry.line)


def _bank() -> dict[str, Marked]:
    files = sorted((catalog_folder() / "questions").glob("*.yaml"))
    return {raw["id"]: raw for path in files for raw in read_yaml(path)["questions"]}


def _conditions(
    document: Marked, compiled: Callable[[Marked, str], tree.Node]
) -> Iterator[tree.Node]:
    """Yield the conditions outside the criteria; each must be a rule that is true or false."""
    for section, key in (("questions", "when"), ("clocks", "when"), ("rounds", "opens_early_for")):
        for one in document.get(section, ()):
            if key in one and one[key] != "priority":
                yield compiled(one, key)


def check_units(units: Mapping[str, str], rules: Iterator[tuple[Marked, tree.Node, str]]) -> None:
    """Refuse a rule that takes a monthly figure for a yearly one, or people for dollars."""
    for written, node, unit in rules:
        wrong = disagreement(node, units, unit)
        if wrong:
            raise CatalogError(wrong, written.file_of("rule"), written.line_of("rule"))
