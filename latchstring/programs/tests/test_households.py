"""The households beside each program come out as written there, one by one and as a file."""

from pathlib import Path

import pytest

from latchstring.programs import bulk, bulk_many
from latchstring.programs.dictionary import file_columns
from latchstring.programs.door import load_program
from latchstring.programs.households import cases_of, household_files, mismatches, written

FILES = household_files()


@pytest.mark.parametrize("slug", sorted(FILES))
def test_one_by_one(slug: str) -> None:
    assert [str(wrong) for wrong in mismatches(load_program(slug))] == []


# A file has one set of columns so far: a program that reads other facts has none of its own yet.
IN_A_FILE = [slug for slug in sorted(FILES) if set(load_program(slug).readers) <= {*file_columns()}]


@pytest.mark.parametrize("slug", IN_A_FILE)
def test_as_a_file(slug: str, tmp_path: Path) -> None:
    lines = [",".join(["household_id", *file_columns()])]
    cases = cases_of(slug)
    for number, case in enumerate(cases):
        facts = case["facts"]
        lines.append(",".join([f"H{number}", *(written(facts[key]) for key in file_columns())]))
    (tmp_path / "in.csv").write_text("\n".join(lines) + "\n")
    job = bulk.job(slug, tmp_path / "in.csv", tmp_path / "out.csv")
    bulk_many.determine(job, lambda done: None)
    header, *rows = (tmp_path / "out.csv").read_text().splitlines()
    names = header.split(",")
    for case, row in zip(cases, rows, strict=True):
        out = dict(zip(names, row.split(","), strict=True))
        expected = {key: written(value) for key, value in case["expect"].items()}
        assert {key: out[key] for key in expected} == expected, case["name"]


def test_there_are_at_least_twenty_of_each() -> None:
    assert set(FILES) >= {"nm-erap", "wy-erap", "wy-lieap", "wy-snap"} and len(IN_A_FILE) >= 2
    assert all(len(entry["cases"]) >= 20 for entry in FILES.values())
