"""Timers: work due at a business moment, kept as rows, so that the clock can be turned."""

import uuid
from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction

from latchstring.kernel import clock
from latchstring.kernel.ids import new_id

AT_ONCE_MAX = 500


def set_timer(kind: str, subject: uuid.UUID, agency: str, due_at: datetime) -> None:
    """Have a kind of work done for a subject at a business moment. The same again is the same."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_timer (id, agency, kind, subject, due_at) "
            "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (kind, subject, due_at) DO NOTHING",
            [new_id(), agency, kind, subject, due_at],
        )


def fire(defer: Callable[[str, uuid.UUID, str], None]) -> int:
    """Defer what is due, oldest first, and mark it done in the same transaction; returns how many.

    Two tickers at once share the work: a row that one holds the other leaves out.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, kind, subject, agency FROM kernel_timer "
            "WHERE done_at IS NULL AND due_at <= %s ORDER BY due_at LIMIT %s "
            "FOR UPDATE SKIP LOCKED",
            [clock.now(), AT_ONCE_MAX],
        )
        rows = cursor.fetchall()
        for _, kind, subject, agency in rows:
            defer(kind, subject, agency)
        cursor.execute(
            "UPDATE kernel_timer SET done_at = %s WHERE id = ANY(%s)",
            [clock.now(), [row[0] for row in rows]],
        )
    return len(rows)
