"""What must hold of the money, each as a query that returns the rows that break it."""

from collections.abc import Callable

from django.db import connection

Row = tuple[object, ...]

UNBALANCED = """
SELECT transaction_id, sum(amount_cents) FROM funds_posting
GROUP BY transaction_id HAVING sum(amount_cents) <> 0
"""
WITHOUT_POSTINGS = """
SELECT t.id FROM funds_ledgertransaction t
WHERE NOT EXISTS (SELECT 1 FROM funds_posting p WHERE p.transaction_id = t.id)
"""
OVER_OBLIGATED = """
SELECT a.id, a.amount_cents, coalesce(sum(s.amount_cents), 0)
FROM funds_allocation a
LEFT JOIN funds_obligationsource s ON s.allocation_id = a.id
LEFT JOIN funds_obligation o ON o.id = s.obligation_id
WHERE o.released_at IS NULL
GROUP BY a.id HAVING coalesce(sum(s.amount_cents), 0) > a.amount_cents
"""
BALANCE_DIFFERS = """
SELECT a.id, a.obligated_cents, a.amount_cents - coalesce(sum(p.amount_cents), 0)
FROM funds_allocation a
JOIN funds_ledgeraccount l ON l.allocation_id = a.id AND l.kind = 'unobligated'
LEFT JOIN funds_posting p ON p.account_id = l.id
GROUP BY a.id HAVING a.obligated_cents <> a.amount_cents - coalesce(sum(p.amount_cents), 0)
"""
SOURCES_DIFFER = """
SELECT o.id, o.amount_cents, coalesce(sum(s.amount_cents), 0)
FROM funds_obligation o LEFT JOIN funds_obligationsource s ON s.obligation_id = o.id
GROUP BY o.id HAVING o.amount_cents <> coalesce(sum(s.amount_cents), 0)
"""
NEGATIVE_ACCOUNT = """
SELECT l.id, l.kind, sum(p.amount_cents) FROM funds_ledgeraccount l
JOIN funds_posting p ON p.account_id = l.id
WHERE l.kind <> 'awarded' GROUP BY l.id HAVING sum(p.amount_cents) < 0
"""


def _rows(statement: str) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


CHECKS: dict[str, Callable[[], list[Row]]] = {
    "I3 every ledger transaction sums to zero": lambda: _rows(UNBALANCED),
    "I3 every ledger transaction has its postings": lambda: _rows(WITHOUT_POSTINGS),
    "I4 no allocation is over-obligated": lambda: _rows(OVER_OBLIGATED),
    "I4 every allocation's balance equals the ledger": lambda: _rows(BALANCE_DIFFERS),
    "I6 every obligation equals its sources": lambda: _rows(SOURCES_DIFFER),
    "no account is overdrawn": lambda: _rows(NEGATIVE_ACCOUNT),
}
