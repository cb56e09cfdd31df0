"""Import reports: what the bank says happened, taken in whole or not at all.

1. Read the bank's settlements and returns after our cursor. No transaction is open meanwhile.
2. In one transaction: every line becomes a row (its source id is unique, so that a line told twice
   is one row), the money moves in the ledger, the cursor goes on.
A settlement whose amount differs from ours, or of a trace we do not know, is kept and moves
nothing: it shows in `checks.py` until a person has looked.
"""

import uuid
from typing import Any

import httpx
from django.db import IntegrityError, transaction

from latchstring.funds import door as funds
from latchstring.kernel import clock, events, transactions
from latchstring.kernel.errors import Unavailable
from latchstring.kernel.ids import new_id
from latchstring.payments import locks
from latchstring.payments.errors import BankReportBroken
from latchstring.payments.hand_over import bank
from latchstring.payments.models import BankCursor, BankReport, Disbursement, PayeeAccount
from latchstring.payments.nacha.check import check
from latchstring.payments.nacha.match import Change, Return, match
from latchstring.payments.payee import add_account, open_account

ACTOR = "system:bank"
# Returns after which the account must not be used again (NACHA codes, see nacha/codes.csv).
ACCOUNT_CLOSED_BY = frozenset(
    {"R02", "R03", "R04", "R13", "R14", "R15", "R16", "R17", "R20", "R23", "R34"}
)


def import_reports() -> int:
    """Take in what is new at the bank; returns how many lines moved something."""
    settlements = _ask("/v1/settlements", "settlements")
    returns = _ask("/v1/returns", "returns")
    moved = 0
    with transactions.verb():
        for line in settlements["settlements"]:
            moved += _settled(line)
        for file in returns["returns"]:
            moved += _file(file)
        _go_on("settlements", settlements["next"])
        _go_on("returns", returns["next"])
    return moved


def _ask(path: str, name: str) -> dict[str, Any]:
    after = BankCursor.objects.filter(name=name).values_list("cursor", flat=True).first() or "0"
    try:
        answer = bank().request("GET", path, params={"after": after})
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        assert isinstance(told[name], list) and "next" in told
    except (httpx.HTTPError, ValueError, KeyError, AssertionError) as error:
        raise BankReportBroken() from error
    return told


def _go_on(name: str, cursor: object) -> None:
    BankCursor.objects.update_or_create(name=name, defaults={"cursor": str(cursor)})


def _keep(kind: str, trace: str, source: str, cents: int, on: str, code: str = "") -> bool:
    """Keep one report line; False when it was kept before."""
    line = locks.by_trace(trace)
    try:
        with transaction.atomic():
            BankReport.objects.create(
                id=new_id(),
                agency=line.agency if line else "unknown",
                trace=trace,
                kind=kind,
                code=code,
                amount_cents=cents,
                on=on,
                source=source,
                received_at=clock.now(),
            )
    except IntegrityError:
        return False
    return True


def _settled(told: dict[str, Any]) -> int:
    trace, cents = str(told["trace"]), int(told["amount_cents"])
    # One settlement per trace: the bank telling it twice under new cursors is still one.
    if not _keep("settled", trace, f"settled:{trace}:{cents}", cents, told["settled_on"]):
        return 0
    line = locks.by_trace(trace)
    if line is None or line.amount_cents != cents or line.voided_at:
        return 0
    if not funds.post_settled(line.obligation, uuid.uuid5(line.id, "settled"), actor=ACTOR):
        return 0
    _tell("payment.settled.v1", line)
    return 1


def _file(told: dict[str, Any]) -> int:
    content = told["content"].encode()
    if check(content):
        raise BankReportBroken()
    moved = 0
    for found in match(content):
        if isinstance(found, Return):
            moved += _returned(found)
        else:
            moved += _changed(found)
    return moved


def _returned(found: Return) -> int:
    source = f"returned:{found.original_trace}:{found.code}"
    today = clock.today().isoformat()
    cents = found.amount_cents
    if not _keep("returned", found.original_trace, source, cents, today, found.code):
        return 0
    line = locks.by_trace(found.original_trace)
    if line is None or line.amount_cents != cents or line.voided_at:
        return 0
    line.voided_at = clock.now()
    line.save(update_fields=["voided_at"])
    if line.account_id and found.code in ACCOUNT_CLOSED_BY:
        PayeeAccount.objects.filter(id=line.account_id, closed_at__isnull=True).update(
            closed_at=clock.now(), closed_why=found.code
        )
    funds.post_returned(
        line.obligation, uuid.uuid5(line.id, "returned"), actor=ACTOR, reason=found.code
    )
    _tell("payment.returned.v1", line, code=found.code)
    return 1


def _changed(found: Change) -> int:
    """The payment arrived; the account is corrected before the next one to this payee."""
    source = f"changed:{found.original_trace}:{found.code}"
    today = clock.today().isoformat()
    if not _keep("changed", found.original_trace, source, 0, today, found.code):
        return 0
    line = locks.by_trace(found.original_trace)
    if line is None or line.account is None:
        return 0
    numbers = open_account(line.account)
    if found.corrected.keys() & {"account", "routing", "transaction_code"}:
        savings = found.corrected.get("transaction_code", "").startswith("3")
        add_account(
            line.payee_id,
            routing=found.corrected.get("routing", numbers["routing"]),
            account=found.corrected.get("account", numbers["account"]),
            kind="savings" if savings else line.account.kind,
            owner=line.account.owner,
            actor=ACTOR,
        )
    _tell("payment.account_changed.v1", line, code=found.code)
    return 1


def _tell(kind: str, line: Disbursement, **more: str) -> None:
    events.record(
        kind,
        subject=line.case,
        agency=line.agency,
        actor=ACTOR,
        payload={"disbursement": str(line.id), "trace": line.trace, **more},
    )


def try_import() -> int:
    """Import, or say nothing when the bank does not answer: the schedule asks again soon."""
    try:
        return import_reports()
    except Unavailable:
        return 0
