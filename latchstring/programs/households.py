"""A program's own test households: what changes from the first one, and what must come out.

They stand beside the program (`*.households.yaml`). A program whose households come out otherwise
is not published.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from latchstring.programs.document import Program
from latchstring.programs.evaluate import as_cents, evaluate
from latchstring.programs.explain import plain
from latchstring.programs.reading import Marked, catalog_folder, read_yaml
from latchstring.programs.shape import held


@dataclass(frozen=True)
class Mismatch:
    """A test household that came out otherwise: which, where it is written, what was wrong."""

    name: str
    place: str
    column: str
    expected: str
    found: str

    def __str__(self) -> str:
        """Say it in one line."""
        came = self.found or "nothing"
        return f"{self.place}: {self.name}: {self.column} is {came}, not {self.expected or 'empty'}"


@cache
def household_files() -> Mapping[str, Marked]:
    """Return the file of test households of each program that has one, by slug."""
    found = sorted(catalog_folder().glob("*/*.households.yaml"))
    files = (held(read_yaml(path), "households") for path in found)
    return {str(entry["program"]): entry for entry in files}


def cases_of(slug: str) -> list[Marked]:
    """Return a program's test households, the facts of each filled in; none without a file."""
    entry = household_files().get(slug)
    if entry is None:
        return []
    whole = []
    for case in entry["cases"]:
        filled = Marked(case, facts={**entry["household"], **case["change"]})
        filled.file, filled.line, filled.lines = case.file, case.line, case.lines
        whole.append(filled)
    return whole


def came_out(program: Program, facts: Mapping[str, Any]) -> dict[str, str]:
    """Return what a household's determination says, as a bulk file would write it."""
    found = evaluate(program, facts)
    out = {
        "outcome": found.outcome,
        "priority": written(found.priority),
        "failed": ";".join(found.failed),
        "missing": ";".join(found.missing),
    }
    for result in program.results:
        value = found.value(result.value) if result.always or found.outcome == "eligible" else None
        out[result.id] = written(
            plain(as_cents(value) if program.is_money(result.value) else value)
        )
    return out


def written(value: Any) -> str:
    """Write a value as a bulk file does: empty when unknown, `true` and `false` in lower case."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def mismatches(program: Program) -> Iterator[Mismatch]:
    """Run a program's test households through one version of it; yield what comes out otherwise."""
    for case in cases_of(program.slug):
        out = came_out(program, case["facts"])
        for column, value in case["expect"].items():
            found, expected = out.get(column, "no such column"), written(value)
            if found != expected:
                place = f"{case.file}, line {case.line}"
                yield Mismatch(case["name"], place, column, expected, found)
