"""A batch's life until it leaves: opened, filled, sealed to exact bytes, released by a person.

Sealing assigns the trace numbers, writes the bank file, checks it as the bank would, and keeps its
bytes sealed in the row. From then on nothing in the batch changes.
"""

import hashlib
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Max, Q

from latchstring.audit import door as audit
from latchstring.funds import door as funds
from latchstring.kernel import clock, events, transactions
from latchstring.kernel.ids import new_id
from latchstring.kernel.references import new_reference
from latchstring.payments import locks
from latchstring.payments.bank_file import file_spec, modifier
from latchstring.payments.errors import BatchIsSealed, BatchNotSealed, NothingToPay, NotYours
from latchstring.payments.models import Batch, Disbursement
from latchstring.payments.nacha.check import check
from latchstring.payments.nacha.holidays import next_banking_day
from latchstring.payments.nacha.write import build_file, traces
from latchstring.people import door as people
from latchstring.vault import door as vault

_TRACE_LOCK = 712097


def open_batch(account: people.Account, agency: str) -> Batch:
    """Open a batch and take in everything that waits and has a bank account."""
    with transactions.verb() as moment:
        people.require(account, "batch.prepare", agency=agency)
        lines = locks.waiting(agency)
        if not lines:
            raise NothingToPay("Nothing waits to be paid just now.")
        batch = Batch.objects.create(
            id=new_id(),
            agency=agency,
            reference=new_reference("B"),
            opened_at=moment,
            opened_by=account.actor,
        )
        Disbursement.objects.filter(id__in=[line.id for line in lines]).update(batch=batch)
        batch.entries = len(lines)
        batch.total_cents = sum(line.amount_cents for line in lines)
        batch.save(update_fields=["entries", "total_cents"])
        events.record("batch.opened.v1", subject=batch.id, agency=agency, actor=account.actor)
    return batch


def leave_out(account: people.Account, batch_id: uuid.UUID, disbursement_id: uuid.UUID) -> None:
    """Take one payment out of a batch that is not sealed; it waits for the next."""
    with transactions.verb():
        batch = locks.batch(batch_id)
        people.require(account, "batch.prepare", agency=batch.agency)
        if batch.sealed_at:
            raise BatchIsSealed()
        Disbursement.objects.filter(id=disbursement_id, batch=batch).update(batch=None)
        _count(batch)


def _count(batch: Batch) -> list[Disbursement]:
    lines = list(batch.lines.select_related("payee", "account").order_by("id"))
    batch.entries = len(lines)
    batch.total_cents = sum(line.amount_cents for line in lines)
    batch.save(update_fields=["entries", "total_cents"])
    return lines


def seal_batch(account: people.Account, batch_id: uuid.UUID) -> Batch:
    """Seal a batch: traces, file bytes, hash and totals. Sealing again changes nothing."""
    with transactions.verb() as moment:
        batch = locks.batch(batch_id)
        people.require(account, "batch.prepare", agency=batch.agency)
        if batch.sealed_at:
            return batch
        lines = _count(batch)
        if not lines:
            raise NothingToPay()
        batch.sealed_at, batch.sealed_by = moment, account.actor
        batch.effective_on = next_banking_day(clock.today() + timedelta(days=1))
        batch.file_number = _file_number(batch)
        content = _write(batch, lines)
        faults = check(content)
        assert not faults, f"our own bank file is refused: {faults[:3]}"
        batch.file_sealed = vault.seal(
            content, agency=batch.agency, data_class="bank", subject=batch.id, field="batch.file"
        )
        batch.file_sha256 = hashlib.sha256(content).hexdigest()
        batch.save()
        _record("batch.sealed", batch, account.actor)
    return batch


def _file_number(batch: Batch) -> int:
    """The file's number of its day, which its modifier tells the bank; from 0."""
    assert batch.sealed_at is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TRACE_LOCK])
    day = batch.sealed_at.astimezone(clock.MOUNTAIN).date()
    start = batch.sealed_at - timedelta(days=1)
    same_day = [
        row.file_number
        for row in Batch.objects.filter(sealed_at__gte=start).exclude(id=batch.id)
        if row.sealed_at
        and row.sealed_at.astimezone(clock.MOUNTAIN).date() == day
        and row.file_number is not None
    ]
    number = max(same_day, default=-1) + 1
    modifier(number)  # refuses more files than a day can name
    return number


def _write(batch: Batch, lines: list[Disbursement]) -> bytes:
    """Number the payments, keep each one's trace, and return the file's bytes."""
    last = Disbursement.objects.filter(Q(trace__startswith=settings.BANK["odfi"])).aggregate(
        last=Max("trace")
    )["last"]
    first = int(last[8:]) + 1 if last else 1
    spec, ordered = file_spec(batch, lines, first)
    numbers = [trace for group in traces(spec) for trace in group]
    for line, trace in zip(ordered, numbers, strict=True):
        line.trace = trace
        line.save(update_fields=["trace"])
    return build_file(spec)


def file_bytes(batch: Batch) -> bytes:
    """Return the exact bytes of a sealed batch's file."""
    if batch.file_sealed is None:
        raise BatchNotSealed()
    return vault.open_bytes(
        batch.file_sealed, data_class="bank", subject=batch.id, field="batch.file"
    )


def release_batch(account: people.Account, batch_id: uuid.UUID) -> Batch:
    """Release a sealed batch to the bank: always a person, and a third one for every payment.

    The hand-over itself is a job, woken by the event in the same transaction.
    """
    with transactions.verb() as moment:
        batch = locks.batch(batch_id)
        people.require(account, "batch.release", agency=batch.agency)
        if batch.released_at:
            return batch
        if not batch.sealed_at:
            raise BatchNotSealed()
        own = batch.lines.filter(Q(prepared_by=account.actor) | Q(approved_by=account.actor))
        if own.exists():
            raise NotYours()
        batch.released_at, batch.released_by = moment, account.actor
        batch.save(update_fields=["released_at", "released_by"])
        batch.lines.update(released_by=account.actor)
        for line in batch.lines.order_by("obligation"):
            funds.post_disbursed(line.obligation, line.id, actor=account.actor)
        _record("batch.released", batch, account.actor)
    return batch


def _record(action: str, batch: Batch, actor: str) -> None:
    audit.record(action, agency=batch.agency, actor=actor, object_type="batch", object_id=batch.id)
    events.record(f"{action}.v1", subject=batch.id, agency=batch.agency, actor=actor)
