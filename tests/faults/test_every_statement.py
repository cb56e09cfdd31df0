"""The money verbs, with their n-th statement failing, n after n, until none fails.

Each failure must leave nothing changed; the last turn, in which nothing fails, is the repeat that
succeeds on the same rows.
"""

import os

import httpx
import pytest
from django.db import OperationalError, connection, transaction

from latchstring.cases import door as cases
from latchstring.flow import jobs
from latchstring.payments import door as payments
from latchstring.payments.models import Batch, Disbursement
from tests.faults.whole_way import Way, broken, settle, work_here

WATCHED = ("funds_", "payments_", "cases_", "notices_", "kernel_event", "audit_", "procrastinate_j")
MOST = 600
# Per commit every fourth statement, which keeps the longest verb (some 300) to seconds; all of them
# in `make test-full`.
STRIDE = 1 if os.environ.get("LATCHSTRING_EVERY_STATEMENT") else 4


class FailsAt:
    """Lets the n-th statement fail as when the server goes away."""

    def __init__(self, number):
        self.left, self.fired = number, False

    def __call__(self, execute, sql, params, many, context):
        self.left -= 1
        if self.left == 0:
            self.fired = True
            raise OperationalError("the n-th statement fails")
        return execute(sql, params, many, context)


def everything() -> list[tuple[str, int, int]]:
    """How many rows money, cases, letters, trail and jobs have, and who last wrote one.

    Whatever is committed, is a row with a younger transaction or a row less.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            " AND table_type = 'BASE TABLE' ORDER BY 1"
        )
        names = [name for (name,) in cursor.fetchall() if name.startswith(WATCHED)]
        rows = [
            f"SELECT '{name}', count(*), max(xmin::text::bigint) FROM \"{name}\"" for name in names
        ]
        cursor.execute(" UNION ALL ".join(rows))
        return sorted(cursor.fetchall())


def until_clean(verb) -> int:
    """Fail each statement of a verb in turn; returns how many it has. Ends with it done."""
    before = everything()
    for number in range(1, MOST, STRIDE):
        fault = FailsAt(number)
        try:
            with connection.execute_wrapper(fault):
                verb()
        except OperationalError:
            pass
        if not fault.fired:
            assert everything() != before, "the verb, at last, did something"
            return number - 1
        assert everything() == before, f"statement {number} failed and something is changed"
    raise AssertionError("it never ends")


def refused(way: Way, connected) -> None:
    """The bank's operator refuses the batch."""
    bank = connected.bank
    url = f"{bank.url}/admin/behaviour"
    httpx.post(url, headers=bank.admin, json={"ack": "refused"}).raise_for_status()
    try:
        work_here()
    finally:
        httpx.delete(url, headers=bank.admin).raise_for_status()
    assert Batch.objects.get(id=way.ids["batch"]).refused_at


def came_back(way: Way, connected) -> None:
    """Every payment has come back: the accounts are closed."""
    for line in payments.of_case(way.case.id):
        payments.add_account(
            line.payee_id,
            routing="107000327",
            account="1234569902",
            kind="checking",
            owner="business",
            actor=way.ids["casey"],
        )
    way.open()
    way.seal()
    way.release()
    work_here()
    settle(connected.bank)
    jobs.import_bank_reports(0)
    work_here()
    assert all(line.voided_at for line in payments.of_case(way.case.id))
    way.name_accounts()


def reported(way: Way, connected) -> None:
    """The bank has taken the batch and has paid it."""
    work_here()
    settle(connected.bank)


def seal_again(way: Way) -> None:
    """Seal, as from the button."""
    way.seal()


def pay_again(way: Way) -> None:
    """Casey pays again what came back."""
    cases.pay_again(way.case.id, way.ids["casey"])


def put_back(way: Way) -> None:
    """Pat puts back what the bank refused."""
    payments.put_back(way.account("pat"), way.ids["batch"])


VERBS = {
    "approve and obligate": ("prepared", None, Way.approve),
    "open a batch": ("approved", lambda way, _: way.name_accounts(), Way.open),
    "seal": ("opened", None, Way.seal),
    "release": ("opened", lambda way, _: way.seal(), Way.release),
    "import reports": ("released", reported, lambda way: payments.import_reports()),
    "put back": ("released", refused, put_back),
    "pay again": ("approved", came_back, pay_again),
}


@pytest.mark.parametrize("name", VERBS)
def test_a_statement_that_fails_changes_nothing(name, stages, unblocked, connected):
    stage, arrange, verb = VERBS[name]
    way = stages.at(stage)
    if arrange:
        arrange(way, connected)
    assert until_clean(lambda: verb(way)) > 5
    work_here()
    if name in ("put back", "pay again"):
        return  # another batch, another day: the rooms' own tests walk that way
    if not Batch.objects.filter(released_at__isnull=False).exists():
        way.finish(connected.bank)
        assert broken(way, connected.bank, connected.mail.data) == []


def test_a_hand_over_that_fails_is_sent_once(stages, unblocked, connected):
    """Each failure leaves the batch free, or in doubt for a person; the bank gets it once."""
    way = stages.at("released")
    ended = set()
    for number in range(1, MOST):
        fault = FailsAt(number)
        try:
            with connection.execute_wrapper(fault):
                ended.add(payments.hand_over(way.ids["batch"]))
        except OperationalError:
            ended.add("failed")
        batch = Batch.objects.get(id=way.ids["batch"])
        if not fault.fired:
            break
        assert not batch.handed_over_at or batch.in_doubt_at is None
        way.ask_the_bank()  # olga presses the button wherever there is a doubt
        work_here(skip=["hand_over_batch"])
    assert {"failed", "taken"} <= ended or {"failed", "not_due"} <= ended
    way.finish(connected.bank)
    assert broken(way, connected.bank, connected.mail.data) == []


def test_the_control_a_verb_without_its_transaction_is_found(
    stages, unblocked, connected, monkeypatch
):
    """Split a verb in two transactions, and the loop says so."""
    way = stages.at("approved")

    def careless():
        Disbursement.objects.filter(batch=None).update(remittance="SPLIT")
        with transaction.atomic():
            way.name_accounts()

    monkeypatch.setattr("tests.faults.test_every_statement.STRIDE", 1)
    with pytest.raises(AssertionError, match="something is changed"):
        until_clean(careless)
