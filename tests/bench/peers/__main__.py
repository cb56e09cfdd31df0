"""One peer in a process of its own, which answers and times itself when asked by a line of JSON.

`python -m tests.bench.peers zen_graph HOUSEHOLDS.csv`. What is timed is timed here, so neither the
peer's start nor the way to it is in a figure.
"""

import csv
import gc
import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.peers.peer import Peer


class Asked:
    """What can be asked of a peer: its version, its answers, and how long it takes."""

    def __init__(self, peer: Peer, rows: list[dict[str, str]]) -> None:
        self.peer, self.households = peer, [peer.typed(row) for row in rows]

    def version(self) -> str:
        """Tell the version of the engine."""
        return self.peer.version()

    def answers(self) -> list[Any]:
        """Tell what each household gets, asked one by one and all at once."""
        one = [self.peer.answer(self.peer.one(household)) for household in self.households]
        many = self.peer.answers(self.peer.many(self.peer.batch(self.households)))
        return [one, list(many)]

    def client(self, count: int) -> tuple[float, float]:
        """Time the asking alone: a function that does nothing, for each of some households."""
        return taken(self._each(_nothing, count))

    def one(self, count: int) -> tuple[float, float]:
        """Time some households, one after another."""
        return taken(self._each(self.peer.one, count))

    def many(self, count: int) -> tuple[float, float]:
        """Time so many households at once, put together beforehand."""
        batch = self.peer.batch(self._some(count))
        return taken(lambda: self.peer.many(batch))

    def determine(self, source: str, target: str) -> tuple[float, float]:
        """Time a file of households."""
        return taken(lambda: self.peer.determine(Path(source), Path(target)))

    def _each(self, action: Callable[[Any], object], count: int) -> Callable[[], None]:
        some = self._some(count)

        def each() -> None:
            for household in some:
                action(household)

        return each

    def _some(self, count: int) -> list[Any]:
        whole, rest = divmod(count, len(self.households))
        return self.households * whole + self.households[:rest]


def _nothing(household: Any) -> None:
    """Do nothing."""


def taken(action: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds by the clock and of the processor."""
    gc.collect()
    start, processor = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - start, time.process_time() - processor


def main(name: str, source: str) -> None:
    """Answer line by line until there is no more."""
    peer = importlib.import_module(f"tests.bench.peers.{name}").peer()
    with open(source, encoding="utf-8", newline="") as file:
        asked = Asked(peer, list(csv.DictReader(file)))
    for line in sys.stdin:
        verb, *arguments = json.loads(line)
        print(json.dumps(getattr(asked, verb)(*arguments)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
