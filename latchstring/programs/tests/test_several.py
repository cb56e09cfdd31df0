"""Several programs over one file: read once, and the same bytes as one program after another."""

import csv
from pathlib import Path

import pytest

from latchstring.programs import bulk, bulk_many, bulk_several
from latchstring.programs.document import slugs
from latchstring.programs.households import cases_of, written


def shared_file(folder: Path, odd: dict[str, str], id: str) -> Path:
    """Write every test household of every program, then one with cells of one's choice."""
    source = folder / "in.csv"
    source.touch()
    columns = bulk.jobs(slugs(), source, folder)[0].columns
    cases = [case["facts"] for slug in slugs() for case in cases_of(slug)]
    rows = [[f"H{n}", *(written(f.get(key)) for key in columns)] for n, f in enumerate(cases)]
    last = dict(zip(columns, rows[0][1:], strict=True)) | odd
    with open(source, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([["household_id", *columns], *rows, [id, *last.values()]])
    return source


@pytest.mark.parametrize(
    ("odd", "id", "invalid", "one_pass"),
    [
        ({}, "last", 0, True),
        ({"liquid_resources": "1e3"}, "last", 1, True),
        ({}, "H3", 1, True),
        ({"annual_income": "9" * 30}, "last", 0, True),
        ({"county": "a,b"}, "last", 1, False),
    ],
    ids=["good", "one odd cell", "an id again", "a huge number", "a quoted cell"],
)
def test_the_same_bytes_as_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, odd, id: str, invalid: int, one_pass: bool
) -> None:
    source = shared_file(tmp_path, odd, id)
    (tmp_path / "rows").mkdir()
    expected = bulk.jobs(slugs(), source, tmp_path / "rows")
    assert bulk_several.in_rows(expected, lambda done: None).invalid == invalid
    jobs, shown = bulk.jobs(slugs(), source, tmp_path), []
    if one_pass:
        monkeypatch.setattr(bulk_many, "determine", None)
    count = bulk_several.determine(jobs, shown.append)
    assert count.invalid == invalid and shown == sorted(shown)
    assert len(jobs) >= 4
    for job, reference in zip(jobs, expected, strict=True):
        assert job.target.read_bytes() == reference.target.read_bytes(), job.target.name
