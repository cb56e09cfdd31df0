"""What the codes mean: transactions, entry classes, reasons for a return, kinds of change."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Direction = Literal["credit", "debit"]


@dataclass(frozen=True)
class Transaction:
    """A transaction code: which account, which way the money goes, and whether it is real money.

    kind: live, prenote (a test without money), zero (remittance without money), return (a return
    or a notification of change), advice (the operator's bookkeeping).
    """

    code: str
    account: str
    direction: str
    kind: str


@dataclass(frozen=True)
class EntryClass:
    """A standard entry class: the rules that hold for its entries."""

    code: str
    entry: str  # the layout of its entries
    directions: str  # credit, debit or both
    name_required: bool
    addenda: str  # the type of addenda that an entry going forward may carry
    least: int
    most: int
    zero_dollar: str  # "yes": may carry remittance without money; "only": carries nothing else
    description: str  # what the company entry description must be, if anything
    most_cents: int  # the most that one entry may move; 0 when there is no limit
    serial_required: bool  # whether the identification is a check's serial number
    title: str


@dataclass(frozen=True)
class Reason:
    """A return or change code with its meaning, and what a benefit agency does about it."""

    code: str
    kind: str
    title: str
    action: str


def _rows(name: str) -> list[list[str]]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as source:
        return list(csv.reader(source))[1:]


def _entry_class(row: list[str]) -> EntryClass:
    code, entry, directions, name, addenda, least, most, zero, description, cents, serial, title = (
        row
    )
    return EntryClass(
        code=code,
        entry=entry,
        directions=directions,
        name_required=name == "required",
        addenda=addenda,
        least=int(least),
        most=int(most),
        zero_dollar=zero,
        description=description,
        most_cents=int(cents or 0),
        serial_required=serial == "required",
        title=title,
    )


# Facts after the NACHA Operating Rules 2013, Appendices Two to Five.
TRANSACTIONS = {row[0]: Transaction(*row) for row in _rows("transaction_codes.csv")}
CLASSES = {row[0]: _entry_class(row) for row in _rows("entry_classes.csv")}
REASONS = {row[0]: Reason(*row) for row in _rows("codes.csv")}

RETURN_REASONS = {code for code, reason in REASONS.items() if reason.kind == "return"}
CHANGES = {code for code in REASONS if code.startswith(("C0", "C1"))}
REFUSED_CHANGES = {code for code in REASONS if code.startswith("C6")}
DISHONORED = {"R61", "R62", "R67", "R68", "R69", "R70"}
CONTESTED = {"R71", "R72", "R73", "R74", "R75", "R76", "R77"}
DEATH = {"R14", "R15"}


def transaction_for(account: str, direction: str, kind: str) -> str:
    """The transaction code of an account, a direction and a kind."""
    wanted = (account, direction, kind)
    return next(
        each.code
        for each in TRANSACTIONS.values()
        if (each.account, each.direction, each.kind) == wanted
    )
