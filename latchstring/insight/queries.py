"""Every statement that insight reads with, by name. Money is cents; days are Mountain days.

Each takes `agency`; row-level security is the second wall behind it.
"""

_DAY = "AT TIME ZONE 'America/Denver')::date"

# One row per day and county on which something happened, for every figure on the dashboard.
# Obligated and paid are the ledger's own movements: what a release or a return takes back is
# taken back on the day it happened, so the columns add up to the balances.
FIGURES = f"""
WITH moved AS (
    SELECT (filed_at {_DAY} AS day, county, program,
           1 AS applications, 0 AS approved, 0 AS denied, 0 AS obligated, 0 AS paid
    FROM cases_case WHERE agency = %(agency)s
  UNION ALL
    SELECT (d.approved_at {_DAY}, c.county, c.program,
           0, (d.kind = 'approve')::int, (d.kind = 'deny')::int, 0, 0
    FROM cases_decision d JOIN cases_case c ON c.id = d.case_id
    WHERE d.agency = %(agency)s AND d.approved_at IS NOT NULL
  UNION ALL
    SELECT (t.at {_DAY}, c.county, c.program, 0, 0, 0, p.amount_cents,
           CASE WHEN a.kind = 'expended' THEN p.amount_cents ELSE 0 END
    FROM funds_posting p
    JOIN funds_ledgertransaction t ON t.id = p.transaction_id
    JOIN funds_ledgeraccount a ON a.id = p.account_id
    JOIN funds_obligation o ON o.id = p.obligation
    JOIN cases_case c ON c.id = o.case
    WHERE p.agency = %(agency)s AND a.kind IN ('obligated', 'disbursing', 'expended')
)
SELECT day, county, sum(applications)::bigint AS applications, sum(approved)::bigint AS approved,
       sum(denied)::bigint AS denied, sum(obligated)::bigint AS obligated_cents,
       sum(paid)::bigint AS paid_cents
FROM moved
WHERE day BETWEEN %(since)s AND %(until)s
  AND (%(county)s = '' OR county = %(county)s) AND (%(program)s = '' OR program = %(program)s)
GROUP BY day, county ORDER BY day, county
"""  # noqa: S608 - our own words only

# How far the applications begun in a window have come. An application counts once per step.
FUNNEL = f"""
WITH begun AS (
    SELECT a.id, a.submitted_at FROM applications_application a
    WHERE a.agency = %(agency)s AND (a.began_at {_DAY} BETWEEN %(since)s AND %(until)s
      AND (%(program)s = '' OR EXISTS (
            SELECT FROM applications_applicationprogram p
            WHERE p.application_id = a.id AND p.program = %(program)s))
), steps AS (
    SELECT b.id, b.submitted_at IS NOT NULL AS submitted,
           bool_or(d.id IS NOT NULL) AS determined,
           bool_or(x.approved_at IS NOT NULL) AS decided,
           bool_or(x.approved_at IS NOT NULL AND x.kind = 'approve') AS approved,
           bool_or(EXISTS (
               SELECT FROM funds_obligation o JOIN funds_posting p ON p.obligation = o.id
               JOIN funds_ledgeraccount l ON l.id = p.account_id
               WHERE o.case = c.id AND l.kind = 'expended' AND p.amount_cents > 0)) AS paid
    FROM begun b
    LEFT JOIN cases_case c ON c.application = b.id
         AND (%(program)s = '' OR c.program = %(program)s)
    LEFT JOIN cases_determination d ON d.case_id = c.id
    LEFT JOIN cases_decision x ON x.case_id = c.id
    GROUP BY b.id, b.submitted_at
)
SELECT count(*) AS begun, count(*) FILTER (WHERE submitted) AS submitted,
       count(*) FILTER (WHERE determined) AS determined,
       count(*) FILTER (WHERE decided) AS decided,
       count(*) FILTER (WHERE approved) AS approved, count(*) FILTER (WHERE paid) AS paid
FROM steps
"""  # noqa: S608 - our own words only

