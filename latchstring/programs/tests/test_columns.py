"""The columns of each program's file follow from its document, and its page says so."""

import pytest

from latchstring.programs.columns import page, page_path, pages
from latchstring.programs.document import prepared, resolved, slugs
from latchstring.programs.door import load_program
from latchstring.programs.errors import CatalogError
from latchstring.programs.reading import Marked, catalog_folder, read_yaml

CONTRACT = (
    "applied_on,state,county,size,rents,annual_income,monthly_income,unemployment_benefits,"
    "financial_hardship,housing_instability,unemployed_90_days,monthly_rent,rent_documented,"
    "bedrooms,months_behind,future_months,months_assisted,utilities_owed,internet_owed,"
    "other_federal_rent_help"
)


def test_rental_assistance_keeps_its_columns_in_both_states() -> None:
    for slug in ("nm-erap", "wy-erap"):
        assert ",".join(load_program(slug).columns) == CONTRACT


@pytest.mark.parametrize("slug", slugs())
def test_no_fact_that_a_rule_reads_is_left_out(slug: str) -> None:
    program = load_program(slug)
    assert set(program.readers) <= set(program.columns)
    if "file" not in program.document:
        assert program.columns == tuple(program.readers)


@pytest.mark.parametrize("slug", slugs())
def test_the_page_beside_each_document_is_what_the_document_says(slug: str) -> None:
    program = load_program(slug)
    assert page_path(program).read_text(encoding="utf-8") == page(program), (
        "latchstring program columns --write"
    )
    for name in (*program.columns, *program.criterion_ids, *(r.id for r in program.results)):
        assert f"| {name} |" in page(program)


def test_there_is_no_page_of_a_program_that_went_away() -> None:
    assert set(catalog_folder().glob("*/*.columns.md")) == set(pages())


@pytest.mark.parametrize(
    ("columns", "words"),
    [(["applied_on", "sise"], "no fact sise. Did you mean size?"), (["applied_on"], "rules read")],
)
def test_a_list_of_columns_that_cannot_be_is_refused(columns: list[str], words: str) -> None:
    document = resolved(read_yaml(catalog_folder() / "wy" / "lieap.yaml"))
    changed = Marked(document, file=columns)
    changed.file, changed.line, changed.lines = document.file, document.line, document.lines
    with pytest.raises(CatalogError, match=words):
        prepared(changed)
