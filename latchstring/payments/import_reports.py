"""Import reports: what the bank says happened, taken in whole or not at all.

1. Read the bank's settlements and returns after our cursor, every line of them. No transaction is
   open meanwhile. A line that we cannot read stops everything: BankReportBroken.
2. In one transaction: every line becomes a row (its source id is unique, so that a line told twice
   is one row), the money moves in the ledger, the cursor goes on. If another import moved the
   cursor meanwhile, this one does nothing.
A report whose amount differs from ours, of a trace that we do not know, or of money that does not
stand where it would be taken from, is kept and moves nothing: `checks.WORK` shows it until a person
has looked.
"""

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx
from django.db import IntegrityError, transaction

from latchstring.funds import door as funds
from latchstring.kernel import clock, events, transactions
from latchstring.kernel.crashpoint import crashpoint
from latchstring.kernel.errors import Unavailable
from latchstring.kernel.ids import new_id
from latchstring.payments import locks
from latchstring.payments.errors import BankReportBroken, NotABankAccount
from latchstring.payments.hand_over import ACTOR, bank
from latchstring.payments.models import BankCursor, BankReport, Disbursement
from latchstring.payments.nacha.check import check
from latchstring.payments.nacha.match import Change, Return, match
from latchstring.payments.payee import ACCOUNT_CLOSED_BY, add_account, close_account, open_account
from latchstring.payments.work_report import UNPLACED

log = logging.getLogger(__name__)
REPORT_ONCE = "payments_report_once"


@dataclass(frozen=True)
class Settled:
    """The bank paid a trace. Cents as the bank says them."""

    trace: str
    amount_cents: int
    on: date


@dataclass(frozen=True)
class Told:
    """One answer of the bank: where we read from, what is new, where to read from next."""

    name: str
    after: str
    next: str
    lines: Sequence[Settled | Return | Change]


def import_reports() -> int:
    """Take in what is new at the bank; returns how many lines moved something.

    Raises BankReportBroken, and takes in nothing, when the bank's answer cannot be read.
    """
    told = [_ask("settlements"), _ask("returns")]
    moved = 0
    with transactions.verb():
        for answer in told:
            cursor = locks.cursor(answer.name)
            if cursor.cursor != answer.after:
                continue  # another import took these in
            moved += sum(_take_in(line) for line in answer.lines)
            cursor.cursor = answer.next
            cursor.save(update_fields=["cursor"])
            crashpoint("K30 reports: one list posted, before commit")
    crashpoint("K31 reports: committed, before the worker says so")
    return moved


def try_import() -> int:
    """Import, or say nothing when the bank does not answer: the schedule asks again soon."""
    try:
        return import_reports()
    except Unavailable as trouble:
        log.warning("bank reports not taken in", extra={"why": type(trouble).__name__})
        return 0


def _ask(name: str) -> Told:
    after = BankCursor.objects.filter(name=name).values_list("cursor", flat=True).first() or ""
    try:
        answer = bank().request("GET", f"/v1/{name}", params={"after": after or "0"})
        answer.raise_for_status()
        told = answer.json()
        read = _settlements if name == "settlements" else _files
        return Told(name, after, str(int(told["next"])), read(list(told[name])))
    except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BankReportBroken() from error


def _settlements(lines: Sequence[dict[str, Any]]) -> list[Settled]:
    found = []
    for line in lines:
        if not isinstance(line["trace"], str) or type(line["amount_cents"]) is not int:
            raise TypeError("a settlement names its trace and its cents")
        day = date.fromisoformat(line["settled_on"])
        found.append(Settled(line["trace"], line["amount_cents"], day))
    return found


def _files(files: Sequence[dict[str, Any]]) -> list[Return | Change]:
    found: list[Return | Change] = []
    for file in files:
        content = file["content"].encode("ascii")
        if check(content):
            raise BankReportBroken()
        found += match(content)
    return found


def _take_in(line: Settled | Return | Change) -> int:
    """Keep one line, once, and move what it moves; 1 when it moved something."""
    if isinstance(line, Settled):
        return _settled(line)
    return _returned(line) if isinstance(line, Return) else _changed(line)


