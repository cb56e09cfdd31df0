"""Every order in which the steps of several sessions can meet, as PostgreSQL's own tests do it.

A session is a list of steps in one transaction on a connection of its own: the first step begins
it, an added last step commits it. A step that waits for another session's lock is left waiting and
the next one in the order is taken; it goes on when the lock is free.
"""

import os
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence

from django.db import connection, transaction

Step = Callable[[], object]
PATIENCE_SECONDS = 20.0


def orders(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield every way to merge sessions of these lengths, each order as numbers of sessions."""
    if not any(lengths):
        yield []
    for number, length in enumerate(lengths):
        if length:
            rest = [left - (place == number) for place, left in enumerate(lengths)]
            yield from ([number, *order] for order in orders(rest))


class Session(threading.Thread):
    """One person's transaction, taken step by step. `found` is what it returned or raised."""

    def __init__(self, steps: Sequence[Step]) -> None:
        super().__init__(daemon=True)
        self._left = [*steps, None]
        self._told: queue.Queue[Step | None] = queue.Queue()
        self._free = threading.Event()
        self.found: object = None
        self.failed = self.ended = False
        self.pid = 0
        self._free.set()

    def run(self) -> None:
        """Do the steps as they are told, all in one transaction; then commit."""
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.pid = cursor.fetchone()[0]
            with transaction.atomic():
                while (step := self._told.get()) is not None:
                    self.found = step()
                    self._free.set()
        except Exception as error:  # whatever it was, the test must see it
            self.found, self.failed = error, True
        finally:
            connection.close()
            self.ended = True
            self._free.set()

    def take(self, waits: Callable[[int], bool]) -> None:
        """Take the next step; come back when it is done or waits for a lock."""
        self.settle(waits)
        if self.ended or not self._left:
            return
        self._free.clear()
        self._told.put(self._left.pop(0))
        self.settle(waits)

    def settle(self, waits: Callable[[int], bool]) -> None:
        """Come back when the step under way is done or waits for a lock."""
        until = time.monotonic() + PATIENCE_SECONDS
        while not self._free.wait(0.01) and not (self.pid and waits(self.pid)):
            assert time.monotonic() < until, "a step neither ends nor waits for a lock"
        if self._left == [] and self._free.is_set():
            self.join(PATIENCE_SECONDS)


def waits_for_a_lock(pid: int) -> bool:
    """Whether a session's statement waits for another's lock just now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE pid = %s AND NOT granted)", [pid])
        return bool(cursor.fetchone()[0])


def play(order: Sequence[int], sessions: Sequence[Sequence[Step]]) -> list[object]:
    """Play sessions in one order; what each returned or raised."""
    people = [Session(steps) for steps in sessions]
    for one in people:
        one.start()
    for number in order:
        people[number].take(waits_for_a_lock)
    until = time.monotonic() + PATIENCE_SECONDS
    while any(one.is_alive() for one in people):
        for one in people:
            one.take(waits_for_a_lock)
        assert time.monotonic() < until, f"the order {order} does not end"
    return [one.found for one in people]


def play_all(
    make: Callable[[], Sequence[Sequence[Step]]], *, alike: bool = False
) -> Iterator[tuple[list[int], list]]:
    """Play fresh sessions in every order; yield each order with what came of it.

    Where all sessions are `alike`, an order and the same under other names are one. An order in
    which a session ends inside another (0110) says the same as 0101 where they wait for one lock:
    it is played when LATCHSTRING_EVERY_ORDER is set.
    """
    lengths = [len(steps) + 1 for steps in make()]
    for order in orders(lengths):
        inside = order[0] == order[-1] and not os.environ.get("LATCHSTRING_EVERY_ORDER")
        if not inside and (not alike or order[0] == 0):
            yield order, play(order, make())
