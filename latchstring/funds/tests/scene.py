"""Awards, allocations and promises for the tests of the money rooms; and many people at once."""

import threading
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta

from django.db import connection

from latchstring.funds import door as funds
from latchstring.kernel import clock
from latchstring.kernel.ids import new_id

ACTOR = "system:test"


def award(cents: int, days: int = 100) -> funds.Award:
    """An award that is open for some days more (closed when negative)."""
    today = clock.today()
    return funds.grant_award(
        agency="nm-dfa",
        name="Award",
        assistance_listing="21.023",
        fain=f"F{new_id()}"[:30],
        amount_cents=cents,
        period_start=today - timedelta(days=1000),
        period_end=today + timedelta(days=days),
        authority="test",
        actor=ACTOR,
    )


def allocation(of: funds.Award, cents: int, priority: int = 1) -> funds.Allocation:
    """A part of an award for the program of these tests."""
    return funds.allocate(
        of.id,
        public_body="DFA",
        program="nm-erap",
        purpose="assistance",
        amount_cents=cents,
        priority=priority,
        actor=ACTOR,
    )


def line(cents: int, claims: Sequence[funds.Claim] = (), purpose: str = "rent"):
    """A line of a decision."""
    return funds.ObligationLine(new_id(), purpose, cents, tuple(claims))


def promise(*lines: funds.ObligationLine) -> list[funds.Obligation]:
    """Obligate these lines for a case of their own."""
    return funds.obligate(new_id(), lines, program="nm-erap", agency="nm-dfa", actor=ACTOR)


def at_once(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Run acts in as many threads, each on its own connection; what each returned or raised."""
    start = threading.Barrier(len(acts))
    found: list[object] = [None] * len(acts)

    def one(number: int) -> None:
        try:
            start.wait()
            found[number] = acts[number]()
        except Exception as error:  # whatever it was, the test must see it
            found[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def claim(claimant: uuid.UUID, month) -> funds.Claim:
    """A person's claim of a month."""
    return funds.Claim("person", claimant, month)
