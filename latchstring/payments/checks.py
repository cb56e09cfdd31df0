"""What must hold of payments, each as a query that returns the rows that break it.

`CHECKS` are promises. `WORK` is not broken, but waits for a person; the desk shows it, so that no
payment can stand still unseen.
"""

import hashlib
from collections.abc import Callable, Iterator
from functools import partial

from django.db import connection

from latchstring.kernel.errors import LatchstringError
from latchstring.payments.models import Batch
from latchstring.payments.nacha.read import read_file
from latchstring.payments.queries import file_bytes

Row = tuple[object, ...]

TWO_LIVE = """
SELECT obligation, count(*) FROM payments_disbursement WHERE voided_at IS NULL
GROUP BY obligation HAVING count(*) > 1
"""
TRACE_TWICE = """
SELECT trace, count(*) FROM payments_disbursement WHERE trace <> ''
GROUP BY trace HAVING count(*) > 1
"""
NOT_THE_OBLIGATION = """
SELECT d.id, d.amount_cents, o.amount_cents, o.released_at FROM payments_disbursement d
LEFT JOIN funds_obligation o ON o.id = d.obligation AND o.case = d.case
WHERE d.voided_at IS NULL
  AND (o.id IS NULL OR d.amount_cents <> o.amount_cents OR o.released_at IS NOT NULL)
"""
BATCH_TOTAL = """
SELECT b.id, b.entries, b.total_cents, count(d.id), coalesce(sum(d.amount_cents), 0)
FROM payments_batch b LEFT JOIN payments_disbursement d ON d.batch_id = b.id
WHERE b.sealed_at IS NOT NULL GROUP BY b.id
HAVING b.total_cents <> coalesce(sum(d.amount_cents), 0) OR b.entries <> count(d.id)
"""
SENT_UNRELEASED = """
SELECT id FROM payments_batch
WHERE (handed_over_at IS NOT NULL OR refused_at IS NOT NULL OR in_doubt_at IS NOT NULL)
  AND (released_at IS NULL OR sealed_at IS NULL OR file_sealed IS NULL)
"""
# Released money is disbursing or expended until its payment is voided.
NOT_ON_ITS_WAY = """
SELECT d.id, coalesce(sum(p.amount_cents), 0), d.amount_cents FROM payments_disbursement d
JOIN payments_batch b ON b.id = d.batch_id AND b.released_at IS NOT NULL
LEFT JOIN (SELECT p.obligation, p.amount_cents FROM funds_posting p
           JOIN funds_ledgeraccount l ON l.id = p.account_id
           WHERE l.kind IN ('disbursing', 'expended')) p ON p.obligation = d.obligation
WHERE d.voided_at IS NULL
GROUP BY d.id HAVING coalesce(sum(p.amount_cents), 0) <> d.amount_cents
"""
ONE_PERSON = """
SELECT d.id FROM payments_disbursement d LEFT JOIN payments_batch b ON b.id = d.batch_id
WHERE d.prepared_by = d.approved_by
   OR (d.released_by <> '' AND d.released_by IN (d.prepared_by, d.approved_by))
   OR (b.released_at IS NOT NULL AND d.released_by <> b.released_by)
"""
RELEASER_WITHOUT_ROLE = """
SELECT b.id, b.released_by FROM payments_batch b
WHERE b.released_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM people_staffmember s JOIN people_rolegrant g ON g.staff_id = s.id
    WHERE 'account:' || s.account_id = b.released_by AND s.agency_id = b.agency
      AND g.role = 'payments_officer'
      AND g.valid_from <= (b.released_at AT TIME ZONE 'America/Denver')::date
      AND (g.valid_to IS NULL
           OR g.valid_to >= (b.released_at AT TIME ZONE 'America/Denver')::date))
"""
TO_A_CLOSED_ACCOUNT = """
SELECT d.id, a.closed_why FROM payments_disbursement d
JOIN payments_payeeaccount a ON a.id = d.account_id
JOIN payments_batch b ON b.id = d.batch_id
WHERE a.closed_why LIKE 'R%' AND b.sealed_at > a.closed_at
"""

