"""Whose rows the connection may see: the second wall behind every query's own agency filter.

Row-level security compares each row's agency with the setting `latchstring.agency`. Unset means
no rows at all; `*` (sweepers, migrations, people acting across agencies) means every row.
"""

import contextlib
from collections.abc import Iterator

from django.db import connection

EVERY_AGENCY = "*"


def enter(agency: str) -> None:
    """Limit this connection to an agency's rows until told otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('latchstring.agency', %s, false)", [agency])


def current() -> str:
    """Return the agency that this connection is limited to; empty when none is set."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('latchstring.agency', true), '')")
        return cursor.fetchone()[0]


@contextlib.contextmanager
def within(agency: str) -> Iterator[None]:
    """Limit a block to an agency's rows, then go back to what was set before."""
    before = current()
    enter(agency)
    try:
        yield
    finally:
        enter(before)
