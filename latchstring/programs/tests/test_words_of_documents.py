"""Needs that programs share, nouns of numbers, and citations of every kind."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from latchstring.programs import door, in_words, tables, together
from latchstring.programs.errors import CatalogError, Problems
from latchstring.programs.reading import read_text
from latchstring.programs.shape import held
from latchstring.rules import tree

TABLE = """
prices:
  title: {en: Prices, es: Precios}
  source: nobody
  keys: {}
  columns: {high: money, low: money}
  column_words: {high: {en: the high price, es: el precio alto}}
"""
NEED = "needs:\n  - {id: cold, en: I am cold, es: Tengo frío, implies: {%s: true}}\n"


def offered(monkeypatch: pytest.MonkeyPatch, *texts: str) -> list[Any]:
    program = door.load_program("wy-erap")
    several = [
        replace(program, slug=f"p{place}", document=read_text(text, f"p{place}.yaml"))
        for place, text in enumerate(texts)
    ]
    monkeypatch.setattr(door, "programs", lambda state=None: several)
    return door.needs("WY")


def test_a_shared_need_implies_what_any_of_its_programs_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = offered(monkeypatch, NEED % "rents", NEED % "heat_emergency")
    assert [need["programs"] for need in found] == [["p0", "p1"]]
    assert found[0]["implies"] == {"rents": True, "heat_emergency": True}


@pytest.mark.parametrize(
    "other", [NEED.replace("frío", "mucho frío") % "rents", NEED.replace("true", "false") % "rents"]
)
def test_a_shared_need_has_the_same_words_and_facts(
    monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    with pytest.raises(CatalogError, match="p1.yaml, line 2: p1 says otherwise of the need cold"):
        offered(monkeypatch, NEED % "rents", other)


@pytest.mark.parametrize(
    ("size", "en", "es"), [(1, "1 person", "1 persona"), (4, "4 people", "4 personas")]
)
def test_a_number_of_people_has_its_noun(size: int, en: str, es: str) -> None:
    program = door.load_program("wy-snap")
    facts = {
        "applied_on": date(2026, 1, 5),
        "state": "WY",
        "food_size": size,
        "monthly_income": Decimal(99999),
        "member_60_or_older": False,
        "member_gets_disability_payments": False,
        "all_get_cash_assistance": False,
    }
    results = {result.id: result for result in door.evaluate(program, facts).criteria}
    assert f" {en} " in door.sentence(program, results["gross_income"], "en")
    assert f" {es} " in door.sentence(program, results["gross_income"], "es")


@pytest.mark.parametrize("lost", [", es: Precios", ", es: el precio alto"])
def test_a_table_has_its_title_and_columns_in_both_languages(lost: str) -> None:
    held(read_text(TABLE, "tables.yaml"), "tables")
    with pytest.raises(CatalogError, match=r"tables.yaml, line \d: es is missing"):
        held(read_text(TABLE.replace(lost, ""), "tables.yaml"), "tables")


def test_a_column_that_a_rule_looks_up_has_words(monkeypatch: pytest.MonkeyPatch) -> None:
    declared = read_text(TABLE, "tables.yaml")["prices"]
    monkeypatch.setattr(together, "texts", lambda name: (declared, ""))
    for column, wrong in (("high", 0), ("low", 1)):
        problems = Problems()
        together.check_columns([tree.Lookup((0, 1), None, "prices", column, (), None)], problems)
        assert len(problems.found) == wrong
    assert "low of prices has no words" in problems.found[0].message


def test_a_condition_names_tables_and_columns_in_the_readers_language() -> None:
    program = door.load_program("wy-lieap")
    season = next(test for test in program.criteria if test.id == "in_season")
    assert in_words.condition(program, season, "es").startswith(
        "«si todos pueden solicitar» de la tabla «Cuándo recibe solicitudes LIEAP de Wyoming"
    )


def test_a_table_that_was_kept_with_an_english_title_is_still_read() -> None:
    declared = read_text(TABLE.replace("{en: Prices, es: Precios}", "Prices"), "kept")["prices"]
    found = tables.from_texts("prices", declared, "high,low\n1.00,\n")
    assert found.title == {"en": "Prices", "es": "Prices"}
    assert found.column_words["low"]["es"] == "low"


def test_every_kind_of_citation_is_written() -> None:
    source = {"manual": "Table I", "rule": "ch. 1", "regulation": "7 CFR 273.9", "faq": "4"}
    assert door.citation_text(source) == "Treasury ERA FAQ 4; 7 CFR 273.9; ch. 1; Table I"
