"""Run the benches: `python -m tests.bench` for all, `python -m tests.bench rules` for some.

One table is printed for the run. A run of all of them also writes it to docs/bench.md.
"""

import importlib
import os
import platform
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb

from latchstring.kernel.embedded import PROGRAMS
from tests.bench.table import Row, lines

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "bench.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def main(names: list[str]) -> int:
    """Run the named benches (all without a name) and print the table; 1 when one failed."""
    known = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    if wrong := [name for name in names if name not in known]:
        print(f"There is no bench {wrong[0]}; there are: {', '.join(known)}.", file=sys.stderr)
        return 2
    rows: list[Row] = []
    failed: list[str] = []
    for name in names or known:
        print(f"{name} ...", file=sys.stderr, flush=True)
        try:
            rows += importlib.import_module(f"tests.bench.bench_{name}").bench()
        except Exception as error:  # one bench that cannot run takes no other with it
            failed.append(name)
            print(f"{name} failed: {type(error).__name__}: {error}", file=sys.stderr)
    told = [*lines(rows), "", machine()]
    print("\n".join(told))
    if not names and not failed:
        before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
        after = rest.split(END)[1]
        page = "\n".join([before + BEGIN, "", *told, "", END + after])
        PAGE.write_text(page, encoding="utf-8")
    return 1 if failed else 0


def machine() -> str:
    """Say where and with what the figures were measured, in one sentence."""
    server = subprocess.run([PROGRAMS / "postgres", "--version"], capture_output=True, text=True)
    postgres = server.stdout.strip().removeprefix("postgres (PostgreSQL) ")
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"Measured {date.today().isoformat()} on {len(os.sched_getaffinity(0))} cores "
        f"({_processor()}, {gib:.0f} GiB, {platform.system()} {platform.machine()}), "
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__}, PostgreSQL {postgres}."
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or "processor not told"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