def _keep(
    kind: str, trace: str, source: str, cents: int, on: date, code: str = ""
) -> tuple[bool, Disbursement | None]:
    """Keep one report line: whether it is new, and the payment that it is about."""
    line = locks.by_trace(trace)
    try:
        with transaction.atomic():
            BankReport.objects.create(
                id=new_id(),
                agency=line.agency if line else UNPLACED,
                trace=trace,
                kind=kind,
                code=code,
                amount_cents=cents,
                on=on,
                source=source,
                received_at=clock.now(),
            )
    except IntegrityError as error:
        if REPORT_ONCE not in str(error):
            raise
        return False, line
    return True, line


def _settled(told: Settled) -> int:
    # One settlement per trace: the bank telling it twice under new cursors is still one.
    source = f"settled:{told.trace}:{told.amount_cents}"
    new, line = _keep("settled", told.trace, source, told.amount_cents, told.on)
    if not new or line is None or line.amount_cents != told.amount_cents or line.voided_at:
        return 0
    posting_id = uuid.uuid5(line.id, "settled")
    crashpoint("K29 reports: a line kept, its money not moved")
    if not _moves(funds.post_settled, line, posting_id):
        return 0
    _tell("payment.settled.v1", line)
    return 1


def _moves(verb: Any, line: Disbursement, posting_id: uuid.UUID, **more: str) -> bool:
    """Move a payment's money; False when it does not stand where the bank would have it."""
    batch = line.batch
    if batch is None or not batch.released_at or batch.refused_at:
        return False  # never released, or refused: whatever the bank paid, it was not this
    try:
        with transaction.atomic():
            return bool(verb(line.obligation, posting_id, actor=ACTOR, **more))
    except funds.OutOfStep:
        log.warning("bank report out of step", extra={"disbursement": str(line.id)})
        return False


def _returned(told: Return) -> int:
    source = f"returned:{told.original_trace}:{told.code}"
    cents, today = told.amount_cents, clock.today()
    new, line = _keep("returned", told.original_trace, source, cents, today, told.code)
    if not new or line is None or line.amount_cents != cents or line.voided_at:
        return 0
    posting_id = uuid.uuid5(line.id, "returned")
    if not _moves(funds.post_returned, line, posting_id, reason=told.code):
        return 0
    line.voided_at = clock.now()
    line.save(update_fields=["voided_at"])
    if line.account and told.code in ACCOUNT_CLOSED_BY:
        close_account(line.account, told.code)
    _tell("payment.returned.v1", line, code=told.code)
    return 1


def _changed(told: Change) -> int:
    """The payment arrived; the account is corrected before the next one to this payee."""
    source = f"changed:{told.original_trace}:{told.code}"
    new, line = _keep("changed", told.original_trace, source, 0, clock.today(), told.code)
    if not new or line is None or line.account is None:
        return 0
    # Where the payee has given another account since, the bank's word is about an old one.
    if line.account.closed_at is None and not _correct(line, told.corrected):
        return 0
    _tell("payment.account_changed.v1", line, code=told.code)
    return 1


def _correct(line: Disbursement, corrected: dict[str, str]) -> bool:
    """Give the payee the account as the bank corrected it; False when that cannot be one."""
    assert line.account is not None
    if not corrected.keys() & {"account", "routing", "transaction_code"}:
        return True
    numbers = open_account(line.account)
    kinds = {"2": "checking", "3": "savings"}
    try:
        add_account(
            line.payee_id,
            routing=corrected.get("routing") or numbers["routing"],
            account=corrected.get("account") or numbers["account"],
            kind=kinds.get(corrected.get("transaction_code", "")[:1], line.account.kind),
            owner=line.account.owner,
            actor=ACTOR,
        )
    except NotABankAccount:
        return False
    return True


def _tell(kind: str, line: Disbursement, **more: str) -> None:
    events.record(
        kind,
        subject=line.case,
        agency=line.agency,
        actor=ACTOR,
        payload={"disbursement": str(line.id), "trace": line.trace, **more},
    )
