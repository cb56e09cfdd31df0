"""Many people at once: the last dollars, the same line, the same months. No cent too much."""

from datetime import date

from latchstring.funds import door as funds
from latchstring.funds.models import Allocation, AssistanceClaim, Obligation
from latchstring.funds.tests.scene import allocation, at_once, award, claim, line, promise
from latchstring.kernel.ids import new_id

MONTHS = [date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)]


def count(found, kind):
    return sum(isinstance(one, kind) for one in found)


def test_64_approvers_split_the_last_dollars_of_two_awards_to_the_cent(own_database):
    """15 promises of $7.00 fit into $105.00, though no allocation is a multiple of it."""
    for cents in (5_550, 4_950):
        allocation(award(1_000_000), cents)
    found = at_once([lambda: promise(line(700))] * 64)
    assert count(found, list) == 15
    assert count(found, funds.NotEnoughMoney) == 49, "each is told; no other error"
    assert sum(Allocation.objects.values_list("obligated_cents", flat=True)) == 10_500
    assert funds.verify().faults == []


def test_one_line_that_16_promise_at_once_is_promised_once(own_database):
    allocation(award(1_000_000), 100_000)
    wanted = line(1_000)
    found = at_once([lambda: promise(wanted)] * 16)
    assert count(found, list) == 16, "the slower ones get what the first has made"
    assert len({one[0].id for one in found}) == 1
    assert Obligation.objects.count() == 1
    assert funds.verify().faults == []


def test_months_wanted_in_opposite_orders_are_claimed_by_one_and_nobody_deadlocks(own_database):
    allocation(award(1_000_000), 1_000_000)
    people = [new_id() for _ in range(4)]
    wanted = [claim(person, month) for person in people for month in MONTHS]
    orders = [wanted, wanted[::-1]] * 8
    found = at_once([lambda order=order: promise(line(1_000, order)) for order in orders])
    assert count(found, list) == 1
    assert count(found, funds.AlreadyHelped) == 15
    assert AssistanceClaim.objects.count() == 12
    assert funds.verify().faults == []


def test_an_award_that_8_allocate_at_once_is_not_given_out_twice(own_database):
    granted = award(10_000)
    found = at_once([lambda: allocation(granted, 3_000)] * 8)
    assert count(found, funds.Allocation) == 3
    assert count(found, funds.NotEnoughMoney) == 5
    assert funds.verify().faults == []


def test_release_and_disbursement_of_one_promise_at_once_leave_one_truth(own_database):
    allocation(award(1_000_000), 1_000_000)
    for _ in range(6):
        made = promise(line(1_000))[0].id
        found = at_once(
            [
                lambda made=made: funds.release(made, "withdrawn", actor="a"),
                lambda made=made: funds.post_disbursed(made, new_id(), actor="b"),
            ]
        )
        assert count(found, (funds.NotReleasable, funds.OutOfStep)) == 1
    assert funds.verify().faults == []
