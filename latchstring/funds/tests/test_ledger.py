"""Money is moved, never made; never promised twice; never more than there is."""

import threading
import uuid
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from latchstring.funds import door as funds
from latchstring.funds.models import Allocation, Obligation, Posting
from latchstring.kernel import clock
from latchstring.kernel.ids import new_id

ACTOR = "system:test"
MONTH = date(2026, 10, 1)


def make_award(amount=100_000, days=100):
    today = clock.today()
    return funds.grant_award(
        agency="nm-dfa",
        name="Award",
        assistance_listing="21.023",
        fain=f"F{new_id()}"[:30],
        amount_cents=amount,
        period_start=today - timedelta(days=10),
        period_end=today + timedelta(days=days),
        authority="test",
        actor=ACTOR,
    )


def make_allocation(award, amount, priority=1):
    return funds.allocate(
        award.id,
        public_body="DFA",
        program="nm-erap",
        purpose="assistance",
        amount_cents=amount,
        priority=priority,
        actor=ACTOR,
    )


def line(amount, claims=(), purpose="rent"):
    return funds.ObligationLine(new_id(), purpose, amount, tuple(claims))


def promise(*lines, case=None):
    return funds.obligate(case or new_id(), lines, program="nm-erap", agency="nm-dfa", actor=ACTOR)


def sums():
    """Cents by kind of account."""
    kinds = {}
    for row in funds.trial_balance("nm-dfa"):
        kind = row["account__kind"]
        kinds[kind] = kinds.get(kind, 0) + row["cents"]
    return kinds


def test_the_way_of_a_dollar(db):
    """Each step moves the same cents on; the books always sum to zero.

    step        awarded  unallocated  unobligated  obligated  disbursing  expended
    """
    table = [
        ("grant", (-100_000, 100_000, 0, 0, 0, 0)),
        ("allocate", (-100_000, 10_000, 90_000, 0, 0, 0)),
        ("obligate", (-100_000, 10_000, 60_000, 30_000, 0, 0)),
        ("disburse", (-100_000, 10_000, 60_000, 0, 30_000, 0)),
        ("settle", (-100_000, 10_000, 60_000, 0, 0, 30_000)),
        ("return", (-100_000, 10_000, 60_000, 30_000, 0, 0)),
        ("release", (-100_000, 10_000, 90_000, 0, 0, 0)),
    ]
    kinds = ("awarded", "unallocated", "unobligated", "obligated", "disbursing", "expended")
    made = {}

    def do(step):
        if step == "grant":
            made["award"] = make_award()
        elif step == "allocate":
            make_allocation(made["award"], 90_000)
        elif step == "obligate":
            made["obligation"] = promise(line(30_000))[0].id
        elif step == "release":
            funds.release(made["obligation"], "not needed", actor=ACTOR)
        else:
            verb = {
                "disburse": funds.post_disbursed,
                "settle": funds.post_settled,
                "return": funds.post_returned,
            }[step]
            more = {"reason": "R03"} if step == "return" else {}
            key = uuid.uuid5(made["obligation"], step)
            assert verb(made["obligation"], key, actor=ACTOR, **more) is True
            assert verb(made["obligation"], key, actor=ACTOR, **more) is False, "twice is once"

    for step, expected in table:
        do(step)
        assert tuple(sums().get(kind, 0) for kind in kinds) == expected, step
        assert funds.verify().faults == [], step


def test_too_little_money_is_refused_with_both_figures_and_changes_nothing(db):
    make_allocation(make_award(), 50_000)
    with pytest.raises(funds.NotEnoughMoney) as refused:
        promise(line(50_001))
    assert (refused.value.wanted_cents, refused.value.left_cents) == (50_001, 50_000)
    assert "$500.01" in str(refused.value) and "$500.00" in str(refused.value)
    assert Obligation.objects.count() == 0
    assert funds.verify().faults == []


def test_an_obligation_splits_over_two_awards_when_the_first_runs_out(db):
    first = make_allocation(make_award(), 20_000, priority=1)
    second = make_allocation(make_award(), 50_000, priority=2)
    obligation = promise(line(30_000))[0]
    parts = {s.allocation_id: s.amount_cents for s in obligation.sources.all()}
    assert parts == {first.id: 20_000, second.id: 10_000}
    assert funds.verify().faults == []


