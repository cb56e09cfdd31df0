"""What must hold of the money, each as a query that returns the rows that break it."""

from collections.abc import Callable
from functools import partial

from django.db import connection

Row = tuple[object, ...]

UNBALANCED = """
SELECT p.transaction_id, l.award_id, sum(p.amount_cents)
FROM funds_posting p JOIN funds_ledgeraccount l ON l.id = p.account_id
GROUP BY p.transaction_id, l.award_id HAVING sum(p.amount_cents) <> 0
"""
WITHOUT_POSTINGS = """
SELECT t.id FROM funds_ledgertransaction t
WHERE NOT EXISTS (SELECT 1 FROM funds_posting p WHERE p.transaction_id = t.id)
"""
OVER_OBLIGATED = """
SELECT a.id, a.amount_cents, sum(s.amount_cents)
FROM funds_allocation a
JOIN funds_obligationsource s ON s.allocation_id = a.id
JOIN funds_obligation o ON o.id = s.obligation_id AND o.released_at IS NULL
GROUP BY a.id HAVING sum(s.amount_cents) > a.amount_cents
"""
BALANCE_DIFFERS = """
SELECT a.id, a.obligated_cents, a.amount_cents - coalesce(sum(p.amount_cents), 0)
FROM funds_allocation a
LEFT JOIN funds_ledgeraccount l ON l.allocation_id = a.id AND l.kind = 'unobligated'
LEFT JOIN funds_posting p ON p.account_id = l.id
GROUP BY a.id HAVING a.obligated_cents <> a.amount_cents - coalesce(sum(p.amount_cents), 0)
"""
OBLIGATED_DIFFERS = """
SELECT a.id, a.obligated_cents, coalesce(sum(s.amount_cents), 0)
FROM funds_allocation a
LEFT JOIN (SELECT s.allocation_id, s.amount_cents FROM funds_obligationsource s
           JOIN funds_obligation o ON o.id = s.obligation_id WHERE o.released_at IS NULL) s
       ON s.allocation_id = a.id
GROUP BY a.id HAVING a.obligated_cents <> coalesce(sum(s.amount_cents), 0)
"""
AWARD_DIFFERS = """
SELECT w.id, w.allocated_cents, w.amount_cents - coalesce(sum(p.amount_cents), 0)
FROM funds_award w
LEFT JOIN funds_ledgeraccount l ON l.award_id = w.id AND l.kind = 'unallocated'
LEFT JOIN funds_posting p ON p.account_id = l.id
GROUP BY w.id HAVING w.allocated_cents <> w.amount_cents - coalesce(sum(p.amount_cents), 0)
"""
ALLOCATIONS_DIFFER = """
SELECT w.id, w.allocated_cents, coalesce(sum(a.amount_cents), 0)
FROM funds_award w LEFT JOIN funds_allocation a ON a.award_id = w.id
GROUP BY w.id HAVING w.allocated_cents <> coalesce(sum(a.amount_cents), 0)
"""
SOURCES_DIFFER = """
SELECT o.id, o.amount_cents, coalesce(sum(s.amount_cents), 0)
FROM funds_obligation o LEFT JOIN funds_obligationsource s ON s.obligation_id = o.id
GROUP BY o.id HAVING o.amount_cents <> coalesce(sum(s.amount_cents), 0)
"""
# A live promise stands in full on exactly one of its three accounts; a released one on none.
NOT_IN_ONE_PLACE = """
SELECT o.id, o.amount_cents, k.kind, k.cents FROM funds_obligation o
LEFT JOIN (SELECT p.obligation, l.kind, sum(p.amount_cents) AS cents
           FROM funds_posting p JOIN funds_ledgeraccount l ON l.id = p.account_id
           WHERE l.kind IN ('obligated', 'disbursing', 'expended')
           GROUP BY p.obligation, l.kind HAVING sum(p.amount_cents) <> 0) k
       ON k.obligation = o.id
WHERE (o.released_at IS NULL AND k.cents IS DISTINCT FROM o.amount_cents)
   OR (o.released_at IS NOT NULL AND k.cents IS NOT NULL)
"""
CLAIM_OUTLIVES = """
SELECT c.id, c.obligation_id FROM funds_assistanceclaim c
JOIN funds_obligation o ON o.id = c.obligation_id
WHERE (o.released_at IS NULL) <> (c.released_at IS NULL)
"""
OUTSIDE_THE_PERIOD = """
SELECT o.id, w.id, o.made_at FROM funds_obligation o
JOIN funds_obligationsource s ON s.obligation_id = o.id
JOIN funds_allocation a ON a.id = s.allocation_id
JOIN funds_award w ON w.id = a.award_id
WHERE (o.made_at AT TIME ZONE 'America/Denver')::date NOT BETWEEN w.period_start AND w.period_end
"""
NEGATIVE_ACCOUNT = """
SELECT l.id, l.kind, sum(p.amount_cents) FROM funds_ledgeraccount l
JOIN funds_posting p ON p.account_id = l.id
WHERE l.kind <> 'awarded' GROUP BY l.id HAVING sum(p.amount_cents) < 0
"""
OVER_ALLOCATED = """
SELECT w.id, w.amount_cents, sum(a.amount_cents) FROM funds_award w
JOIN funds_allocation a ON a.award_id = w.id
GROUP BY w.id HAVING sum(a.amount_cents) > w.amount_cents
"""
OTHER_AGENCY = """
SELECT p.id, p.agency, t.agency, l.agency FROM funds_posting p
JOIN funds_ledgertransaction t ON t.id = p.transaction_id
JOIN funds_ledgeraccount l ON l.id = p.account_id
WHERE p.agency <> t.agency OR p.agency <> l.agency
"""
# Every row of money that a verb made, without that verb's line in the trail.
UNTOLD = """
WITH told AS (
    SELECT 'award.granted' AS action, 'award' AS kind, id FROM funds_award
  UNION ALL SELECT 'allocation.made', 'allocation', id FROM funds_allocation
  UNION ALL SELECT 'obligation.made', 'obligation', id FROM funds_obligation
  UNION ALL SELECT 'obligation.released', 'obligation', id FROM funds_obligation
            WHERE released_at IS NOT NULL)
SELECT t.action, t.id FROM told t
WHERE NOT EXISTS (SELECT 1 FROM audit_entry e WHERE e.object_type = t.kind
                  AND e.object_id = t.id::text AND e.action = t.action)
"""
MOVED_UNTOLD = """
SELECT t.id, t.kind FROM funds_ledgertransaction t
WHERE t.kind IN ('disburse', 'settle', 'return')
  AND NOT EXISTS (SELECT 1 FROM audit_entry e WHERE e.object_type = 'obligation'
                  AND e.object_id = t.reference::text
                  AND e.detail ->> 'transaction' = t.id::text)
"""

