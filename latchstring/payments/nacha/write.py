"""Our payments as a bank file: PPD to residents, CCD and CTX to organizations, credits alone.

`build_file` gives the bytes, `traces` the trace number of every entry: both follow from the same
FileSpec alone, so a sealed batch can be written again, byte for byte.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from latchstring.payments.nacha import codes
from latchstring.payments.nacha.control import BatchText, Envelope, file_bytes
from latchstring.payments.nacha.errors import CannotWrite
from latchstring.payments.nacha.groups import Sums
from latchstring.payments.nacha.layout import LAYOUTS
from latchstring.payments.nacha.routing import is_routing

CREDITS_ONLY = "220"
CLASSES = ("PPD", "CCD", "CTX")
ACCOUNTS = ("checking", "savings")
MOST_ADDENDA = 9_999
MOST_ENTRIES = 999_999
MOST_CENTS = 10**10 - 1
# What is not a letter with an accent but has a plain form all the same.
PLAIN = str.maketrans("’‘“”–—ßØøÆæŁłĐđ", "''\"\"--SOOAALLDD")


@dataclass(frozen=True)
class EntrySpec:
    """One payment. `routing` nine digits, `account` up to 17 characters, `addenda` up to 80 each.

    A prenote carries no money and tests the account.
    """

    routing: str
    account: str
    amount_cents: int
    name: str
    identification: str = ""
    account_kind: str = "checking"
    addenda: tuple[str, ...] = ()
    prenote: bool = False


@dataclass(frozen=True)
class BatchSpec:
    """Payments of one class that settle on one day. `odfi`: our bank's first eight digits."""

    entry_class: str
    company_name: str
    company_id: str
    description: str
    effective: date
    odfi: str
    entries: tuple[EntrySpec, ...]
    discretionary: str = ""
    descriptive_date: str = ""


@dataclass(frozen=True)
class FileSpec:
    """A whole file. Traces count on from `first_sequence` through all batches."""

    destination_routing: str
    destination_name: str
    origin: str
    origin_name: str
    created: datetime
    batches: tuple[BatchSpec, ...]
    modifier: str = "A"
    reference: str = ""
    first_sequence: int = 1


def build_file(spec: FileSpec) -> bytes:
    """The file's bytes. Raises CannotWrite, naming what does not fit and how to mend it."""
    _require(spec.batches, "A bank file needs at least one batch.")
    _require(is_routing(spec.destination_routing), "The bank's routing number is not valid.")
    _require(len(spec.modifier) == 1 and spec.modifier.isascii(), "The modifier is one character.")
    _require(
        spec.modifier.isdigit() or spec.modifier.isupper(), "The modifier is A to Z or 0 to 9."
    )
    envelope = Envelope(
        spec.destination_routing,
        plain("bank's name", spec.destination_name, 23),
        filled("origin", spec.origin, 10),
        plain("origin's name", spec.origin_name, 23),
        spec.created,
        spec.modifier,
        plain("reference", spec.reference, 8),
    )
    numbered = zip(spec.batches, _sequences(spec), strict=True)
    return file_bytes(envelope, [_batch(batch, first) for batch, first in numbered])


def traces(spec: FileSpec) -> list[list[str]]:
    """The trace number of every entry, batch by batch, as `build_file` writes them."""
    return [
        [_trace(batch.odfi, first + place) for place in range(len(batch.entries))]
        for batch, first in zip(spec.batches, _sequences(spec), strict=True)
    ]


def plain(what: str, text: str, width: int) -> str:
    """Text as the format can carry it: upper case, accents off. Refuses what is left over.

    Nothing is cut off silently: too long a text is the caller's to shorten.
    """
    spread = unicodedata.normalize("NFKD", text.translate(PLAIN))
    bare = "".join(sign for sign in spread if not unicodedata.combining(sign)).upper().strip()
    strange = sorted({sign for sign in bare if not " " <= sign <= "~"})
    if strange:
        raise CannotWrite(f"The {what} {text!r} has characters banks cannot read: {strange}.")
    if len(bare) > width:
        raise CannotWrite(f"The {what} {text!r} is longer than {width} characters.")
    return bare


def filled(what: str, text: str, width: int) -> str:
    """Plain text that is neither blank nor zeros."""
    value = plain(what, text, width)
    _require(value.strip(" 0"), f"The {what} must not be blank.")
    return value


def name_of(text: str, width: int = 22) -> str:
    """A name shortened to what a bank's record holds (22; CTX 16), whole characters only."""
    return plain("name", text, 10_000)[:width].strip()


def _require(holds: object, message: str) -> None:
    if not holds:
        raise CannotWrite(message)


