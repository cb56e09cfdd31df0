"""What the bank says, in every bad order: kept once, moved once, or moved not at all."""

import httpx
import pytest

from latchstring.funds import door as funds
from latchstring.kernel import scope
from latchstring.payments import door as payments
from latchstring.payments.errors import BankReportBroken
from latchstring.payments.models import (
    BankCursor,
    BankReport,
    Batch,
    Disbursement,
    Payee,
    PayeeAccount,
)
from latchstring.payments.tests.scene import (
    ROUTING,
    assert_holds,
    money,
    released,
    settle,
    wanted,
)
from latchstring.people import door as people
from latchstring.people.models import Agency


def behave(bank, **how):
    httpx.post(
        f"{bank.url}/admin/behaviour",
        json=how,
        headers={"Authorization": f"Bearer {bank.admin_token}"},
    ).raise_for_status()


def state(line):
    return payments.status(Disbursement.objects.select_related("batch").get(id=line.id))


@pytest.mark.parametrize("mode", ["garbage", "wrong_schema", "down"])
def test_a_report_that_cannot_be_read_takes_in_nothing(bank, pat, mode):
    money(1_000_000)
    line = wanted()
    payments.hand_over(released(pat).id)
    httpx.post(
        f"{bank.url}/admin/settle-now",
        json={},
        headers={"Authorization": f"Bearer {bank.admin_token}"},
    ).raise_for_status()
    behave(bank, mode=mode)
    with pytest.raises(BankReportBroken):
        payments.import_reports()
    assert payments.try_import() == 0
    assert BankReport.objects.count() == 0
    behave(bank, mode="ok")
    assert payments.import_reports() == 1
    assert state(line) == "settled"
    assert_holds()


def test_a_report_read_again_from_the_start_moves_nothing_twice(bank, pat):
    money(1_000_000)
    wanted()
    wanted(account="555559903")
    payments.hand_over(released(pat).id)
    assert settle(bank) == 3, "two settled, and one of them came back"
    before = BankReport.objects.count()
    BankCursor.objects.update(cursor="0")  # as after a restore of yesterday's backup
    assert payments.import_reports() == 0
    assert BankReport.objects.count() == before
    assert_holds()


def test_a_settlement_told_twice_is_one(bank, pat):
    money(1_000_000)
    line = wanted(account="555559755")
    payments.hand_over(released(pat).id)
    assert settle(bank) == 1
    assert (state(line), BankReport.objects.count()) == ("settled", 1)
    assert_holds()


def test_one_cent_short_is_a_question_and_not_money(bank, pat):
    money(1_000_000)
    line = wanted(account="555559751")
    payments.hand_over(released(pat).id)
    assert settle(bank) == 0
    assert state(line) == "with_bank"
    assert funds.balance(line.obligation, "disbursing") == 85_000
    assert len(payments.WORK["bank reports that match no payment"]()) == 1
    assert_holds()


def test_an_unknown_trace_is_kept_for_a_person(bank, pat):
    money(1_000_000)
    wanted(account="555559752")
    payments.hand_over(released(pat).id)
    assert settle(bank) == 1
    assert len(payments.WORK["bank reports that match no payment"]()) == 1
    assert_holds()


def test_what_waits_is_not_sent_to_the_account_that_was_given_back(bank, pat):
    """Returned R03: the payee's waiting money, and money in an open batch, wait for another."""
    money(1_000_000)
    first = wanted(account="555559903")
    payments.hand_over(released(pat).id)
    payee = first.payee
    second, third = (another(payee, cents) for cents in (10_000, 20_000))
    open_one = payments.open_batch(pat, "nm-dfa")
    payments.leave_out(pat, open_one.id, third.id)
    settle(bank)
    assert state(first) == "returned"
    assert state(third) == "no_account"
    with pytest.raises(payments.NothingToPay):
        payments.seal_batch(pat, open_one.id)
    with pytest.raises(payments.NotABankAccount):
        give(payee, "555559903")
    give(payee, "555551234")
    assert payments.open_batch(pat, "nm-dfa").entries >= 1
    assert Disbursement.objects.get(id=third.id).account.last_four == "1234"
    assert_holds()
    assert second.amount_cents == 10_000


