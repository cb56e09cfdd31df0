"""The director's figures and the auditor's trace, ledger and trail."""

import csv
import io
from datetime import timedelta

import pytest

from latchstring.audit import door as audit
from latchstring.cases import door as cases
from latchstring.kernel import clock, events, transactions
from latchstring.kernel.ids import new_id
from latchstring.payments import door as money

pytestmark = pytest.mark.django_db


@pytest.fixture
def decided(scene):
    """A case that was approved."""
    decision = scene.prepared()
    cases.approve(decision.id, scene.actor("alex"))
    return decision


def test_the_director_sees_what_happened_today(as_, decided, words):
    page = words(as_("dana").get("/desk/figures/"))
    assert "$3,085.00" in page and "Santa Fe" in page
    assert "decisions: 1 yes, 0 no" in page
    assert "fewer than 11 people is hidden" in page


def test_the_live_part_answers_304_until_something_happens(as_, decided):
    client = as_("dana")
    first = client.get("/desk/figures/", headers={"HX-Request": "true"})
    assert b"<html" not in first.content
    again = client.get(
        "/desk/figures/", headers={"HX-Request": "true", "If-None-Match": first["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    mark = first["ETag"].strip('"')
    asked = f"/desk/figures/?mark={mark}"
    assert asked in client.get("/desk/figures/").content.decode()
    assert client.get(asked, headers={"HX-Request": "true"}).status_code == 204
    with transactions.verb():
        events.record("case.opened.v1", subject=new_id(), agency="nm-dfa", actor="system:test")
    moved = client.get(
        "/desk/figures/", headers={"HX-Request": "true", "If-None-Match": first["ETag"]}
    )
    assert moved.status_code == 200
    assert moved["ETag"] != first["ETag"]
    assert client.get(asked, headers={"HX-Request": "true"}).status_code == 200


def rows_of(response):
    return list(csv.reader(io.StringIO(response.content.decode())))


def test_the_download_has_the_numbers_and_the_public_one_hides_small_groups(as_, decided):
    client = as_("dana")
    inside = rows_of(client.get("/desk/figures.csv"))
    assert inside[1] == ["Santa Fe", "1", "1", "0", "3085.00", "0.00"]
    assert rows_of(client.get("/desk/figures.csv?public=1"))[1] == ["Santa Fe", *["<11"] * 5]
    by_day = rows_of(client.get("/desk/figures.csv?by=day"))
    assert by_day[-1][:2] == [clock.today().isoformat(), "1"]
    assert any(e.action == "figures.downloaded" for e in audit.of_object("figures", "desk"))


def test_filters_hold_and_junk_is_left_out(as_, decided, words):
    old = (clock.today() - timedelta(days=90)).isoformat()
    page = words(as_("dana").get(f"/desk/figures/?since={old}&until={old}"))
    assert "Nothing happened in these days." in page
    assert as_("dana").get("/desk/figures/?since=x&county=99&program=zzz").status_code == 200


def test_the_auditor_finds_a_payment_and_walks_it(as_, decided, words):
    line = money.of_case(decided.case_id)[0]
    found = words(as_("audrey").get(f"/desk/audit/?q={decided.case.reference}"))
    assert f"/desk/audit/payments/{line.id}/" in found
    page = words(as_("audrey").get(f"/desk/audit/payments/{line.id}/"))
    for told in (
        "Every link holds",
        "Assistance Listing 21.023",
        "Prepared by Casey",
        "Approved by Alex",
        "Your household income is within the limit",
        "annual_income",
    ):
        assert told in page, told
    seen = audit.of_object("payment", line.id)
    assert [(entry.action, entry.purpose) for entry in seen] == [("payment.seen", "audit")]


def test_the_ledger_balances_and_the_chain_holds(as_, decided, words):
    assert "The ledger balances" in words(as_("audrey").get("/desk/ledger/"))
    audit.link_new_entries()
    assert "The chain holds" in words(as_("audrey").post("/desk/audit/trail/walk/"))
    page = words(as_("audrey").get("/desk/audit/trail/?q=decision."))
    assert "decision.approved" in page and "Alex" in page


@pytest.mark.parametrize("who", ["casey", "alex", "paula", "dana", "ana"])
def test_only_the_auditor_follows_payments(as_, decided, who):
    line = money.of_case(decided.case_id)[0]
    for page in ("/desk/audit/", f"/desk/audit/payments/{line.id}/", "/desk/audit/trail/"):
        assert as_(who).get(page).status_code == 403


@pytest.mark.parametrize("who", ["casey", "alex", "paula", "ana"])
def test_only_leaders_see_the_figures(as_, decided, who):
    assert as_(who).get("/desk/figures/").status_code == 403
    assert as_(who).get("/desk/figures.csv").status_code == 403


def test_an_auditor_elsewhere_finds_nothing(as_, scene, decided, words):
    line = money.of_case(decided.case_id)[0]
    scene.staff["audrey"].staff.agency_id = "wy-dfs"
    scene.staff["audrey"].staff.save()
    assert as_("audrey").get(f"/desk/audit/payments/{line.id}/").status_code == 404
    assert "Nothing was found" in words(
        as_("audrey").get(f"/desk/audit/?q={decided.case.reference}")
    )
    assert decided.case.reference not in words(as_("audrey").get("/desk/ledger/"))


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("casey", "/desk/cases/"),
        ("alex", "/desk/approvals/"),
        ("paula", "/desk/payments/"),
        ("dana", "/desk/figures/"),
        ("audrey", "/desk/audit/"),
        ("manny", "/desk/figures/"),
    ],
)
def test_the_desk_opens_at_each_roles_own_work(as_, scene, who, page):
    response = as_(who).get("/desk/")
    assert response["Location"] == page
    assert as_(who).get(page).status_code == 200


def test_the_clock_turns_only_in_the_demo_and_by_those_who_may(as_, scene, settings, words):
    assert as_("dana").get("/desk/clock/").status_code == 404
    settings.DEMO = True
    assert as_("casey").post("/desk/clock/", {"by": "day"}).status_code == 403
    before = clock.now()
    page = words(as_("dana").post("/desk/clock/", {"by": "day"}, follow=True))
    assert "The clock was turned." in page
    assert clock.now() - before >= timedelta(days=1)
    assert as_("dana").post("/desk/clock/", {"by": "century"}).status_code == 200
    assert clock.now() - before < timedelta(days=2)
