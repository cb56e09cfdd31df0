"""The recipe of docs/programs.md is true: its example checks and tests well in a catalog."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from latchstring.programs.reading import catalog_folder

EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "example"
COMMANDS = """
import sys
from latchstring import command
for line in sys.argv[1:]:
    sys.stdout.flush()
    ended = command.main(line.split())
    if ended:
        sys.exit(ended)
"""
ROWS = """household_id,applied_on,state,size,monthly_income,behind_on_water,water_owed,water_help_12_months
a,2026-03-15,NM,4,4125,true,812.40,false
b,2026-03-15,NM,4,4126,true,812.40,false
"""  # noqa: E501


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """A copy of the catalog with the example in it, as the recipe says."""
    folder = tmp_path / "catalog"
    shutil.copytree(catalog_folder(), folder)
    for path in sorted(EXAMPLE.rglob("*.yaml")):
        place = folder / path.relative_to(EXAMPLE)
        if place.exists():
            for head, entries in re.findall(r"(?m)^(\w+:\n)((?:[ #].*\n)+)", path.read_text()):
                before, after = re.split(f"(?m)^{head}", place.read_text())
                place.write_text(before + head + entries + after)
        else:
            shutil.copy(path, place)
    return folder


def said(catalog: Path, *lines: str) -> subprocess.CompletedProcess[str]:
    """Give the commands one after the other, until one of them fails."""
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", COMMANDS, *lines],
        env={**os.environ, "LATCHSTRING_CATALOG": str(catalog)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_example_of_the_recipe_comes_out_as_it_says(catalog: Path, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(ROWS)
    determine = f"determine nm-water --households {tmp_path}/in.csv --out {tmp_path}/out.csv"
    ran = said(
        catalog, "program check", "program test nm-water", "program columns --write", determine
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "ok   nm-water" in ran.stdout and "nm-water: 13 households" in ran.stdout
    assert "| water_owed |" in (catalog / "nm" / "water.columns.md").read_text()
    _, a, b = (tmp_path / "out.csv").read_text().splitlines()
    assert a.startswith("a,eligible,") and ",600.00,600.00," in a
    assert b.startswith("b,ineligible,,income,")


def test_a_question_in_a_part_that_the_interview_lacks_is_told_of(catalog: Path) -> None:
    path = catalog / "questions" / "water.yaml"
    path.write_text(path.read_text().replace("section: situation", "section: water"))
    ran = said(catalog, "program check nm-water")
    assert ran.returncode and "questions/water.yaml, line 6: section must be one of" in ran.stdout


def test_a_document_without_a_first_day_takes_its_bases_or_is_told_so(catalog: Path) -> None:
    for name in ("nm/erap.yaml", "wy/lieap.yaml"):
        text = (catalog / name).read_text()
        (catalog / name).write_text(re.sub(r"(?m)^effective_from: .*\n", "", text))
    ran = said(catalog, "program check")
    assert "ok   nm-erap" in ran.stdout and ran.returncode == 1, ran.stderr
    assert "FAIL wy-lieap" in ran.stdout and "effective_from is missing" in ran.stdout