def _sequences(spec: FileSpec) -> Iterator[int]:
    """The first sequence number of every batch."""
    sequence = spec.first_sequence
    last = sequence + sum(len(batch.entries) for batch in spec.batches) - 1
    _require(sequence >= 1 and last <= 9_999_999, "Traces count from 1 to 9,999,999.")
    for batch in spec.batches:
        yield sequence
        sequence += len(batch.entries)


def _trace(odfi: str, sequence: int) -> str:
    return f"{odfi}{sequence:07}"


def _batch(batch: BatchSpec, first: int) -> BatchText:
    _require(batch.entry_class in CLASSES, f"{batch.entry_class!r} is not PPD, CCD or CTX.")
    _require(batch.entries, "A batch needs at least one payment.")
    _require(len(batch.entries) <= MOST_ENTRIES, f"A batch holds at most {MOST_ENTRIES} payments.")
    odfi = batch.odfi
    _require(len(odfi) == 8 and odfi.isascii() and odfi.isdigit(), "Our bank's id is 8 digits.")
    written = BatchText(
        {
            "service_class_code": CREDITS_ONLY,
            "company_name": filled("company name", batch.company_name, 16),
            "company_discretionary_data": plain("company's note", batch.discretionary, 20),
            "company_identification": filled("company id", batch.company_id, 10),
            "standard_entry_class": batch.entry_class,
            "company_entry_description": filled("description", batch.description, 10),
            "company_descriptive_date": plain("descriptive date", batch.descriptive_date, 6),
            "effective_entry_date": f"{batch.effective:%y%m%d}",
            "originating_dfi_identification": odfi,
        }
    )
    for place, entry in enumerate(batch.entries):
        _validate(entry, batch.entry_class)
        records = _entry(entry, batch.entry_class, _trace(odfi, first + place))
        written.records += records
        cents = 0 if entry.prenote else entry.amount_cents
        written.sums.add(Sums(len(records), int(entry.routing[:8]), 0, cents))
    _require(written.sums.records <= MOST_ENTRIES, "Too many records for one batch: split it.")
    _require(written.sums.credit < 10**12, "The batch's total is too large: split it.")
    return written


def _validate(entry: EntrySpec, entry_class: str) -> None:
    """What cannot be mended here is refused, in words that say which payment it is."""
    whose = f"The payment to {entry.name!r}"
    _require(is_routing(entry.routing), f"{whose} has a routing number that is not valid.")
    _require(entry.account_kind in ACCOUNTS, f"{whose} needs a checking or savings account.")
    cents = entry.amount_cents
    if entry.prenote:
        _require(cents == 0, f"{whose} is a prenote and carries no money.")
    else:
        _require(0 < cents <= MOST_CENTS, f"{whose} must be from $0.01 to $99,999,999.99.")
    most = MOST_ADDENDA if entry_class == "CTX" else 1
    _require(len(entry.addenda) <= most, f"{whose} can carry at most {most} lines of remittance.")


def _entry(entry: EntrySpec, entry_class: str, trace: str) -> list[str]:
    """The records of one payment: the entry, then its addenda."""
    kind = "prenote" if entry.prenote else "live"
    shared: dict[str, str | int] = {
        "record_type": "6",
        "transaction_code": codes.transaction_for(entry.account_kind, "credit", kind),
        "receiving_dfi_identification": entry.routing[:8],
        "check_digit": entry.routing[8],
        "dfi_account_number": filled("account number", entry.account, 17),
        "addenda_record_indicator": "1" if entry.addenda else "0",
        "trace_number": trace,
    }
    identification = plain("identification", entry.identification, 15)
    if entry_class == "CTX":
        record = LAYOUTS["entry_detail_ctx"].render(
            **shared,
            total_amount=entry.amount_cents,
            identification_number=identification,
            number_of_addenda_records=len(entry.addenda),
            receiving_company_name_or_id=filled("name", entry.name, 16),
        )
    else:
        record = LAYOUTS["entry_detail_ppd_ccd"].render(
            **shared,
            amount=entry.amount_cents,
            individual_identification_number=identification,
            individual_or_receiving_company_name=filled("name", entry.name, 22),
        )
    return [record, *(_addenda(text, n, trace) for n, text in enumerate(entry.addenda, 1))]


def _addenda(text: str, number: int, trace: str) -> str:
    return LAYOUTS["addenda_05"].render(
        record_type="7",
        addenda_type_code="05",
        payment_related_information=plain("remittance", text, 80),
        addenda_sequence_number=number,
        entry_detail_sequence_number=trace[-7:],
    )
