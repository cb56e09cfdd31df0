"""One file carries a program: same hash, same determinations, the same bytes when carried on."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from latchstring import command
from latchstring.programs.carry import dumped, exported, taken_in
from latchstring.programs.document import slugs, versions
from latchstring.programs.errors import CatalogError
from latchstring.programs.households import came_out, cases_of
from latchstring.programs.reading import catalog_folder, read_text

ELSEWHERE = """
import json
from latchstring.programs.carry import exported
from latchstring.programs.document import slugs, versions
from latchstring.programs.households import cases_of, came_out
found = {}
for slug in slugs():
    program = versions(slug)[-1]
    came = [came_out(program, case["facts"]) for case in cases_of(slug)]
    found[slug] = [program.version, came, exported(program)]
print(json.dumps(found))
"""


def put(folder: Path, changed: dict[Path, str]) -> None:
    for path, text in changed.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="")


@pytest.mark.parametrize("slug", slugs())
def test_a_program_comes_out_the_same_in_an_empty_catalog(slug: str, tmp_path: Path) -> None:
    program = versions(slug)[-1]
    text = exported(program)
    put(tmp_path, taken_in(read_text(text, f"{slug}.yaml"), tmp_path))
    came = [came_out(program, case["facts"]) for case in cases_of(slug)]
    assert len(came) > 20
    ran = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", ELSEWHERE],
        env={**os.environ, "LATCHSTRING_CATALOG": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == {slug: [program.version, came, text]}


def test_what_is_there_already_must_say_the_same() -> None:
    program = versions("wy-lieap")[-1]
    carried = read_text(exported(program), "lieap.yaml")
    assert taken_in(carried, catalog_folder()) == {}
    carried["facts"]["size"]["en"] = "how many live there"
    with pytest.raises(CatalogError, match="The fact size of this catalog says otherwise"):
        taken_in(carried, catalog_folder())
    carried = read_text(exported(program), "lieap.yaml")
    carried["program"]["name"]["en"] = "Heat"
    with pytest.raises(CatalogError, match="wy/lieap.yaml is there and says otherwise"):
        taken_in(carried, catalog_folder())


def test_nothing_is_written_of_a_program_that_does_not_test_well(
    tmp_path: Path, capsys: Any
) -> None:
    carried = read_text(exported(versions("nm-erap")[-1]), "erap.yaml")
    carried["households"]["cases"][0]["expect"]["total"] = "1.00"
    file = tmp_path / "erap.yaml"
    file.write_text(dumped(carried), encoding="utf-8")
    folder = tmp_path / "catalog"
    assert command.main(["program", "import", str(file), "--into", str(folder)]) == 2
    assert "total is 3700.25, not 1.00" in capsys.readouterr().err
    assert not folder.exists()
    del carried["figures"]
    file.write_text(dumped(carried), encoding="utf-8")
    assert command.main(["program", "import", str(file), "--into", str(folder)]) == 2
    assert "figures is missing: this is no exported program." in capsys.readouterr().err
