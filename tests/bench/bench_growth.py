"""Ten times the households again and again: does the time stay in line, and the memory bounded?

Each size is one new process of `latchstring determine` with a terminal to show its progress on. The
time of a start is the same at every size, so what a household costs is told between two sizes.
"""

import os
import pty
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.bench_rules import HOUSEHOLDS, household, written
from tests.bench.table import Row, row

SIZES = {10_000: 5, 100_000: 5, 1_000_000: 3, 10_000_000: 1}  # and how often each is run
DISK_BYTES_EACH = 600  # the file, the result and what DuckDB may lay aside; twice what was seen
MEMORY_GIB = 4


@dataclass(frozen=True)
class Taken:
    """What one run took: seconds by the clock and of the processor, the most memory, the bar."""

    seconds: float
    processor: float
    peak_bytes: int
    shown: bytes


def bench() -> Iterator[Row]:
    """Time each size; the files of the largest need some disk."""
    dice = random.Random(5)
    some = [household(dice) for _ in range(HOUSEHOLDS)]
    with tempfile.TemporaryDirectory(prefix="latchstring-bench-") as name:
        folder = Path(name)
        free, needed = shutil.disk_usage(folder).free, max(SIZES) * DISK_BYTES_EACH
        if free < needed:
            raise OSError(
                f"{needed / 1e9:.0f} GB are needed in {folder}; {free / 1e9:.0f} are free"
            )
        before: tuple[int, Taken] | None = None
        each = 0.0
        for rows, rounds in SIZES.items():
            written(folder / "in.csv", some, rows)
            taken = _median([determined(folder) for _ in range(rounds)])
            said = f"growth: nm-erap, {rows:,} households"
            yield row(said, taken.seconds, "s")
            yield row(said, taken.processor, "s of processor")
            peak = taken.peak_bytes / 2**30
            yield row(f"{said}: most memory", peak, "GiB", _bar(taken), goal=f"<= {MEMORY_GIB} GiB")
            if before:
                more = (taken.processor - before[1].processor) / (rows - before[0]) * 1e6
                said = f"growth: each household more, from {before[0]:,} to {rows:,}"
                against = ("the step before", more / each, "<= 1.25") if each else ()
                yield row(said, more, "us of processor", *against)
                each = more
            before = rows, taken


def determined(folder: Path) -> Taken:
    """Run the command as somebody at a terminal does, and look at the bar that it draws."""
    command = [sys.executable, "-m", "latchstring.command", "determine", "nm-erap"]
    command += ["--households", str(folder / "in.csv"), "--out", str(folder / "out.csv")]
    ours, theirs = pty.openpty()
    start = time.perf_counter()
    process = subprocess.Popen(command, stderr=theirs, env=os.environ | {"TMPDIR": str(folder)})
    os.close(theirs)
    shown = b"".join(_read(ours))
    os.close(ours)
    _, status, used = os.wait4(process.pid, 0)
    taken = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)  # waited for here, not by it
    if process.returncode:
        raise RuntimeError(f"determine ended with {process.returncode}: {shown[-500:]!r}")
    return Taken(taken, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, shown)


def _read(terminal: int) -> Iterator[bytes]:
    while True:
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # the other end is closed: the command has ended
            return
        yield piece


def _median(every: list[Taken]) -> Taken:
    return sorted(every, key=lambda taken: taken.processor)[len(every) // 2]


def _bar(taken: Taken) -> str:
    steps = taken.shown.count(b"%")
    return f"its bar moved {steps} times" if steps else "too short for a bar"
