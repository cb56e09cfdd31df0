"""Heat and food for one household, from submitted to the supplier's account and the food card."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx
import pytest

from latchstring.cases import door as cases
from latchstring.cases.tests import wyoming as winter
from latchstring.flow import jobs, sweep
from latchstring.flow.tests.conftest import work
from latchstring.funds import door as funds
from latchstring.insight import door as insight
from latchstring.kernel import clock
from latchstring.kernel.errors import Invalid
from latchstring.notices import door as notices
from latchstring.payments import door as payments
from latchstring.people import door as people
from standins.start import Standin

FILED = datetime(2026, 9, 21, 17, tzinfo=UTC)  # the last month whose every table is set


@pytest.fixture
def contractor(tmp_path_factory, settings):
    with Standin("bank", tmp_path_factory.mktemp("bank")) as standin:
        keys = {
            "url": standin.url,
            "client": standin.client_id,
            "secret": standin.client_secret,
        }
        settings.BANK = settings.BANK | keys
        settings.CARD = keys
        yield standin


@pytest.fixture
def wyoming(db):
    scene = winter.Scene()
    for name in ("pat", "olga"):
        scene.staff[name] = scene._hired(name, "payments_officer")
    return scene


def decided(wyoming, case, **more):
    decision = wyoming.prepare(case, **more)
    cases.approve(decision.id, wyoming.actor("alex"))
    case.refresh_from_db()
    return decision


def on_the_cards(contractor):
    answer = httpx.get(f"{contractor.url}/v1/benefits", headers=contractor.admin)
    return [(row["month"], row["amount_cents"]) for row in answer.json()["benefits"]]


def offending():
    room = {**cases.CHECKS, **payments.CHECKS, **funds.CHECKS}
    return {name: found for name, check in room.items() if (found := check())}


def test_food_help_goes_on_the_card_month_by_month_and_no_ledger_owes_it(wyoming, contractor):
    case = wyoming.open("wy-snap", FILED)
    work()
    decision = decided(wyoming, case, months=6)
    line = decision.lines.get()
    # 298 less 30% of net income 197, in whole dollars; ten thirtieths of it from September 21.
    assert (line.amount_cents, line.first_cents) == (23_800, 7_900)
    assert cases.status_of(case, "en").code == "issuing" and funds.obligations_of(case.id) == []
    assert insight.queue("wy-dfs", q=case.reference)[0]["on_card"] is True
    assert offending() == {}
    work()
    assert on_the_cards(contractor) == [
        ("2026-09-01", 7_900),
        ("2026-10-01", 23_800),
        ("2026-11-01", 23_800),
    ]
    case.refresh_from_db()
    assert case.stage == "closed" and cases.status_of(case, "es").code == "on_card"
    assert [n.kind for n in notices.of_case(case.id)].count("paid") == 1
    assert offending() == {} and list(sweep.stuck()) == []
    clock.turn(timedelta(days=31))
    assert [found.id for found in sweep.stuck()] == [case.id]
    jobs.tick(0)
    jobs.advance(str(case.id), "wy-dfs")
    work()
    assert on_the_cards(contractor)[-1] == ("2026-12-01", 23_800)
    assert offending() == {} and list(sweep.stuck()) == []


def test_a_lost_answer_of_the_contractor_is_asked_for_again_and_issues_once(wyoming, contractor):
    case = wyoming.open("wy-snap", FILED)
    decided(wyoming, case, months=3)
    row = payments.issuances_of(case.id)[0]
    assert payments.hand_to_contractor(row.id) == "issued"
    payments.Issuance.objects.filter(id=row.id).update(issued_at=None)
    assert payments.hand_to_contractor(row.id) == "issued"
    assert len(on_the_cards(contractor)) == 1
    payments.Issuance.objects.filter(id=row.id).update(issued_at=None, amount_cents=1)
    assert payments.hand_to_contractor(row.id) == "refused"
    assert "I6 help on a card otherwise than decided" in offending()


def test_months_of_help_must_be_said_and_are_at_most_what_the_document_allows(wyoming):
    case = wyoming.open("wy-snap", FILED)
    for months in (None, 0, 13):
        with pytest.raises(Invalid):
            wyoming.prepare(case, months=months)


def test_heating_help_reaches_the_supplier_through_the_bank(wyoming, contractor):
    wyoming.state(heating_benefit_set=Decimal("640"))
    case = wyoming.open("wy-lieap", clock.now())
    work()
    decided(wyoming, case)
    payments.add_account(
        cases.payee_of(case, "utility"),
        routing="107000327",
        account="000123456",
        kind="checking",
        owner="business",
        actor="system:test",
    )
    batch = payments.open_batch(wyoming.staff["pat"], "wy-dfs")
    payments.seal_batch(wyoming.staff["pat"], batch.id)
    payments.release_batch(wyoming.staff["olga"], batch.id)
    work()
    httpx.post(f"{contractor.url}/admin/settle-now", headers=contractor.admin, json={})
    jobs.import_bank_reports(0)
    work()
    case.refresh_from_db()
    assert (case.stage, case.outcome) == ("closed", "approved")
    letter = next(n for n in notices.of_case(case.id) if n.kind == "paid")
    assert "fuel supplier" in letter.body
    assert offending() == {}


def test_approving_heat_wakes_the_food_case_and_changes_it(wyoming, contractor):
    wyoming.state(heating_benefit_set=Decimal("640"))
    food, heat = wyoming.open("wy-snap", FILED), wyoming.open("wy-lieap", clock.now())
    work()
    before = cases.determination_of(food)
    decided(wyoming, heat)
    work()
    after = cases.determination_of(food)
    assert after.run == before.run + 1
    assert after.result["total_cents"] > before.result["total_cents"]
    assert offending() == {}


def test_each_others_lines_never_stand_in_the_way(wyoming, contractor):
    wyoming.state(heating_benefit_set=Decimal("640"))
    food, heat = wyoming.open("wy-snap", FILED), wyoming.open("wy-lieap", clock.now())
    decided(wyoming, food, months=6)
    decided(wyoming, heat)
    assert [o.purpose for o in funds.obligations_of(heat.id)] == ["home_energy"]
    held = funds.claims_held(
        [row.person_id for row in people.memberships(wyoming.household)],
        "utilities",
        except_case=food.id,
    )
    assert held == [] and offending() == {}
