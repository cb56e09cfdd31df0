"""A case keeps its rules, whatever becomes of the file they were read from."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.utils import ProgrammingError

from latchstring.programs import door, publication
from latchstring.programs.models import KeptVersion

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
