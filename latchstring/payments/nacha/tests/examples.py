"""A file of ours with one batch of each class, and ways to spoil it."""

from datetime import date, datetime

from latchstring.payments.nacha.control import Envelope
from latchstring.payments.nacha.write import BatchSpec, EntrySpec, FileSpec

BANK = "231380104"
ODFI = "12104288"

RENT = EntrySpec(BANK, "000123456789", 125_000, "ROSA MARTÍNEZ", "NM-0001")
TEST = EntrySpec(BANK, "000123456789", 0, "ROSA MARTINEZ", "NM-0001", prenote=True)
LANDLORD = EntrySpec(
    "121042882", "99887766", 90_000, "MESA HOMES LLC", "V-17", addenda=("RMR*IV*NM-0002**900.00\\",)
)
UTILITY = EntrySpec(
    "121042882",
    "5550001",
    33_333,
    "PUBLIC UTILITY",
    "V-18",
    account_kind="savings",
    addenda=("RMR*IV*NM-0003**100.00\\", "RMR*IV*NM-0004**233.33\\"),
)


def batch(entry_class: str, *entries: EntrySpec) -> BatchSpec:
    """A batch of one class."""
    day = date(2026, 11, 24)
    return BatchSpec(
        entry_class, "STATE OF NM DFA", "1856000565", "ERAP RENT", day, ODFI, tuple(entries)
    )


FILE = FileSpec(
    "121042882",
    "FIRST BANK",
    "1856000565",
    "STATE OF NM DFA",
    datetime(2026, 11, 23, 9, 30),
    (batch("PPD", RENT, TEST), batch("CCD", LANDLORD), batch("CTX", UTILITY)),
)
FROM_BANK = Envelope(
    BANK, "LATCHSTRING", "121042882", "FIRST BANK", datetime(2026, 11, 25, 6, 0), "A"
)


def put(content: bytes, record: int, position: int, text: str) -> bytes:
    """The file with some characters of a record replaced (record and position from 1)."""
    rows = content.decode().split("\n")
    row = rows[record - 1]
    rows[record - 1] = row[: position - 1] + text + row[position - 1 + len(text) :]
    return "\n".join(rows).encode()
