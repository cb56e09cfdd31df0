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

from latchstring.kernel import embedded, roles


@contextlib.contextmanager
def attached() -> Iterator[str]:
    """Run a block with Django set up on its database; yields the URL."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "latchstring.settings")
    with contextlib.ExitStack() as stack:
        url = os.environ.get("DATABASE_URL")
        if not url:
            url = stack.enter_context(
                embedded.running(os.environ.get("LATCHSTRING_HOME", ".latchstring"))
            )
            os.environ["DATABASE_URL"] = url
        django.setup()
        yield url


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
