"""Every fault of a bank file, record by record. Memory holds one entry, never the file.

A record is looked at three times: its shape (length, characters, type, order), its fields (the
forms named in layouts.json), and its meaning: entries by entry_rules, controls by their sums.
"""

from collections.abc import Iterable
from typing import BinaryIO

from latchstring.payments.nacha.entry_rules import RULES
from latchstring.payments.nacha.faults import Fault
from latchstring.payments.nacha.forms import ILLEGAL, form, is_digits
from latchstring.payments.nacha.groups import Batch, Entry, Sums
from latchstring.payments.nacha.layout import BLOCKING_FACTOR, FILLER, RECORD_LENGTH
from latchstring.payments.nacha.lines import lines
from latchstring.payments.nacha.records import Record, Setting, record, setting_of

MOST_FAULTS = 10_000

# What may stand after what; "" is the start of the file.
FOLLOWS = {"": "1", "1": "5", "5": "6", "6": "678", "7": "678", "8": "59", "9": ""}
WORDS = {
    "1": "file header",
    "5": "batch header",
    "6": "entry",
    "7": "addenda",
    "8": "batch control",
    "9": "file control",
    "": "the start of the file",
}
# The file header and the file control end in optional fields; some transports take their blanks
# off. Up to these positions both must be there.
SHORTEST = {"1": 40, "9": 55}
# What the control of a batch repeats from its header (the company too, where a header names it).
REPEATED = ("service_class_code", "originating_dfi_identification", "batch_number")


def check(source: BinaryIO | bytes) -> list[Fault]:
    """Every fault of a file in order of its records; an empty list means that it is valid."""
    checker = Checker()
    for number, text in lines(source):
        checker.take(number, text)
        if len(checker.faults) >= MOST_FAULTS:
            return sorted(checker.faults)
    checker.end()
    return sorted(checker.faults)


class Checker:
    """Takes a file record by record and gathers its faults."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.last_kind = ""
        self.last_number = 0
        self.control_number = 0
        self.setting = Setting()
        self.batch: Batch | None = None
        self.entry: Entry | None = None
        self.sums = Sums()
        self.batches = 0
        self.last_batch_number = 0

    def report(self, number: int, field: str, what: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(number, field, what))

    def take(self, number: int, text: str) -> None:
        """Look at one record."""
        self.last_number = number
        if self.last_kind == "9":
            if text != FILLER:
                self.report(number, "record_type", "only records of nines follow the file control")
            return
        right_length = len(text) == RECORD_LENGTH or _is_stripped(text)
        if not right_length:
            self.report(number, "record_size", f"has {len(text)} characters, not {RECORD_LENGTH}")
        if text.startswith("5"):
            self.setting = setting_of(text)
        current = record(number, text, self.setting)
        if current is None:
            self.report(number, "record_type", f"{text[:1]!r} is not one of 1, 5, 6, 7, 8, 9")
            return
        self._order(current)
        if right_length:
            self._fields(current)
        self._meaning(current)
        self.last_kind = current.kind

    def end(self) -> None:
        """Look at what is missing at the end."""
        if self.last_kind == "9":
            self._filling()
            return
        self._close_entry()
        after = WORDS[self.last_kind]
        self.report(max(self.last_number, 1), "record_type", f"the file ends after {after}")

    def _filling(self) -> None:
        """Records of nines may be left out; where there are some, they fill the last block."""
        full = -(-self.control_number // BLOCKING_FACTOR) * BLOCKING_FACTOR
        if self.last_number not in (self.control_number, full):
            what = f"ends {self.last_number} records, but the last block is full at {full}"
            self.report(self.last_number, "blocking_factor", what)

    def _order(self, current: Record) -> None:
        if current.kind not in FOLLOWS[self.last_kind]:
            what = f"a {WORDS[current.kind]} may not follow {WORDS[self.last_kind]}"
            self.report(current.number, "record_type", what)

    def _fields(self, current: Record) -> None:
        """Each field's form; an illegal character is named once, in the field where it stands."""
        spoiled = {
            current.field_at(match.start() + 1).name: match[0]
            for match in ILLEGAL.finditer(current.text)
        }
        for name, sign in spoiled.items():
            self.report(current.number, name, f"has an illegal character {sign!r}")
        for field in current.layout.formed:
            value = current.text[field.place]
            test, words = form(field.form)
            if not test(value) and field.name not in spoiled:
                self.report(current.number, field.name, f"{value!r} {words}")

    def _meaning(self, current: Record) -> None:
        if current.kind == "7":
            if self.entry:
                self.entry.addenda.append(current)
            return
        self._close_entry()
        if current.kind == "5":
            self._open_batch(current)
        elif current.kind == "6":
            self.entry = Entry(current)
        elif current.kind == "8":
            self._close_batch(current)
        elif current.kind == "9":
            self._close_file(current)

    def _open_batch(self, header: Record) -> None:
        self.batch = Batch(header, self.setting)
        self.batches += 1
        number = header.number_in("batch_number")
        if is_digits(header["batch_number"]) and number <= self.last_batch_number:
            what = f"{number} does not follow {self.last_batch_number} in ascending order"
            self.report(header.number, "batch_number", what)
        self.last_batch_number = number
        of, service = self.batch.entry_class, header["service_class_code"]
        if of and (of.code == "ADV") != (service == "280"):
            what = f"{service} does not go with {of.code}"
            self.report(header.number, "service_class_code", what)
        described = header["company_entry_description"].strip().upper()
        if of and of.description and described not in (of.description, "REVERSAL"):
            what = f"must be {of.description} for {of.code}"
            self.report(header.number, "company_entry_description", what)

    def _close_entry(self) -> None:
        entry, batch, self.entry = self.entry, self.batch, None
        if not entry or not batch:
            return
        for rule in RULES:
            for at, field, what in rule(entry, batch):
                self.report(at.number, field, what)
        batch.sums.take(entry)
        batch.entries += 1
        batch.category = batch.category or entry.category
        batch.last_trace = max(batch.last_trace, entry.trace)

    def _close_batch(self, control: Record) -> None:
        batch, self.batch = self.batch, None
        if not batch:
            return
        for name in REPEATED:
            self._same(control, name, batch.header)
        company = "company_identification"
        if company in batch.header.layout.places and company in control.layout.places:
            self._same(control, company, batch.header)
        self._agree(control, batch.sums.expected().items())
        self.sums.add(Sums(batch.sums.records, batch.sums.hash % 10**10))
        self.sums.debit += batch.sums.debit
        self.sums.credit += batch.sums.credit

    def _close_file(self, control: Record) -> None:
        self.control_number = control.number
        expected = self.sums.expected()
        expected["batch_count"] = self.batches
        expected["block_count"] = -(-control.number // BLOCKING_FACTOR)
        self._agree(control, expected.items())

    def _same(self, control: Record, name: str, header: Record) -> None:
        here, there = control[name].strip(), header[name].strip()
        if here != there:
            self.report(control.number, name, f"is {here!r}, but the batch header has {there!r}")

    def _agree(self, control: Record, expected: Iterable[tuple[str, int]]) -> None:
        for name, wanted in expected:
            if is_digits(control[name]) and int(control[name]) != wanted:
                what = f"is {int(control[name])}, but the records add up to {wanted}"
                self.report(control.number, name, what)


def _is_stripped(text: str) -> bool:
    """Whether a short record lacks nothing but the blanks at its end."""
    shortest = SHORTEST.get(text[:1], RECORD_LENGTH)
    return shortest <= len(text) < RECORD_LENGTH and not text.endswith(" ")
