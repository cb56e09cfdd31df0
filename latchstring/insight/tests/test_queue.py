"""The queue: the household that would be harmed first on top, each case with one next step."""

from datetime import date, timedelta

import pytest

from latchstring.insight.next_step import next_step
from latchstring.insight.tests import rows
from latchstring.insight.work import queue
from latchstring.kernel import clock

pytestmark = pytest.mark.usefixtures("db")
TODAY = date(2026, 11, 23)
QUIET = {
    "stage": "review",
    "decision_waits": False,
    "no_account": 0,
    "payments": 0,
    "payments_voided": 0,
    "on_card": False,
    "returned_why": "",
    "returned_at": None,
    "papers_unread": 0,
    "requests_open": 0,
    "answer_by": None,
    "checks_open": 0,
    "checks_tries": None,
    "sources": None,
    "outcome": "eligible",
    "missing": [],
}


@pytest.mark.parametrize(
    ("change", "code", "who"),
    [
        ({}, "prepare_approval", "caseworker"),
        ({"stage": "closed", "papers_unread": 1}, "none", "nobody"),
        ({"decision_waits": True, "papers_unread": 1}, "approve", "approver"),
        ({"stage": "payment"}, "name_payee", "caseworker"),
        ({"stage": "payment", "payments": 1, "no_account": 1}, "ask_account", "caseworker"),
        ({"stage": "payment", "payments": 1}, "wait_for_payment", "bank"),
        ({"stage": "payment", "payments_voided": 1}, "pay_again", "caseworker"),
        ({"returned_why": "wrong month", "returned_at": TODAY}, "mend_decision", "caseworker"),
        ({"papers_unread": 2, "requests_open": 1}, "look_at_papers", "caseworker"),
        ({"requests_open": 1, "answer_by": TODAY}, "wait_for_resident", "resident"),
        (
            {"requests_open": 1, "answer_by": TODAY - timedelta(days=1)},
            "call_resident",
            "caseworker",
        ),
        ({"checks_open": 1, "checks_tries": 2, "sources": ["tax"]}, "wait_for_agency", "agency"),
        ({"checks_open": 1, "checks_tries": 3, "sources": ["tax"]}, "go_on_without", "caseworker"),
        ({"outcome": "ineligible"}, "look_at_reasons", "caseworker"),
        ({"outcome": "unknown", "missing": ["size"]}, "request_information", "caseworker"),
        ({"outcome": None}, "wait_for_rules", "nobody"),
    ],
)
def test_what_unblocks_the_case_comes_first(change, code, who):
    step = next_step(QUIET | change, TODAY)
    assert (step.code, step.who) == (code, who)


def test_harm_comes_first_then_priority_then_the_due_day():
    today = clock.today()
    later = rows.case("35049", today)
    hearing = rows.case("35049", today, urgent_on=today + timedelta(days=9))
    shutoff = rows.case("35049", today, urgent_on=today + timedelta(days=3))
    first = rows.case("35049", today, priority=True)
    order = [row["id"] for row in queue(rows.AGENCY)]
    assert order == [shutoff.id, hearing.id, first.id, later.id]


def test_only_the_agency_and_the_counties_of_whoever_asks():
    rows.case("35049", clock.today())
    other = rows.case("35001", clock.today())
    rows.case("56021", clock.today(), agency="wy-dfs")
    assert len(queue(rows.AGENCY)) == 2
    assert [row["id"] for row in queue(rows.AGENCY, counties=["35001"])] == [other.id]
    assert queue(rows.AGENCY, counties=[]) == []
