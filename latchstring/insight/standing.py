"""Work that stands still and that only a person can move: each kind by name, the oldest first.

What a job can move is not here: flow/sweep.py wakes it. Each finder returns `id`, `reference`,
`since` and `what` (a code); no name, no amount, and never a job's arguments.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from latchstring.insight.read import Row, rows
from latchstring.kernel import clock

SHOWN_MAX = 20
_DATE = "AT TIME ZONE 'America/Denver'"

_OPEN = "c.agency = %(agency)s AND c.stage <> 'closed'"
_LINE = """FROM payments_disbursement d LEFT JOIN payments_batch b ON b.id = d.batch_id
LEFT JOIN cases_case c ON c.id = d.case WHERE d.agency = %(agency)s AND d.voided_at IS NULL"""
_BATCH = (
    "SELECT b.id, b.reference, {since} AS since, '' AS what FROM payments_batch b WHERE b.agency"
)
_ABLE = """FROM people_rolegrant g JOIN people_staffmember s ON s.id = g.staff_id
LEFT JOIN people_office f ON f.slug = s.office_id
WHERE s.agency_id = c.agency AND g.valid_from <= %(today)s
  AND (g.valid_to IS NULL OR g.valid_to > %(today)s)
  AND (g.counties = '[]' OR g.counties @> to_jsonb(c.county::text))
  AND (f.slug IS NULL OR f.counties = '[]' OR f.counties @> to_jsonb(c.county::text))"""
_REPORTED = "FROM payments_bankreport r WHERE r.trace = d.trace AND r.amount_cents = d.amount_cents"


@dataclass(frozen=True)
class Kind:
    """A way in which work stands still. `link` says what page its objects have."""

    code: str
    link: str  # case, search, decision, payment, payments, batch, report, job; none: no page
    statement: str
    after: timedelta | None = timedelta()  # younger it is only on its way; None: by real time


@dataclass(frozen=True)
class Standing:
    """What was found of one kind: how many, since when, and the oldest of them."""

    code: str
    link: str
    count: int
    oldest: datetime
    rows: list[Row]


def _case(where: str, since: str = "c.filed_at") -> str:
    return f"""SELECT c.id, c.reference, {since} AS since, '' AS what FROM cases_case c
    WHERE {_OPEN} AND {where}"""  # noqa: S608 - our own words only


def _line(where: str, since: str = "d.wanted_at") -> str:
    return f"SELECT d.id, c.reference, {since} AS since, '' AS what {_LINE} AND {where}"  # noqa: S608


def _batch(where: str, since: str) -> str:
    return f"{_BATCH.format(since=since)} = %(agency)s AND {where}"


_DAY, _TWO_DAYS, _QUARTER = timedelta(days=1), timedelta(days=2), timedelta(minutes=15)
_MINUTE = timedelta(minutes=1)

KINDS: tuple[Kind, ...] = (
    # --- cases -----------------------------------------------------------------------------------
    Kind("case_late", "case", _case("c.due_at < %(now)s", "c.due_at")),
    Kind(
        "case_due_soon",
        "case",
        _case("c.urgent_on IS NOT NULL AND c.due_at >= %(now)s", "c.alert_at"),
    ),
    Kind(
        "case_nobody_owns",
        "case",
        _case("c.stage = 'review' AND c.assigned_to IS NULL"),
        timedelta(days=3),
    ),
    Kind(
        "case_owner_gone",
        "case",
        _case(
            "c.assigned_to IS NOT NULL AND NOT EXISTS (SELECT "
            f"{_ABLE} AND g.role = 'caseworker' AND s.id = c.assigned_to)"
        ),
    ),
    Kind(
        "case_out_of_reach",
        "case",
        _case(f"NOT EXISTS (SELECT {_ABLE} AND g.role = 'caseworker')"),
    ),
    Kind(
        "case_no_decision",
        "case",
        _case(
            "c.stage = 'approval' AND NOT EXISTS (SELECT FROM cases_decision d "
            "WHERE d.case_id = c.id AND d.approved_at IS NULL AND d.returned_at IS NULL)"
        ),
    ),
    Kind(
        "case_no_promise",
        "case",
        _case(
            "c.outcome = 'approved' AND NOT EXISTS "
            "(SELECT FROM funds_obligation o WHERE o.case = c.id) AND NOT EXISTS "
            "(SELECT FROM cases_decision x WHERE x.case_id = c.id AND x.approved_at IS NOT NULL "
            "AND x.certified_until IS NOT NULL)"
        ),
    ),
    Kind(
        "decision_waits",
        "decision",
        """SELECT d.id, c.reference, d.prepared_at AS since, d.kind AS what
        FROM cases_decision d JOIN cases_case c ON c.id = d.case_id
        WHERE d.agency = %(agency)s AND d.approved_at IS NULL AND d.returned_at IS NULL""",
        _TWO_DAYS,
    ),
    Kind(
        "decision_nobody_may_approve",
        "decision",
        f"""SELECT d.id, c.reference, d.prepared_at AS since, d.kind AS what
        FROM cases_decision d JOIN cases_case c ON c.id = d.case_id
        WHERE d.agency = %(agency)s AND d.approved_at IS NULL AND d.returned_at IS NULL
          AND NOT EXISTS (SELECT {_ABLE} AND g.role = 'approver'
                          AND 'account:' || s.account_id <> d.prepared_by)""",  # noqa: S608
    ),
    Kind(
        "request_overdue",
        "case",
        f"""SELECT c.id, c.reference, r.answer_by::timestamp {_DATE} AS since, r.what
        FROM cases_informationrequest r JOIN cases_case c ON c.id = r.case_id
        WHERE {_OPEN} AND r.answered_at IS NULL AND r.cancelled_at IS NULL
          AND r.answer_by < %(today)s""",  # noqa: S608
    ),
    Kind(
        "check_unanswered",
        "case",
        f"""SELECT c.id, c.reference, k.wanted_at AS since, k.source AS what
        FROM verification_check k JOIN cases_case c ON c.id = k."case"
        WHERE {_OPEN} AND k.answered_at IS NULL AND k.given_up_at IS NULL""",  # noqa: S608
        _DAY,
    ),
    Kind(
        "paper_unseen",
        "case",
        f"""SELECT c.id, c.reference, d.given_at AS since, d.kind AS what
        FROM documents_document d JOIN cases_case c ON c.household = d.household
        WHERE {_OPEN} AND c.stage IN ('verifying', 'review') AND d.accepted_at IS NULL
          AND d.refused_at IS NULL AND d.removed_at IS NULL""",  # noqa: S608
        timedelta(days=3),
    ),
    Kind(
        "upload_uninspected",
        "case",
        f"""SELECT u.id, c.reference, u.given_at AS since, d.kind AS what
        FROM documents_upload u JOIN documents_document d ON d.id = u.document_id
        LEFT JOIN cases_case c ON c.household = d.household AND {_OPEN}
        WHERE u.agency = %(agency)s AND u.inspected_at IS NULL""",  # noqa: S608
        _QUARTER,
    ),
    Kind(
        "form_not_made",
        "search",
        """SELECT a.id, a.reference, a.submitted_at AS since, p.program AS what
        FROM applications_applicationprogram p
        JOIN applications_application a ON a.id = p.application_id
        WHERE a.agency = %(agency)s AND a.submitted_at IS NOT NULL AND NOT EXISTS (
            SELECT FROM applications_form f
            WHERE f.application_id = a.id AND f.program = p.program)""",
        _QUARTER,
    ),
    # --- letters: over once the household has read it, or a note says that somebody reached it ----
    Kind(
        "letter_came_back",
        "case",
        """SELECT y.id, c.reference, coalesce(y.bounced_at, y.failed_at) AS since, n.kind AS what
        FROM notices_delivery y JOIN notices_notice n ON n.id = y.notice_id
        LEFT JOIN cases_case c ON c.id = n.case
        WHERE y.agency = %(agency)s AND coalesce(y.bounced_at, y.failed_at) IS NOT NULL
          AND n.read_at IS NULL AND NOT EXISTS (
            SELECT FROM cases_note t WHERE t.case_id = n.case
            AND t.written_at > coalesce(y.bounced_at, y.failed_at))""",
    ),
    Kind(
        "letter_not_sent",
        "case",
        """SELECT y.id, c.reference, y.wanted_at AS since, n.kind AS what
        FROM notices_delivery y JOIN notices_notice n ON n.id = y.notice_id
        LEFT JOIN cases_case c ON c.id = n.case
        WHERE y.agency = %(agency)s AND y.sent_at IS NULL AND y.bounced_at IS NULL
          AND y.failed_at IS NULL""",
        timedelta(hours=1),
    ),
    # --- payments --------------------------------------------------------------------------------
    Kind(
        "payee_missing",
        "case",
        """SELECT c.id, c.reference, o.made_at AS since, o.purpose AS what FROM funds_obligation o
        JOIN cases_case c ON c.id = o.case
        WHERE o.agency = %(agency)s AND o.released_at IS NULL
          AND NOT EXISTS (SELECT FROM payments_disbursement d WHERE d.obligation = o.id)""",
        _QUARTER,
    ),
    Kind("payment_no_account", "payment", _line("b.id IS NULL AND d.account_id IS NULL"), _DAY),
    Kind(
        "payment_in_no_batch",
        "payments",
        _line("b.id IS NULL AND d.account_id IS NOT NULL"),
        _DAY,
    ),
    Kind("batch_open", "batch", _batch("b.sealed_at IS NULL", "b.opened_at"), _DAY),
    Kind(
        "batch_sealed",
        "batch",
        _batch("b.sealed_at IS NOT NULL AND b.released_at IS NULL", "b.sealed_at"),
        _DAY,
    ),
    Kind(
        "batch_not_handed_over",
        "batch",
        _batch(
            "b.released_at IS NOT NULL AND b.handed_over_at IS NULL AND b.refused_at IS NULL "
            "AND b.in_doubt_at IS NULL",
            "b.released_at",
        ),
        _QUARTER,
    ),
    Kind(
        "batch_in_doubt",
        "batch",
        _batch("b.in_doubt_at IS NOT NULL", "b.in_doubt_at"),
        _MINUTE,
    ),
    Kind(
        "batch_refused",
        "batch",
        _batch(
            "b.refused_at IS NOT NULL AND EXISTS (SELECT FROM payments_disbursement d "
            "WHERE d.batch_id = b.id AND d.voided_at IS NULL)",
            "b.refused_at",
        ),
    ),
    Kind(
        "payment_nothing_heard",
        "batch",
        f"""SELECT b.id, c.reference, b.effective_on::timestamp {_DATE} AS since, d.trace AS what
        {_LINE} AND b.handed_over_at IS NOT NULL AND NOT EXISTS (SELECT {_REPORTED})""",  # noqa: S608
        timedelta(days=5),
    ),
    Kind(
        "payment_came_back",
        "payment",
        """SELECT d.id, c.reference, d.voided_at AS since, '' AS what FROM payments_disbursement d
        LEFT JOIN cases_case c ON c.id = d.case
        JOIN funds_obligation o ON o.id = d.obligation AND o.released_at IS NULL
        WHERE d.agency = %(agency)s AND d.voided_at IS NOT NULL
          AND NOT EXISTS (SELECT FROM payments_disbursement again
              WHERE again.obligation = d.obligation AND (again.voided_at IS NULL
                OR again.voided_at > d.voided_at))""",
    ),
    Kind(
        "card_refused",
        "case",
        """SELECT i.case AS id, c.reference, i.wanted_at AS since, i.refused_why AS what
        FROM payments_issuance i JOIN cases_case c ON c.id = i.case
        WHERE i.agency = %(agency)s AND i.issued_at IS NULL""",
        _QUARTER,
    ),
    # A trace that is nobody's is everybody's: each agency that shares the bank account sees it.
    Kind(
        "report_unmatched",
        "report",
        """SELECT r.id, r.trace AS reference, r.received_at AS since, r.kind AS what
        FROM payments_bankreport r
        LEFT JOIN payments_disbursement d ON d.trace = r.trace AND r.trace <> ''
        LEFT JOIN payments_batch b ON b.id = d.batch_id
        WHERE r.agency IN (%(agency)s, 'unknown')
          AND (d.id IS NULL OR b.released_at IS NULL OR b.refused_at IS NOT NULL
               OR (r.kind <> 'changed' AND d.amount_cents <> r.amount_cents))
          AND NOT EXISTS (SELECT FROM kernel_event e
                          WHERE e.subject = r.id AND e.type = 'bank_report.worked.v1')""",
    ),
    # --- jobs and timers: of this agency, and those that serve every agency -----------------------
    Kind(
        "job_failed",
        "job",
        """SELECT j.id, c.reference, j.task_name AS what, coalesce((
            SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id), now()) AS since
        FROM procrastinate_jobs j LEFT JOIN cases_case c ON c.id::text = j.args ->> 'case_id'
        WHERE j.status = 'failed' AND coalesce(j.args ->> 'agency', %(agency)s) = %(agency)s""",
        None,
    ),
    Kind(
        "job_not_taken",
        "none",
        """SELECT j.id, c.reference, j.task_name AS what, coalesce(j.scheduled_at, (
            SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id)) AS since
        FROM procrastinate_jobs j LEFT JOIN cases_case c ON c.id::text = j.args ->> 'case_id'
        WHERE j.status = 'todo' AND coalesce(j.args ->> 'agency', %(agency)s) = %(agency)s
          AND coalesce(j.scheduled_at, (SELECT max(e.at) FROM procrastinate_events e
                       WHERE e.job_id = j.id)) < now() - interval '15 minutes'""",
        None,
    ),
    Kind(
        "timer_late",
        "case",
        """SELECT t.id, c.reference, t.due_at AS since, t.kind AS what FROM kernel_timer t
        LEFT JOIN cases_case c ON c.id = t.subject
        WHERE t.agency = %(agency)s AND t.done_at IS NULL""",
        _QUARTER,
    ),
)


def standing(agency: str) -> list[Standing]:
    """Return what stands still in an agency, kind by kind, the kind that waited longest first."""
    found = [one for kind in KINDS if (one := find(kind, agency)) is not None]
    return sorted(found, key=lambda one: one.oldest)


def find(kind: Kind, agency: str) -> Standing | None:
    """Return what stands still in one way; None where nothing does."""
    statement = f"""SELECT s.*, count(*) OVER () AS found FROM ({kind.statement}) AS s
    WHERE s.since <= coalesce(%(until)s::timestamptz, now())
    ORDER BY s.since, s.id LIMIT %(most)s"""  # noqa: S608 - our own words only
    until = None if kind.after is None else clock.now() - kind.after
    given = {"agency": agency, "today": clock.today(), "now": clock.now()}
    shown = rows(statement, **given, until=until, most=SHOWN_MAX)
    if not shown:
        return None
    return Standing(kind.code, kind.link, shown[0]["found"], shown[0]["since"], shown)