# Median days from filing to decision and to first settled dollar, for what ended in the window.
WAITS = f"""
WITH decided AS (
    SELECT c.id, c.filed_at, min(d.approved_at) AS at
    FROM cases_case c JOIN cases_decision d ON d.case_id = c.id AND d.approved_at IS NOT NULL
    WHERE c.agency = %(agency)s AND (%(county)s = '' OR c.county = %(county)s)
      AND (%(program)s = '' OR c.program = %(program)s)
    GROUP BY c.id, c.filed_at
), paid AS (
    SELECT c.id, c.filed_at, min(t.at) AS at
    FROM cases_case c
    JOIN funds_obligation o ON o.case = c.id
    JOIN funds_posting p ON p.obligation = o.id AND p.amount_cents > 0
    JOIN funds_ledgeraccount a ON a.id = p.account_id AND a.kind = 'expended'
    JOIN funds_ledgertransaction t ON t.id = p.transaction_id
    WHERE c.agency = %(agency)s AND (%(county)s = '' OR c.county = %(county)s)
      AND (%(program)s = '' OR c.program = %(program)s)
    GROUP BY c.id, c.filed_at
), waits AS (
    SELECT 'decided' AS what, filed_at, at FROM decided
    UNION ALL SELECT 'paid', filed_at, at FROM paid
)
SELECT what, percentile_cont(0.5) WITHIN GROUP (
           ORDER BY extract(epoch FROM at - filed_at) / 86400.0) AS days, count(*) AS n
FROM waits WHERE (at {_DAY} BETWEEN %(since)s AND %(until)s
GROUP BY what
"""  # noqa: S608 - our own words only

# Where the open cases stand today.
STAGES = """
SELECT stage, count(*) AS cases, count(*) FILTER (WHERE due_at < %(now)s) AS late,
       count(*) FILTER (WHERE assigned_to IS NULL) AS nobody
FROM cases_case
WHERE agency = %(agency)s AND stage <> 'closed' AND (%(county)s = '' OR county = %(county)s)
  AND (%(program)s = '' OR program = %(program)s)
GROUP BY stage
"""

# A mark that moves when anything happened in the agency: cheap, for ETags of live pages.
PULSE = """
SELECT coalesce((SELECT id::text FROM kernel_event WHERE agency = %(agency)s
                 ORDER BY id DESC LIMIT 1), 'none') AS mark
"""

PROGRAMS = "SELECT DISTINCT program FROM cases_case WHERE agency = %(agency)s ORDER BY program"

# --- work lists ----------------------------------------------------------------------------------

