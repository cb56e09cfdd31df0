"""The chain holds, and says where it does not."""

import pytest
from django.db import DatabaseError, connection, transaction

from latchstring.audit import door as audit
from latchstring.audit.models import Entry
from latchstring.kernel import scope
from latchstring.kernel.ids import new_id


def write(count=3, agency="nm-dfa"):
    for _ in range(count):
        audit.record(
            "case.seen", agency=agency, actor="account:1", object_type="case", object_id=new_id()
        )


def as_owner(statement):
    """Do what an intruder with the owner's rights could: switch the guards off and change."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("SET ROLE latchstring_app")


def test_new_entries_are_linked_once_and_the_chain_holds(db):
    write()
    assert audit.link_new_entries() == 3
    assert audit.link_new_entries() == 0
    walk = audit.verify()
    assert (walk.links, walk.waiting, walk.faults) == (3, 0, [])


def test_an_edited_entry_is_found(db):
    write()
    audit.link_new_entries()
    as_owner(
        "UPDATE audit_entry SET actor = 'nobody' "
        "WHERE id = (SELECT entry_id FROM audit_link WHERE seq = 2)"
    )
    assert audit.verify().faults[0].startswith("link 2: entry")


def test_a_missing_link_is_found(db):
    write()
    audit.link_new_entries()
    as_owner("DELETE FROM audit_link WHERE seq = 2")
    assert "link 2: missing" in audit.verify().faults[0]


def test_an_auditor_of_one_agency_walks_the_chain_of_all(db):
    write(2)
    write(1, agency="wy-dfs")
    write(2)
    audit.link_new_entries()
    with scope.within("nm-dfa"):
        walk = audit.verify()
        assert Entry.objects.filter(agency="wy-dfs").count() == 0  # still sees none of theirs
    assert (walk.links, walk.faults) == (5, [])


def test_the_app_cannot_change_the_trail(db):
    write(1)
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.update(actor="nobody")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_entry")
