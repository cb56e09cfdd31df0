"""What must hold of the trail: the chain, and that nothing waits long for its place in it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connection

from latchstring.audit.chain import verify

# By real time: the sealer comes every minute, whatever the business clock says.
UNLINKED = """
SELECT e.id, e.action FROM audit_entry e
WHERE e.recorded_at < now() - interval '15 minutes'
  AND NOT EXISTS (SELECT FROM audit_link k WHERE k.entry_id = e.id)
"""
# A look at a person's record says why.
NO_PURPOSE = """
SELECT id, action FROM audit_entry WHERE action LIKE '%.seen' AND (purpose = '' OR actor = '')
"""


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


CHECKS: dict[str, Callable[[], list[Any]]] = {
    "I10 the chain holds from its first link to its last": lambda: list(verify().faults),
    "I10 no entry waits long for its link": partial(_rows, UNLINKED),
    "I10 every look names who looked and why": partial(_rows, NO_PURPOSE),
}
