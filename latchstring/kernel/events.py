"""The event log: what happened, written with the change it tells of.

An event carries identifiers only, never a name or an amount typed by a person. Events of one
subject are ordered by a version without gaps; no reader trusts a global order. The jobs that an
event wakes are deferred in the same transaction (`flow.route` says which): a process killed after
the commit loses neither, killed before it leaves neither.
"""

import json
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from latchstring.kernel import clock, metrics
from latchstring.kernel.ids import new_id

log = logging.getLogger("latchstring.event")


@dataclass(frozen=True)
class Event:
    """One thing that happened to one subject. `payload` holds identifiers and codes only."""

    id: uuid.UUID
    type: str
    subject: uuid.UUID
    version: int
    agency: str
    business_at: datetime
    actor: str
    payload: dict[str, Any]


def _nobody_listens(event: Event) -> None:
    """Stand in until flow has named its router (commands without a database never do)."""


_router: Callable[[Event], None] = _nobody_listens


def route_with(router: Callable[[Event], None]) -> None:
    """Name the one function that defers the jobs an event wakes (called by flow at start)."""
    global _router
    _router = router


def record(
    type: str,  # noqa: A002
    *,
    subject: uuid.UUID,
    agency: str,
    actor: str,
    payload: dict[str, Any] | None = None,
) -> Event:
    """Write an event and defer what it wakes, inside the caller's transaction.

    `type` is `noun.verb.v1`; `actor` is `account:<id>`, `policy:<program@version>` or
    `system:<part>`. Raises RuntimeError outside a transaction, where the event could outlive a
    change that failed.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"event {type} must be recorded inside the transaction of its change")
    event_id, moment, told = new_id(), clock.now(), payload or {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH counted AS (
                INSERT INTO kernel_event_version AS v (subject, version) VALUES (%s, 1)
                ON CONFLICT (subject) DO UPDATE SET version = v.version + 1 RETURNING version
            )
            INSERT INTO kernel_event
              (subject, version, id, type, agency, business_at, recorded_at, actor, payload)
            SELECT %s, version, %s, %s, %s, %s, now(), %s, %s::jsonb FROM counted RETURNING version
            """,
            [
                *(subject, subject, event_id, type, agency, moment, actor),
                json.dumps(told, default=str),
            ],
        )
        version = cursor.fetchone()[0]
    event = Event(event_id, type, subject, version, agency, moment, actor, told)
    _router(event)
    log.info(type, extra={"event": event})
    metrics.events.labels(type).inc()
    return event


def _as_dict(payload: str | dict[str, Any]) -> dict[str, Any]:
    """PostgreSQL's jsonb arrives as text or parsed, as the driver is set."""
    return json.loads(payload) if isinstance(payload, str) else payload


def of_subject(subject: uuid.UUID) -> list[Event]:
    """Return a subject's events in the order they happened."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id, type, subject, version, agency, business_at, actor, payload
            FROM kernel_event WHERE subject = %s ORDER BY version
            """,
            [subject],
        )
        rows = cursor.fetchall()
    return [
        Event(id, type, about, version, agency, at, actor, _as_dict(payload))
        for id, type, about, version, agency, at, actor, payload in rows
    ]
