"""From an approval to the bank and back: paid and closed; or returned, told and paid again."""

from datetime import timedelta

import httpx
import pytest

from latchstring.cases import door as cases
from latchstring.cases.tests import scene as scenes
from latchstring.flow import jobs
from latchstring.flow.tests.conftest import work
from latchstring.funds import door as funds
from latchstring.insight.tests.rows import next_code
from latchstring.kernel import clock, events
from latchstring.notices import door as notices
from latchstring.payments import door as payments
from standins.start import Standin

ROUTING = "107000327"


@pytest.fixture  # a bank of each test's own: it remembers traces that our rollback forgets
def bank_process(tmp_path_factory):
    with Standin("bank", tmp_path_factory.mktemp("bank")) as standin:
        yield standin


@pytest.fixture
def bank(bank_process, settings):
    settings.BANK = {
        **settings.BANK,
        "url": bank_process.url,
        "client": bank_process.client_id,
        "secret": bank_process.client_secret,
    }
    return bank_process


@pytest.fixture
def scene(db):
    scene = scenes.build()
    scene.state(utilities_owed=0)
    for officer in ("pat", "olga"):
        scenes._hire(scene, officer, "nm-dfa", "payments_officer")
    return scene


def approved(scene, account_number):
    """A case whose landlord has this bank account, decided by two people."""
    decision = scene.prepared()
    cases.approve(decision.id, scene.actor("alex"))
    case = cases.case_for(scene.ana, decision.case_id)
    give_account(scene, case, account_number)
    return case


def give_account(scene, case, number):
    payments.add_account(
        cases.payee_of(case, "landlord"),
        routing=ROUTING,
        account=number,
        kind="checking",
        owner="business",
        actor=scene.actor("casey"),
    )


def to_the_bank(scene, bank):
    """Open, seal and release a batch; let the bank settle; take in what it says."""
    batch = payments.open_batch(scene.staff["pat"], "nm-dfa")
    payments.seal_batch(scene.staff["pat"], batch.id)
    payments.release_batch(scene.staff["olga"], batch.id)
    work()
    httpx.post(f"{bank.url}/admin/settle-now", headers=bank.admin, json={}).raise_for_status()
    jobs.import_bank_reports(0)
    work()


def test_settled_money_is_told_and_closes_the_case(scene, bank):
    case = approved(scene, "12345678")
    assert next_code(case) == "wait_for_payment"
    to_the_bank(scene, bank)
    case.refresh_from_db()
    assert (case.stage, case.outcome) == ("closed", "approved")
    paid = [n for n in notices.of_case(case.id) if n.kind == "paid"]
    assert len(paid) == 2 and "landlord" in paid[0].body and "{" not in paid[0].body
    told = cases.status_of(case, "en")
    assert told.code == "paid" and "$3,000.00" in told.happened
    assert funds.verify().faults == []
    # Everything again changes nothing.
    jobs.import_bank_reports(0)
    jobs.advance(str(case.id), "nm-dfa")
    work()
    assert len([n for n in notices.of_case(case.id) if n.kind == "paid"]) == 2
    kinds = [event.type for event in events.of_subject(case.id)]
    assert kinds.count("case.closed.v1") == 1


def test_a_returned_payment_is_told_and_paid_again_only_by_a_person(scene, bank):
    case = approved(scene, "1234569902")  # account closed
    to_the_bank(scene, bank)
    case.refresh_from_db()
    assert case.stage == "payment"
    assert "payment_returned" in {n.kind for n in notices.of_case(case.id)}
    assert cases.status_of(case, "en").code == "returned"
    assert next_code(case) == "pay_again"
    jobs.advance(str(case.id), "nm-dfa")
    assert all(row.voided_at for row in payments.of_case(case.id))  # nobody pays by itself
    give_account(scene, case, "87654321")
    assert cases.pay_again(case.id, scene.actor("casey")) == 2
    assert cases.pay_again(case.id, scene.actor("casey")) == 0
    clock.turn(timedelta(days=1))
    to_the_bank(scene, bank)
    case.refresh_from_db()
    assert case.stage == "closed"
    assert funds.verify().faults == []
