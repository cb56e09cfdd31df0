"""The suite's database: a template migrated once as owner, cloned per process and per test.

Tests connect as the app role, as production does. Loaded as a pytest plugin before Django reads
its settings. `DATABASE_URL`, when set, names the server to use (Debian's PostgreSQL in CI);
otherwise the embedded one runs under `.latchstring-test`.
"""

import contextlib
import hashlib
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from latchstring.kernel import embedded, roles

ROOT = Path(__file__).resolve().parent.parent
_stack = contextlib.ExitStack()


def _named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _schema_mark() -> str:
    """A name that changes with any migration, so that a stale template is never used."""
    digest = hashlib.sha256()
    for file in sorted(ROOT.glob("latchstring/**/migrations/*.py")) + [
        ROOT / "latchstring/kernel/guards.py",
        ROOT / "requirements/run.txt",
    ]:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def drop_template(connection: "psycopg.Connection[tuple[object, ...]]", name: str) -> None:
    """Drop a template database if it is there (half made, or of older migrations)."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        quoted = sql.Identifier(name)
        connection.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE false").format(quoted))
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(quoted))


def make_template(server: str) -> str:
    """Migrate a database once for all workers; others wait for the first."""
    name = f"latchstring_template_{_schema_mark()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(712096)")
        done = connection.execute(
            "SELECT datistemplate FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        if done and done[0]:
            return name
        old = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'latchstring_template_%%' "
            "ORDER BY oid DESC OFFSET 5"
        ).fetchall()
        for (stale,) in old:
            drop_template(connection, stale)
        drop_template(connection, name)
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        url = _named(server, name)
        roles.make_roles(url)
        subprocess.run(
            [sys.executable, "-m", "django", "migrate", "--verbosity", "0", "--skip-checks"],
            env=os.environ
            | {
                "DATABASE_URL": url,
                "LATCHSTRING_DB_ROLE": roles.OWNER,
                "DJANGO_SETTINGS_MODULE": "latchstring.settings",
            },
            cwd=ROOT,
            check=True,
        )
        connection.execute(
            sql.SQL("ALTER DATABASE {} IS_TEMPLATE true").format(sql.Identifier(name))
        )
    return name


def clone(name: str) -> str:
    """Make a database of this name from the template and return its URL."""
    server = os.environ["LATCHSTRING_TEST_SERVER"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(712096)")
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(os.environ["LATCHSTRING_TEST_TEMPLATE"])
            )
        )
    return _named(server, name)


def drop(name: str) -> None:
    """Remove a database that a test had for itself."""
    with psycopg.connect(os.environ["LATCHSTRING_TEST_SERVER"], autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def _is_as_expected(server: str) -> None:
    """Stop the run when another server was promised than the one there is (tools/on-debian-...)."""
    promised = os.environ.get("LATCHSTRING_TEST_SERVER_IS")
    if not promised:
        return
    with psycopg.connect(server) as connection:
        row = connection.execute("SELECT version()").fetchone()
    if row is None or promised not in row[0]:
        raise RuntimeError(f"The tests were to run on {promised}'s PostgreSQL, not on: {row}")


def _begin() -> None:
    """Start the server and clone this process's database.

    At import: pytest loads `-p` plugins before pytest-django reads Django's settings.
    """
    home = os.environ.setdefault("LATCHSTRING_HOME", str(ROOT / ".latchstring-test"))
    if "LATCHSTRING_TEST_SERVER" not in os.environ:
        server = os.environ.get("DATABASE_URL") or _stack.enter_context(embedded.running(home))
        os.environ["LATCHSTRING_TEST_SERVER"] = server
    _is_as_expected(os.environ["LATCHSTRING_TEST_SERVER"])
    os.environ["LATCHSTRING_TEST_TEMPLATE"] = make_template(os.environ["LATCHSTRING_TEST_SERVER"])
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    os.environ["DATABASE_URL"] = clone(name)
    _stack.callback(drop, name)


def pytest_unconfigure() -> None:
    """Leave nothing behind: drop the databases, stop the server if we were its last user."""
    with contextlib.suppress(ImportError):
        from django.db import connections  # noqa: PLC0415 - only after settings exist

        connections.close_all()
    _stack.close()


_begin()
