"""The bank's own reader of NACHA files: independent of the product, so that the two can disagree.

It reads credit files (PPD, CCD, CTX) as an originating bank does and names every fault with the
record number and the field.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

LIVE = {"22", "32", "42", "52"}
PRENOTE = {"23", "33", "43", "53"}
DEBIT = {"27", "28", "29", "37", "38", "39", "47", "48", "55"}
CLASSES = {"PPD", "CCD", "CTX"}
MOST_FAULTS = 50


@dataclass(frozen=True)
class Fault:
    """What is wrong: record number from 1, field name, code and a sentence."""

    record: int
    field: str
    code: str
    message: str


@dataclass
class Batch:
    """A batch as read. Amounts in cents."""

    record: int
    header: str
    entries: int = 0
    hash: int = 0
    debit_cents: int = 0
    credit_cents: int = 0
    last_trace: str = ""

    @property
    def sec(self) -> str:
        """Standard entry class."""
        return self.header[50:53]

    @property
    def odfi(self) -> str:
        """Originating bank, eight digits."""
        return self.header[79:87]

    @property
    def effective(self) -> date:
        """Effective entry date."""
        return datetime.strptime(self.header[69:75], "%y%m%d").date()  # noqa: DTZ007


@dataclass
class Entry:
    """A credit as read, with the records it came from."""

    record: int
    raw: str
    batch: Batch
    addenda: list[str] = field(default_factory=list)

    @property
    def code(self) -> str:
        """Transaction code."""
        return self.raw[1:3]

    @property
    def account(self) -> str:
        """The receiver's account number."""
        return self.raw[12:29].strip()

    @property
    def amount_cents(self) -> int:
        """Amount in cents; zero for a prenote."""
        return int(self.raw[29:39])

    @property
    def trace(self) -> str:
        """Trace number, fifteen digits."""
        return self.raw[79:94]


@dataclass
class Reading:
    """A file as read: its entries, and the faults that make it unacceptable."""

    header: str = ""
    batches: list[Batch] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def guard(self) -> str:
        """Origin, date, time and modifier: what an operator knows a duplicate file by."""
        return self.header[13:34]

    @property
    def credit_cents(self) -> int:
        """Sum of all credits."""
        return sum(batch.credit_cents for batch in self.batches)

    def fault(self, record: int, name: str, code: str, message: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(record, name, code, message))


def check_digit(routing: str) -> int:
    """The ninth digit of a routing number, by weights 3-7-1 over its first eight."""
    weighted = (int(digit) * weight for digit, weight in zip(routing, (3, 7, 1) * 3, strict=False))
    return -sum(weighted) % 10


def read(content: bytes) -> Reading:
    """Read a whole file; an empty list of faults means that the bank takes it."""
    reading = Reading()
    try:
        records = _records(content)
    except UnicodeDecodeError:
        reading.fault(1, "file", "illegal_character", "The file is not plain ASCII.")
        return reading
    for number, record in enumerate(records, 1):
        if len(record) != 94:
            reading.fault(number, "record", "record_length", f"{len(record)} characters, not 94.")
        elif not record.isprintable():
            reading.fault(number, "record", "illegal_character", "A character is not allowed.")
    if not records:
        reading.fault(1, "file", "empty", "The file is empty.")
    if not reading.faults:
        _read_records(reading, records)
    del reading.faults[MOST_FAULTS:]
    return reading


def _records(content: bytes) -> list[str]:
    text = content.decode("ascii")
    if "\n" not in text.strip("\r\n"):
        flat = text.strip("\r\n")
        return [flat[start : start + 94] for start in range(0, len(flat), 94)]
    return text.replace("\r\n", "\n").rstrip("\n").split("\n")


