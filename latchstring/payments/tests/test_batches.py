"""Money leaves once: sealed to the byte, released by a third person, told by the bank, traced."""

import socket
import threading

import httpx
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from latchstring.funds import door as funds
from latchstring.kernel.errors import NotAllowed
from latchstring.payments import door as payments
from latchstring.payments.models import BankReport, Batch, Disbursement, PayeeAccount
from latchstring.payments.nacha.check import check
from latchstring.payments.tests.scene import (
    ROUTING,
    assert_holds,
    money,
    released,
    settle,
    staff,
    wanted,
)
from latchstring.people.models import Agency


def test_a_payment_goes_all_the_way_and_the_bank_pays_it_once(bank, pat):
    money(1_000_000)
    line = wanted()
    batch = released(pat)
    assert check(payments.file_bytes(batch)) == []
    assert payments.hand_over(batch.id) == "taken"
    assert payments.hand_over(batch.id) == "not_due", "a second job sends nothing"
    assert settle(bank) == 1
    assert payments.import_reports() == 0, "importing again moves nothing"
    line.refresh_from_db()
    assert payments.status(line) == "settled"
    assert funds.balance(line.obligation, "expended") == 85_000
    assert funds.verify().faults == []
    assert_holds()


def test_a_returned_payment_reopens_the_promise_and_closes_the_account(bank, pat):
    money(1_000_000)
    line = wanted(account="555559903")
    payments.hand_over(released(pat).id)
    settle(bank)
    line.refresh_from_db()
    assert payments.status(line) == "returned"
    assert funds.balance(line.obligation, "obligated") == 85_000
    account = PayeeAccount.objects.get(id=line.account_id)
    assert account.closed_why == "R03"
    again = payments.pay(
        line.obligation,
        line.payee_id,
        amount_cents=85_000,
        remittance="x",
        prepared_by="a",
        approved_by="b",
        case_id=line.case,
        agency="nm-dfa",
    )
    assert again.account is None, "never to the same account again"
    assert funds.verify().faults == []


def test_a_notice_of_change_corrects_the_account_for_the_next_payment(bank, pat):
    money(1_000_000)
    line = wanted(account="555559801")
    payments.hand_over(released(pat).id)
    settle(bank)
    line.refresh_from_db()
    assert payments.status(line) == "settled"
    assert BankReport.objects.filter(kind="changed", code="C01").count() == 1
    assert payments.live_account(line.payee).id != line.account_id


def test_a_lost_answer_leaves_the_batch_in_doubt_until_a_person_asks(bank, pat):
    money(1_000_000)
    wanted()
    batch = released(pat)
    httpx.post(
        f"{bank.url}/admin/behaviour",
        json={"ack": "lost", "times": 2},
        headers={"Authorization": f"Bearer {bank.admin_token}"},
    ).raise_for_status()
    assert payments.hand_over(batch.id) == "in_doubt"
    assert payments.hand_over(batch.id) == "not_due", "a job never sends it again"
    assert payments.batch_status(Batch.objects.get(id=batch.id)) == "in_doubt"
    assert payments.settle_doubt(pat, batch.id) == "taken"
    assert payments.batch_status(Batch.objects.get(id=batch.id)) == "with_bank"


def test_a_batch_that_never_arrived_may_be_sent_again_by_a_person(bank, pat):
    money(1_000_000)
    wanted()
    batch = released(pat)
    httpx.post(
        f"{bank.url}/admin/behaviour",
        json={"ack": "never_arrived", "times": 2},
        headers={"Authorization": f"Bearer {bank.admin_token}"},
    ).raise_for_status()
    assert payments.hand_over(batch.id) == "in_doubt"
    assert payments.settle_doubt(pat, batch.id) == "not_sent"
    assert payments.hand_over(batch.id) == "taken"


def test_a_bank_that_is_not_there_puts_nothing_in_doubt(pat, settings, db):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.BANK = settings.BANK | {"url": f"http://127.0.0.1:{closed.getsockname()[1]}"}
    money(1_000_000)
    wanted()
    batch = released(pat)
    assert payments.hand_over(batch.id) == "not_sent"
    assert payments.batch_status(Batch.objects.get(id=batch.id)) == "released"


def test_a_sealed_batch_keeps_its_bytes_and_takes_nothing_more(pat):
    money(1_000_000)
    first = wanted()
    batch = payments.open_batch(pat, "nm-dfa")
    sealed = payments.seal_batch(pat, batch.id)
    content = payments.file_bytes(sealed)
    assert payments.file_bytes(payments.seal_batch(pat, batch.id)) == content
    with pytest.raises(payments.BatchIsSealed):
        payments.leave_out(pat, batch.id, first.id)
    assert sealed.total_cents == 85_000


def test_the_approver_cannot_release_their_own_money(pat):
    money(1_000_000)
    wanted(approved_by=pat.actor)
    batch = payments.open_batch(pat, "nm-dfa")
    payments.seal_batch(pat, batch.id)
    with pytest.raises(payments.NotYours):
        payments.release_batch(pat, batch.id)
    with pytest.raises(IntegrityError), transaction.atomic():
        Disbursement.objects.update(released_by=pat.actor)


def test_preparer_and_approver_are_two_people_in_the_database(pat):
    money(1_000_000)
    with pytest.raises(IntegrityError), transaction.atomic():
        wanted(prepared_by="account:one", approved_by="account:one")


def test_a_caseworker_neither_prepares_nor_releases(pat):
    casey = staff("casey", "caseworker")
    money(1_000_000)
    wanted()
    with pytest.raises(NotAllowed):
        payments.open_batch(casey, "nm-dfa")


def test_a_payment_without_an_account_waits_for_one(pat):
    money(1_000_000)
    line = wanted(account=None)
    with pytest.raises(payments.NothingToPay):
        payments.open_batch(pat, "nm-dfa")
    assert payments.status(line) == "no_account"
    payments.add_account(
        line.payee_id,
        routing=ROUTING,
        account="12345678",
        kind="checking",
        owner="consumer",
        actor="t",
    )
    assert payments.open_batch(pat, "nm-dfa").entries == 1


@pytest.mark.parametrize(
    "routing,account",
    [("107000153", "12345678"), (ROUTING, "12 34"), (ROUTING, "1" * 18), ("", "12345678")],
)
def test_bank_details_that_cannot_be_right_are_refused(pat, routing, account):
    payee = payments.make_payee("nm-dfa", "tenant", {"name": "Ana Baca"})
    with pytest.raises(payments.NotABankAccount):
        payments.add_account(
            payee.id,
            routing=routing,
            account=account,
            kind="checking",
            owner="consumer",
            actor="t",
        )


def test_bank_reports_are_never_changed(db):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE payments_bankreport SET amount_cents = 0")


def test_two_officers_who_open_batches_at_once_take_each_payment_once(own_database):
    Agency.objects.create(slug="nm-dfa", state="NM", names={"en": "D"}, phone="1", brand="nm")
    officers = [staff(f"pat{n}", "payments_officer") for n in range(4)]
    money(10_000_000)
    for _ in range(12):
        wanted()
    start = threading.Barrier(4)

    def one(account):
        start.wait()
        try:
            payments.open_batch(account, "nm-dfa")
        except payments.NothingToPay:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(account,)) for account in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(batch.entries for batch in Batch.objects.all()) == 12
    assert Disbursement.objects.filter(batch__isnull=True).count() == 0
