"""The decision twin: each fact says where it came from, and a table what stood in it that day."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from latchstring.cases import door as cases
from latchstring.documents.models import Document
from latchstring.kernel import clock
from latchstring.people import door as people
from latchstring.programs import door as programs

DAY = {"en": "November 23, 2026", "es": "23 de noviembre de 2026"}


@pytest.fixture(autouse=True)
def one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it happens on one day."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 18, tzinfo=UTC))


def origins(twin: cases.Twin) -> dict[str, str]:
    """Where each fact came from, in words."""
    return {fact.told.key: fact.origin.words for fact in twin.facts}


@pytest.mark.parametrize(
    ("language", "stated", "answered", "own", "rule"),
    [
        ("en", "you told us", "the tax department answered", "our own records", "the program's"),
        (
            "es",
            "usted nos lo dijo",
            "respondió el departamento de impuestos",
            "nuestros propios",
            "las reglas",
        ),
    ],
)
def test_each_fact_says_who_said_it_and_when(scene, language, stated, answered, own, rule):
    proof = people.add_evidence(scene.household, "agency", "tax", "check")
    people.state_fact(
        scene.household,
        "annual_income",
        Decimal("20500.00"),
        actor="system:tax",
        source="verified:tax",
        evidence=proof,
    )
    found = origins(cases.tell(cases.determine(scene.open().id), language))
    assert found["rents"] == f"{stated}, {DAY[language]}"
    assert found["county"] == f"{stated}, {DAY[language]}"
    assert found["annual_income"] == f"{answered}, {DAY[language]}"
    assert found["months_assisted"].startswith(own)
    assert found["months_cap"].startswith(rule)


def test_a_figure_says_what_it_is_worked_out_from_and_by_which_law(scene):
    twin = cases.tell(cases.determine(scene.open().id), "en")
    limit = next(fact for fact in twin.facts if fact.told.key == "income_limit")
    assert limit.told.value == "$70,000.00" and limit.told.citation == "Treasury ERA FAQ 4"
    assert limit.origin.words == (
        "worked out from how many people live in your home; the county you live in; "
        "the day you applied"
    )


def test_what_was_stated_in_writing_in_place_of_a_paper_says_so(scene):
    case = scene.open(attested=["annual_income"])
    found = origins(cases.tell(cases.determine(case.id), "en"))
    assert found["annual_income"] == f"you stated it in writing, {DAY['en']}"


@pytest.mark.parametrize(("accepted", "words"), [(True, ", which we accepted"), (False, "")])
def test_a_paper_is_named_and_whether_it_was_accepted(wyoming, accepted, words):
    paper = Document.objects.create(
        agency="wy-dfs",
        household=wyoming.household.id,
        kind="heating_bill",
        given_at=clock.now(),
        given_by=wyoming.nora.actor,
        accepted_at=clock.now() if accepted else None,
    )
    proof = people.add_evidence(wyoming.household, "document", "heating_bill", str(paper.id))
    people.state_fact(
        wyoming.household,
        "pays_for_heat",
        True,
        actor=wyoming.nora.actor,
        source="document",
        evidence=proof,
    )
    twin = cases.tell(cases.determine(wyoming.open("wy-lieap").id), "en")
    used = next(fact for fact in twin.facts if fact.told.key == "pays_for_heat")
    assert used.origin.words == f"your paper “Heating bill”{words}, {DAY['en']}"
    assert used.origin.paper == str(paper.id) and used.origin.backed


def test_nobody_is_said_to_have_told_what_is_not_known(scene):
    scene.state(housing_instability=None)
    twin = cases.tell(cases.determine(scene.open().id), "en")
    reason = next(reason for reason in twin.reasons if reason.id == "instability")
    assert [fact.line for fact in reason.named] == [
        "whether you are at risk of losing your home: not known yet (nobody has told us yet)"
    ]


def test_a_reason_names_the_table_as_it_was_kept(scene):
    determination = cases.determine(scene.open().id)
    twin = cases.tell(determination, "en")
    by_reason = {reason.id: [table.id for table in reason.tables] for reason in twin.reasons}
    assert by_reason["income"] == ["hud_income_limits"] and by_reason["renter"] == []
    (table,) = twin.tables
    assert table.sha256 == cases.opened(determination)["tables"][table.id]
    assert table.source == programs.table(table.id).source and table.fiscal_year == "FY2026"


def test_a_choice_and_a_condition_read_as_people_say_them(wyoming):
    twin = cases.tell(cases.determine(wyoming.open("wy-lieap").id), "en")
    reason = next(reason for reason in twin.reasons if reason.id == "pays_heat")
    assert [fact.told.value for fact in reason.named] == ["yes", "Propane"]
    assert reason.told.condition.startswith(
        "whether you pay to heat your home: yes and what mainly heats your home: one of Natural"
    )
    income = next(reason for reason in twin.reasons if reason.id == "income")
    assert income.told.condition == (
        "your monthly income times 12: at most the income limit for your household size "
        "(60% of state median income)"
    )


def test_a_figure_that_the_agency_has_still_to_set_is_told_until_a_person_sets_the_amount(wyoming):
    case = wyoming.open("wy-lieap")
    wyoming.state(heat_emergency=True, crisis_cost=Decimal("300"))
    before = cases.determine(case.id)
    (empty,) = cases.tell(before, "es").waits_for
    assert empty.table.startswith("Cantidades de LIEAP de Wyoming")
    most = "lo máximo que paga la ayuda de emergencia"
    assert empty.figure == f"{most}, desde el 1 de octubre de 2025"
    cases.set_amount(case.id, "crisis", Decimal(300), "By letter.", wyoming.actor("casey"))
    after = cases.determine(case.id)
    assert cases.tell(after, "es").waits_for == () and cases.replay(after).same


def test_food_help_tells_its_arithmetic_as_lines_that_come_out(wyoming):
    wyoming.state(dependent_care_costs=Decimal("50"))
    determination = cases.determine(wyoming.open("wy-snap").id)
    (amount,) = cases.tell(determination, "en").amounts
    assert [step.line for step in amount.steps] == [
        "your household's income each month, to the dollar: $900.00",
        "− the standard deduction: $209.00",
        "− care for a child or another person who needs it: $50.00",
        "= income after these deductions: $641.00",
        "− the shelter deduction: $519.00",
        "= net income: $122.00",
        "the most food help for your food household: $298.00",
        "= the most less 30% of net income: $261.00",
        "≥ the least for one or two people: $24.00",
        "= food help each month: $261.00",
    ]
    assert amount.arithmetic == "$261.00" and cases.replay(determination).same