def test_a_month_is_claimed_once_by_anybody(db):
    make_allocation(make_award(), 50_000)
    claim = funds.Claim("person", new_id(), MONTH)
    promise(line(10_000, [claim]))
    with pytest.raises(funds.AlreadyHelped) as refused:
        promise(line(10_000, [claim]))
    assert "October 2026" in str(refused.value)
    promise(line(10_000, [claim], purpose="utilities"))


def test_a_released_month_may_be_claimed_again(db):
    make_allocation(make_award(), 50_000)
    claim = funds.Claim("person", new_id(), MONTH)
    first = promise(line(10_000, [claim]))[0]
    funds.release(first.id, "withdrawn", actor=ACTOR)
    promise(line(10_000, [claim]))


def test_asking_twice_promises_once(db):
    make_allocation(make_award(), 50_000)
    wanted = line(10_000)
    assert [o.id for o in promise(wanted)] == [o.id for o in promise(wanted)]
    assert sums()["obligated"] == 10_000


def test_a_closed_award_promises_nothing(db):
    make_allocation(make_award(days=-1), 50_000)
    with pytest.raises(funds.AwardClosed):
        promise(line(1))


def test_an_award_is_not_allocated_twice_over(db):
    award = make_award(100)
    make_allocation(award, 60)
    with pytest.raises(funds.NotEnoughMoney):
        make_allocation(award, 41)
    assert funds.verify().faults == []


def test_money_at_the_bank_is_not_released(db):
    make_allocation(make_award(), 50_000)
    obligation = promise(line(10_000))[0]
    funds.post_disbursed(obligation.id, new_id(), actor=ACTOR)
    with pytest.raises(funds.NotReleasable):
        funds.release(obligation.id, "x", actor=ACTOR)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE funds_posting SET amount_cents = 1",
        "DELETE FROM funds_posting",
        "UPDATE funds_ledgertransaction SET kind = 'x'",
        "DELETE FROM funds_obligation",
    ],
)
def test_the_books_are_never_changed(db, statement):
    make_allocation(make_award(), 50_000)
    promise(line(10_000))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_transaction_that_does_not_balance_is_refused_by_the_database(db):
    make_allocation(make_award(), 50_000)
    posting = Posting.objects.first()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        Posting.objects.create(
            agency="nm-dfa",
            transaction=posting.transaction,
            account=posting.account,
            amount_cents=5,
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def approvers(count, act):
    """Run an act in many threads at once, each on its own connection; count what went through."""
    start, done, lock = threading.Barrier(count), [], threading.Lock()

    def one():
        try:
            start.wait()
            act()
            with lock:
                done.append(1)
        except (funds.NotEnoughMoney, DatabaseError):
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return len(done)


def test_64_approvers_on_the_last_dollars_promise_no_cent_too_much(own_database):
    allocation = make_allocation(make_award(1_000_000), 10_000)
    assert approvers(64, lambda: promise(line(1_000))) == 10
    allocation.refresh_from_db()
    assert allocation.obligated_cents == 10_000
    assert funds.verify().faults == []


def test_without_the_conditional_update_they_would(own_database):
    """The negative control: check, then insert, as careless code does. It must over-promise."""
    allocation = make_allocation(make_award(1_000_000), 10_000)
    all_have_looked = threading.Barrier(16)

    def careless():
        with transaction.atomic():
            left = 10_000 - sum(Obligation.objects.values_list("amount_cents", flat=True), 0)
            all_have_looked.wait()
            if left >= 1_000:
                Obligation.objects.create(
                    agency="nm-dfa",
                    case=new_id(),
                    decision_line=new_id(),
                    purpose="rent",
                    amount_cents=1_000,
                    made_at=clock.now(),
                    made_by=ACTOR,
                )

    assert approvers(16, careless) == 16
    assert Allocation.objects.get(id=allocation.id).amount_cents < 16_000