def _read_records(reading: Reading, records: list[str]) -> None:
    reading.header = records[0]
    _check_file_header(reading)
    batch: Batch | None = None
    ended = False
    for number, record in enumerate(records[1:], 2):
        kind = record[0]
        if ended:
            if record.strip("9"):
                reading.fault(number, "record_type", "sequence", "A record after the control.")
        elif kind == "5" and batch is None:
            batch = Batch(number, record)
            reading.batches.append(batch)
            _check_batch_header(reading, batch)
        elif kind == "6" and batch is not None:
            _take_entry(reading, Entry(number, record, batch))
        elif kind == "7" and batch is not None and reading.entries:
            _take_addendum(reading, number, record, batch)
        elif kind == "8" and batch is not None:
            _check_batch_control(reading, number, record, batch)
            batch = None
        elif kind == "9" and batch is None:
            _check_file_control(reading, number, record, len(records))
            ended = True
        else:
            reading.fault(number, "record_type", "sequence", f"A record {kind} is out of place.")
    if not ended:
        reading.fault(len(records), "record_type", "sequence", "The file control is missing.")
    _check_addenda(reading)


def _check_file_header(reading: Reading) -> None:
    header = reading.header
    fixed = (
        ("record_type", header[0], "1"),
        ("priority_code", header[1:3], "01"),
        ("record_size", header[34:37], "094"),
        ("blocking_factor", header[37:39], "10"),
        ("format_code", header[39], "1"),
    )
    for name, value, wanted in fixed:
        if value != wanted:
            reading.fault(1, name, "header", f"It must be {wanted}.")
    if not re.fullmatch("[A-Z0-9]", header[33]):
        reading.fault(1, "file_id_modifier", "header", "It must be A to Z or 0 to 9.")
    if not _is_date(header[23:29]):
        reading.fault(1, "file_creation_date", "header", "It is not a date.")
    if not re.fullmatch(r" \d{9}", header[3:13]):
        reading.fault(1, "immediate_destination", "header", "It is not a routing number.")
    if not header[13:23].strip():
        reading.fault(1, "immediate_origin", "header", "It is blank.")


def _check_batch_header(reading: Reading, batch: Batch) -> None:
    header, at = batch.header, batch.record
    if header[1:4] not in ("200", "220"):
        reading.fault(at, "service_class_code", "service_class", "Only credits are taken.")
    if batch.sec not in CLASSES:
        reading.fault(at, "standard_entry_class", "entry_class", "Only PPD, CCD and CTX.")
    for name, value in (
        ("company_name", header[4:20]),
        ("company_identification", header[40:50]),
        ("company_entry_description", header[53:63]),
    ):
        if not value.strip(" 0"):
            reading.fault(at, name, "blank", "It is blank.")
    if not _is_date(header[69:75]):
        reading.fault(at, "effective_entry_date", "date", "It is not a date.")
    if not batch.odfi.isdigit() or not header[87:94].isdigit():
        reading.fault(at, "originating_dfi_identification", "header", "Digits are missing.")


def _take_entry(reading: Reading, entry: Entry) -> None:
    raw, batch, at = entry.raw, entry.batch, entry.record
    numbers = (("amount", raw[29:39]), ("receiving_dfi_identification", raw[3:12]))
    bad = [name for name, value in (*numbers, ("trace_number", raw[79:94])) if not _whole(value)]
    for name in bad:
        reading.fault(at, name, "not_numeric", "It is not a number.")
    if bad:
        return
    if check_digit(raw[3:11]) != int(raw[11]):
        reading.fault(at, "check_digit", "check_digit", "The routing number does not check.")
    if entry.code in DEBIT:
        reading.fault(at, "transaction_code", "debit_in_credit_batch", "A debit is not taken.")
    elif entry.code not in LIVE | PRENOTE:
        reading.fault(at, "transaction_code", "transaction_code", "It is not a credit code.")
    if (entry.amount_cents == 0) != (entry.code in PRENOTE):
        reading.fault(at, "amount", "amount", "Zero belongs to prenotes, and only there.")
    if not entry.account:
        reading.fault(at, "dfi_account_number", "blank", "It is blank.")
    name = raw[58:74] if batch.sec == "CTX" else raw[54:76]
    if not name.strip():
        reading.fault(at, "individual_or_receiving_company_name", "blank", "It is blank.")
    if not entry.trace.startswith(batch.odfi) or entry.trace <= batch.last_trace:
        reading.fault(at, "trace_number", "trace", "Not the bank's number, or not ascending.")
    batch.last_trace = entry.trace
    batch.entries += 1
    batch.hash += int(raw[3:11])
    batch.credit_cents += entry.amount_cents
    reading.entries.append(entry)


