"""The walls that stand from the first migration on."""

import pytest
from django.db import DatabaseError, connection, transaction

from latchstring.audit import door as audit
from latchstring.audit.models import Entry
from latchstring.kernel import events, scope
from latchstring.kernel.ids import new_id


def record(kind="case.opened.v1", subject=None, agency="nm-dfa"):
    return events.record(kind, subject=subject or new_id(), agency=agency, actor="system:test")


def test_the_suite_runs_as_the_app_role(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0] == "latchstring_app"


def test_an_event_outside_a_transaction_is_refused(own_database):
    with pytest.raises(RuntimeError):
        record()


def test_events_of_one_subject_are_numbered_without_gaps(db):
    subject = new_id()
    assert [record(subject=subject).version for _ in range(3)] == [1, 2, 3]
    assert [e.version for e in events.of_subject(subject)] == [1, 2, 3]


@pytest.mark.parametrize(
    "statement", ["UPDATE kernel_event SET actor = 'x'", "DELETE FROM kernel_event"]
)
def test_events_are_never_changed(db, statement):
    record()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_rows_of_another_agency_are_not_there(db):
    audit.record("x.y", agency="nm-dfa", actor="a", object_type="case", object_id=new_id())
    assert Entry.objects.count() == 1
    scope.enter("wy-dfs")
    assert Entry.objects.count() == 0
    scope.enter("")
    assert Entry.objects.count() == 0


def test_a_row_cannot_be_written_for_another_agency(db):
    scope.enter("wy-dfs")
    with pytest.raises(DatabaseError), transaction.atomic():
        audit.record("x.y", agency="nm-dfa", actor="a", object_type="case", object_id=new_id())


def test_the_app_role_cannot_read_the_registry(db):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE registry.probe (id int)")
