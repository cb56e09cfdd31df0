"""The households beside each program come out as written there, one by one and as a file."""

from pathlib import Path
from typing import Any

import pytest

from latchstring.programs import bulk, bulk_many
from latchstring.programs.dictionary import file_columns
from latchstring.programs.door import evaluate, load_program
from latchstring.programs.evaluate import as_cents
from latchstring.programs.explain import plain
from latchstring.programs.reading import catalog_folder, read_yaml

FILES = {
    str(entry["program"]): entry
    for entry in map(read_yaml, sorted(catalog_folder().glob("*/*.households.yaml")))
}
CASES = [
    pytest.param(slug, entry["household"], case, id=f"{slug}: {case['name']}")
    for slug, entry in sorted(FILES.items())
    for case in entry["cases"]
]


def written(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def expected(case: dict[str, Any]) -> dict[str, str]:
    return {key: written(value) for key, value in case["expect"].items()}


@pytest.mark.parametrize(("slug", "household", "case"), CASES)
def test_one(slug: str, household: dict[str, Any], case: dict[str, Any]) -> None:
    program = load_program(slug)
    found = evaluate(program, {**household, **case["change"]})
    out = {
        "outcome": found.outcome,
        "priority": found.priority,
        "failed": ";".join(found.failed),
        "missing": ";".join(found.missing),
    }
    for result in program.results:
        value = found.value(result.value) if result.always or found.outcome == "eligible" else None
        out[result.id] = plain(as_cents(value) if program.is_money(result.value) else value)
    assert {key: written(out[key]) for key in case["expect"]} == expected(case)


@pytest.mark.parametrize("slug", sorted(FILES))
def test_as_a_file(slug: str, tmp_path: Path) -> None:
    entry = FILES[slug]
    lines = [",".join(["household_id", *file_columns()])]
    for number, case in enumerate(entry["cases"]):
        facts = {**entry["household"], **case["change"]}
        lines.append(",".join([f"H{number}", *(written(facts[key]) for key in file_columns())]))
    (tmp_path / "in.csv").write_text("\n".join(lines) + "\n")
    job = bulk.job(slug, tmp_path / "in.csv", tmp_path / "out.csv")
    bulk_many.determine(job, lambda done: None)
    header, *rows = (tmp_path / "out.csv").read_text().splitlines()
    names = header.split(",")
    for case, row in zip(entry["cases"], rows, strict=True):
        out = dict(zip(names, row.split(","), strict=True))
        assert {key: out[key] for key in case["expect"]} == expected(case), case["name"]


def test_there_are_at_least_twenty_of_each() -> None:
    assert set(FILES) >= {"nm-erap", "wy-erap"}
    assert all(len(entry["cases"]) >= 20 for entry in FILES.values())
