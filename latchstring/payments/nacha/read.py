"""A bank file as a tree: header, batches, entries, addenda; and as plain values for JSON."""

from dataclasses import dataclass, field
from typing import BinaryIO

from latchstring.payments.nacha import codes
from latchstring.payments.nacha.errors import CannotRead
from latchstring.payments.nacha.groups import Entry, Sums
from latchstring.payments.nacha.lines import lines
from latchstring.payments.nacha.records import Record, Setting, record, setting_of


@dataclass(slots=True)
class ReadBatch:
    """A batch: its header, its entries in order, its control (None when it is missing)."""

    header: Record
    entries: list[Entry] = field(default_factory=list)
    control: Record | None = None


@dataclass(slots=True)
class ReadFile:
    """A file as it stands; nothing is corrected and nothing is judged (see check)."""

    header: Record | None = None
    batches: list[ReadBatch] = field(default_factory=list)
    control: Record | None = None

    @property
    def duplicate_guard(self) -> str:
        """Origin, date, time and modifier: what an operator knows a repeated file by."""
        return self.header.text[13:34] if self.header else ""

    @property
    def sums(self) -> Sums:
        """What the entries add up to. Amounts in cents."""
        total = Sums()
        for batch in self.batches:
            for entry in batch.entries:
                total.take(entry)
        return total


def read_file(source: BinaryIO | bytes) -> ReadFile:
    """Read a file into memory. What has no place in a file is left out: check names it."""
    file, setting = ReadFile(), Setting()
    for number, text in lines(source):
        if file.control:
            break
        if text.startswith("5"):
            setting = setting_of(text)
        current = record(number, text, setting)
        if current:
            _place(file, current)
    if not file.header and not file.batches:
        raise CannotRead
    return file


def _place(file: ReadFile, current: Record) -> None:
    batch = file.batches[-1] if file.batches else None
    if current.kind == "1":
        file.header = file.header or current
    elif current.kind == "5":
        file.batches.append(ReadBatch(current))
    elif current.kind == "6" and batch:
        batch.entries.append(Entry(current))
    elif current.kind == "7" and batch and batch.entries:
        batch.entries[-1].addenda.append(current)
    elif current.kind == "8" and batch:
        batch.control = current
    elif current.kind == "9":
        file.control = current


def as_values(file: ReadFile) -> dict[str, object]:
    """The file as plain values: every field as text, and money besides in whole cents."""
    sums = file.sums
    entries = [each for batch in file.batches for each in batch.entries]
    return {
        "header": file.header.values() if file.header else None,
        "batches": [_batch(each) for each in file.batches],
        "returns": [_answer(each) for each in entries if each.category == "return"],
        "changes": [_answer(each) for each in entries if each.category == "change"],
        "totals": {
            "batches": len(file.batches),
            "entries": len(entries),
            "addenda": sums.records - len(entries),
            "entry_hash": f"{sums.hash % 10**10:010}",
            "debit_cents": sums.debit,
            "credit_cents": sums.credit,
        },
        "control": file.control.values() if file.control else None,
    }


def _batch(batch: ReadBatch) -> dict[str, object]:
    known = codes.CLASSES.get(batch.header["standard_entry_class"])
    return {
        "record": batch.header.number,
        "class": known.title if known else "",
        "header": batch.header.values(),
        "entries": [_entry(each) for each in batch.entries],
        "control": batch.control.values() if batch.control else None,
    }


def _entry(entry: Entry) -> dict[str, object]:
    transaction = entry.transaction
    return {
        "record": entry.record.number,
        "category": entry.category,
        "account": transaction.account if transaction else "",
        "direction": transaction.direction if transaction else "",
        "kind": transaction.kind if transaction else "",
        "amount_cents": entry.amount_cents,
        **entry.record.values(),
        "addenda": [{"record": each.number, **each.values()} for each in entry.addenda],
    }


def _answer(entry: Entry) -> dict[str, object]:
    """A return or a change with the code's meaning and what a benefit agency does about it."""
    last = entry.answer
    code = last.text[3:6]
    reason = codes.REASONS.get(code)
    return {
        "record": entry.record.number,
        "code": code,
        "meaning": reason.title if reason else "",
        "action": reason.action if reason else "",
        "amount_cents": entry.amount_cents,
        **{
            name: value
            for name, value in last.values().items()
            if name not in ("record_type", "addenda_type_code", "reserved", "reserved2")
        },
    }
