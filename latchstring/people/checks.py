"""What must hold of people and roles, as queries that return the rows that offend."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connection

from latchstring.people.policy import INCOMPATIBLE

# Two grants of one person that reach into the same day, of roles that must stay apart.
APART = """
SELECT DISTINCT a.staff_id, a.role, b.role FROM people_rolegrant a
JOIN people_rolegrant b ON b.staff_id = a.staff_id AND a.role < b.role
 AND daterange(a.valid_from, a.valid_to) && daterange(b.valid_from, b.valid_to)
WHERE (a.role, b.role) IN (SELECT * FROM unnest(%(first)s::text[], %(second)s::text[]))
"""
# A look at a household's record was written down under another agency than the household's.
SEEN_FROM_OUTSIDE = """
SELECT e.id, e.agency, h.agency_id FROM audit_entry e JOIN people_household h ON h.id = e.household
WHERE e.agency <> h.agency_id
"""
HEADLESS = """
SELECT h.id, h.agency_id FROM people_household h WHERE 1 <> (
    SELECT count(*) FROM people_membership m
    WHERE m.household_id = h.id AND m.role = 'head' AND m.valid_to IS NULL)
"""


def duties_united() -> list[tuple[Any, ...]]:
    """I8: people who hold, or held, two duties at once that must stay apart."""
    pairs = [sorted(pair) for pair in INCOMPATIBLE]
    first, second = ([pair[n] for pair in pairs] for n in (0, 1))
    with connection.cursor() as cursor:
        cursor.execute(APART, {"first": first, "second": second})
        return list(cursor.fetchall())


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


CHECKS: dict[str, Callable[[], list[Any]]] = {
    "I2 every household has one head": partial(_rows, HEADLESS),
    "I8 nobody holds duties that must stay apart": duties_united,
    "I10 every look is written down in the household's own agency": partial(
        _rows, SEEN_FROM_OUTSIDE
    ),
}
