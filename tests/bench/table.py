"""What every bench of `make bench` has in common: how it is timed, and how a figure is told.

A bench is a module `bench_NAME.py` beside this one with a function `bench() -> Iterable[Row]`; it
is found by its name (`python -m tests.bench`, `python -m tests.bench NAME ...`). A figure is the
median of its rounds; ours and what it is measured against take turns, so that a busy minute on a
shared machine falls on both alike.
"""

import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, how much, and beside what."""

    what: str
    figure: float
    unit: str
    against: str = ""
    ratio: float | None = None
    goal: str = ""
    least: float | None = None


def row(
    what: str,
    figure: float,
    unit: str,
    against: str = "",
    ratio: float | None = None,
    goal: str = "",
    *,
    least: float | None = None,
) -> Row:
    """Return one line: `figure` is a median, `least` the best round, `ratio` figure to `against`.

    `against` names the floor or the peer that was measured in the same run; `goal` is said before
    the run, as `<= 2` (of the ratio) or `<= 10 us` (of the figure).
    """
    return Row(what, figure, unit, against, ratio, goal, least)


@dataclass(frozen=True)
class Times:
    """The seconds of several rounds of one action."""

    rounds: tuple[float, ...]
    processor_rounds: tuple[float, ...] = ()

    @property
    def processor(self) -> "Times":
        """Return the processor's seconds of the rounds, of all threads of this process.

        On a machine that others use too it says more than the clock about a thing's own cost.
        """
        return Times(self.processor_rounds)

    def plus(self, other: "Times") -> "Times":
        """Return the rounds of both after one another."""
        return Times(
            tuple(map(sum, zip(self.rounds, other.rounds, strict=True))),
            tuple(map(sum, zip(self.processor_rounds, other.processor_rounds, strict=True))),
        )

    @property
    def median(self) -> float:
        """Return the middle round in seconds."""
        return statistics.median(self.rounds)

    @property
    def least(self) -> float:
        """Return the best round in seconds."""
        return min(self.rounds)

    def over(self, other: "Times") -> float:
        """Return how many times as long this takes: the median of the rounds' own ratios."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return statistics.median(mine / its for mine, its in pairs)


@dataclass(frozen=True)
class Took:
    """What an action gives back that was timed where it ran, in a process of its own."""

    seconds: float
    processor: float


def interleaved(actions: Mapping[str, Callable[[], object]], rounds: int = 5) -> dict[str, Times]:
    """Time several actions in turns, after one round of each that does not count.

    An action in another process may time itself there: it gives back what it took.
    """
    taken: dict[str, list[float]] = {name: [] for name in actions}
    worked: dict[str, list[float]] = {name: [] for name in actions}
    for turn in range(rounds + 1):
        for name, action in actions.items():
            start, processor = time.perf_counter(), time.process_time()
            told = action()
            took = Took(time.perf_counter() - start, time.process_time() - processor)
            if isinstance(told, Took):
                took = told
            if turn:
                taken[name].append(took.seconds)
                worked[name].append(took.processor)
    return {name: Times(tuple(taken[name]), tuple(worked[name])) for name in actions}


def lines(rows: Iterable[Row]) -> list[str]:
    """Write the table as Markdown, its columns of one width."""
    cells = [["what", "median", "best", "unit", "against", "ratio", "goal"]]
    for one in rows:
        least = "" if one.least is None else told(one.least)
        ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
        figures = [told(one.figure), least, one.unit, one.against, ratio, one.goal]
        cells.append([one.what, *figures])
    widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
    ruled = ["-" * width for width in widths]
    return [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in (cells[0], ruled, *cells[1:])
    ]


def told(figure: float) -> str:
    """Write a figure with three digits that mean something: `0.0123`, `1.35`, `425,000`."""
    if figure == 0:
        return "0"
    digits = 2
    size = abs(figure)
    while size >= 10:
        size, digits = size / 10, digits - 1
    while size < 1:
        size, digits = size * 10, digits + 1
    return f"{round(figure, digits):,.{max(0, digits)}f}"
