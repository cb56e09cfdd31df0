"""What must hold of payments, each as a query that returns the rows that break it."""

from collections.abc import Callable

from django.db import connection

Row = tuple[object, ...]

TWO_LIVE = """
SELECT obligation, count(*) FROM payments_disbursement WHERE voided_at IS NULL
GROUP BY obligation HAVING count(*) > 1
"""
NOT_THE_OBLIGATION = """
SELECT d.id, d.amount_cents, o.amount_cents FROM payments_disbursement d
JOIN funds_obligation o ON o.id = d.obligation
WHERE d.voided_at IS NULL AND d.amount_cents <> o.amount_cents
"""
BATCH_TOTAL = """
SELECT b.id, b.total_cents, coalesce(sum(d.amount_cents), 0) FROM payments_batch b
LEFT JOIN payments_disbursement d ON d.batch_id = b.id
WHERE b.sealed_at IS NOT NULL
GROUP BY b.id HAVING b.total_cents <> coalesce(sum(d.amount_cents), 0)
"""
ONE_PERSON = """
SELECT id FROM payments_disbursement
WHERE prepared_by = approved_by
   OR (released_by <> '' AND released_by IN (prepared_by, approved_by))
"""
STRANGE_REPORTS = """
SELECT r.id, r.trace, r.amount_cents FROM payments_bankreport r
LEFT JOIN payments_disbursement d ON d.trace = r.trace
WHERE r.kind <> 'changed' AND (d.id IS NULL OR d.amount_cents <> r.amount_cents)
"""
LONG_IN_DOUBT = """
SELECT id, in_doubt_at FROM payments_batch WHERE in_doubt_at IS NOT NULL
"""


def _rows(statement: str) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


CHECKS: dict[str, Callable[[], list[Row]]] = {
    "I5 one live instruction per obligation": lambda: _rows(TWO_LIVE),
    "I6 every instruction equals its obligation": lambda: _rows(NOT_THE_OBLIGATION),
    "I6 every sealed batch equals its lines": lambda: _rows(BATCH_TOTAL),
    "I8 three people stand behind every payment": lambda: _rows(ONE_PERSON),
}
# Not broken promises but work for a person; the desk shows them.
WORK: dict[str, Callable[[], list[Row]]] = {
    "bank reports that match no payment": lambda: _rows(STRANGE_REPORTS),
    "batches in doubt": lambda: _rows(LONG_IN_DOUBT),
}
