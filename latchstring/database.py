"""Giving a command its database: the server that DATABASE_URL names, or the embedded one.

Must run before Django reads its settings. The embedded server is started when it does not run,
and stopped again by the last one out.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

import django
import psycopg

from latchstring.kernel import embedded, environment, roles
from latchstring.kernel.environment import WrongSetting


@contextlib.contextmanager
def attached(*, with_tables: bool = True) -> Iterator[str]:
    """Run a block with Django set up on its database; yields the URL.

    A new embedded database gets its tables at once; a server of yours is migrated only when asked.
    WrongSetting says in one line what is missing.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "latchstring.settings")
    with contextlib.ExitStack() as stack:
        given = os.environ.get("DATABASE_URL")
        if not given and os.environ.get("LATCHSTRING_MODE") == "production":
            raise WrongSetting("DATABASE_URL is not set. Production needs a PostgreSQL server.")
        url = given or stack.enter_context(
            embedded.running(os.environ.get("LATCHSTRING_HOME", ".latchstring"))
        )
        os.environ["DATABASE_URL"] = url
        if with_tables and not _has_tables(url):
            if given:
                raise WrongSetting(
                    "The database that DATABASE_URL names has no tables yet. "
                    "Run `latchstring migrate` first."
                )
            migrate(url)
        django.setup()
        yield url


def _has_tables(url: str) -> bool:
    """Whether the database was migrated before; WrongSetting when it does not answer."""
    environment.database(url)  # says what is wrong with the URL itself
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            found = connection.execute("SELECT to_regclass('kernel_clock')").fetchone()
    except psycopg.OperationalError:
        raise WrongSetting(
            "The database that DATABASE_URL names does not answer. Check the address and that it "
            "runs."
        ) from None
    return bool(found and found[0])


def migrate(url: str) -> None:
    """Make the roles, then apply every migration as the owner, in a process of its own.

    The connection's role is fixed when Django reads its settings, hence the process.
    """
    roles.make_roles(url)
    subprocess.run(  # noqa: S603 - our own interpreter and arguments
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0", "--skip-checks"],
        env=os.environ
        | {
            "DATABASE_URL": url,
            "LATCHSTRING_DB_ROLE": roles.OWNER,
            "DJANGO_SETTINGS_MODULE": "latchstring.settings",
        },
        check=True,
    )