def _take_addendum(reading: Reading, number: int, record: str, batch: Batch) -> None:
    entry = reading.entries[-1]
    entry.addenda.append(record)
    batch.entries += 1
    if record[1:3] != "05":
        reading.fault(number, "addenda_type_code", "addenda", "It must be 05.")
    if record[83:87] != f"{len(entry.addenda):04}":
        reading.fault(number, "addenda_sequence_number", "addenda", "It is out of sequence.")
    if record[87:94] != entry.trace[8:]:
        reading.fault(number, "entry_detail_sequence_number", "addenda", "Not this entry's.")


def _check_addenda(reading: Reading) -> None:
    for entry in reading.entries:
        count, sec = len(entry.addenda), entry.batch.sec
        if entry.raw[78] != ("1" if count else "0"):
            reading.fault(entry.record, "addenda_record_indicator", "addenda", "It does not agree.")
        if sec == "CTX" and entry.raw[54:58] != f"{count:04}":
            reading.fault(entry.record, "number_of_addenda_records", "addenda", "Not the count.")
        if sec != "CTX" and count > 1:
            reading.fault(entry.record, "addenda_record_indicator", "addenda", "At most one.")


def _check_batch_control(reading: Reading, number: int, record: str, batch: Batch) -> None:
    compared = (
        ("service_class_code", record[1:4], batch.header[1:4]),
        ("entry_addenda_count", record[4:10], f"{batch.entries:06}"),
        ("entry_hash", record[10:20], f"{batch.hash % 10**10:010}"),
        ("total_debit", record[20:32], f"{batch.debit_cents:012}"),
        ("total_credit", record[32:44], f"{batch.credit_cents:012}"),
        ("company_identification", record[44:54], batch.header[40:50]),
        ("originating_dfi_identification", record[79:87], batch.odfi),
        ("batch_number", record[87:94], batch.header[87:94]),
    )
    _compare(reading, number, compared)
    if batch.entries == 0:
        reading.fault(number, "entry_addenda_count", "empty", "The batch is empty.")


def _check_file_control(reading: Reading, number: int, record: str, records: int) -> None:
    batches = reading.batches
    compared = (
        ("batch_count", record[1:7], f"{len(batches):06}"),
        ("block_count", record[7:13], f"{-(-records // 10):06}"),
        ("entry_addenda_count", record[13:21], f"{sum(b.entries for b in batches):08}"),
        ("entry_hash", record[21:31], f"{sum(b.hash for b in batches) % 10**10:010}"),
        ("total_debit", record[31:43], f"{sum(b.debit_cents for b in batches):012}"),
        ("total_credit", record[43:55], f"{reading.credit_cents:012}"),
    )
    _compare(reading, number, compared)
    if not batches:
        reading.fault(number, "batch_count", "empty", "The file holds no batch.")


def _compare(reading: Reading, number: int, compared: tuple[tuple[str, str, str], ...]) -> None:
    for name, value, wanted in compared:
        if value != wanted:
            reading.fault(number, name, "control", f"{value.strip()} where {wanted} was counted.")


def _whole(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_date(text: str) -> bool:
    try:
        datetime.strptime(text, "%y%m%d")  # noqa: DTZ007
    except ValueError:
        return False
    return True


def shown(faults: list[Fault]) -> Iterator[dict[str, object]]:
    """The faults as JSON objects."""
    for one in faults:
        yield {
            "record": one.record,
            "field": one.field,
            "code": one.code,
            "message": one.message,
        }