# Open cases, the household that could be harmed first on top, with what the next step hangs on.
QUEUE = """
WITH page AS (
    SELECT c.*, count(*) OVER () AS found FROM cases_case c
    WHERE c.agency = %(agency)s
      AND (CASE WHEN %(stage)s = '' THEN c.stage <> 'closed' ELSE c.stage = %(stage)s END)
      AND (%(county)s = '' OR c.county = %(county)s)
      AND (%(program)s = '' OR c.program = %(program)s)
      AND (%(counties)s::text[] IS NULL OR c.county = ANY(%(counties)s::text[]))
      AND (%(staff)s::uuid IS NULL OR c.assigned_to = %(staff)s::uuid)
      AND (%(reference)s = '' OR c.reference = %(reference)s OR c.application IN (
            SELECT a.id FROM applications_application a WHERE a.reference = %(reference)s))
    ORDER BY c.stage IN ('approval', 'payment', 'closed'), c.urgent_on NULLS LAST,
             c.priority DESC, c.due_at, c.filed_at, c.id
    LIMIT %(limit)s OFFSET %(offset)s
)
SELECT c.id, c.reference, c.program, c.version, c.county, c.stage, c.filed_at, c.due_at, c.due_on,
       c.due_clock, c.urgent_on,
       c.priority, c.assigned_to, c.household, c.found, s.display_name AS assigned_name,
       n.outcome, n.missing, d.returned_why, d.returned_at,
       (d.id IS NOT NULL AND d.approved_at IS NULL AND d.returned_at IS NULL) AS decision_waits,
       coalesce(k.open, 0) AS checks_open, coalesce(k.tries, 0) AS checks_tries, k.sources,
       k.next_at, coalesce(r.open, 0) AS requests_open, r.answer_by,
       (SELECT count(*) FROM documents_document p
        WHERE p.household = c.household AND p.removed_at IS NULL
          AND p.accepted_at IS NULL AND p.refused_at IS NULL) AS papers_unread,
       y.payments, y.payments_voided, y.no_account,
       EXISTS (SELECT FROM cases_decision x WHERE x.case_id = c.id AND x.approved_at IS NOT NULL
               AND x.certified_until IS NOT NULL) AS on_card
FROM page c
LEFT JOIN people_staffmember s ON s.id = c.assigned_to
LEFT JOIN LATERAL (
    SELECT outcome, result -> 'missing' AS missing FROM cases_determination
    WHERE case_id = c.id ORDER BY run DESC LIMIT 1) n ON true
LEFT JOIN LATERAL (
    SELECT id, approved_at, returned_at, returned_why FROM cases_decision
    WHERE case_id = c.id ORDER BY prepared_at DESC LIMIT 1) d ON true
LEFT JOIN LATERAL (
    SELECT count(*) AS open, max(attempts) AS tries, min(next_try_at) AS next_at,
           array_agg(DISTINCT source) AS sources
    FROM verification_check
    WHERE "case" = c.id AND answered_at IS NULL AND given_up_at IS NULL) k ON true
LEFT JOIN LATERAL (
    SELECT count(*) AS open, min(answer_by) AS answer_by FROM cases_informationrequest
    WHERE case_id = c.id AND answered_at IS NULL AND cancelled_at IS NULL) r ON true
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE voided_at IS NULL) AS payments,
           count(voided_at) AS payments_voided,
           count(*) FILTER (WHERE voided_at IS NULL AND account_id IS NULL) AS no_account
    FROM payments_disbursement WHERE "case" = c.id) y ON true
ORDER BY c.stage IN ('approval', 'payment', 'closed'), c.urgent_on NULLS LAST,
         c.priority DESC, c.due_at, c.filed_at, c.id
"""

DECISIONS_OF_CASE = """
SELECT id, kind, reason, legal_basis, appeal_until, prepared_by, prepared_at, approved_by,
       approved_at, returned_at, returned_why
FROM cases_decision WHERE agency = %(agency)s AND case_id = %(id)s ORDER BY prepared_at DESC
"""

DECISIONS_WAITING = """
SELECT d.id, d.kind, d.prepared_by, d.prepared_at, c.id AS case_id, c.reference, c.program,
       c.county, c.version, c.due_at, c.due_on, c.due_clock, c.urgent_on, c.filed_at,
       coalesce((SELECT sum(l.amount_cents) FROM cases_decisionline l
                 WHERE l.decision_id = d.id), 0)::bigint AS amount_cents
FROM cases_decision d JOIN cases_case c ON c.id = d.case_id
WHERE d.agency = %(agency)s AND d.approved_at IS NULL AND d.returned_at IS NULL
ORDER BY c.urgent_on NULLS LAST, c.due_at, d.prepared_at LIMIT 200
"""

DECISION = """
SELECT d.id, d.kind, d.reason, d.legal_basis, d.appeal_until, d.certified_from,
       d.certified_until, d.prepared_by, d.prepared_at,
       d.approved_by, d.approved_at, d.returned_at, d.returned_why, d.determination_id,
       c.id AS case_id, c.reference, c.program, c.county, c.household, c.stage, c.due_at,
       c.due_on, c.due_clock, c.urgent_on, c.filed_at, c.version
FROM cases_decision d JOIN cases_case c ON c.id = d.case_id
WHERE d.agency = %(agency)s AND d.id = %(id)s
"""

DECISION_LINES = """
SELECT id, line, purpose, months, amount_cents, first_cents, payee_kind, payee
FROM cases_decisionline WHERE agency = %(agency)s AND decision_id = %(id)s ORDER BY id
"""

