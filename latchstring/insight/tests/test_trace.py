"""A payment is walked up to the award and down to the evidence, and a broken link is named."""

from datetime import date, timedelta

import pytest

from latchstring.insight import door as insight
from latchstring.insight.tests import rows
from latchstring.kernel import scope
from latchstring.kernel.errors import NotFound
from latchstring.kernel.ids import new_id

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 2)


@pytest.fixture
def paid():
    """A case that was paid 1,200 dollars."""
    return rows.paid_case(rows.money(), "35001", MONDAY, 1_200_00)


def test_the_chain_goes_from_the_award_to_the_bank(paid):
    trace = insight.trace_payment("nm-dfa", paid.payment.id)
    assert trace.sources[0]["assistance_listing"] == "21.023"
    assert trace.sources[0]["amount_cents"] == 1_200_00
    assert trace.obligation["amount_cents"] == 1_200_00
    assert trace.decision["prepared_by"] == "account:carla"
    assert trace.decision["approved_by"] == "account:amos"
    assert trace.determination["outcome"] == "eligible"
    assert trace.batch["state"] == "with_bank"
    assert trace.reports[0]["kind"] == "settled"
    assert trace.payment["status"] == "settled"
    assert [p["account"] for p in trace.postings if p["amount_cents"] > 0] == [
        "obligated",
        "disbursing",
        "expended",
    ]
    assert trace.gaps == []


def test_a_payment_without_an_obligation_is_named_as_a_gap(paid):
    stray = rows.disburse(paid.obligation, MONDAY, voided_at=rows.noon(MONDAY))
    stray.obligation = new_id()
    stray.save()
    assert insight.trace_payment("nm-dfa", stray.id).gaps == [
        "no_obligation",
        "no_decision",
        "no_determination",
    ]


def test_another_agency_has_no_such_payment(paid):
    with pytest.raises(NotFound):
        insight.trace_payment("wy-dfs", paid.payment.id)
    with scope.within("wy-dfs"), pytest.raises(NotFound):
        insight.trace_payment("nm-dfa", paid.payment.id)


@pytest.mark.parametrize("what", ["case", "trace", "batch", "id", "case typed carelessly"])
def test_a_payment_is_found_by_what_an_auditor_has_in_hand(paid, what):
    rows.paid_case(rows.money(), "35001", MONDAY, 5_00)
    typed = {
        "case": paid.reference,
        "trace": paid.payment.trace,
        "batch": paid.payment.batch.reference.lower(),
        "id": str(paid.payment.id),
        "case typed carelessly": f" {paid.reference.lower()} ",
    }[what]
    assert [row["id"] for row in insight.payment_search("nm-dfa", typed)] == [paid.payment.id]
    assert insight.payment_search("wy-dfs", typed) == []


def test_a_percent_sign_finds_nothing_by_accident(paid):
    assert insight.payment_search("nm-dfa", "%") == []
    assert len(insight.payment_search("nm-dfa", "")) == 1


def test_returned_payments_wait_until_paid_again(paid):
    rows.report(paid.payment, "returned", MONDAY + timedelta(days=9), code="R03")
    assert insight.payments_returned("nm-dfa") == []  # still live: nobody has voided it
    paid.payment.voided_at = rows.noon(MONDAY)
    paid.payment.save()
    assert [row["status"] for row in insight.payments_returned("nm-dfa")] == ["returned"]
    rows.disburse(paid.obligation, MONDAY + timedelta(days=10))
    assert insight.payments_returned("nm-dfa") == []


def test_the_trial_balance_adds_up_to_nothing(paid):
    balance = insight.trial_balance("nm-dfa")
    assert sum(row["balance_cents"] for row in balance) == 0
    by_kind = {row["kind"]: row["balance_cents"] for row in balance}
    assert by_kind["expended"] == 1_200_00
    assert by_kind["unobligated"] == -1_200_00


def test_a_decision_that_waits_is_listed_until_it_is_approved(paid):
    waiting = rows.case("35001", MONDAY)
    decision = rows.decide(waiting, "approve", MONDAY, cents=50_00)
    decision.approved_at, decision.approved_by = None, ""
    decision.save()
    listed = insight.decisions_waiting("nm-dfa")
    assert [(row["reference"], row["amount_cents"]) for row in listed] == [
        (waiting.reference, 50_00)
    ]
    assert insight.decisions_waiting("wy-dfs") == []
    assert insight.decision("nm-dfa", decision.id)["lines"][0]["purpose"] == "rental_arrears"
    with pytest.raises(NotFound):
        insight.decision("wy-dfs", decision.id)
