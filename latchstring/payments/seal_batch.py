"""Seal a batch: from here its bytes, and so every payment in it, never change.

1. Nobody else seals meanwhile: trace numbers and the number of the day's file belong to the bank's
   account with us, not to an agency, so they are counted over every agency.
2. A payment whose account was closed since the batch was opened goes back to waiting: money never
   goes to an account that the bank has given back.
3. Traces are assigned, the file is written and checked as the bank would, and its bytes are kept
   sealed in the row with their hash and totals.
"""

import hashlib
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Max

from latchstring.audit import door as audit
from latchstring.kernel import clock, events, scope, transactions
from latchstring.kernel.crashpoint import crashpoint
from latchstring.payments import locks
from latchstring.payments.bank_file import file_spec, modifier
from latchstring.payments.errors import BatchNotSealed, NothingToPay
from latchstring.payments.models import Batch, Disbursement
from latchstring.payments.nacha.check import check
from latchstring.payments.nacha.holidays import next_banking_day
from latchstring.payments.nacha.write import build_file, traces
from latchstring.payments.open_batch import count
from latchstring.payments.payee import live_account
from latchstring.people import door as people
from latchstring.vault import door as vault

_TRACE_LOCK = 712097


def seal_batch(account: people.Account, batch_id: uuid.UUID) -> Batch:
    """Seal a batch: traces, file bytes, hash and totals. Sealing again changes nothing."""
    with transactions.verb() as moment:
        batch = locks.batch(batch_id)
        people.require(account, "batch.prepare", agency=batch.agency)
        if batch.sealed_at:
            return batch
        _take_seal()
        lines = _payable(batch)
        if not lines:
            raise NothingToPay()
        batch.sealed_at, batch.sealed_by = moment, account.actor
        batch.effective_on = next_banking_day(clock.today() + timedelta(days=1))
        batch.file_number = _file_number(batch)
        content = _write(batch, lines)
        crashpoint("K22 seal: file written, batch not")
        faults = check(content)
        assert not faults, f"our own bank file is refused: {faults[:3]}"
        batch.file_sealed = vault.seal(
            content, agency=batch.agency, data_class="bank", subject=batch.id, field="batch.file"
        )
        batch.file_sha256 = hashlib.sha256(content).hexdigest()
        batch.save()
        audit.record(
            "batch.sealed",
            agency=batch.agency,
            actor=account.actor,
            object_type="batch",
            object_id=batch.id,
            detail={"sha256": batch.file_sha256, "entries": batch.entries},
        )
        events.record("batch.sealed.v1", subject=batch.id, agency=batch.agency, actor=account.actor)
        crashpoint("K23 seal: before commit")
    crashpoint("K24 seal: committed, before the person is told")
    return batch


def _take_seal() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TRACE_LOCK])


def _payable(batch: Batch) -> list[Disbursement]:
    """Put back what lost its account, and count the rest."""
    for line in batch.lines.select_related("account", "payee"):
        if line.account is None or line.account.closed_at:
            line.batch, line.account = None, live_account(line.payee)
            line.save(update_fields=["batch", "account"])
    return count(batch)


def _file_number(batch: Batch) -> int:
    """The file's number of its day, which its modifier tells the bank; from 0."""
    assert batch.sealed_at is not None
    day = batch.sealed_at.astimezone(clock.MOUNTAIN).date()
    start = batch.sealed_at - timedelta(days=2)
    with scope.within(scope.EVERY_AGENCY):
        earlier = Batch.objects.filter(sealed_at__gte=start, file_number__isnull=False)
        same_day = [
            number
            for number, at in earlier.values_list("file_number", "sealed_at")
            if number is not None and at and at.astimezone(clock.MOUNTAIN).date() == day
        ]
    number = max(same_day, default=-1) + 1
    modifier(number)  # refuses more files than a day can name
    return number


def _write(batch: Batch, lines: list[Disbursement]) -> bytes:
    """Number the payments, keep each one's trace, and return the file's bytes."""
    with scope.within(scope.EVERY_AGENCY):
        ours = Disbursement.objects.filter(trace__startswith=settings.BANK["odfi"])
        last = ours.aggregate(last=Max("trace"))["last"]
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