ALLOCATIONS = """
SELECT l.id, l.public_body, l.program, l.purpose, l.priority, l.amount_cents, l.obligated_cents,
       l.amount_cents - l.obligated_cents AS free_cents, w.id AS award_id, w.name AS award,
       w.fain, w.assistance_listing, w.period_start, w.period_end, w.invented,
       w.amount_cents AS award_cents, w.allocated_cents, w.authority
FROM funds_allocation l JOIN funds_award w ON w.id = l.award_id
WHERE l.agency = %(agency)s AND (%(program)s = '' OR l.program = %(program)s)
ORDER BY w.period_start DESC, w.name, l.program, l.priority, l.id
"""

# What a disbursement's dated rows say about it; `payments.status` says the same in Python.
_STATUS = """
CASE WHEN EXISTS (SELECT FROM payments_bankreport r
                  WHERE r.trace = d.trace AND d.trace <> '' AND r.kind = 'returned'
                    AND r.amount_cents = d.amount_cents) THEN 'returned'
     WHEN d.voided_at IS NOT NULL AND b.refused_at IS NOT NULL THEN 'refused'
     WHEN d.voided_at IS NOT NULL THEN 'withdrawn'
     WHEN EXISTS (SELECT FROM payments_bankreport r
                  WHERE r.trace = d.trace AND d.trace <> '' AND r.kind = 'settled'
                    AND r.amount_cents = d.amount_cents) THEN 'settled'
     WHEN b.id IS NULL AND d.account_id IS NULL THEN 'no_account'
     WHEN b.id IS NULL THEN 'waiting'
     WHEN b.handed_over_at IS NOT NULL THEN 'with_bank'
     WHEN b.refused_at IS NOT NULL THEN 'refused'
     WHEN b.in_doubt_at IS NOT NULL THEN 'in_doubt'
     WHEN b.released_at IS NOT NULL THEN 'released'
     WHEN b.sealed_at IS NOT NULL THEN 'sealed'
     ELSE 'in_batch' END
"""

_PAYMENT = f"""
SELECT d.id, d.case AS case_id, d.obligation AS obligation_id, d.amount_cents, d.remittance,
       d.wanted_at, d.prepared_by, d.approved_by, d.released_by, d.trace, d.voided_at,
       y.kind AS payee_kind, y.id AS payee_id, x.last_four, x.kind AS account_kind,
       x.owner AS account_owner,
       b.id AS batch_id, b.reference AS batch, c.reference, c.program, c.county,
       {_STATUS} AS status
FROM payments_disbursement d
JOIN payments_payee y ON y.id = d.payee_id
LEFT JOIN payments_payeeaccount x ON x.id = d.account_id
LEFT JOIN payments_batch b ON b.id = d.batch_id
LEFT JOIN cases_case c ON c.id = d.case
WHERE d.agency = %(agency)s
"""  # noqa: S608 - our own words only

PAYMENT = f"{_PAYMENT} AND d.id = %(id)s"
PAYMENTS_WAITING = f"""{_PAYMENT} AND d.batch_id IS NULL AND d.voided_at IS NULL
ORDER BY d.wanted_at LIMIT 200"""  # noqa: S608 - our own words only
PAYMENTS_OF_BATCH = f"{_PAYMENT} AND d.batch_id = %(id)s ORDER BY d.trace, d.id LIMIT 500"
PAYMENTS_OF_CASE = f"{_PAYMENT} AND d.case = %(id)s ORDER BY d.wanted_at"
PAYMENTS_RETURNED = f"""{_PAYMENT} AND d.trace <> '' AND EXISTS (
    SELECT FROM payments_bankreport r WHERE r.trace = d.trace AND r.kind = 'returned')
  AND NOT EXISTS (SELECT FROM payments_disbursement again
                  WHERE again.obligation = d.obligation AND again.voided_at IS NULL)
  AND EXISTS (SELECT FROM funds_obligation o WHERE o.id = d.obligation AND o.released_at IS NULL)
ORDER BY d.wanted_at LIMIT 200"""  # noqa: S608 - our own words only
PAYMENT_SEARCH = f"""{_PAYMENT} AND (
    %(text)s = '' OR c.reference = %(reference)s OR d.trace = %(text)s
    OR upper(b.reference) = upper(%(text)s) OR d.remittance ILIKE %(like)s
    OR c.application IN (SELECT a.id FROM applications_application a
                         WHERE a.reference = %(reference)s)
    OR d.id::text = lower(%(text)s))
ORDER BY d.wanted_at DESC, d.id LIMIT 50"""  # noqa: S608 - our own words only

