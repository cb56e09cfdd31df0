"""The verbs against a plain model of the money: any order of them, right or wrong, must agree."""

from datetime import date

import hypothesis.strategies as st
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from latchstring.funds import door as funds
from latchstring.funds.models import Allocation, Award
from latchstring.funds.tests.scene import ACTOR, allocation, award, claim, line, promise
from latchstring.kernel.ids import new_id

PEOPLE = [new_id() for _ in range(2)]
MONTHS = [date(2026, 9, 1), date(2026, 10, 1)]
CENTS = st.integers(1, 3_000)
CLAIMS = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(MONTHS)), max_size=2)


def raised(act):
    """What an act returns, or the class of what it raises."""
    try:
        with transaction.atomic():
            return act()
    except (funds.NotEnoughMoney, funds.AlreadyHelped, funds.AwardClosed) as error:
        return type(error)
    except (funds.NotReleasable, funds.OutOfStep) as error:
        return type(error)


class Money(RuleBasedStateMachine):
    """Awards, allocations and promises as dictionaries of cents beside the real ones."""

    awards = Bundle("awards")
    promises = Bundle("promises")

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.award_left = {}
        self.rooms = {}  # allocation id -> {"order", "open", "left", "cents"}
        self.open_awards = set()
        self.made = {}  # obligation id -> {"cents", "place", "parts", "claims"}
        self.claimed = set()
        self.lines = {}

    def teardown(self):
        transaction.savepoint_rollback(self.savepoint)

    @rule(target=awards, cents=CENTS, is_open=st.sampled_from([True, True, False]))
    def grant(self, cents, is_open):
        made = award(cents, days=10 if is_open else -1)
        self.award_left[made.id] = cents
        self.open_awards |= {made.id} if is_open else set()
        return made

    @rule(of=awards, cents=CENTS, priority=st.integers(1, 3))
    def allocate(self, of, cents, priority):
        found = raised(lambda: allocation(of, cents, priority))
        if cents > self.award_left[of.id]:
            assert found is funds.NotEnoughMoney
            return
        self.award_left[of.id] -= cents
        self.rooms[found.id] = {
            "order": (priority, found.id),
            "open": of.id in self.open_awards,
            "left": cents,
            "cents": cents,
        }

    @rule(target=promises, wanted=st.lists(st.tuples(CENTS, CLAIMS), min_size=1, max_size=2))
    def obligate(self, wanted):
        lines = [line(cents, [claim(*one) for one in claims]) for cents, claims in wanted]
        found = raised(lambda: promise(*lines))
        expected = self.refusal(wanted)
        if expected:
            assert found is expected
            return multiple()
        for (cents, claims), made in zip(wanted, found, strict=True):
            parts = self.draw(cents)
            assert {s.allocation_id: s.amount_cents for s in made.sources.all()} == parts
            self.made[made.id] = {
                "cents": cents,
                "place": "obligated",
                "parts": parts,
                "claims": set(claims),
            }
            self.claimed |= set(claims)
        assert [one.id for one in promise(*lines)] == [one.id for one in found], "twice is once"
        return multiple(*(one.id for one in found))

    def refusal(self, wanted):
        claims = [one for _, of_line in wanted for one in of_line]
        if len(set(claims)) < len(claims) or self.claimed & set(claims):
            return funds.AlreadyHelped
        rooms = [room for room in self.rooms.values() if room["open"]]
        if not rooms:
            return funds.AwardClosed
        enough = sum(cents for cents, _ in wanted) <= sum(room["left"] for room in rooms)
        return None if enough else funds.NotEnoughMoney

    def draw(self, cents):
        parts = {}
        for key, room in sorted(self.rooms.items(), key=lambda one: one[1]["order"]):
            part = min(cents, room["left"]) if room["open"] else 0
            if part:
                parts[key] = part
                room["left"] -= part
                cents -= part
        return parts

    @rule(of=promises, step=st.sampled_from(["disburse", "settle", "return"]))
    def move(self, of, step):
        made, key = self.made[of], new_id()
        verb = {
            "disburse": lambda: funds.post_disbursed(of, key, actor=ACTOR),
            "settle": lambda: funds.post_settled(of, key, actor=ACTOR),
            "return": lambda: funds.post_returned(of, key, actor=ACTOR, reason="R02"),
        }[step]
        ways = {
            ("disburse", "obligated"): "disbursing",
            ("settle", "disbursing"): "expended",
            ("return", "disbursing"): "obligated",
            ("return", "expended"): "obligated",
        }
        target = ways.get((step, made["place"]))
        assert raised(verb) is (True if target else funds.OutOfStep)
        if target:
            made["place"] = target
            assert raised(verb) is False, "the same id moves nothing"

    @rule(of=promises)
    def release(self, of):
        made = self.made[of]
        found = raised(lambda: funds.release(of, "given up", actor=ACTOR))
        if made["place"] in ("disbursing", "expended"):
            assert found is funds.NotReleasable
        elif made["place"] == "obligated":
            made["place"] = "released"
            self.claimed -= made["claims"]
            for key, cents in made["parts"].items():
                self.rooms[key]["left"] += cents

    @invariant()
    def the_books_agree_with_the_model(self):
        kinds = {}
        for row in funds.trial_balance("nm-dfa"):
            kinds[row["account__kind"]] = kinds.get(row["account__kind"], 0) + row["cents"]
        for kind in ("obligated", "disbursing", "expended"):
            stands = sum(m["cents"] for m in self.made.values() if m["place"] == kind)
            assert kinds.get(kind, 0) == stands, kind
        assert kinds.get("unobligated", 0) == sum(r["left"] for r in self.rooms.values())
        assert kinds.get("unallocated", 0) == sum(self.award_left.values())
        taken = {key: room["cents"] - room["left"] for key, room in self.rooms.items()}
        assert dict(Allocation.objects.values_list("id", "obligated_cents")) == taken
        left = {a.id: a.amount_cents - a.allocated_cents for a in Award.objects.all()}
        assert left == self.award_left

    @invariant()
    def every_promise_of_the_room_holds(self):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        assert funds.verify().faults == []


def test_any_order_of_the_verbs_agrees_with_a_plain_model(db):
    run_state_machine_as_test(
        Money,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            phases=[Phase.generate],  # bounded also when it fails; the blob replays it
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
