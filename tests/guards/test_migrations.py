"""Models and migrations agree, and every agency row is behind the second wall."""

from django.core.management import call_command
from django.db import connection

# Tables with an agency that everyone may read: no person's row is in them.
OPEN_TO_ALL = {
    "kernel_event",
    "kernel_timer",
    "partners_agreement",
    "people_office",
    "people_staffmember",
    "programs_publishedversion",
    "programs_roundact",
    "programs_standingauthorisation",
    "vault_datakey",
}


def test_no_model_waits_for_a_migration(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_agency_row_is_behind_row_level_security(db):
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, c.relrowsecurity
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
              AND a.attname IN ('agency', 'agency_id') AND NOT a.attisdropped
            """
        )
        rows = dict(cursor.fetchall())
    history = {name for name in rows if name.endswith("event") and name != "kernel_event"}
    partitions = {name for name in rows if name.startswith("kernel_event_")}
    open_tables = {n for n, on in rows.items() if not on} - history - partitions
    assert open_tables == OPEN_TO_ALL


def test_history_refuses_change(db):
    """Every table that only grows has its trigger, and the app may not even try."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger "
            "WHERE tgname LIKE '%_is_history' AND tgparentid = 0"
        )
        guarded = {row[0] for row in cursor.fetchall()}
        for table in ("people_fact", "funds_posting", "funds_ledgertransaction", "audit_entry"):
            assert table in guarded
            cursor.execute("SELECT has_table_privilege(%s, 'UPDATE')", [table])
            assert cursor.fetchone()[0] is False
