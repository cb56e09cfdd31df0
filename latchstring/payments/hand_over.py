"""Hand over: a released batch's bytes go to the bank, once.

1. Take the batch for sending: mark it in doubt, in a transaction of its own. From here on nobody
   sends it again by itself, whatever becomes of this process.
2. Send the bytes with the batch's id as idempotency key. No transaction is open meanwhile.
3. Write what the bank said: taken (no longer in doubt), or refused with its reason. Where nothing
   was sent at all, the batch is free again; where we do not know, it stays in doubt for a person
   (settle_doubt.py). An answer that does not name our entries and cents is no answer.
"""

import logging
import uuid
from functools import cache
from typing import Any

import httpx
from django.conf import settings
from django.db import transaction

from latchstring.kernel import events, transactions
from latchstring.kernel.crashpoint import crashpoint
from latchstring.kernel.errors import Unavailable
from latchstring.kernel.service import Service
from latchstring.payments import locks
from latchstring.payments.models import Batch
from latchstring.payments.queries import file_bytes

log = logging.getLogger(__name__)
NOTHING_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, Unavailable)
ACTOR = "system:bank"


@cache
def service_at(url: str, client: str, secret: str) -> Service:
    """Return the service of an address; one per process."""
    return Service({"url": url, "client": client, "secret": secret})


def bank() -> Service:
    """The bank's service, as the settings name it."""
    return service_at(*(settings.BANK[key] for key in ("url", "client", "secret")))


def hand_over(batch_id: uuid.UUID) -> str:
    """Send a released batch; returns `taken`, `refused`, `in_doubt`, `not_sent` or `not_due`."""
    content = _take(batch_id)
    if content is None:
        return "not_due"
    crashpoint("K25 hand-over: marked in doubt, before the connection")
    try:
        bank().request("GET", "/v1/settlements?after=0&limit=1").raise_for_status()
    except (httpx.HTTPError, Unavailable, ValueError):
        return free(batch_id)  # the bank is not there: nothing was sent, so nothing is in doubt
    try:
        answer = bank().request(
            "POST",
            "/v1/files",
            content=content,
            headers={"Idempotency-Key": str(batch_id), "Content-Type": "text/plain"},
        )
    except NOTHING_SENT:
        return free(batch_id)
    except httpx.HTTPError:
        log.warning("bank did not answer", extra={"job": "hand_over"})
        return "in_doubt"
    crashpoint("K27 hand-over: every byte sent, the answer unread")
    return write_answer(batch_id, answer)


def _take(batch_id: uuid.UUID) -> bytes | None:
    # Durable: inside a caller's transaction the mark could be undone after the bytes have left.
    with transaction.atomic(durable=True), transactions.verb() as moment:
        batch = locks.batch(batch_id)
        done = batch.handed_over_at or batch.refused_at or batch.in_doubt_at
        if not batch.released_at or done:
            return None
        batch.in_doubt_at = moment
        batch.save(update_fields=["in_doubt_at"])
        return file_bytes(batch)


def free(batch_id: uuid.UUID) -> str:
    """Nothing has left: the batch may be sent. Only for who knows that the bank has no byte."""
    with transactions.verb():
        batch = locks.batch(batch_id)
        batch.in_doubt_at = None
        batch.save(update_fields=["in_doubt_at"])
    return "not_sent"


def write_answer(batch_id: uuid.UUID, answer: httpx.Response, actor: str = ACTOR) -> str:
    """Write what the bank says of a batch: `taken`, `refused`, or `in_doubt` where it is unclear.

    Of a file that it knows the bank names the status, the entries and the cents; taken is only what
    agrees with the batch to the cent.
    """
    try:
        told: dict[str, Any] = dict(answer.json())
        status, faults = told["status"], list(told["errors"])
        sums = (int(told["entries"]), int(told["credit_cents"]))
    except (ValueError, TypeError, KeyError):
        log.warning("bank's answer cannot be read", extra={"job": "hand_over"})
        return "in_doubt"
    known = (httpx.codes.OK, httpx.codes.CREATED, httpx.codes.UNPROCESSABLE_ENTITY)
    if answer.status_code not in known:
        return "in_doubt"
    if status == "rejected":
        first = faults[0] if faults and isinstance(faults[0], dict) else {}
        return _settle(batch_id, "refused", actor, str(first.get("message", "refused"))[:200])
    if status != "accepted":
        return "in_doubt"
    return _settle(batch_id, "taken", actor, sums=sums)


def _settle(
    batch_id: uuid.UUID,
    outcome: str,
    actor: str,
    why: str = "",
    sums: tuple[int, int] | None = None,
) -> str:
    with transactions.verb() as moment:
        batch = locks.batch(batch_id)
        if batch.handed_over_at or batch.refused_at:
            return "taken" if batch.handed_over_at else "refused"
        if sums is not None and sums != (batch.entries, batch.total_cents):
            return "in_doubt"
        batch.in_doubt_at = None
        if outcome == "taken":
            batch.handed_over_at = moment
        else:
            batch.refused_at, batch.refused_why = moment, why
        batch.save(update_fields=["in_doubt_at", "handed_over_at", "refused_at", "refused_why"])
        _tell(batch, outcome, actor)
        crashpoint("K28 hand-over: answer written, before commit")
    return outcome


def _tell(batch: Batch, outcome: str, actor: str) -> None:
    kind = "batch.handed_over.v1" if outcome == "taken" else "batch.refused.v1"
    events.record(kind, subject=batch.id, agency=batch.agency, actor=actor)
