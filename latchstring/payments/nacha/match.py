"""What a bank's file says of our entries: returns and changes, each by its original trace."""

from dataclasses import dataclass
from typing import BinaryIO

from latchstring.payments.nacha import codes
from latchstring.payments.nacha.groups import Entry
from latchstring.payments.nacha.layout import CORRECTED_DATA
from latchstring.payments.nacha.read import read_file
from latchstring.payments.nacha.records import Record


@dataclass(frozen=True, slots=True)
class Return:
    """The money of an entry comes back (or a prenote failed: zero cents)."""

    original_trace: str
    code: str
    meaning: str
    action: str
    amount_cents: int
    trace: str
    date_of_death: str  # YYMMDD, or empty
    information: str


@dataclass(frozen=True, slots=True)
class Change:
    """An entry arrived, but the next one must be corrected. `corrected` holds the parts by name:
    account, routing, name, transaction_code, identification."""

    original_trace: str
    code: str
    meaning: str
    action: str
    trace: str
    corrected: dict[str, str]


def match(source: BinaryIO | bytes) -> list[Return | Change]:
    """The returns and changes of a file, in its order. Check the file first."""
    found: list[Return | Change] = []
    for batch in read_file(source).batches:
        for entry in batch.entries:
            if entry.category == "forward":
                continue
            last = entry.answer
            returned = last["addenda_type_code"] == "99"
            found.append(_return(entry, last) if returned else _change(entry, last))
    return found


def _return(entry: Entry, last: Record) -> Return:
    values = last.values()
    code = last.text[3:6]
    reason = codes.REASONS.get(code, codes.Reason(code, "return", "", ""))
    return Return(
        original_trace=last["original_entry_trace_number"],
        code=code,
        meaning=reason.title,
        action=reason.action,
        amount_cents=entry.amount_cents,
        trace=entry.trace,
        date_of_death=values.get("date_of_death", "").strip("0") and values["date_of_death"],
        information=values.get("addenda_information", ""),
    )


def _change(entry: Entry, last: Record) -> Change:
    code = last.text[3:6]
    reason = codes.REASONS.get(code, codes.Reason(code, "noc", "", ""))
    data = last["corrected_data"]
    parts = CORRECTED_DATA.get(code, [])
    corrected = {part.name: data[part.place].strip() for part in parts if part.name != "blank"}
    trace = last["original_entry_trace_number"]
    return Change(trace, code, reason.title, reason.action, entry.trace, corrected)
