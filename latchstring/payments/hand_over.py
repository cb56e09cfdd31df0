"""Hand over: a released batch's bytes go to the bank, once.

1. Take the batch for sending: mark it in doubt, in a transaction of its own. From here on nobody
   sends it again by itself, whatever becomes of this process.
2. Send the bytes with the batch's id as idempotency key. No transaction is open meanwhile.
3. Write what the bank said: taken (no longer in doubt), or refused with its reason. Where nothing
   was sent at all, the batch is free again; where we do not know, it stays in doubt for a person.
"""

import logging
import uuid
from functools import cache

import httpx
from django.conf import settings

from latchstring.audit import door as audit
from latchstring.kernel import events, transactions
from latchstring.kernel.errors import Unavailable
from latchstring.kernel.service import Service
from latchstring.payments import locks
from latchstring.payments.batch import file_bytes
from latchstring.payments.errors import NotInDoubt
from latchstring.payments.models import Batch
from latchstring.people import door as people

log = logging.getLogger(__name__)
NOTHING_SENT = (httpx.ConnectError, httpx.ConnectTimeout)


@cache
def bank() -> Service:
    """The bank's service, as the settings name it."""
    return Service(settings.BANK)


def hand_over(batch_id: uuid.UUID) -> str:
    """Send a released batch; returns `taken`, `refused`, `in_doubt`, `not_sent` or `not_due`."""
    content = _take(batch_id)
    if content is None:
        return "not_due"
    try:
        bank().request("GET", "/v1/settlements?after=0&limit=1").raise_for_status()
    except (httpx.HTTPError, Unavailable):
        return _free(batch_id)  # the bank is not there: nothing was sent, so nothing is in doubt
    try:
        answer = bank().request(
            "POST",
            "/v1/files",
            content=content,
            headers={"Idempotency-Key": str(batch_id), "Content-Type": "text/plain"},
        )
    except NOTHING_SENT:
        return _free(batch_id)
    except httpx.HTTPError:
        log.warning("bank did not answer", extra={"job": "hand_over"})
        return "in_doubt"
    return _write_answer(batch_id, answer)


def _take(batch_id: uuid.UUID) -> bytes | None:
    with transactions.verb() as moment:
        batch = locks.batch(batch_id)
        done = batch.handed_over_at or batch.refused_at or batch.in_doubt_at
        if not batch.released_at or done:
            return None
        batch.in_doubt_at = moment
        batch.save(update_fields=["in_doubt_at"])
        return file_bytes(batch)


def _free(batch_id: uuid.UUID) -> str:
    with transactions.verb():
        batch = locks.batch(batch_id)
        batch.in_doubt_at = None
        batch.save(update_fields=["in_doubt_at"])
    return "not_sent"


def _write_answer(batch_id: uuid.UUID, answer: httpx.Response) -> str:
    if answer.status_code in (httpx.codes.CREATED, httpx.codes.OK):
        return _settle(batch_id, "taken")
    if answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
        first = (answer.json().get("errors") or [{}])[0]
        return _settle(batch_id, "refused", str(first.get("message", "refused"))[:200])
    return "in_doubt"


def _settle(batch_id: uuid.UUID, outcome: str, why: str = "", actor: str = "system:bank") -> str:
    with transactions.verb() as moment:
        batch = locks.batch(batch_id)
        if batch.handed_over_at:
            return "taken"
        batch.in_doubt_at = None
        if outcome == "taken":
            batch.handed_over_at = moment
        else:
            batch.refused_at, batch.refused_why = moment, why
        batch.save()
        kind = "batch.handed_over.v1" if outcome == "taken" else "batch.refused.v1"
        events.record(kind, subject=batch.id, agency=batch.agency, actor=actor)
    return outcome


def settle_doubt(account: people.Account, batch_id: uuid.UUID) -> str:
    """Ask the bank whether it has a batch that is in doubt: a person's button, never a job's.

    Returns `taken` (it has it), `not_sent` (it never got it: free to be sent) or `in_doubt`.
    """
    batch = Batch.objects.get(id=batch_id)
    people.require(account, "batch.release", agency=batch.agency)
    if not batch.in_doubt_at:
        raise NotInDoubt()
    try:
        answer = bank().request("GET", "/v1/files", params={"idempotency_key": str(batch_id)})
    except (httpx.HTTPError, Unavailable):
        return "in_doubt"
    with transactions.verb():
        audit.record(
            "batch.doubt_settled",
            agency=batch.agency,
            actor=account.actor,
            object_type="batch",
            object_id=batch.id,
            detail={"bank": answer.status_code},
        )
        if answer.status_code == httpx.codes.NOT_FOUND:
            _free(batch_id)
            events.record(
                "batch.released.v1", subject=batch.id, agency=batch.agency, actor=account.actor
            )
            return "not_sent"
        return _write_answer(batch_id, answer)
