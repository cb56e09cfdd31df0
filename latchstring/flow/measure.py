"""How the work stands, as figures: read from the database when somebody asks, never kept.

Labels are names from this source (queue, stage, kind, source), never an agency's person or case.
"""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from latchstring.flow.sweep import stuck, timers_late
from latchstring.kernel import scope

STUCK_LOOK_SECONDS = 30  # the finders walk much: their count is this old at most
_stuck: tuple[float, dict[str, int]] = (0.0, {})
KINDS = ("case", "delivery", "batch", "upload")  # shown as 0 when nothing is stuck

JOBS = """
SELECT queue_name,
       CASE WHEN status = 'todo' AND scheduled_at > now() THEN 'planned'
            WHEN status = 'todo' THEN 'waiting' WHEN status = 'doing' THEN 'running'
            ELSE 'failed' END,
       count(*),
       coalesce(extract(epoch FROM now() - min(coalesce(j.scheduled_at, e.at))), 0)
FROM procrastinate_jobs j
LEFT JOIN LATERAL (SELECT min(at) AS at FROM procrastinate_events WHERE job_id = j.id) e ON true
WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1, 2
"""
WORKERS = """
SELECT count(*) FILTER (WHERE last_heartbeat > now() - interval '30 seconds') FROM
procrastinate_workers
"""
CASES = "SELECT stage, count(*) FROM cases_case GROUP BY 1"
LETTERS = """
SELECT channel, count(*), coalesce(extract(epoch FROM now() - min(wanted_at)), 0)
FROM notices_delivery
WHERE sent_at IS NULL AND bounced_at IS NULL AND failed_at IS NULL GROUP BY 1
"""
CALLS = """
SELECT c.source, e.status, count(*) FROM verification_exchange e
JOIN verification_check c ON c.id = e.check_asked_id
WHERE e.began_at > now() - interval '15 minutes' GROUP BY 1, 2
"""
BREAKERS = "SELECT source, coalesce(open_until > now(), false)::int FROM verification_breaker"
QUESTIONS = """
SELECT source, count(*) FROM verification_check
WHERE answered_at IS NULL AND given_up_at IS NULL GROUP BY 1
"""
BATCHES = """
SELECT CASE WHEN handed_over_at IS NOT NULL THEN 'with_bank' WHEN refused_at IS NOT NULL
            THEN 'refused' WHEN in_doubt_at IS NOT NULL THEN 'in_doubt'
            WHEN released_at IS NOT NULL THEN 'released'
            WHEN sealed_at IS NOT NULL THEN 'sealed' ELSE 'open' END, count(*)
FROM payments_batch GROUP BY 1
"""
AUDIT = """
SELECT count(*), coalesce(extract(epoch FROM now() - min(recorded_at)), 0) FROM (
    SELECT recorded_at FROM audit_entry e
    WHERE NOT EXISTS (SELECT FROM audit_link l WHERE l.entry_id = e.id) LIMIT 100000) waiting
"""
UPLOADS = """
SELECT count(*), coalesce(extract(epoch FROM now() - min(given_at)), 0)
FROM documents_upload WHERE inspected_at IS NULL
"""


Values = dict[tuple[str, ...], float]


@dataclass(frozen=True)
class Figure:
    """One figure: its name, what it says, the names of its labels, a value per label values."""

    name: str
    says: str
    labels: tuple[str, ...]
    values: Values


def figures() -> list[Figure]:
    """Return how the work of all agencies stands now; django.db errors pass through."""
    with scope.within(scope.EVERY_AGENCY):
        found = [*_jobs(), *_letters(), *_agencies(), *_single()]
        found.append(_counted("cases", "Cases by stage.", "stage", CASES))
        found.append(_counted("batches", "Payment batches by state.", "state", BATCHES))
        found.append(
            Figure("stuck", "Work that stands still and has no job.", ("kind",), _stuck_by_kind())
        )
    return found


def _rows(statement: str) -> Iterable[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _counted(name: str, says: str, label: str, statement: str) -> Figure:
    return Figure(name, says, (label,), {(key,): float(count) for key, count in _rows(statement)})


def _jobs() -> list[Figure]:
    rows = list(_rows(JOBS))
    counts: Values = {(queue, status): float(count) for queue, status, count, _ in rows}
    ages: Values = {
        (queue,): max(float(age), 0.0) for queue, status, _, age in rows if status == "waiting"
    }
    ((beating,),) = _rows(WORKERS)
    return [
        Figure("jobs", "Jobs by queue and state.", ("queue", "state"), counts),
        Figure("oldest_job_seconds", "Age of the oldest job waiting.", ("queue",), ages),
        Figure(
            "workers",
            "Worker lanes heard of within 30 seconds.",
            (),
            dict.fromkeys([()], float(beating)),
        ),
    ]


def _letters() -> list[Figure]:
    rows = list(_rows(LETTERS))
    return [
        Figure(
            "letters_waiting",
            "Letters not sent yet.",
            ("channel",),
            {(channel,): float(count) for channel, count, _ in rows},
        ),
        Figure(
            "oldest_letter_seconds",
            "Age of the oldest letter not sent.",
            ("channel",),
            {(channel,): float(age) for channel, _, age in rows},
        ),
    ]


def _agencies() -> list[Figure]:
    calls: Values = {(source, status): float(count) for source, status, count in _rows(CALLS)}
    return [
        Figure(
            "agency_calls_15m",
            "Calls to agencies in the last 15 minutes.",
            ("source", "outcome"),
            calls,
        ),
        _counted("agency_questions_open", "Questions without an answer.", "source", QUESTIONS),
        _counted("breaker_open", "1 while nobody calls this agency.", "source", BREAKERS),
    ]


def _single() -> list[Figure]:
    ((links, link_age),) = _rows(AUDIT)
    ((uploads, upload_age),) = _rows(UPLOADS)
    single = {
        "audit_unlinked": ("Audit entries waiting for their place in the chain.", links),
        "oldest_audit_unlinked_seconds": ("Age of the oldest of them.", link_age),
        "uploads_waiting": ("Uploads not inspected yet.", uploads),
        "oldest_upload_seconds": ("Age of the oldest of them.", upload_age),
        "timers_late": ("Timers more than ten minutes late.", len(timers_late())),
    }
    return [Figure(name, says, (), {(): float(value)}) for name, (says, value) in single.items()]


def _stuck_by_kind() -> Values:
    global _stuck
    if time.monotonic() - _stuck[0] > STUCK_LOOK_SECONDS or not _stuck[1]:
        counts = Counter(found.kind for found in stuck())
        _stuck = (time.monotonic(), dict.fromkeys(KINDS, 0) | counts)
    return {(kind,): float(count) for kind, count in _stuck[1].items()}
