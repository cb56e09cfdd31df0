"""What other rooms rely on: questions that still matter, first answers, words, versions, errors."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from latchstring.programs import door
from latchstring.programs.document import prepared, resolved, shipped
from latchstring.programs.errors import CatalogError
from latchstring.programs.reading import merged, read_yaml

HOUSEHOLD = {
    "applied_on": date(2025, 6, 1),
    "state": "NM",
    "county": "35001",
    "size": 3,
    "rents": True,
    "annual_income": Decimal(30000),
    "monthly_income": Decimal(2500),
    "unemployment_benefits": False,
    "financial_hardship": True,
    "housing_instability": True,
    "unemployed_90_days": False,
    "monthly_rent": Decimal(1200),
    "rent_documented": True,
    "months_behind": 2,
    "future_months": 1,
    "months_assisted": 0,
    "utilities_owed": Decimal("100.25"),
    "other_federal_rent_help": False,
}
NM = door.load_program("nm-erap")


def without(*keys: str) -> dict:
    return {key: value for key, value in HOUSEHOLD.items() if key not in keys}


def asked(facts: dict, programs=NM) -> list[str]:
    return [question.id for question in door.next_questions(programs, facts)]


def test_every_question_is_asked_when_nothing_is_known() -> None:
    ids = asked({"applied_on": date(2025, 6, 1)})
    assert ids == [question.id for question in door.questions_of(NM)]


def test_nothing_is_asked_when_all_is_known_or_one_criterion_is_false() -> None:
    assert asked(HOUSEHOLD) == []
    assert asked({"rents": False}) == []


def test_a_question_that_cannot_change_anything_is_not_asked() -> None:
    assert "bedrooms_in_home" not in asked(without("months_behind"))  # the rent is documented
    assert "lost_income" not in asked({"unemployment_benefits": True})
    assert "income_monthly" not in asked(without("monthly_income"))  # last year suffices
    high = without("monthly_income") | {"annual_income": Decimal(999999)}
    assert asked(high) == ["income_monthly"]
    assert asked(without("bedrooms") | {"rent_documented": False}) == ["bedrooms_in_home"]


@pytest.mark.parametrize("left_out", sorted(set(HOUSEHOLD) - {"applied_on"}))
def test_what_is_not_asked_cannot_change_the_answer(left_out: str) -> None:
    """Try each value of a fact that is not asked: everything that comes out stays the same."""
    facts = without(left_out)
    if left_out in door.open_facts(NM, facts):
        return
    kind = door.fact_definition(left_out).type
    tries = {"yes_no": [True, False], "money": [0, 10**6], "whole": [1, 30]}[kind]
    outcomes = {
        (found.outcome, found.priority, found.total)
        for found in (door.evaluate(NM, facts | {left_out: value}) for value in tries)
    }
    assert len(outcomes) == 1


def test_several_programs_are_asked_at_once_and_each_question_once() -> None:
    ids = asked(without("state", "county"), [NM, door.load_program("wy-erap")])
    assert ids == ["where", "internet_amount_owed"]


def test_a_first_answer() -> None:
    likely = door.screen(NM, HOUSEHOLD)
    assert (likely.answer, likely.least, likely.most) == (
        "likely",
        Decimal("3700.25"),
    ) * 1 + (Decimal("3700.25"),)
    facts = without("rent_documented", "utilities_owed") | {"bedrooms": 0, "months_behind": 5}
    maybe = door.screen(NM, facts | {"rents": None})
    assert maybe.answer == "maybe" and maybe.next[0].id == "renting"
    assert (maybe.least, maybe.most) == (Decimal("2739.00"), Decimal("7200.00"))
    no = door.screen(NM, {"housing_instability": False})
    assert (no.answer, no.next) == ("no", ())


def test_sentences_in_both_languages() -> None:
    found = door.evaluate(NM, HOUSEHOLD | {"annual_income": 70000, "monthly_income": 9000})
    income = found.criteria[4]
    assert door.sentence(NM, income, "en") == (
        "Your household income is above the limit of $65,800.00 a year for 3 people in Bernalillo "
        "County. Last year: $70,000.00. Now: $9,000.00 a month, which is $108,000.00 a year."
    )
    assert door.sentence(NM, income, "es") == (
        "Los ingresos de su hogar pasan del límite de $65,800.00 al año para 3 personas en el "
        "condado de Bernalillo. El año pasado: $70,000.00. Ahora: $9,000.00 al mes, que son "
        "$108,000.00 al año."
    )
    assert door.text(date(2026, 5, 1), "es") == "1 de mayo de 2026"
    assert door.text(True, "es") == "sí" and door.text(None, "en") == "not known yet"


@pytest.mark.parametrize("program", door.programs(), ids=lambda program: program.slug)
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_sentence_can_be_written_in_every_state(program, language: str) -> None:
    for facts in ({}, HOUSEHOLD, HOUSEHOLD | {"state": "WY", "county": "56021"}):
        found = door.evaluate(program, facts)
        for result in filter(None, (*found.criteria, found.priority_result)):
            for outcome in (True, False, None):
                told = type(result)(result.id, outcome, result.operands)
                words = door.sentence(program, told, language)
                assert words and "{" not in words and "None" not in words
        assert all(door.citation(program, one.id) for one in program.criteria)


def test_a_version_is_known_by_its_hash_and_the_same_facts_give_the_same_hash() -> None:
    assert shipped(NM.version).version == NM.version and shipped("0" * 64) is None
    first, second = (door.evaluate(NM, facts) for facts in (HOUSEHOLD, dict(HOUSEHOLD)))
    assert first.hash == second.hash
    assert door.evaluate(NM, HOUSEHOLD | {"size": 4}).hash != first.hash
    first = door.load_program("nm-erap", date(1999, 1, 1))
    assert first.version == NM.version  # before the first: the first


def test_a_fact_of_the_wrong_type_is_refused_by_name() -> None:
    for facts in ({"size": 0}, {"size": Decimal("2.5")}, {"rents": 1}, {"annual_income": -1}):
        with pytest.raises(door.WrongFact) as caught:
            door.evaluate(NM, facts)
        assert caught.value.key in facts


def test_needs_of_a_state() -> None:
    assert "internet-bill" not in [need["id"] for need in door.needs("NM")]
    behind = next(need for need in door.needs() if need["id"] == "behind-on-rent")
    assert behind["programs"] == ["nm-erap", "wy-erap"]


def test_every_notice_kind_has_words_in_both_languages() -> None:
    for kind in ("received", "request_for_information", "approved", "denied", "paid"):
        notice = door.notice_template(NM, kind)
        assert notice["subject"]["es"] and notice["body"]["en"]
    assert "45 calendar days" in NM.document["appeal"]["text"]["en"]


@pytest.mark.parametrize(
    ("change", "words", "line"),
    [
        ("derived: {months_cap: {rule: monthss}}", "There is no fact monthss", 5),
        ("derived: {a: {rule: b + 1}, b: {rule: a + 1}}", "in a circle: a needs b needs a", 5),
        ("criteria: [{id: renter, rule: size}]", "renter must be true or false", 5),
        ("criteria: [{id: own, rule: rents}]", "own has no words for pass", 5),
        ("needs: [{id: x, en: only English}]", "words in es are missing", 5),
        ("benefits: [{id: rent, amount: rent_amont}]", "Did you mean rent_amount?", 5),
        (
            "results: [{id: x, value: share, shown: always}]\nderived: {share: {rule: size * 0.5}}",
            "round it first",
            5,
        ),
    ],
)
def test_a_wrong_document_names_file_and_line(
    tmp_path: Path, change: str, words: str, line: int
) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(f"slug: bad\nextends: us-erap\nabstract: false\nstate: NM\n{change}\n")
    base = resolved(read_yaml(path))
    complete = {"agency": "nm-dfa", "criteria": [{"id": "resident", "rule": 'state == "NM"'}]}
    own = read_yaml(path)
    document = merged(base, {key: value for key, value in complete.items() if key not in own})
    if "criteria" in own:
        for criterion in document["criteria"]:
            if criterion["id"] == "resident":
                criterion["rule"] = "true"
    with pytest.raises(CatalogError) as caught:
        prepared(document)
    assert words in str(caught.value)
    assert (caught.value.file, caught.value.line) == ("bad.yaml", line)


def test_a_draft_can_be_run_and_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {"wy-lieap", "wy-snap"} <= {program.slug for program in door.programs()}
    drafts = {"wy-lieap"}
    monkeypatch.setattr(door.Program, "draft", property(lambda self: self.slug in drafts))
    assert not drafts & {program.slug for program in door.programs()}
    assert not drafts & {slug for need in door.needs("WY") for slug in need["programs"]}
    found = door.evaluate(door.load_program("wy-lieap"), {"state": "NM"})
    assert found.outcome == "ineligible" and found.failed == ("resident",)
