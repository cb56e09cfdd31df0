"""SQL for migrations: what the database itself enforces on a room's tables."""

from django.db import migrations


def append_only(*tables: str) -> migrations.RunSQL:
    """Refuse UPDATE and DELETE on tables whose rows are history, by trigger and by privilege."""
    statements = [
        f"CREATE TRIGGER {table}_is_history BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();\n"
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM latchstring_app;"
        for table in tables
    ]
    return migrations.RunSQL("\n".join(statements), migrations.RunSQL.noop)


def no_delete(*tables: str) -> migrations.RunSQL:
    """Let rows change through verbs but never be deleted."""
    statements = [f"REVOKE DELETE, TRUNCATE ON {table} FROM latchstring_app;" for table in tables]
    return migrations.RunSQL("\n".join(statements), migrations.RunSQL.noop)


def agency_scope(*tables: str, column: str = "agency") -> migrations.RunSQL:
    """Show rows only of the agency that the connection is limited to (kernel/scope.py)."""
    statements = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\n"
        f"CREATE POLICY {table}_agency ON {table} TO latchstring_app\n"
        f"  USING (kernel_in_scope({column})) WITH CHECK (kernel_in_scope({column}));\n"
        f"CREATE POLICY {table}_reads ON {table} FOR SELECT TO latchstring_reader USING (true);"
        for table in tables
    ]
    return migrations.RunSQL("\n".join(statements), migrations.RunSQL.noop)
