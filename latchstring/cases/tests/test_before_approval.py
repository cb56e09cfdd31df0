"""What no rule says is put down by a person before an approval, and stays for good."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import ProgrammingError, connection, transaction

from latchstring.cases import door as cases
from latchstring.cases.models import StaffWord
from latchstring.cases.tests.wyoming import WINTER
from latchstring.kernel import clock
from latchstring.kernel.errors import Invalid, NotAllowed

FROM_THE_TABLE = "Row 2 of the agency's table for propane, 1 person."


def todo(wyoming, case):
    found = cases.determination_of(case)
    return [
        (one.kind, one.about)
        for one in cases.before_approval(case, found.result)
        if one.given is None
    ]


@pytest.fixture
def heat(wyoming):
    case = wyoming.open("wy-lieap")
    cases.determine(case.id)
    return case


def test_an_amount_that_the_agency_sets_is_asked_for_and_never_dropped(wyoming, heat):
    wyoming.put_down(heat)
    assert todo(wyoming, heat) == [("amount", "heating")]
    with pytest.raises(cases.NotPutDown, match="amount that the agency sets"):
        cases.prepare_approval(heat.id, wyoming.actor("casey"))
    cases.set_amount(heat.id, "heating", Decimal("640"), FROM_THE_TABLE, wyoming.actor("casey"))
    assert todo(wyoming, heat) == []
    decision = cases.prepare_approval(heat.id, wyoming.actor("casey"))
    assert [line.amount_cents for line in decision.lines.all()] == [64_000]
    cases.approve(decision.id, wyoming.actor("alex"))


def test_crisis_help_waits_for_its_own_amount(wyoming):
    wyoming.state(
        heat_emergency=True, crisis_cost=Decimal("300"), heating_benefit_set=Decimal("640")
    )
    case = wyoming.open("wy-lieap")
    wyoming.put_down(case)
    with pytest.raises(cases.NotPutDown):
        cases.prepare_approval(case.id, wyoming.actor("casey"))
    with pytest.raises(Invalid) as refused:
        cases.set_amount(case.id, "crisis", Decimal("300.01"), "why", wyoming.actor("casey"))
    assert refused.value.fields == {"amount": "At most $300.00: the cost."}
    cases.set_amount(case.id, "crisis", Decimal("300"), FROM_THE_TABLE, wyoming.actor("casey"))
    decision = cases.prepare_approval(case.id, wyoming.actor("casey"))
    amounts = {line.line: line.amount_cents for line in decision.lines.all()}
    assert amounts == {"heating": 64_000, "crisis": 30_000}


def test_a_set_amount_is_part_of_what_a_determination_rests_on(wyoming, heat):
    casey = wyoming.actor("casey")
    cases.set_amount(heat.id, "heating", Decimal("640"), FROM_THE_TABLE, casey)
    cases.set_amount(heat.id, "heating", Decimal("460"), "Read the wrong row.", casey)
    runs = cases.replays(heat.reference)
    assert [row.result["total_cents"] for row, _ in runs] == [0, 64_000, 46_000]
    assert all(again.same for _, again in runs)
    (line,) = runs[-1][0].result["lines"]
    assert line["arithmetic"]["en"] == "$460.00, set by the agency"


def test_an_amount_of_nothing_leaves_the_line_out(wyoming, heat):
    casey = wyoming.actor("casey")
    cases.set_amount(heat.id, "heating", Decimal("0"), "The table gives nothing.", casey)
    wyoming.put_down(heat)
    with pytest.raises(cases.NothingToPay):
        cases.prepare_approval(heat.id, casey)


@pytest.mark.parametrize("amount", ["-1", "25000.01", "1.005", "NaN"])
def test_an_amount_that_cannot_be_is_refused(wyoming, heat, amount):
    with pytest.raises(Invalid) as refused:
        cases.set_amount(heat.id, "heating", Decimal(amount), "why", wyoming.actor("casey"))
    assert "amount" in refused.value.fields
    assert not StaffWord.objects.exists()


def test_only_what_the_rules_leave_open_can_be_set(wyoming):
    wyoming.state(heating_benefit_set=Decimal("640"))
    case = wyoming.open("wy-lieap")
    cases.determine(case.id)
    with pytest.raises(Invalid, match="do not leave"):
        cases.set_amount(case.id, "heating", Decimal("9000"), "why", wyoming.actor("casey"))


def test_food_help_needs_every_rule_looked_at_and_the_interview(wyoming):
    case = wyoming.open("wy-snap")
    casey = wyoming.actor("casey")
    cases.determine(case.id)
    rules = [about for kind, about in todo(wyoming, case) if kind == "looked_at"]
    assert "citizenship" in rules and ("interview", "") in todo(wyoming, case)
    cases.look_at(case.id, rules, "Nothing stands against it.", casey)
    with pytest.raises(cases.NotPutDown, match="the interview"):
        cases.prepare_approval(case.id, casey, months=6)
    cases.interview(case.id, WINTER.date(), "waived", "In hospital; her daughter called.", casey)
    assert cases.prepare_approval(case.id, casey, months=6)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"how": "letter"}, "how"),
        ({"on": timedelta(days=1)}, "on"),
        ({"on": timedelta(days=-4000)}, "on"),
        ({"words": " "}, "words"),
    ],
)
def test_an_interview_that_cannot_have_been_is_refused(wyoming, more, field):
    case = wyoming.open("wy-snap")
    day = clock.today() + more.get("on", timedelta(0))
    given = (day, more.get("how", "phone"), more.get("words", "She told me the same."))
    with pytest.raises(Invalid) as refused:
        cases.interview(case.id, *given, wyoming.actor("casey"))
    assert list(refused.value.fields) == [field]


def test_a_rule_that_the_program_does_not_name_is_refused(wyoming, heat):
    for rules in ([], ["citizenship", "moon"]):
        with pytest.raises(Invalid):
            cases.look_at(heat.id, rules, "Seen.", wyoming.actor("casey"))
    assert not StaffWord.objects.exists()


def test_only_who_may_decide_puts_down_and_the_database_keeps_it(wyoming, heat):
    with pytest.raises(NotAllowed):
        cases.look_at(heat.id, ["citizenship"], "Seen.", wyoming.nora.actor)
    cases.look_at(heat.id, ["citizenship"], "Seen.", wyoming.actor("casey"))
    for statement in (
        "UPDATE cases_staffword SET about = 'other'",
        "DELETE FROM cases_staffword",
    ):
        with (
            pytest.raises(ProgrammingError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_nothing_is_put_down_once_a_decision_waits(wyoming):
    wyoming.state(heating_benefit_set=Decimal("640"))
    case = wyoming.open("wy-lieap")
    wyoming.prepare(case)
    with pytest.raises(cases.AlreadyDecided):
        cases.look_at(case.id, ["citizenship"], "Seen.", wyoming.actor("casey"))
