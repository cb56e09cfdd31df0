"""Settle a doubt: ask the bank whether it has a batch. A person's button, never a job's."""

import uuid

import httpx

from latchstring.audit import door as audit
from latchstring.kernel import events, transactions
from latchstring.kernel.errors import Unavailable
from latchstring.payments import locks
from latchstring.payments.errors import NoSuchPayment, NotInDoubt
from latchstring.payments.hand_over import bank, free, write_answer
from latchstring.payments.models import Batch
from latchstring.people import door as people


def settle_doubt(account: people.Account, batch_id: uuid.UUID) -> str:
    """Ask the bank whether it has a batch that is in doubt.

    Returns `taken` (it has it), `refused`, `not_sent` (it never got it: the event that wakes the
    hand-over is written again) or `in_doubt` (it does not answer, or not clearly).
    """
    batch = Batch.objects.filter(id=batch_id).first()
    if batch is None:
        raise NoSuchPayment()
    people.require(account, "batch.release", agency=batch.agency)
    if not batch.in_doubt_at:
        raise NotInDoubt()
    try:
        answer = bank().request("GET", "/v1/files", params={"idempotency_key": str(batch_id)})
    except (httpx.HTTPError, Unavailable, ValueError):
        return "in_doubt"
    with transactions.verb():
        if not locks.batch(batch_id).in_doubt_at:
            raise NotInDoubt()  # a colleague was faster
        audit.record(
            "batch.doubt_settled",
            agency=batch.agency,
            actor=account.actor,
            object_type="batch",
            object_id=batch.id,
            detail={"bank": answer.status_code},
        )
        if not _never_arrived(answer):
            return write_answer(batch_id, answer, account.actor)
        events.record(
            "batch.released.v1", subject=batch.id, agency=batch.agency, actor=account.actor
        )
        return free(batch_id)


def _never_arrived(answer: httpx.Response) -> bool:
    """Whether the bank itself says that it has no such file: a bare 404 could be anybody's."""
    if answer.status_code != httpx.codes.NOT_FOUND:
        return False
    try:
        return bool(answer.json()["error"] == "not_found")
    except (ValueError, TypeError, KeyError):
        return False