BATCHES = """
SELECT b.id, b.reference, b.opened_at, b.opened_by, b.effective_on, b.sealed_at, b.sealed_by,
       b.released_at, b.released_by, b.handed_over_at, b.in_doubt_at, b.refused_at, b.refused_why,
       b.entries, b.total_cents, b.file_sha256,
       CASE WHEN b.handed_over_at IS NOT NULL THEN 'with_bank'
            WHEN b.refused_at IS NOT NULL THEN 'refused'
            WHEN b.in_doubt_at IS NOT NULL THEN 'in_doubt'
            WHEN b.released_at IS NOT NULL THEN 'released'
            WHEN b.sealed_at IS NOT NULL THEN 'sealed' ELSE 'open' END AS state,
       (SELECT count(*) FROM payments_disbursement d WHERE d.batch_id = b.id) AS lines,
       (SELECT coalesce(sum(d.amount_cents), 0)::bigint
        FROM payments_disbursement d WHERE d.batch_id = b.id) AS lines_cents,
       (SELECT count(DISTINCT r.trace) FROM payments_disbursement d
        JOIN payments_bankreport r ON r.trace = d.trace AND r.kind = 'settled'
        WHERE d.batch_id = b.id AND d.trace <> '') AS settled,
       (SELECT count(DISTINCT r.trace) FROM payments_disbursement d
        JOIN payments_bankreport r ON r.trace = d.trace AND r.kind = 'returned'
        WHERE d.batch_id = b.id AND d.trace <> '') AS returned
FROM payments_batch b
WHERE b.agency = %(agency)s AND (%(id)s::uuid IS NULL OR b.id = %(id)s::uuid)
ORDER BY b.opened_at DESC LIMIT 50
"""

REPORTS = """
SELECT r.id, r.trace, r.kind, r.code, r.amount_cents, r.on, r.source, r.received_at,
       d.id AS payment_id, c.reference
FROM payments_bankreport r
LEFT JOIN payments_disbursement d ON d.trace = r.trace AND r.trace <> ''
LEFT JOIN cases_case c ON c.id = d.case
WHERE r.agency IN (%(agency)s, 'unknown') AND (%(trace)s = '' OR r.trace = %(trace)s)
ORDER BY r.received_at DESC, r.id DESC LIMIT 100
"""

# --- the trace -----------------------------------------------------------------------------------

TRACE_OBLIGATION = """
SELECT o.id, o.purpose, o.amount_cents, o.made_at, o.made_by, o.released_at, o.decision_line
FROM funds_obligation o WHERE o.agency = %(agency)s AND o.id = %(id)s
"""

TRACE_SOURCES = """
SELECT s.amount_cents, l.id AS allocation_id, l.public_body, l.program, l.purpose,
       l.amount_cents AS allocation_cents, w.id AS award_id, w.name, w.fain,
       w.assistance_listing, w.amount_cents AS award_cents, w.period_start, w.period_end,
       w.authority, w.invented
FROM funds_obligationsource s
JOIN funds_allocation l ON l.id = s.allocation_id
JOIN funds_award w ON w.id = l.award_id
WHERE s.agency = %(agency)s AND s.obligation_id = %(id)s ORDER BY l.priority, s.id
"""

TRACE_POSTINGS = """
SELECT t.at, t.kind, t.actor, t.reason, a.kind AS account, p.amount_cents
FROM funds_posting p
JOIN funds_ledgertransaction t ON t.id = p.transaction_id
JOIN funds_ledgeraccount a ON a.id = p.account_id
WHERE p.agency = %(agency)s AND p.obligation = %(id)s ORDER BY t.at, p.id
"""

TRACE_DECISION = """
SELECT d.id, d.kind, d.reason, d.prepared_by, d.prepared_at, d.approved_by, d.approved_at,
       l.line, l.purpose, l.months, l.amount_cents, l.payee_kind, d.determination_id
FROM cases_decisionline l JOIN cases_decision d ON d.id = l.decision_id
WHERE l.agency = %(agency)s AND l.id = %(id)s
"""

