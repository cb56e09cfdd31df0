"""A case keeps its rules, whatever becomes of the file they were read from."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.utils import ProgrammingError

from latchstring.programs import door, publication
from latchstring.programs.models import KeptTable, KeptVersion

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def pinned(monkeypatch: pytest.MonkeyPatch) -> Iterator[door.Program]:
    """A program that was pinned and whose file then went away."""
    program = door.load_program("nm-erap")
    publication.pin(program)
    monkeypatch.setattr(publication, "shipped", lambda version: None)
    publication.program_by_hash.cache_clear()
    yield program
    publication.program_by_hash.cache_clear()


def test_a_version_without_its_file_is_read_from_what_was_kept(pinned: door.Program) -> None:
    again = publication.program_by_hash(pinned.version)
    assert again is not pinned and again.version == pinned.version
    assert door.canonical(again.document) == door.canonical(pinned.document)
    assert again.effective_from == date(2021, 4, 5)
    assert [c.id for c in again.criteria] == [c.id for c in pinned.criteria]


def test_what_nobody_pinned_is_not_there(pinned: door.Program) -> None:
    with pytest.raises(door.UnknownProgram):
        publication.program_by_hash("0" * 64)


def test_pinning_again_changes_nothing_and_the_database_refuses_a_change() -> None:
    program = door.load_program("wy-erap")
    assert publication.pin(program) == publication.pin(program) == program.version
    assert KeptVersion.objects.filter(version=program.version).count() == 1
    for statement in (
        "UPDATE programs_keptversion SET text = ''",
        "DELETE FROM programs_keptversion",
    ):
        with (
            pytest.raises((IntegrityError, InternalError, ProgrammingError)),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_tables_are_kept_once_and_the_database_refuses_a_change() -> None:
    program = door.load_program("nm-erap")
    assert publication.keep_tables(program) == publication.keep_tables(program)
    assert KeptTable.objects.count() == len(program.table_names)
    for statement in (
        "UPDATE programs_kepttable SET figures = ''",
        "DELETE FROM programs_kepttable",
    ):
        with (
            pytest.raises((IntegrityError, InternalError, ProgrammingError)),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.parametrize("slug", ["nm-erap", "wy-lieap", "wy-snap"])
def test_a_kept_table_reads_as_the_catalog_does(slug: str) -> None:
    program = door.load_program(slug)
    for name, digest in publication.keep_tables(program).items():
        kept = publication._kept_table(name, digest)
        assert (kept.shape, kept.versions, kept.data) == (
            program.table(name).shape,
            program.table(name).versions,
            program.table(name).data,
        )


def test_a_table_nobody_kept_is_not_there() -> None:
    program = door.load_program("nm-erap")
    with pytest.raises(door.UnknownProgram, match="hud_income_limits"):
        publication.program_as_then(program.version, {"hud_income_limits": "0" * 64})
