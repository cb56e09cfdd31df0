"""Payees and their bank accounts: sealed under the payee's own key; the last four digits shown."""

import uuid
from collections.abc import Mapping
from typing import Any

from latchstring.audit import door as audit
from latchstring.kernel import clock, transactions
from latchstring.kernel.ids import new_id
from latchstring.payments.errors import NoSuchPayment, NotABankAccount
from latchstring.payments.models import Disbursement, Payee, PayeeAccount
from latchstring.payments.nacha.routing import is_routing
from latchstring.vault import door as vault

PAYEE_KINDS = ("tenant", "landlord", "utility", "provider")
# Returns after which the account must not be used again (NACHA codes, see nacha/*.csv).
ACCOUNT_CLOSED_BY = frozenset(
    {"R02", "R03", "R04", "R13", "R14", "R15", "R16", "R17", "R20", "R23", "R34"}
)


def _place(payee_id: uuid.UUID, field: str) -> dict[str, Any]:
    return {"data_class": "bank", "subject": payee_id, "field": field}


def make_payee(
    agency: str, kind: str, identity: Mapping[str, str], *, payee_id: uuid.UUID | None = None
) -> Payee:
    """Make a payee (name, address, email, phone, TIN sealed). Same id again: the same payee."""
    with transactions.verb() as moment:
        known = Payee.objects.filter(id=payee_id).first() if payee_id else None
        if known:
            return known
        own_id = payee_id or new_id()
        return Payee.objects.create(
            id=own_id,
            agency=agency,
            kind=kind,
            sealed=vault.seal_json(dict(identity), agency=agency, **_place(own_id, "identity")),
            made_at=moment,
        )


def payee_identity(payee_id: uuid.UUID) -> dict[str, str]:
    """Open who a payee is. The caller answers for who may see it."""
    payee = Payee.objects.filter(id=payee_id).first()
    if payee is None:
        raise NoSuchPayment()
    opened: dict[str, str] = vault.open_json(payee.sealed, **_place(payee_id, "identity"))
    return opened


def add_account(
    payee_id: uuid.UUID,
    *,
    routing: str,
    account: str,
    kind: str,
    owner: str,
    actor: str,
) -> PayeeAccount:
    """Give a payee a bank account; the one before is closed, and waiting money takes the new one.

    `kind` checking or savings; `owner` consumer or business. NotABankAccount names the field: the
    numbers cannot be right, or the bank returned this very account as closed or wrong before.
    """
    wrong = {}
    if not is_routing(routing):
        wrong["routing"] = "not_a_routing_number"
    if not (account.isascii() and account.isalnum() and 4 <= len(account) <= 17):
        wrong["account"] = "not_an_account_number"
    if wrong:
        raise NotABankAccount(fields=wrong)
    with transactions.verb() as moment:
        payee = Payee.objects.select_for_update().filter(id=payee_id).first()
        if payee is None:
            raise NoSuchPayment()
        if _came_back(payee, routing, account):
            raise NotABankAccount(fields={"account": "returned_by_the_bank"})
        payee.accounts.filter(closed_at__isnull=True).update(
            closed_at=moment, closed_why="replaced"
        )
        row = PayeeAccount.objects.create(
            id=new_id(),
            agency=payee.agency,
            payee=payee,
            sealed=vault.seal_json(
                {"routing": routing, "account": account},
                agency=payee.agency,
                **_place(payee_id, "account"),
            ),
            last_four=account[-4:],
            kind=kind,
            owner=owner,
            given_at=clock.now(),
            given_by=actor,
        )
        Disbursement.objects.filter(payee=payee, batch__isnull=True, voided_at__isnull=True).update(
            account=row
        )
        audit.record(
            "payee.account_given",
            agency=payee.agency,
            actor=actor,
            object_type="payee",
            object_id=payee_id,
        )
    return row


def _came_back(payee: Payee, routing: str, account: str) -> bool:
    """Whether the bank returned this account before: money is never sent there again."""
    closed = payee.accounts.filter(closed_why__in=ACCOUNT_CLOSED_BY)
    return any(
        open_account(row) == {"routing": routing, "account": account}
        for row in closed.filter(last_four=account[-4:])
    )


def close_account(row: PayeeAccount, code: str) -> None:
    """Close an account that the bank returned; what waits for this payee waits for another one."""
    PayeeAccount.objects.filter(id=row.id).update(closed_at=clock.now(), closed_why=code)
    Disbursement.objects.filter(account=row, batch__isnull=True, voided_at__isnull=True).update(
        account=None
    )


def open_account(row: PayeeAccount) -> dict[str, str]:
    """Open a bank account's numbers (for the bank file only)."""
    opened: dict[str, str] = vault.open_json(row.sealed, **_place(row.payee_id, "account"))
    return opened


def live_account(payee: Payee) -> PayeeAccount | None:
    """Return the account a payee is paid on today, if there is one."""
    return payee.accounts.filter(closed_at__isnull=True).order_by("-given_at", "-id").first()
