"""What must hold of cases, as queries that return the rows that offend (none is right)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connection

from latchstring.cases.advance import needs_follow_up
from latchstring.cases.determine import replay
from latchstring.cases.models import Case, Determination
from latchstring.cases.status import code_of
from latchstring.kernel import clock

AT_ONCE_MAX = 500
_DAY = "AT TIME ZONE 'America/Denver')::date"

# --- I2: every case has a next step, or has come to its end ---------------------------------------
NO_DECISION = """
SELECT c.id, c.agency, c.reference FROM cases_case c
WHERE c.stage = 'approval' AND NOT EXISTS (
    SELECT FROM cases_decision d
    WHERE d.case_id = c.id AND d.approved_at IS NULL AND d.returned_at IS NULL)
"""
DECISION_ASTRAY = """
SELECT d.id, d.agency, c.stage FROM cases_decision d JOIN cases_case c ON c.id = d.case_id
WHERE d.approved_at IS NULL AND d.returned_at IS NULL AND c.stage <> 'approval'
"""
NO_MONEY = """
SELECT c.id, c.agency, c.stage FROM cases_case c
WHERE c.outcome = 'approved' AND NOT EXISTS (SELECT FROM funds_obligation o WHERE o.case = c.id)
  AND NOT EXISTS (
    SELECT FROM cases_decisionline l JOIN cases_decision d ON d.id = l.decision_id
    WHERE d.case_id = c.id AND d.approved_at IS NOT NULL AND l.payee_kind = 'ebt_card'
      AND d.certified_until IS NOT NULL)
"""
ENDED_WRONG = """
SELECT c.id, c.agency, c.stage, c.outcome FROM cases_case c
WHERE (c.stage = 'closed') <> (c.outcome IN ('denied', 'withdrawn')
                               OR (c.outcome = 'approved' AND c.stage = 'closed'))
   OR (c.stage = 'payment' AND c.outcome <> 'approved')
   OR (c.outcome IN ('approved', 'denied') AND NOT EXISTS (
        SELECT FROM cases_decision d WHERE d.case_id = c.id AND d.approved_at IS NOT NULL
        AND d.kind = CASE c.outcome WHEN 'approved' THEN 'approve' ELSE 'deny' END))
"""
# --- I6: what was decided is what was promised ----------------------------------------------------
LINE_UNPROMISED = """
SELECT l.id, l.agency, l.amount_cents, o.amount_cents FROM cases_decisionline l
JOIN cases_decision d ON d.id = l.decision_id AND d.approved_at IS NOT NULL AND d.kind = 'approve'
LEFT JOIN funds_obligation o ON o.decision_line = l.id AND o.case = d.case_id
WHERE o.amount_cents IS DISTINCT FROM CASE l.payee_kind
    WHEN 'ebt_card' THEN NULL ELSE l.amount_cents END
"""
# What is on a card: a month of an approved line, its cents, within what was granted, by its people.
ISSUED_OTHERWISE = """
SELECT i.id, i.agency, i.month, i.amount_cents FROM payments_issuance i
LEFT JOIN cases_decisionline l ON l.id = i.decision_line AND l.payee_kind = 'ebt_card'
LEFT JOIN cases_decision d ON d.id = l.decision_id AND d.approved_at IS NOT NULL
 AND d.kind = 'approve' AND d.case_id = i.case
WHERE d.id IS NULL OR i.month NOT BETWEEN d.certified_from AND d.certified_until
   OR (i.prepared_by, i.approved_by) IS DISTINCT FROM (d.prepared_by, d.approved_by)
   OR i.amount_cents IS DISTINCT FROM CASE i.month WHEN d.certified_from
      THEN coalesce(l.first_cents, l.amount_cents) ELSE l.amount_cents END
"""
PROMISE_UNDECIDED = """
SELECT o.id, o.agency FROM funds_obligation o JOIN cases_case c ON c.id = o.case
WHERE NOT EXISTS (SELECT FROM cases_decisionline l JOIN cases_decision d ON d.id = l.decision_id
                  WHERE l.id = o.decision_line AND d.case_id = c.id AND d.kind = 'approve'
                    AND d.approved_at IS NOT NULL)
