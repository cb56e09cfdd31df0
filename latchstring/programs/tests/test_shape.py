"""The published shape: committed as the code has it, true of every file, kind about the rest."""

from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from latchstring import command
from latchstring.programs.document import resolved
from latchstring.programs.errors import CatalogError
from latchstring.programs.keys import SHAPES
from latchstring.programs.published import published, reference, written
from latchstring.programs.reading import catalog_folder, read_text, read_yaml
from latchstring.programs.shape import held

DOCS = Path(__file__).resolve().parents[3] / "docs" / "programs.md"


def kind_of(path: Path) -> str:
    if path.parent.name == "questions":
        return "questions"
    if path.stem.endswith(".households"):
        return "households"
    return path.stem if path.stem in SHAPES else "program"


FILES = sorted(catalog_folder().rglob("*.yaml"))


def as_json(value: Any) -> Any:
    """Write a document as JSON has it: a day is its text."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("kind", SHAPES)
def test_the_published_schema_is_the_code_s_and_so_are_the_docs(kind: str, capsys: Any) -> None:
    file = catalog_folder() / "schema" / f"{kind}.schema.json"
    assert file.read_text() == written(kind), f"latchstring program schema {kind} > {file.name}"
    assert command.main(["program", "schema", kind]) == 0
    assert capsys.readouterr().out == written(kind)
    table = "\n".join(reference(kind))
    assert f"<!-- {kind} -->\n{table}\n<!-- end -->" in DOCS.read_text(), table
    jsonschema.Draft202012Validator.check_schema(published(kind))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(catalog_folder())))
def test_every_file_of_the_catalog_is_of_its_published_shape(path: Path) -> None:
    kind = kind_of(path)
    document = read_yaml(path)
    checker = jsonschema.Draft202012Validator(
        published(kind), format_checker=jsonschema.FormatChecker()
    )
    assert not list(checker.iter_errors(as_json(document)))
    if kind != "program":
        held(document, kind)
    elif not document.get("abstract"):
        held(resolved(document), kind)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("slugg: x", "There is no key `slugg` in This facts file."),
        (
            "facts:\n  a: {typ: money}",
            "There is no key `typ` in a. Did you mean type?",
        ),
        (
            "facts:\n  a: {type: cash}",
            "type must be one of yes_no, money, whole, date, text, choice, not `cash`.",
        ),
        (
            "facts:\n  a: {type: money}",
            "standing is missing in a.",
        ),
        (
            "facts:\n  a: {minimum: -1}",
            "minimum must be a whole number from 0 to 1000000000, not `-1`.",
        ),
        ("facts:\n  a: {personal: 'no'}", "personal must be true or false, not `no`."),
        ("facts:\n  a: {es: ''}", "es must be a text that says something, not ``."),
        ("facts: [a]", "facts must be a mapping of names to values, not a list."),
        (
            "facts:\n  A B: {}",
            "`A B` is no name: write small letters, digits and _.",
        ),
    ],
)
def test_what_is_not_of_the_shape_is_named_with_its_line_and_the_mend(
    line: str, message: str
) -> None:
    text = f"# first\n{line}\n"
    with pytest.raises(CatalogError) as refused:
        held(read_text(text, "catalog/facts.yaml"), "facts")
    at = 1 + len(line.splitlines())
    assert refused.value.message == f"catalog/facts.yaml, line {at}: {message}"


def test_an_error_in_a_base_names_the_file_of_the_base() -> None:
    shared = resolved(read_yaml(catalog_folder() / "wy" / "erap.yaml"))
    document = deepcopy(shared)  # its parts are the base's own, which other tests read too
    document["criteria"][0]["evidence"]["lasts_month"] = 3
    with pytest.raises(CatalogError) as refused:
        held(document, "program")
    assert refused.value.file == "catalog/us/erap.yaml"
    assert refused.value.message.endswith("evidence. Did you mean lasts_months?")