def another(payee, cents):
    """A second promise to the same payee, and its instruction."""
    line = wanted(cents=cents, account=None)
    Disbursement.objects.filter(id=line.id).update(
        payee=payee, account=payments.live_account(payee)
    )
    return Disbursement.objects.get(id=line.id)


def give(payee, number):
    payments.add_account(
        payee.id, routing=ROUTING, account=number, kind="checking", owner="business", actor="t"
    )


def test_a_refused_batch_is_put_back_and_goes_with_the_next(bank, pat):
    money(1_000_000)
    line = wanted()
    batch = released(pat)
    with pytest.raises(payments.NotRefused):
        payments.put_back(pat, batch.id)
    behave(bank, ack="refused", times=2)
    assert payments.hand_over(batch.id) == "refused"
    assert len(payments.WORK["batches that the bank refused"]()) == 1
    assert (payments.put_back(pat, batch.id), payments.put_back(pat, batch.id)) == (1, 0)
    assert state(line) == "refused"
    assert_holds()
    assert payments.hand_over(released(pat).id) == "taken"
    assert settle(bank) == 1
    assert funds.balance(line.obligation, "expended") == 85_000
    assert_holds()


def test_a_withdrawn_payment_gives_its_money_back(pat):
    money(85_000)
    line = wanted()
    batch = payments.open_batch(pat, "nm-dfa")
    payments.withdraw(pat, line.id, "nm-dfa", "moved away")
    payments.withdraw(pat, line.id, "nm-dfa", "moved away")
    assert state(line) == "withdrawn"
    assert funds.balances("nm-dfa")[0].left_cents == 85_000
    with pytest.raises(payments.NothingToPay):
        payments.seal_batch(pat, batch.id)
    assert_holds()
    with pytest.raises(payments.NotThePromise):
        pay(line, 85_000)


def test_a_sealed_payment_is_not_withdrawn(pat):
    money(1_000_000)
    line = wanted()
    payments.seal_batch(pat, payments.open_batch(pat, "nm-dfa").id)
    with pytest.raises(payments.BatchIsSealed):
        payments.withdraw(pat, line.id, "nm-dfa", "x")


def pay(line, cents):
    return payments.pay(
        line.obligation,
        line.payee_id,
        amount_cents=cents,
        remittance="x",
        prepared_by="a",
        approved_by="b",
        case_id=line.case,
        agency="nm-dfa",
    )


def test_a_payment_is_the_whole_promise_or_nothing(pat):
    money(1_000_000)
    line = wanted()
    assert pay(line, 85_000).id == line.id, "asking twice instructs once"
    with pytest.raises(payments.NotThePromise):
        pay(line, 85_001)


def test_two_agencies_never_share_a_trace_or_a_file_number(db):
    """Each agency sees its own rows only; the bank sees them all."""
    sealed = []
    for agency, state_code in (("nm-dfa", "NM"), ("wy-dfs", "WY")):
        Agency.objects.create(
            slug=agency, state=state_code, names={"en": "D"}, phone="1", brand="x"
        )
        money(1_000_000)
        line = wanted()
        for rows, key in ((Disbursement, line.id), (Payee, line.payee_id)):
            rows.objects.filter(id=key).update(agency=agency)
        PayeeAccount.objects.filter(id=line.account_id).update(agency=agency)
        account = people.Account.objects.create_user(f"{agency}@example.test", "x" * 12)
        officer = people.hire(account, agency, agency)
        people.grant_role(officer, "payments_officer", granted_by="system:test")
        with scope.within(agency):
            batch = payments.open_batch(account, agency)
            sealed.append(payments.seal_batch(account, batch.id).file_number)
    assert sealed == [0, 1]
    assert sorted(Disbursement.objects.values_list("trace", flat=True)) == [
        "107000150000001",
        "107000150000002",
    ]


def test_other_bytes_than_were_sealed_are_found(pat):
    money(1_000_000)
    wanted()
    batch = payments.seal_batch(pat, payments.open_batch(pat, "nm-dfa").id)
    whole = payments.CHECKS["I6 every sealed file is whole and adds up to its batch"]
    assert whole() == []
    Batch.objects.filter(id=batch.id).update(total_cents=batch.total_cents - 1)
    assert "add up" in str(whole())
    Batch.objects.filter(id=batch.id).update(file_sealed=b"another file")
    assert len(whole()) == 1
