"""The second person: releases, is refused with both figures, or sends back; never the same one."""

import pytest
from django.test import Client

from latchstring.cases import door as cases
from latchstring.funds import door as funds
from latchstring.funds.models import Allocation
from latchstring.insight import door as insight

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision(scene):
    """An approval that Casey prepared."""
    return scene.prepared()


def url(decision, tail=""):
    return f"/desk/approvals/{decision.id}/{tail}"


def test_what_waits_is_listed_with_amount_and_preparer(as_, decision, words):
    page = words(as_("alex").get("/desk/approvals/"))
    assert decision.case.reference in page
    assert "$3,085.00" in page and "Casey" in page


def test_the_page_shows_what_why_and_the_money_left(as_, decision, words):
    page = words(as_("alex").get(url(decision)))
    assert "Give $3,085.00 to case" in page
    assert "2 months × $1,000.00 = $2,000.00" in page
    assert "Your household income is within the limit" in page
    assert "$100,000.00 is left now, $96,915.00 after this." in page


def test_release_promises_the_money(as_, decision, words):
    page = words(as_("alex").post(url(decision, "approve/"), follow=True))
    assert f"Done. {decision.case.reference} goes on." in page
    assert sum(o.amount_cents for o in funds.obligations_of(decision.case_id)) == 308_500
    assert as_("alex").post(url(decision, "approve/")).status_code == 302  # twice is once
    assert len(funds.obligations_of(decision.case_id)) == 3


def test_too_little_money_is_refused_with_both_figures(as_, scene, decision, words):
    Allocation.objects.update(obligated_cents=10_000_000 - 100_000)
    page = words(as_("alex").get(url(decision)))
    assert "$1,000.00 is left and this needs $3,085.00" in page
    response = as_("alex").post(url(decision, "approve/"))
    assert response.status_code == 409
    assert "This needs $3,085.00, and $1,000.00 is left" in words(response)
    assert funds.obligations_of(decision.case_id) == []


def test_the_preparer_cannot_release_it(as_, scene, words):
    case = scene.open()
    decision = cases.prepare_approval(case.id, scene.actor("both"))
    page = words(as_("both").get(url(decision)))
    assert "Another person must release it." in page
    assert "Release $3,085.00" not in page
    response = as_("both").post(url(decision, "approve/"))
    assert response.status_code == 403
    assert "A second person must approve it" in words(response)


def test_send_back_needs_its_reason(as_, decision, words):
    silent = as_("alex").post(url(decision, "send-back/"), {"why": ""})
    assert silent.status_code == 422
    assert "Please say what should be changed" in words(silent)
    as_("alex").post(url(decision, "send-back/"), {"why": "The lease names three months."})
    page = words(as_("casey").get(f"/desk/cases/{decision.case.reference}/"))
    assert "sent back: The lease names three months." in page
    late = as_("alex").post(url(decision, "approve/"))
    assert late.status_code == 409


def test_facts_that_changed_meanwhile_are_told(as_, scene, decision, words):
    scene.state(months_behind=1)
    response = as_("alex").post(url(decision, "approve/"))
    assert response.status_code == 409
    assert "What we know has changed since this was prepared" in words(response)


@pytest.mark.parametrize(
    ("who", "status"), [("casey", 403), ("paula", 403), ("audrey", 403), ("willa", 404)]
)
def test_others_do_not_get_in(as_, decision, who, status):
    assert as_(who).get(url(decision)).status_code == status
    assert as_(who).post(url(decision, "approve/")).status_code == status
    assert as_(who).post(url(decision, "send-back/"), {"why": "x"}).status_code == status


def test_nobody_is_asked_to_sign_in(decision):
    assert Client().get(url(decision)).status_code == 302


def test_a_denial_shows_reason_law_and_appeal_day(as_, scene, words):
    case = scene.open()
    decision = cases.prepare_denial(case.id, scene.actor("casey"), "Too much.", "FAQ 4")
    page = words(as_("alex").get(url(decision)))
    assert "Too much." in page and "FAQ 4" in page and "Appeal until" in page
    as_("alex").post(url(decision, "approve/"))
    case.refresh_from_db()
    assert (case.stage, case.outcome) == ("closed", "denied")
    assert insight.decisions_waiting("nm-dfa") == []
