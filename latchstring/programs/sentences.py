"""Sentences from ids and operands, rendered when shown, in the language of the reader."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from latchstring.programs.dictionary import dictionary
from latchstring.programs.document import LANGUAGES, Criterion, Program
from latchstring.programs.evaluate import AmountLine, CriterionResult
from latchstring.programs.questions import bank
from latchstring.programs.tables import counties
from latchstring.rules import tree

CITED = ("statute", "regulation", "rule", "manual")  # written as they stand, in this order
NOT_KNOWN = {"en": "not known yet", "es": "todavía no se sabe"}
YES_NO = {"en": ("no", "yes"), "es": ("no", "sí")}
PEOPLE = {"en": ("person", "people"), "es": ("persona", "personas")}
MONTHS = {"en": ("month", "months"), "es": ("mes", "meses")}
ANY_COUNTY = {"en": "your county", "es": "su condado"}
ANY_SIZE = {"en": "your household", "es": "su hogar"}
SPANISH_MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto"),
    *("septiembre", "octubre", "noviembre", "diciembre"),
)
ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)


def text(value: Any, language: str = "en") -> str:
    """Write a value as people read it: `$1,234.50`, `yes`, `May 1, 2026`, `1 de mayo de 2026`.

    Decimals are money. Spanish in the United States writes dollars the same way.
    """
    if value is None:
        return NOT_KNOWN[language]
    if isinstance(value, bool):
        return YES_NO[language][value]
    if isinstance(value, Decimal):
        return f"${value:,.2f}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, date):
        if language == "es":
            return f"{value.day} de {SPANISH_MONTHS[value.month - 1]} de {value.year}"
        return f"{ENGLISH_MONTHS[value.month - 1]} {value.day}, {value.year}"
    return str(value)


def counted(value: int | None, words: Mapping[str, tuple[str, str]], language: str) -> str:
    """Write a number with its noun: `1 month`, `3 meses`."""
    return f"{text(value, language)} {words[language][value != 1]}"


def sentence(program: Program, result: CriterionResult, language: str = "en") -> str:
    """Return the plain words for a criterion's result with its numbers filled in."""
    criterion = _criterion(program, result.id)
    outcome = {True: "pass", False: "fail", None: "unknown"}[result.result]
    template = criterion.words[outcome][language]
    return template.format_map(_Filled(program, result.operands, language))


def citation(program: Program, criterion_id: str) -> str:
    """Return a criterion's source as one line: `Treasury ERA FAQ 4; 15 U.S.C. 9058a(...)`."""
    return citation_text(_criterion(program, criterion_id).citation)


def citation_text(source: Mapping[str, str]) -> str:
    """Return a citation of the catalog as one line."""
    parts = []
    if source.get("faq"):
        parts.append(f"Treasury ERA FAQ {source['faq']}")
    parts += [str(source[kind]) for kind in CITED if source.get(kind)]
    return "; ".join(parts)


def arithmetic(line: AmountLine, language: str = "en") -> str:
    """Write how an amount came about: `3 months × $1,200.00 = $3,600.00`."""
    amount = text(line.amount, language)
    if line.rate is not None or line.months is not None:
        months = counted(line.months, MONTHS, language)
        return f"{months} × {text(line.rate, language)} = {amount}"
    parts = [text(value, language) for value in line.operands.values()]
    return f"{' + '.join(parts)} = {amount}" if len(parts) > 1 else amount


def fact_words(program: Program, key: str, language: str = "en") -> str:
    """Return the words for a raw or derived fact: `your monthly rent`."""
    definition = dictionary().get(key)
    if definition is not None:
        return definition.words[language]
    found = next((d for d in program.derived if d.id == key), None)
    return found.words[language] if found else key


def value_words(program: Program, key: str, value: Any, language: str = "en") -> str:
    """Return a fact's value as sentences show it: `2 people`, `$1,306.00`, `Santa Fe County`."""
    if value is None:
        return NOT_KNOWN[language]
    return _choice(key, value, language) or _placeholder(program, key, value, language)


def _choice(key: str, value: Any, language: str) -> str:
    """Return the words of a choice, as the bank's question has them."""
    if not isinstance(value, str):
        return ""
    choices = (one for asked in bank().values() if key in asked.facts for one in asked.choices)
    return next((str(one[language]) for one in choices if str(one["value"]) == value), "")


class _Filled(dict[str, str]):
    """Fills the placeholders of a template; one without a value reads as not known yet."""

    def __init__(self, program: Program, operands: Mapping[str, Any], language: str) -> None:
        super().__init__()
        self.program, self.operands, self.language = program, operands, language

    def __missing__(self, key: str) -> str:
        words = self.program.document.get("words", {}).get(key)
        if words:
            return str(words[self.language])
        return _placeholder(self.program, key, self.operands.get(key), self.language)


def _placeholder(program: Program, key: str, value: Any, language: str) -> str:
    if key == "county":
        found = counties().get(str(value))
        if found is None:
            return ANY_COUNTY[language]
        name = found["name"]
        return f"{name} County" if language == "en" else f"el condado de {name}"
    if key == "size":
        return ANY_SIZE[language] if value is None else counted(value, PEOPLE, language)
    kind = program.types.get(key)
    unit = _unit(program, key)
    if value is not None and kind == tree.WHOLE and unit == "people":
        return counted(value, PEOPLE, language)
    if value is not None and kind == tree.WHOLE and unit.startswith("dollars"):
        return text(Decimal(value), language)
    return text(value, language)


def _unit(program: Program, key: str) -> str:
    if key in dictionary():
        return dictionary()[key].unit
    return next((d.unit for d in program.derived if d.id == key), "")


def _criterion(program: Program, id: str) -> Criterion:
    return next(test for test in program.all_tests if test.id == id)


__all__ = ["LANGUAGES", "arithmetic", "citation", "fact_words", "sentence", "text", "value_words"]
