"""What a bank sends back: returns (addenda 99) and notifications of change (addenda 98).

Used by the stand-in bank. Each answer is by the receiving bank of the original entry, in a batch of
its own, so that header and traces carry that bank's number.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from latchstring.payments.nacha import codes
from latchstring.payments.nacha.control import BatchText, Envelope, file_bytes
from latchstring.payments.nacha.errors import CannotWrite
from latchstring.payments.nacha.forms import complaint
from latchstring.payments.nacha.groups import Entry, Sums
from latchstring.payments.nacha.layout import CORRECTED_DATA, LAYOUTS
from latchstring.payments.nacha.read import ReadBatch, ReadFile
from latchstring.payments.nacha.routing import check_digit
from latchstring.payments.nacha.write import plain

CORRECTED_WIDTH = 29


@dataclass(frozen=True)
class ReturnSpec:
    """An entry of ours that comes back. `date_of_death` (YYMMDD) goes with R14 and R15 alone."""

    original_trace: str
    code: str
    date_of_death: str = ""
    information: str = ""


@dataclass(frozen=True)
class ChangeSpec:
    """An entry of ours to be corrected: the parts by name, as the code asks for (see match)."""

    original_trace: str
    code: str
    corrected: Mapping[str, str]


def build_returns(
    original: ReadFile, answers: Iterable[ReturnSpec], envelope: Envelope, first_sequence: int = 1
) -> bytes:
    """A file of returns of entries of `original`, in the order of that file."""
    wanted = {each.original_trace: each for each in answers}
    _known([each.code for each in wanted.values()], codes.RETURN_REASONS)
    dead = [each for each in wanted.values() if each.date_of_death and each.code not in codes.DEATH]
    if dead:
        raise CannotWrite("A date of death goes with R14 and R15 alone.")

    def addenda(entry: Entry, trace: str) -> str:
        answer = wanted[entry.trace]
        return LAYOUTS["addenda_99_return"].render(
            record_type="7",
            addenda_type_code="99",
            return_reason_code=answer.code,
            original_entry_trace_number=entry.trace,
            date_of_death=answer.date_of_death,
            original_receiving_dfi=entry.record["receiving_dfi_identification"],
            addenda_information=plain("information", answer.information, 44),
            trace_number=trace,
        )

    return _build(original, wanted.keys(), envelope, first_sequence, "", addenda)


def build_changes(
    original: ReadFile, answers: Iterable[ChangeSpec], envelope: Envelope, first_sequence: int = 1
) -> bytes:
    """A file of notifications of change of entries of `original`, in the order of that file."""
    wanted = {each.original_trace: each for each in answers}
    _known([each.code for each in wanted.values()], codes.CHANGES)

    def addenda(entry: Entry, trace: str) -> str:
        answer = wanted[entry.trace]
        return LAYOUTS["addenda_98_noc"].render(
            record_type="7",
            addenda_type_code="98",
            change_code=answer.code,
            original_entry_trace_number=entry.trace,
            original_receiving_dfi=entry.record["receiving_dfi_identification"],
            corrected_data=_corrected(answer),
            trace_number=trace,
        )

    return _build(original, wanted.keys(), envelope, first_sequence, "COR", addenda)


def _known(given: Iterable[str], known: set[str]) -> None:
    strange = sorted(set(given) - known)
    if strange:
        raise CannotWrite(f"No such code: {', '.join(strange)}.")


def _corrected(answer: ChangeSpec) -> str:
    """The 29 characters of corrected data: each part in its place."""
    data = [" "] * CORRECTED_WIDTH
    for part in CORRECTED_DATA.get(answer.code, []):
        value = answer.corrected.get(part.name, "").ljust(part.width)
        if len(value) > part.width or complaint(part.form, value):
            raise CannotWrite(f"{answer.code} needs the right {part.name}.")
        data[part.place] = value
    return "".join(data)


def _build(
    original: ReadFile,
    wanted: Collection[str],
    envelope: Envelope,
    first_sequence: int,
    entry_class: str,
    addenda: Callable[[Entry, str], str],
) -> bytes:
    """The answers in batches: one per batch of the original and receiving bank."""
    batches: dict[tuple[int, str], BatchText] = {}
    found: set[str] = set()
    for batch in original.batches:
        for entry in batch.entries:
            if entry.trace not in wanted:
                continue
            bank = entry.record["receiving_dfi_identification"]
            key = (batch.header.number, bank)
            if key not in batches:
                batches[key] = BatchText(_header(batch, bank, entry_class))
            trace = f"{bank}{first_sequence + len(found):07}"
            found.add(entry.trace)
            _answer(batches[key], batch, entry, trace, addenda(entry, trace), entry_class)
    unknown = sorted(set(wanted) - found)
    if unknown:
        raise CannotWrite(f"The file has no entry with the trace {', '.join(unknown)}.")
    if not found:
        raise CannotWrite("There is nothing to answer.")
    return file_bytes(envelope, batches.values())


def _header(batch: ReadBatch, bank: str, entry_class: str) -> dict[str, str | int]:
    """The original's header with the answering bank in it."""
    kept = batch.header.values()
    for name in ("record_type", "originator_status_code", "batch_number"):
        kept.pop(name)
    kept["originating_dfi_identification"] = bank
    kept["settlement_date_julian"] = ""
    kept["standard_entry_class"] = entry_class or kept["standard_entry_class"]
    return dict(kept)


def _answer(
    written: BatchText,
    batch: ReadBatch,
    entry: Entry,
    trace: str,
    addenda: str,
    entry_class: str,
) -> None:
    """Add the entry, turned around towards our bank, and its addenda."""
    home = batch.header["originating_dfi_identification"]
    was = entry.transaction
    if was is None:
        raise CannotWrite(f"The entry {entry.trace} has no transaction code to answer with.")
    values: dict[str, str | int] = dict(entry.record.values())
    values["transaction_code"] = codes.transaction_for(was.account, was.direction, "return")
    values["receiving_dfi_identification"] = home
    values["check_digit"] = check_digit(home)
    values["addenda_record_indicator"] = "1"
    values["trace_number"] = trace
    cents = 0 if entry_class == "COR" else entry.amount_cents
    values[entry.amount_field] = cents
    if "number_of_addenda_records" in values:
        values["number_of_addenda_records"] = 1
    written.records += [entry.record.layout.render(**values), addenda]
    debit, credit = (cents, 0) if was.direction == "debit" else (0, cents)
    written.sums.add(Sums(2, int(home), debit, credit))
