"""The households beside each program come out as written there, one by one and as a file."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from latchstring.programs import bulk, bulk_many, bulk_one
from latchstring.programs.document import Program
from latchstring.programs.door import load_program
from latchstring.programs.evaluate import as_cents, evaluate, said_by_lists
from latchstring.programs.explain import explanation
from latchstring.programs.households import cases_of, household_files, mismatches, written

FILES = household_files()


def with_what_lists_say(program: Program, facts: Mapping[str, Any]) -> dict[str, Any]:
    """A file of households holds no lists, but what a program works out of them."""
    found = evaluate(program, facts)
    listed = said_by_lists(program, facts)
    return {**facts, **{key: as_cents_or_is(found.value(key)) for key in listed}}


def as_cents_or_is(value: Any) -> Any:
    return as_cents(value) if isinstance(value, Decimal) else value


@pytest.mark.parametrize("slug", sorted(FILES))
def test_one_by_one(slug: str) -> None:
    assert [str(wrong) for wrong in mismatches(load_program(slug))] == []


@pytest.mark.parametrize("engine", [bulk_one, bulk_many])
@pytest.mark.parametrize("slug", sorted(FILES))
def test_as_a_file(slug: str, engine: ModuleType, tmp_path: Path) -> None:
    columns = load_program(slug).columns
    lines = [",".join(["household_id", *columns])]
    cases = cases_of(slug)
    for number, case in enumerate(cases):
        facts = with_what_lists_say(load_program(slug), case["facts"])
        lines.append(",".join([f"H{number}", *(written(facts.get(key)) for key in columns)]))
    (tmp_path / "in.csv").write_text("\n".join(lines) + "\n")
    job = bulk.job(slug, tmp_path / "in.csv", tmp_path / "out.csv")
    engine.determine(job, lambda done: None)
    header, *rows = (tmp_path / "out.csv").read_text().splitlines()
    names = header.split(",")
    for case, row in zip(cases, rows, strict=True):
        out = dict(zip(names, row.split(","), strict=True))
        expected = {key: written(value) for key, value in case["expect"].items()}
        assert {key: out[key] for key in expected} == expected, case["name"]


@pytest.mark.parametrize("engine", [bulk_one, bulk_many])
def test_a_file_names_no_empty_cell_of_the_agency_among_the_missing_facts(
    engine: ModuleType, tmp_path: Path
) -> None:
    """What nobody in the household can say is not theirs to bring: `explain` names it."""
    name = "early opening of 2026 is not known"
    (facts,) = (case["facts"] for case in cases_of("wy-lieap") if case["name"] == name)
    columns = load_program("wy-lieap").columns
    cells = ["H1", *(written(facts.get(key)) for key in columns)]
    (tmp_path / "in.csv").write_text(f"household_id,{','.join(columns)}\n{','.join(cells)}\n")
    engine.determine(
        bulk.job("wy-lieap", tmp_path / "in.csv", tmp_path / "out.csv"), lambda done: None
    )
    header, row = (tmp_path / "out.csv").read_text().splitlines()
    out = dict(zip(header.split(","), row.split(","), strict=True))
    assert (out["outcome"], out["missing"], out["errors"]) == ("unknown", "", "")


def test_there_are_at_least_twenty_of_each() -> None:
    assert set(FILES) >= {"nm-erap", "wy-erap", "wy-lieap", "wy-snap"}
    assert all(len(entry["cases"]) >= 20 for entry in FILES.values())


@pytest.mark.parametrize(
    ("slug", "name", "waits_for"),
    [
        (
            "wy-snap",
            "FFY2027 where the allowance decides",
            ["table:snap_state_amounts.heating_allowance"],
        ),
        ("wy-snap", "everything in order", []),
        ("wy-snap", "before the first tables", []),
        ("wy-snap", "low resources need no age, net income does", []),
        ("wy-snap", "FFY2027 without utility bills", []),
        (
            "wy-lieap",
            "early opening of 2026 is not known",
            ["table:wy_lieap_seasons.priority_households"],
        ),
    ],
)
def test_an_empty_cell_that_is_waited_for_has_a_name(
    slug: str, name: str, waits_for: list[str]
) -> None:
    (case,) = [case for case in cases_of(slug) if case["name"] == name]
    told = explanation(load_program(slug), case["facts"])
    assert told["set_by_agency"] == waits_for
