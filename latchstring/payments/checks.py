"""What must hold of payments, each as a query that returns the rows that break it.

`CHECKS` are promises. `WORK` is not broken, but waits for a person; the desk shows it, so that no
payment can stand still unseen.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from django.db import connection

from latchstring.kernel.errors import LatchstringError
from latchstring.payments.models import BankReport, Batch, Disbursement
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
OFFICER_WITHOUT_ROLE = """
SELECT b.id, did.what, did.by FROM payments_batch b
CROSS JOIN LATERAL (VALUES
    ('opened', b.opened_by, b.opened_at), ('sealed', b.sealed_by, b.sealed_at),
    ('released', b.released_by, b.released_at)) AS did (what, by, at)
WHERE did.at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM people_staffmember s JOIN people_rolegrant g ON g.staff_id = s.id
    WHERE 'account:' || s.account_id = did.by AND s.agency_id = b.agency
      AND g.role = 'payments_officer'
      AND g.valid_from <= (did.at AT TIME ZONE 'America/Denver')::date
      AND (g.valid_to IS NULL OR g.valid_to >= (did.at AT TIME ZONE 'America/Denver')::date))
"""
# The history of each instruction: once it has a trace it never changes batch, cents or account.
RESEALED = """
SELECT pgh_obj_id, count(DISTINCT (batch_id, trace, amount_cents, account_id))
FROM payments_disbursementevent WHERE trace <> ''
GROUP BY pgh_obj_id HAVING count(DISTINCT (batch_id, trace, amount_cents, account_id)) > 1
"""
HALF_SEALED = """
SELECT d.id, d.trace, b.sealed_at FROM payments_disbursement d
LEFT JOIN payments_batch b ON b.id = d.batch_id
WHERE (d.trace <> '') <> (b.sealed_at IS NOT NULL)
"""
UNTOLD = """
WITH told AS (
    SELECT 'payment.instructed' AS action, 'disbursement' AS kind, id FROM payments_disbursement
  UNION ALL SELECT 'batch.sealed', 'batch', id FROM payments_batch WHERE sealed_at IS NOT NULL
  UNION ALL SELECT 'batch.released', 'batch', id FROM payments_batch WHERE released_at IS NOT NULL
  UNION ALL SELECT 'payee.account_given', 'payee', payee_id FROM payments_payeeaccount)
SELECT t.action, t.id FROM told t
WHERE NOT EXISTS (SELECT 1 FROM audit_entry e WHERE e.object_type = t.kind
                  AND e.object_id = t.id::text AND e.action = t.action)
"""
# What the bank paid as we sent it stands as spent in the ledger, and nothing else does.
SETTLED_UNPOSTED = """
SELECT d.id, d.trace FROM payments_disbursement d
JOIN payments_bankreport r ON r.trace = d.trace AND r.kind = 'settled'
 AND r.amount_cents = d.amount_cents
WHERE d.trace <> '' AND d.voided_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM funds_posting p JOIN funds_ledgeraccount l ON l.id = p.account_id
    WHERE p.obligation = d.obligation AND l.kind = 'expended')
"""
SPENT_UNREPORTED = """
SELECT p.obligation, sum(p.amount_cents) FROM funds_posting p
JOIN funds_ledgeraccount l ON l.id = p.account_id AND l.kind = 'expended'
GROUP BY p.obligation HAVING sum(p.amount_cents) <> 0 AND NOT EXISTS (
    SELECT 1 FROM payments_disbursement d JOIN payments_bankreport r ON r.trace = d.trace
    WHERE d.obligation = p.obligation AND d.voided_at IS NULL AND r.kind = 'settled'
      AND r.amount_cents = d.amount_cents)
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


def not_as_in_the_banks_book(entries: Iterable[Mapping[str, Any]]) -> list[Row]:
    """I7: hold the bank's own book against ours; rows name what differs, by trace.

    `entries` are lines of its journal: trace, amount_cents, direction (`paid` or `returned`). Each
    trace is paid at most once, by us released, of our cents; what we hold as settled it has paid.
    """
    paid = [line for line in entries if line["direction"] == "paid"]
    counted = Counter(line["trace"] for line in paid)
    found: list[Row] = [(trace, "paid twice") for trace, n in counted.items() if n > 1]
    sent = {
        line.trace: line.amount_cents
        for line in Disbursement.objects.filter(batch__released_at__isnull=False).exclude(trace="")
    }
    for line in paid:
        if line["trace"] not in sent:
            found.append((line["trace"], "paid and never released by us"))
        elif sent[line["trace"]] != line["amount_cents"]:
            found.append((line["trace"], "paid other cents than we sent"))
    told = BankReport.objects.filter(kind="settled", trace__in=sent)
    settled = {row.trace for row in told if row.amount_cents == sent[row.trace]}
    return found + [(trace, "settled here, not paid there") for trace in settled - set(counted)]


CHECKS: dict[str, Callable[[], list[Row]]] = {
    "I5 one live instruction per obligation": partial(_rows, TWO_LIVE),
    "I5 every trace is used once": partial(_rows, TRACE_TWICE),
    "I6 every instruction equals its live obligation": partial(_rows, NOT_THE_OBLIGATION),
    "I6 every sealed batch equals its lines": partial(_rows, BATCH_TOTAL),
    "I6 every sealed file is whole and adds up to its batch": lambda: list(_files()),
    "I5 an instruction is sealed once, and then stays as it is": partial(_rows, RESEALED),
    "I5 every sealed payment has its trace, and no other has": partial(_rows, HALF_SEALED),
    "I7 nothing left that was not sealed and released": partial(_rows, SENT_UNRELEASED),
    "I7 released money is on its way in the ledger": partial(_rows, NOT_ON_ITS_WAY),
    "I7 what the bank settled is spent in the ledger": partial(_rows, SETTLED_UNPOSTED),
    "I7 what is spent in the ledger the bank has settled": partial(_rows, SPENT_UNREPORTED),
    "I7 no payment goes to an account that the bank gave back": partial(_rows, TO_A_CLOSED_ACCOUNT),
    "I8 three people stand behind every payment": partial(_rows, ONE_PERSON),
    "I8 who opened, sealed and released had the role that day": partial(
        _rows, OFFICER_WITHOUT_ROLE
    ),
    "I10 every instruction, batch and account has its line in the trail": partial(_rows, UNTOLD),
}
WORK: dict[str, Callable[[], list[Row]]] = {
    "bank reports that match no payment": partial(_rows, STRANGE_REPORTS),
    "batches in doubt": partial(_rows, IN_DOUBT),
    "batches that the bank refused": partial(_rows, REFUSED),
    "payments that the bank has said nothing about": partial(_rows, NOTHING_HEARD),
}
