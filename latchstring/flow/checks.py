"""What must hold of the whole way, as queries that return the rows that offend (none is right)."""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from latchstring.flow.sweep import stuck, timers_late

CASELESS = """
SELECT p.application_id, p.program FROM applications_applicationprogram p
JOIN applications_application a ON a.id = p.application_id
LEFT JOIN cases_case c ON c.application = p.application_id AND c.program = p.program
WHERE a.submitted_at IS NOT NULL AND c.id IS NULL
"""
CASES_OF = """
SELECT given.number, count(DISTINCT p.id), count(DISTINCT c.id)
FROM unnest(%(numbers)s::text[]) AS given (number)
LEFT JOIN applications_application a ON a.reference = given.number
LEFT JOIN applications_applicationprogram p ON p.application_id = a.id
LEFT JOIN cases_case c ON c.application = a.id
GROUP BY given.number
HAVING count(DISTINCT p.id) = 0 OR count(DISTINCT p.id) <> count(DISTINCT c.id)
"""
# A case that nobody ever applied for.
UNASKED = """
SELECT c.id, c.program FROM cases_case c WHERE NOT EXISTS (
    SELECT FROM applications_applicationprogram p
    JOIN applications_application a ON a.id = p.application_id AND a.submitted_at IS NOT NULL
    WHERE p.application_id = c.application AND p.program = c.program
      AND a.household = c.household)
"""
STALLED = """
SELECT j.id, j.task_name FROM procrastinate_jobs j
LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - interval '90 seconds')
"""
FAILED = "SELECT id, task_name FROM procrastinate_jobs WHERE status = 'failed'"


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def submitted_without_case() -> list[tuple[Any, ...]]:
    """I2: programs that were applied for and have no case."""
    return _rows(CASELESS)


def cases_nobody_asked_for() -> list[tuple[Any, ...]]:
    """I2: cases without a submitted application of their household for their program."""
    return _rows(UNASKED)


def jobs_stalled() -> list[tuple[Any, ...]]:
    """I9: jobs under way whose worker has not been heard of for 90 seconds."""
    return _rows(STALLED)


def jobs_failed() -> list[tuple[Any, ...]]:
    """Return jobs that failed for good: a person must look."""
    return _rows(FAILED)


def receipts_without_case(journal: Iterable[str]) -> list[tuple[Any, ...]]:
    """I1: receipt numbers that were shown to people and have not one case per chosen program."""
    with connection.cursor() as cursor:
        cursor.execute(CASES_OF, {"numbers": list(journal)})
        return list(cursor.fetchall())


CHECKS = {
    "I2 every submission has its cases": submitted_without_case,
    "I2 every case was applied for": cases_nobody_asked_for,
    "I9 no job is stalled": jobs_stalled,
    "I9 no work stands still without a job": lambda: list(stuck()),
    "I9 no timer is late": timers_late,
}
WORK = {"jobs that failed for good": jobs_failed}