QUERIES = {
    "I3 every ledger transaction sums to zero in each award": UNBALANCED,
    "I3 every ledger transaction has its postings": WITHOUT_POSTINGS,
    "I3 every posting is of its transaction's and account's agency": OTHER_AGENCY,
    "I4 no allocation is over-obligated": OVER_OBLIGATED,
    "I4 every allocation's balance equals the ledger": BALANCE_DIFFERS,
    "I4 every allocation's balance equals its live promises": OBLIGATED_DIFFERS,
    "I4 every award's balance equals the ledger": AWARD_DIFFERS,
    "I4 every award's balance equals its allocations": ALLOCATIONS_DIFFER,
    "I6 every obligation equals its sources": SOURCES_DIFFER,
    "I6 every live promise stands in one place in full": NOT_IN_ONE_PLACE,
    "I4 no award is allocated beyond its amount": OVER_ALLOCATED,
    "I4 no account is overdrawn": NEGATIVE_ACCOUNT,
    "I10 every award, allocation and promise has its line in the trail": UNTOLD,
    "I10 every movement of a promise has its line in the trail": MOVED_UNTOLD,
    "a month is claimed as long as its promise lives": CLAIM_OUTLIVES,
    "no award is promised outside its period": OUTSIDE_THE_PERIOD,
}


def rows_of(statement: str) -> list[Row]:
    """Return the rows of one invariant's query: those that break it."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


CHECKS: dict[str, Callable[[], list[Row]]] = {
    name: partial(rows_of, statement) for name, statement in QUERIES.items()
}