"""
# --- I8: two people, each with the role at that time; or rules that two people signed for ---------
ONE_PERSON = """
SELECT id, agency FROM cases_decision WHERE approved_at IS NOT NULL AND approved_by = prepared_by
"""
WITHOUT_ROLE = f"""
SELECT d.id, d.agency, did.role, did.by FROM cases_decision d JOIN cases_case c ON c.id = d.case_id
CROSS JOIN LATERAL (VALUES ('caseworker', d.prepared_by, d.prepared_at),
                           ('approver', d.approved_by, d.approved_at)) AS did (role, by, at)
WHERE did.at IS NOT NULL AND did.by LIKE 'account:%' AND NOT EXISTS (
    SELECT FROM people_staffmember s JOIN people_rolegrant g ON g.staff_id = s.id
    WHERE 'account:' || s.account_id = did.by AND s.agency_id = d.agency AND g.role = did.role
      AND (g.counties = '[]' OR g.counties @> to_jsonb(c.county::text))
      AND g.valid_from <= (did.at {_DAY}
      AND (g.valid_to IS NULL OR g.valid_to >= (did.at {_DAY}))
"""  # noqa: S608 - our own words only
UNSIGNED_FOR = f"""
SELECT d.id, d.agency, d.prepared_by, d.approved_by FROM cases_decision d
JOIN cases_case c ON c.id = d.case_id
WHERE d.approved_at IS NOT NULL
  AND NOT (d.prepared_by LIKE 'account:%' AND d.approved_by LIKE 'account:%')
  AND NOT (d.kind = 'approve' AND EXISTS (
    SELECT FROM programs_standingauthorisation a
    WHERE 'authorisation:' || a.id = d.approved_by AND a.agency = d.agency
      AND d.prepared_by = 'policy:' || c.program || '@' || left(c.version, 12)
      AND a.program = c.program AND a.valid_from <= (d.approved_at {_DAY}
      AND (a.valid_to IS NULL OR a.valid_to >= (d.approved_at {_DAY})
      AND a.up_to_cents >= (SELECT coalesce(sum(l.amount_cents), 0) FROM cases_decisionline l
                            WHERE l.decision_id = d.id)))
"""  # noqa: S608 - our own words only
MACHINE_DENIAL = """
SELECT id, agency, prepared_by, approved_by FROM cases_decision
WHERE kind = 'deny' AND (prepared_by NOT LIKE 'account:%'
                         OR (approved_by <> '' AND approved_by NOT LIKE 'account:%'))
"""
OTHER_PEOPLE = """
SELECT p.id, p.agency FROM payments_disbursement p
JOIN funds_obligation o ON o.id = p.obligation JOIN cases_case c ON c.id = o.case
LEFT JOIN cases_decisionline l ON l.id = o.decision_line
LEFT JOIN cases_decision d ON d.id = l.decision_id
WHERE (p.prepared_by, p.approved_by) IS DISTINCT FROM (d.prepared_by, d.approved_by)
"""
# --- I10 ------------------------------------------------------------------------------------------
UNTOLD = """
SELECT d.id, d.agency FROM cases_decision d
CROSS JOIN LATERAL (VALUES ('decision.prepared', d.prepared_by LIKE 'account:%'),
                           ('decision.approved', d.approved_at IS NOT NULL)) AS did (action, was)
WHERE did.was AND NOT EXISTS (
    SELECT FROM audit_entry e WHERE e.object_type = 'decision' AND e.object_id = d.id::text
    AND e.action = did.action)
"""
# --- I11: what was decided rests on the pinned version and the latest facts ----------------------
OTHER_VERSION = """
SELECT n.id, n.agency, n.version, c.version FROM cases_determination n
JOIN cases_case c ON c.id = n.case_id WHERE n.version <> c.version
"""
NOT_AS_DETERMINED = """
SELECT d.id, d.agency, n.outcome FROM cases_decision d
JOIN cases_determination n ON n.id = d.determination_id
WHERE n.case_id <> d.case_id OR (d.kind = 'approve' AND (
    n.outcome <> 'eligible' OR (n.result ->> 'total_cents')::bigint <> (
        SELECT coalesce(sum(l.amount_cents), 0) FROM cases_decisionline l
        WHERE l.decision_id = d.id)))
"""
FACTS_HAD_CHANGED = """
SELECT d.id, d.agency, later.id FROM cases_decision d
JOIN cases_determination n ON n.id = d.determination_id
JOIN cases_determination later ON later.case_id = d.case_id AND later.run > n.run
 AND later.made_at <= d.approved_at
WHERE d.kind = 'approve'
"""
# --- I12: what happened was told ------------------------------------------------------------------
NO_LETTER = """
WITH due AS (
    SELECT id AS object, agency, 'received:' || id AS letter FROM cases_case
  UNION ALL SELECT id, agency, 'decision:' || id FROM cases_decision WHERE approved_at IS NOT NULL
  UNION ALL SELECT id, agency, 'request:' || id FROM cases_informationrequest)
SELECT d.object, d.agency, split_part(d.letter, ':', 1) FROM due d
WHERE NOT EXISTS (SELECT FROM notices_notice n WHERE n.dedupe = d.letter)
"""
# --- I13: what the resident reads is what staff see -----------------------------------------------
# The code that each open case's rows imply, worked out apart from `status.code_of`.
STATUS = """
SELECT c.id, c.agency, CASE
    WHEN c.stage IN ('verifying', 'review') AND EXISTS (
        SELECT FROM cases_informationrequest r WHERE r.case_id = c.id
        AND r.answered_at IS NULL AND r.cancelled_at IS NULL) THEN 'request'
    WHEN c.stage = 'verifying' AND EXISTS (
        SELECT FROM verification_check k WHERE k."case" = c.id AND k.attempts > 0
        AND k.answered_at IS NULL AND k.given_up_at IS NULL) THEN 'agency_down'
    WHEN c.stage <> 'payment' THEN c.stage
    WHEN EXISTS (SELECT FROM cases_decisionline l JOIN cases_decision x ON x.id = l.decision_id
                 WHERE x.case_id = c.id AND x.approved_at IS NOT NULL
                   AND x.certified_until IS NOT NULL) THEN 'issuing'
    WHEN p.rows > 0 AND p.live = 0 THEN 'returned'
    WHEN p.with_bank > 0 THEN 'with_bank'
    WHEN p.live = 0 OR p.no_account > 0 THEN 'no_account'
    ELSE 'payment' END AS code
FROM cases_case c LEFT JOIN LATERAL (
    SELECT count(*) AS rows, count(*) FILTER (WHERE d.voided_at IS NULL) AS live,
           count(*) FILTER (WHERE d.voided_at IS NULL AND NOT told.returned AND NOT told.settled
                            AND b.handed_over_at IS NOT NULL) AS with_bank,
           count(*) FILTER (WHERE d.voided_at IS NULL AND NOT told.returned AND NOT told.settled
                            AND b.id IS NULL AND d.account_id IS NULL) AS no_account
    FROM payments_disbursement d LEFT JOIN payments_batch b ON b.id = d.batch_id
    LEFT JOIN LATERAL (
        SELECT coalesce(bool_or(r.kind = 'returned'), false) AS returned,
               coalesce(bool_or(r.kind = 'settled'), false) AS settled
        FROM payments_bankreport r
        WHERE d.trace <> '' AND r.trace = d.trace AND r.amount_cents = d.amount_cents) told ON true
    WHERE d.case = c.id) p ON true
WHERE c.stage <> 'closed' ORDER BY c.id
"""
# Told as paid though some of the promised money has not arrived: once it comes back, it is open.
PAID_IN_WORDS = """
SELECT c.id, c.agency, o.id FROM cases_case c
JOIN funds_obligation o ON o.case = c.id AND o.released_at IS NULL
WHERE c.stage = 'closed' AND c.outcome = 'approved' AND NOT EXISTS (
    SELECT FROM payments_disbursement d JOIN payments_bankreport r ON r.trace = d.trace
    WHERE d.obligation = o.id AND d.voided_at IS NULL AND d.trace <> '' AND r.kind = 'settled'
      AND r.amount_cents = d.amount_cents)
"""

# --- the sweeper's finders (flow/sweep.py) --------------------------------------------------------
VERIFYING_FOR_NOTHING = """
SELECT c.id, c.agency FROM cases_case c
WHERE c.stage = 'verifying' AND NOT EXISTS (
    SELECT FROM verification_check k
    WHERE k."case" = c.id AND k.answered_at IS NULL AND k.given_up_at IS NULL)
ORDER BY c.filed_at, c.id LIMIT %(most)s
"""
# Cases whose money has moved, or could, since anybody last followed it: an instruction to write, a
# letter about what the bank said, an end to note, or an end to take back after a late return.
UNFOLLOWED = """
WITH lines AS (
    SELECT d.case AS id, d.id AS line, r.kind FROM payments_disbursement d
    JOIN payments_bankreport r ON r.trace = d.trace AND r.amount_cents = d.amount_cents
    WHERE d.trace <> '' AND r.kind IN ('settled', 'returned')
), untold AS (
    SELECT id FROM lines l WHERE NOT EXISTS (
        SELECT FROM notices_notice n WHERE n.dedupe = CASE l.kind
            WHEN 'settled' THEN 'paid:' ELSE 'payment_returned:' END || l.line)
      AND NOT (l.kind = 'settled' AND EXISTS (
        SELECT FROM lines k WHERE k.line = l.line AND k.kind = 'returned'))
), settled AS (
    SELECT o.id, o.case, EXISTS (
        SELECT FROM payments_disbursement d JOIN payments_bankreport r ON r.trace = d.trace
        WHERE d.obligation = o.id AND d.voided_at IS NULL AND d.trace <> '' AND r.kind = 'settled'
          AND r.amount_cents = d.amount_cents) AS yes
    FROM funds_obligation o WHERE o.released_at IS NULL)
SELECT c.id, c.agency FROM cases_case c
WHERE c.outcome = 'approved' AND c.stage IN ('payment', 'closed') AND (
    c.id IN (SELECT id FROM untold)
    OR (c.stage = 'closed') = EXISTS (SELECT FROM settled s WHERE s.case = c.id AND NOT s.yes))
ORDER BY c.filed_at, c.id LIMIT %(most)s
"""
UNINSTRUCTED = """
SELECT DISTINCT c.id FROM cases_case c
JOIN funds_obligation o ON o.case = c.id AND o.released_at IS NULL
WHERE c.stage = 'payment' AND NOT EXISTS (
    SELECT FROM payments_disbursement d WHERE d.obligation = o.id)
"""
# A month that was granted, has begun, and is on no list of the card contractor's.
MONTH_UNISSUED = """
SELECT c.id, c.agency FROM cases_case c
JOIN cases_decision d ON d.case_id = c.id AND d.approved_at IS NOT NULL AND d.kind = 'approve'
JOIN cases_decisionline l ON l.decision_id = d.id AND l.payee_kind = 'ebt_card'
WHERE c.outcome = 'approved' AND %(month)s BETWEEN d.certified_from AND d.certified_until
  AND NOT (d.certified_from = %(month)s AND coalesce(l.first_cents, l.amount_cents) = 0)
  AND NOT EXISTS (SELECT FROM payments_issuance i
                  WHERE i.decision_line = l.id AND i.month = %(month)s)
ORDER BY c.id LIMIT %(most)s
"""
# A paper of the kind that was asked for lies there, and the request is still open.
PAPER_UNTAKEN = """
SELECT DISTINCT c.id, c.agency FROM cases_informationrequest r JOIN cases_case c ON c.id = r.case_id
JOIN documents_document d ON d.household = c.household AND d.kind = r.what
 AND d.given_at >= r.asked_at AND d.refused_at IS NULL AND d.removed_at IS NULL
WHERE r.answered_at IS NULL AND r.cancelled_at IS NULL AND c.stage <> 'closed'
LIMIT %(most)s
"""


def _rows(statement: str, **given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given or None)
        return list(cursor.fetchall())


def cases_verifying_for_nothing() -> list[tuple[Any, str]]:
    """Return (id, agency) of cases that verify while no question is open: the sweeper's work."""
    return _found(VERIFYING_FOR_NOTHING)


def cases_settled_but_open() -> list[tuple[Any, str]]:
    """Return (id, agency) of cases whose money moved, or could move, and nobody followed it."""
    found = _found(UNFOLLOWED)
    waiting = Case.objects.filter(id__in=[row[0] for row in _rows(UNINSTRUCTED)]).order_by("id")
    payable = [(case.id, case.agency) for case in waiting.iterator() if needs_follow_up(case)]
    return found + [row for row in payable[:AT_ONCE_MAX] if row not in found]


def cases_with_a_month_unissued() -> list[tuple[Any, str]]:
    """Return (id, agency) of cases whose help of this month has not been issued."""
    found = _rows(MONTH_UNISSUED, month=clock.today().replace(day=1), most=AT_ONCE_MAX)
    return [(row[0], row[1]) for row in found]


def cases_with_papers_untaken() -> list[tuple[Any, str]]:
    """Return (id, agency) of cases where a paper that was asked for lies and nobody took it."""
    return _found(PAPER_UNTAKEN)


def _found(statement: str) -> list[tuple[Any, str]]:
    return [(row[0], row[1]) for row in _rows(statement, most=AT_ONCE_MAX)]


def decisions_on_old_facts() -> list[dict[str, Any]]:
    """I11: determinations behind an approved decision that do not replay to the same bytes.

    Replaying weighs the age of every proof by the determination's own day, so that one resting on
    proof that had run out does not come out the same.
    """
    rows = Determination.objects.filter(decision__approved_at__isnull=False).distinct()
    return [
        {"id": row.id, "agency": row.agency, "case": row.case_id}
        for row in rows.order_by("id").iterator(chunk_size=500)
        if not replay(row).same
    ]


def status_disagrees() -> list[dict[str, Any]]:
    """I13: cases whose status for the resident is not the one that the rows staff see imply."""
    implied = {row[0]: row for row in _rows(STATUS)}
    cases = Case.objects.exclude(stage="closed").order_by("id").iterator(chunk_size=500)
    told = {case.id: code_of(case)[0] for case in cases}
    wrong = [
        {"id": id, "agency": agency, "told": told.get(id), "is": code}
        for id, agency, code in implied.values()
        if told.get(id) != code
    ]
    return wrong + [
        {"id": id, "agency": agency, "told": "paid", "obligation": obligation}
        for id, agency, obligation in _rows(PAID_IN_WORDS)
    ]


def requests_overdue() -> list[dict[str, Any]]:
    """Return open requests whose day has passed: a caseworker calls, nobody is denied for it."""
    rows = Case.objects.filter(
        requests__answered_at__isnull=True,
        requests__cancelled_at__isnull=True,
        requests__answer_by__lt=clock.today(),
    ).exclude(stage="closed")
    return [dict(row) for row in rows.values("id", "agency", "reference").distinct()]


CHECKS: dict[str, Callable[[], list[Any]]] = {
    "I2 cases without a next step": partial(_rows, NO_DECISION),
    "I2 decisions that wait in a case which does not": partial(_rows, DECISION_ASTRAY),
    "I2 approved cases without a promise": partial(_rows, NO_MONEY),
    "I2 cases that ended without a decision of their kind": partial(_rows, ENDED_WRONG),
    "I6 decided lines that were not promised to the cent": partial(_rows, LINE_UNPROMISED),
    "I6 promises that nobody decided": partial(_rows, PROMISE_UNDECIDED),
    "I6 help on a card otherwise than decided": partial(_rows, ISSUED_OTHERWISE),
    "I8 one person decided": partial(_rows, ONE_PERSON),
    "I8 who prepared and approved had the role that day": partial(_rows, WITHOUT_ROLE),
    "I8 rules decided what nobody had signed for": partial(_rows, UNSIGNED_FOR),
    "I8 machine denials": partial(_rows, MACHINE_DENIAL),
    "I8 payments that name other people than their decision": partial(_rows, OTHER_PEOPLE),
    "I10 every decision has its line in the trail": partial(_rows, UNTOLD),
    "I11 determinations of another version than their case's": partial(_rows, OTHER_VERSION),
    "I11 decisions that differ from their determination": partial(_rows, NOT_AS_DETERMINED),
    "I11 approvals after the facts had changed": partial(_rows, FACTS_HAD_CHANGED),
    "I11 determinations that do not replay": decisions_on_old_facts,
    "I12 cases, decisions and requests without their letter": partial(_rows, NO_LETTER),
    "I13 status told differs from status kept": status_disagrees,
}