STRANGE_REPORTS = """
SELECT r.id, r.kind, r.trace, r.amount_cents, d.amount_cents FROM payments_bankreport r
LEFT JOIN payments_disbursement d ON d.trace = r.trace
LEFT JOIN payments_batch b ON b.id = d.batch_id
WHERE d.id IS NULL OR b.released_at IS NULL OR b.refused_at IS NOT NULL
   OR (r.kind <> 'changed' AND d.amount_cents <> r.amount_cents)
"""
IN_DOUBT = "SELECT id, in_doubt_at FROM payments_batch WHERE in_doubt_at IS NOT NULL"
REFUSED = """
SELECT b.id, b.refused_why FROM payments_batch b
WHERE b.refused_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM payments_disbursement d WHERE d.batch_id = b.id AND d.voided_at IS NULL)
"""
NOTHING_HEARD = """
SELECT d.id, d.trace, b.effective_on FROM payments_disbursement d
JOIN payments_batch b ON b.id = d.batch_id AND b.handed_over_at IS NOT NULL
WHERE d.voided_at IS NULL
  AND b.effective_on < (
      SELECT ((now() + offset_by) AT TIME ZONE 'America/Denver')::date FROM kernel_clock) - 5
  AND NOT EXISTS (SELECT 1 FROM payments_bankreport r
                  WHERE r.trace = d.trace AND r.amount_cents = d.amount_cents)
"""


def _rows(statement: str) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _files() -> Iterator[Row]:
    """Open every sealed file: its bytes are those that were sealed, and add up to its batch."""
    for batch in Batch.objects.filter(sealed_at__isnull=False).order_by("id").iterator(50):
        try:
            content = file_bytes(batch)
        except LatchstringError as trouble:
            yield batch.id, type(trouble).__name__
            continue
        if hashlib.sha256(content).hexdigest() != batch.file_sha256:
            yield batch.id, "other bytes than were sealed"
        file = read_file(content)
        traces = [entry.trace for group in file.batches for entry in group.entries]
        kept = batch.lines.order_by("trace").values_list("trace", "amount_cents")
        if [trace for trace, _ in kept] != sorted(traces):
            yield batch.id, "the file's traces are not the batch's"
        if (file.sums.credit, len(traces)) != (batch.total_cents, batch.entries):
            yield batch.id, "the file does not add up to the batch"


CHECKS: dict[str, Callable[[], list[Row]]] = {
    "I5 one live instruction per obligation": partial(_rows, TWO_LIVE),
    "I5 every trace is used once": partial(_rows, TRACE_TWICE),
    "I6 every instruction equals its live obligation": partial(_rows, NOT_THE_OBLIGATION),
    "I6 every sealed batch equals its lines": partial(_rows, BATCH_TOTAL),
    "I6 every sealed file is whole and adds up to its batch": lambda: list(_files()),
    "I7 nothing left that was not sealed and released": partial(_rows, SENT_UNRELEASED),
    "I7 released money is on its way in the ledger": partial(_rows, NOT_ON_ITS_WAY),
    "I8 three people stand behind every payment": partial(_rows, ONE_PERSON),
    "I8 who released had the role that day": partial(_rows, RELEASER_WITHOUT_ROLE),
    "no payment goes to an account that the bank gave back": partial(_rows, TO_A_CLOSED_ACCOUNT),
}
WORK: dict[str, Callable[[], list[Row]]] = {
    "bank reports that match no payment": partial(_rows, STRANGE_REPORTS),
    "batches in doubt": partial(_rows, IN_DOUBT),
    "batches that the bank refused": partial(_rows, REFUSED),
    "payments that the bank has said nothing about": partial(_rows, NOTHING_HEARD),
}
