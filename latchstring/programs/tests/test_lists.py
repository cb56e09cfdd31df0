"""Lists of people and incomes: read strictly, counted by each program's own rule, never guessed."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchstring.programs.dictionary import Firm
from latchstring.programs.document import prepared, resolved, versions
from latchstring.programs.errors import CatalogError, WrongFact
from latchstring.programs.evaluate import evaluate, said_by_lists
from latchstring.programs.explain import explanation, facts_from_json
from latchstring.programs.households import cases_of
from latchstring.programs.lists import items, lists, shown_list, subject_of
from latchstring.programs.reading import Marked, catalog_folder, read_text, read_yaml
from latchstring.programs.telling_lists import told_from_lists

ANA = {"id": "a", "birth_date": "1990-03-01", "buys_food_together": True}
WEEKLY = {"earner": "a", "kind": "job", "amount": "500", "period": "weekly"}


def snap(**changed: Any) -> dict[str, Any]:
    """The first test household of SNAP, without what lists say of it."""
    facts = dict(cases_of("wy-snap")[0]["facts"])
    for key in ("food_size", "monthly_income", "monthly_earned_income", "member_60_or_older"):
        del facts[key]
    return facts | changed


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"members": 3}, "a list is written"),
        ({"members": {"so_far": [], "more": True}}, "a list is written"),
        ({"members": ["a"]}, "number 1 is no record"),
        ({"members": [ANA, {"age": 3}]}, "number 2 has no field age: there are id, birth_date"),
        ({"members": [{"birth_date": "2025-02-29"}]}, "members, number 1, birth_date: 2025-02-29"),
        ({"incomes": [{"amount": "1e3"}]}, "incomes, number 1, amount: 1e3 is not an amount"),
        ({"incomes": [{"kind": "gold"}]}, "kind: gold is not one of job"),
        ({"incomes": [{"over_months": 0}]}, "over_months: 0 is not a whole number from 1"),
        ({"incomes": [{}] * 121}, "there are at most 120"),
        ({"incoms": []}, "Did you mean incomes"),
    ],
)
def test_a_list_that_cannot_be_read_says_which_record_and_what_would_be_right(
    given: dict[str, Any], says: str
) -> None:
    with pytest.raises(WrongFact, match=says):
        facts_from_json(json.dumps(given))


def test_a_list_reads_back_as_it_was_given_and_keeps_its_kinds() -> None:
    definition = lists()["incomes"]
    given = [{"earner": "a", "amount": Decimal("500.50"), "period": "varies", "over_months": 3}]
    assert shown_list(definition, items(definition, given)) == given
    assert shown_list(definition, items(definition, {"so_far": given})) == {"so_far": given}
    assert (subject_of("incomes"), subject_of("monthly_rent")) == ("income_source", "dwelling")
    with pytest.raises(WrongFact):
        subject_of("nothing")


def test_an_established_figure_stands_above_the_list_and_a_told_one_does_not() -> None:
    program = versions("wy-snap")[-1]
    facts = snap(members=[ANA], incomes=[WEEKLY], monthly_income=Decimal(900))
    assert evaluate(program, facts).value("monthly_income") == Decimal(2150)
    firm = evaluate(program, facts | {"monthly_income": Firm(Decimal(900))})
    assert firm.value("monthly_income") == Decimal(900)
    assert firm.value("monthly_earned_income") == Decimal(2150)
    assert told_from_lists(program, "monthly_income", facts, "en") is not None
    assert told_from_lists(program, "monthly_income", firm_facts(facts), "en") is None


def test_a_list_that_was_told_is_told_again_without_compiling_its_rule_anew(monkeypatch) -> None:
    program = versions("wy-snap")[-1]
    facts = snap(members=[ANA], incomes=[WEEKLY])
    first = told_from_lists(program, "monthly_income", facts, "en")
    assert first is not None and first.lines
    monkeypatch.setattr(type(program), "close", None)
    assert told_from_lists(program, "monthly_income", facts, "en") == first


def firm_facts(facts: dict[str, Any]) -> dict[str, Any]:
    return facts | {"monthly_income": Firm(Decimal(900))}


def test_each_program_counts_the_same_list_by_its_own_law() -> None:
    lists_of_both = {"members": [ANA], "incomes": [WEEKLY], "applied_on": date(2026, 1, 15)}
    found = {
        slug: evaluate(versions(slug)[-1], lists_of_both).value("monthly_income")
        for slug in ("wy-lieap", "wy-snap")
    }
    # 500 x 52 / 12, and 500 x 4.3 (7 CFR 273.10(c)(2)(i)).
    assert found == {"wy-lieap": Decimal("2166.67"), "wy-snap": Decimal("2150.00")}


def test_the_lists_are_part_of_what_a_determination_rests_on() -> None:
    program = versions("wy-snap")[-1]
    one = evaluate(program, snap(members=[ANA], incomes=[WEEKLY]))
    other = evaluate(program, snap(members=[ANA], incomes=[WEEKLY | {"amount": "500.00"}]))
    more = evaluate(program, snap(members=[ANA], incomes=[WEEKLY, WEEKLY | {"kind": "ssi"}]))
    assert one.hash == other.hash != more.hash
    assert one.snapshot["facts"]["incomes"][0]["amount"] == Decimal("500.00")


RECORD = st.fixed_dictionaries(
    {
        "earner": st.sampled_from(["a", "b"]),
        "kind": st.sampled_from(["job", "ssi", "cash_help", "rent_or_energy_help", None]),
        "amount": st.sampled_from(["0", "10.01", "500", None]),
        "period": st.sampled_from(["weekly", "monthly", "once", None]),
        "over_months": st.none(),
    }
)
PERSON = st.fixed_dictionaries(
    {
        "birth_date": st.sampled_from(["1950-01-01", "1990-01-01", "2015-06-06", None]),
        "buys_food_together": st.sampled_from([True, False, None]),
    }
)


@given(people=st.lists(PERSON, max_size=3), incomes=st.lists(RECORD, max_size=3), data=st.data())
def test_what_is_learned_of_a_list_never_turns_round_what_it_said(
    people: list[dict[str, Any]], incomes: list[dict[str, Any]], data: st.DataObject
) -> None:
    """Fill in what is open, then add records, then finish: what was settled stays so."""
    program = versions("wy-snap")[-1]
    members = [{"id": "ab"[place % 2]} | one for place, one in enumerate(people)]
    known = {"applied_on": date(2026, 1, 15)}
    facts: dict[str, Any] = {
        **known,
        "members": {"so_far": members},
        "incomes": {"so_far": incomes},
    }
    fill = {"birth_date": "1980-02-02", "buys_food_together": True, "kind": "job", "amount": "7"}
    fill |= {"period": "weekly", "over_months": 2}
    filled = {
        key: [{k: fill.get(k) if v is None else v for k, v in one.items()} for one in records]
        for key, records in (("members", members), ("incomes", incomes))
    }
    later: dict[str, Any] = {
        **known,
        "members": filled["members"]
        + [{"id": "z"} | one for one in data.draw(st.lists(PERSON, max_size=2))],
        "incomes": filled["incomes"] + data.draw(st.lists(RECORD, max_size=2)),
    }
    before, after = evaluate(program, facts), evaluate(program, later)
    for key in said_by_lists(program, facts):
        assert after.value(key) == before.value(key), key


def test_how_it_was_counted_is_told_record_by_record_in_both_languages() -> None:
    program = versions("wy-snap")[-1]
    varies = {"earner": "a", "kind": "job", "amount": "900", "period": "varies", "over_months": 1}
    help = {"earner": "a", "kind": "rent_or_energy_help", "amount": "700", "period": "monthly"}
    facts = snap(members=[ANA], incomes=[WEEKLY, varies, help])
    told = explanation(program, facts_from_json(json.dumps(facts, default=str)))["from_lists"]
    income = next(one for one in told if one["fact"] == "monthly_income")
    assert income["value"] == "3050.00"
    assert income["lines"]["en"] == [
        "A job, $500.00 every week: $2,150.00",
        "A job, $900.00 in all over 1 month: $900.00",
        "Help with rent or energy bills, $700.00 every month: does not count",
    ]
    assert income["lines"]["es"][0] == "Un trabajo, $500.00 cada semana: $2,150.00"
    assert "4.3" in income["en"] and "4.3" in income["es"]
    nobody = explanation(program, facts_from_json(json.dumps(snap(), default=str)))
    assert nobody["from_lists"] == []


LIEAP = resolved(read_yaml(catalog_folder() / "wy" / "lieap.yaml"))


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("{nothing_such: {rule: members.size(), en: x, es: x}}", "There is no fact nothing_such"),
        ("{size: {rule: size, en: x, es: x}}", "This reads no list. There are members, incomes"),
        ("{size: {rule: 'members.exists(m, true)', en: x, es: x}}", "size is a whole number"),
        (
            "{monthly_income: {rule: 'incomes.sum(i, i.amount * 4.3)', en: x, es: x}}",
            'write round\\(..., 2, "half_up"\\)',
        ),
        ("{size: {rule: members, en: x, es: x}}", "members is a list"),
        (
            '{size: {rule: \'members.size() + lookup("smi_size_percent", "percent", 1)\','
            " en: x, es: x}}",
            "looks into no table",
        ),
    ],
)
def test_an_entry_that_cannot_work_is_refused_with_its_line_and_the_mend(
    entry: str, says: str
) -> None:
    document = Marked(LIEAP, from_lists=read_text(f"from_lists: {entry}", "x.yaml")["from_lists"])
    document.file, document.line, document.lines = LIEAP.file, LIEAP.line, LIEAP.lines
    with pytest.raises(CatalogError, match=says) as wrong:
        prepared(document)
    assert wrong.value.file == "x.yaml" and wrong.value.line == 1


def test_a_criterion_reads_what_is_worked_out_of_a_list_and_not_the_list() -> None:
    many = read_text("{rule: members.size() > 3, en: x, es: x}", "x.yaml")
    document = Marked(LIEAP, derived=Marked(LIEAP["derived"], many=many))
    document.file, document.line, document.lines = LIEAP.file, LIEAP.line, LIEAP.lines
    with pytest.raises(CatalogError, match="`from_lists:` works out a fact"):
        prepared(document)
