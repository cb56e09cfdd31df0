"""Money, payments that wait, batches that are released: what the tests of this room stand on."""

from datetime import timedelta

import httpx

from latchstring.funds import door as funds
from latchstring.kernel import clock
from latchstring.kernel.ids import new_id
from latchstring.payments import door as payments
from latchstring.people import door as people

ROUTING = "107000152"


def staff(name, role):
    account = people.Account.objects.create_user(f"{name}@example.test", "x" * 12)
    people.grant_role(people.hire(account, "nm-dfa", name), role, granted_by="system:test")
    return account


def money(cents):
    today = clock.today()
    award = funds.grant_award(
        agency="nm-dfa",
        name="A",
        assistance_listing="21.023",
        fain=str(new_id())[:30],
        amount_cents=cents,
        period_start=today - timedelta(days=1),
        period_end=today + timedelta(days=90),
        authority="t",
        actor="system:test",
    )
    funds.allocate(
        award.id,
        public_body="D",
        program="nm-erap",
        purpose="assistance",
        amount_cents=cents,
        actor="system:test",
    )


def wanted(
    cents=85_000,
    account="123456789",
    owner="business",
    name="Mesa Homes",
    approved_by="account:approver",
    prepared_by="account:caseworker",
):
    """An obligation with its instruction to pay, as an approval leaves it."""
    case = new_id()
    promise = funds.obligate(
        case,
        [funds.ObligationLine(new_id(), "rent", cents)],
        program="nm-erap",
        agency="nm-dfa",
        actor=approved_by,
    )[0]
    payee = payments.make_payee("nm-dfa", "landlord", {"name": name})
    if account:
        payments.add_account(
            payee.id, routing=ROUTING, account=account, kind="checking", owner=owner, actor="t"
        )
    return payments.pay(
        promise.id,
        payee.id,
        amount_cents=cents,
        remittance="NM-4T7QK-9XZ2C RENT",
        prepared_by=prepared_by,
        approved_by=approved_by,
        case_id=case,
        agency="nm-dfa",
    )


def released(pat):
    batch = payments.open_batch(pat, "nm-dfa")
    payments.seal_batch(pat, batch.id)
    return payments.release_batch(pat, batch.id)


def assert_holds():
    """Every promise of both rooms holds, and every query of work runs."""
    for name, broken in (payments.CHECKS | funds.CHECKS).items():
        assert broken() == [], name
    for find in payments.WORK.values():
        find()


def settle(bank):
    httpx.post(
        f"{bank.url}/admin/settle-now",
        json={},
        headers={"Authorization": f"Bearer {bank.admin_token}"},
    ).raise_for_status()
    return payments.import_reports()
