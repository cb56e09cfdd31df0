"""The database roles: owner (migrates), app (web and worker), registry, reader (reports).

Roles belong to the server, not to one database, so they are made before the first migration by
whoever may create roles; everything else they may do is granted in the migrations.
"""

import psycopg
from psycopg import sql

OWNER = "latchstring_owner"
APP = "latchstring_app"
REGISTRY = "latchstring_registry"
READER = "latchstring_reader"


def make_roles(url: str) -> None:
    """Create the four roles where they are missing and let the caller act as each of them."""
    with psycopg.connect(url, autocommit=True) as connection:
        # Two commands that start at once must not race to create the same role.
        connection.execute("SELECT pg_advisory_lock(712094)")
        for role in (OWNER, APP, REGISTRY, READER):
            name = sql.Identifier(role)
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            if known.fetchone() is None:
                connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(name))
            member = connection.execute(
                "SELECT pg_has_role(current_user, %s, 'MEMBER')", [role]
            ).fetchone()
            if not (member and member[0]):
                connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name))
        connection.execute(
            sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(sql.Identifier(OWNER))
        )
        database = connection.execute("SELECT current_database()").fetchone()
        assert database is not None
        connection.execute(
            sql.SQL("GRANT CREATE ON DATABASE {} TO {}").format(
                sql.Identifier(database[0]), sql.Identifier(OWNER)
            )
        )
        for role in (APP, READER, REGISTRY):
            connection.execute(
                sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(role))
            )
        connection.execute(
            sql.SQL("REVOKE USAGE ON SCHEMA public FROM {}").format(sql.Identifier(REGISTRY))
        )