TRACE_DETERMINATION = """
SELECT id, period, run, version, made_at, outcome, snapshot_sha256, result, proven
FROM cases_determination WHERE agency = %(agency)s AND id = %(id)s
"""

TRACE_CASE = """
SELECT id, reference, application, household, program, version, county, stage, filed_at, due_on,
       urgent_on, closed_at, outcome
FROM cases_case WHERE agency = %(agency)s AND id = %(id)s
"""

# Which facts stood when the determination was made, and what stands behind each: no values.
TRACE_FACTS = """
SELECT DISTINCT ON (f.subject, f.key, f.source)
       f.key, f.source, f.recorded_at, f.recorded_by, e.kind AS evidence_kind,
       e.source AS evidence_source, e.reference AS evidence_reference, e.obtained_at, e.expires_on
FROM people_fact f LEFT JOIN people_evidence e ON e.id = f.evidence_id
WHERE f.agency_id = %(agency)s AND f.household_id = %(household)s AND f.recorded_at <= %(at)s
ORDER BY f.subject, f.key, f.source, f.recorded_at DESC, f.id DESC
"""

TRACE_DOCUMENTS = """
SELECT d.id, d.kind, d.proves, d.given_at, d.given_by, d.accepted_at, d.refused_at,
       d.refused_reason, u.id AS upload_id, u.sha256, u.pages, u.media_type, u.inspected_at,
       u.problem
FROM documents_document d LEFT JOIN documents_upload u ON u.document_id = d.id
WHERE d.agency = %(agency)s AND d.household = %(household)s AND d.removed_at IS NULL
ORDER BY d.given_at, d.id, u.given_at
"""

TRACE_CHECKS = """
SELECT id, person, source, operation, wanted_at, next_try_at, attempts, answered_at, given_up_at,
       outcome
FROM verification_check WHERE agency = %(agency)s AND "case" = %(id)s ORDER BY wanted_at, id
"""

LOOKS = """
SELECT at, actor, action, object_type, object_id, purpose
FROM audit_entry
WHERE agency = %(agency)s AND (household = %(household)s OR object_id = ANY(%(ids)s))
ORDER BY at DESC, id DESC LIMIT 60
"""

# --- the ledger ----------------------------------------------------------------------------------

# Debits are positive. The last column of a balanced ledger adds up to nothing.
TRIAL_BALANCE = """
SELECT w.id AS award_id, w.name AS award, l.public_body, l.program, a.kind,
       coalesce(sum(p.amount_cents) FILTER (WHERE p.amount_cents > 0), 0)::bigint AS debit_cents,
       coalesce(-sum(p.amount_cents) FILTER (WHERE p.amount_cents < 0), 0)::bigint
           AS credit_cents,
       coalesce(sum(p.amount_cents), 0)::bigint AS balance_cents
FROM funds_ledgeraccount a
JOIN funds_award w ON w.id = a.award_id
LEFT JOIN funds_allocation l ON l.id = a.allocation_id
LEFT JOIN funds_posting p ON p.account_id = a.id
WHERE a.agency = %(agency)s
GROUP BY w.id, w.name, w.period_start, l.public_body, l.program, l.priority, a.kind
ORDER BY w.period_start DESC, w.name, l.public_body NULLS FIRST, l.program, a.kind
"""

TRAIL_RECENT = """
SELECT e.id, e.at, e.actor, e.action, e.object_type, e.object_id, e.purpose, k.seq
FROM audit_entry e LEFT JOIN audit_link k ON k.entry_id = e.id
WHERE e.agency = %(agency)s AND (%(text)s = '' OR e.object_id = %(text)s OR e.actor = %(text)s
      OR e.action LIKE %(like)s)
ORDER BY e.at DESC, e.id DESC LIMIT 100
"""

TRAIL_HEAD = """
SELECT k.seq, encode(k.hash, 'hex') AS hash, k.linked_at,
       (SELECT count(*) FROM audit_entry e
        WHERE NOT EXISTS (SELECT FROM audit_link x WHERE x.entry_id = e.id)) AS waiting
FROM audit_link k ORDER BY k.seq DESC LIMIT 1
"""
