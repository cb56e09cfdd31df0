"""What must hold for an entry in its batch: one rule per function, all in RULES."""

from collections.abc import Callable, Iterator

from latchstring.payments.nacha.codes import DEATH
from latchstring.payments.nacha.forms import complaint, is_digits, is_filled
from latchstring.payments.nacha.groups import Batch, Entry
from latchstring.payments.nacha.layout import CORRECTED_DATA
from latchstring.payments.nacha.records import Record
from latchstring.payments.nacha.routing import check_digit

Finding = tuple[Record, str, str]  # the record, the field's name, what is wrong
Rule = Callable[[Entry, Batch], Iterator[Finding]]

_SERVICE_DIRECTION = {"220": "credit", "225": "debit"}
_IAT_ORDER = ["10", "11", "12", "13", "14", "15", "16"]
_IAT_MOST = {"17": 2, "18": 5}


def routing_has_its_check_digit(entry: Entry, batch: Batch) -> Iterator[Finding]:
    """The ninth digit of the receiving bank's routing number follows from the other eight."""
    bank = entry.record["receiving_dfi_identification"]
    given = entry.record["check_digit"]
    if not (is_digits(bank) and is_digits(given)):
        return
    if bank == "00000000":
        yield entry.record, "receiving_dfi_identification", "must not be zeros"
    elif given != check_digit(bank):
        yield entry.record, "check_digit", f"is {given}, but {bank} needs {check_digit(bank)}"


def direction_fits_service_class(entry: Entry, batch: Batch) -> Iterator[Finding]:
    """220 holds credits alone, 225 debits alone."""
    service = batch.header["service_class_code"]
    wanted = _SERVICE_DIRECTION.get(service)
    code = entry.transaction
    if code and wanted and code.direction != wanted:
        yield entry.record, "transaction_code", f"{code.code} is a {code.direction} in a {service}"


def code_fits_class(entry: Entry, batch: Batch) -> Iterator[Finding]:
    """The entry class allows this direction and this kind of transaction."""
    code, of = entry.transaction, batch.entry_class
    if not code or not of:
        return
    if (code.kind == "advice") != (of.code == "ADV"):
        yield entry.record, "transaction_code", f"{code.code} has no place in {of.code}"
    elif entry.category == "change" and code.kind != "return":
        yield entry.record, "transaction_code", f"{code.code} is no code for a change"
    elif entry.category != "forward":
        return
    elif code.kind == "return" and of.code != "COR":
        yield entry.record, "transaction_code", f"{code.code} is for returns and changes alone"
    elif code.kind == "zero" and not of.zero_dollar:
        yield entry.record, "transaction_code", f"{code.code} (no money) has no place in {of.code}"
    elif of.zero_dollar == "only" and code.kind != "zero":
        yield entry.record, "transaction_code", f"{of.code} carries no money: use 24 or 34"
    elif of.code in ("DNE", "ENR") and code.kind != "prenote":
        yield entry.record, "transaction_code", f"{of.code} carries no money: use 23 or 33"
    elif of.directions not in ("both", code.direction) and not batch.reversal:
        yield entry.record, "transaction_code", f"{of.code} holds {of.directions}s alone"


def amount_fits_code(entry: Entry, batch: Batch) -> Iterator[Finding]:
    """A live entry moves money; a prenote, a zero-dollar entry and a change move none."""
    code, cents = entry.transaction, entry.amount_cents
    if not code or entry.category == "return" or not is_digits(entry.record[entry.amount_field]):
        return
    if entry.category == "change" and batch.setting.international:
        return  # a change of an IAT entry repeats the amount
    if entry.category == "change" or code.kind in ("prenote", "zero"):
        if cents:
            what = "a change" if entry.category == "change" else f"code {code.code}"
            yield entry.record, entry.amount_field, f"must be zero for {what}"
    elif code.kind == "live" and not cents:
        yield entry.record, entry.amount_field, f"is zero, but code {code.code} moves money"


def name_is_there(entry: Entry, batch: Batch) -> Iterator[Finding]:
    """The receiver's name, where the class requires it."""
    of, name = batch.entry_class, entry.name_field
    if of and of.name_required and name and not is_filled(entry.record[name]):
        yield entry.record, name, f"is blank, but {of.code} requires it"


def check_is_known_and_small(entry: Entry, batch: Batch) -> Iterator[Finding]:
    """An entry made from a check carries its serial number, and has the limit of its class."""
    of = batch.entry_class
    if not of or entry.category != "forward":
        return
    serial = "individual_identification_number"
    if of.serial_required and not is_filled(entry.record[serial]):
        yield entry.record, serial, f"is blank, but {of.code} requires the check's serial number"
    if of.most_cents and entry.amount_cents > of.most_cents:
        what = f"is more than {of.code} allows (${of.most_cents // 100:,})"
        yield entry.record, entry.amount_field, what


def flag_tells_of_addenda(entry: Entry, batch: Batch) -> Iterator[Finding]:
    """The addenda indicator is 1 exactly when addenda follow."""
    flag, count = entry.record["addenda_record_indicator"], len(entry.addenda)
    if flag == "0" and count:
        yield entry.record, "addenda_record_indicator", f"is 0, but {count} addenda follow"
    elif flag == "1" and not count:
        yield entry.record, "addenda_record_indicator", "is 1, but no addenda follow"


def addenda_fit_class(entry: Entry, batch: Batch) -> Iterator[Finding]:
    """As many addenda as the class allows, of its type; answers carry their 98 or 99 besides."""
    of = batch.entry_class
    if not of or entry.record["addenda_record_indicator"] not in ("0", "1"):
        return
    if of.code == "IAT" or batch.setting.international:
        yield from _international_addenda(entry)
        return
    allowed = {"forward": {of.addenda}, "return": {"99", of.addenda}, "change": {"98", of.addenda}}
    strange = [
        each for each in entry.addenda if each["addenda_type_code"] not in allowed[entry.category]
    ]
    for each in strange:
        what = f"{each['addenda_type_code']!r} has no place in {of.code}"
        yield each, "addenda_type_code", what
    count = len(entry.addenda)
    if entry.category != "forward" or strange:
        return
    zero = entry.transaction and entry.transaction.kind == "zero" and of.zero_dollar == "yes"
    least = max(of.least, 1 if zero else 0)
    if count > of.most:
        where = entry.addenda[of.most] if entry.addenda else entry.record
        yield where, "record_type", f"{of.code} allows at most {of.most} addenda, here are {count}"
    elif count < least and entry.record["addenda_record_indicator"] == "0":
        what = f"is 0, but this {of.code} entry needs at least {least} addenda"
        yield entry.record, "addenda_record_indicator", what


def _international_addenda(entry: Entry) -> Iterator[Finding]:
    """10 to 16 once each and in order, then at most two 17 and five 18, then an answer's own."""
    kinds = [each["addenda_type_code"] for each in entry.addenda]
    for place, wanted in enumerate(_IAT_ORDER):
        if place >= len(kinds):
            yield entry.record, "number_of_addenda_records", f"the addenda {wanted} is missing"
            return
        if kinds[place] != wanted:
            what = f"is {kinds[place]!r} where {wanted} belongs"
            yield entry.addenda[place], "addenda_type_code", what
            return
    for place in range(len(_IAT_ORDER), len(kinds)):
        kind = kinds[place]
        ordered = kind >= kinds[place - 1]
        most = 1 if kind in ("98", "99") else _IAT_MOST.get(kind, 0)
        if not ordered or kinds[: place + 1].count(kind) > most:
            yield entry.addenda[place], "addenda_type_code", f"{kind!r} has no place here"


def addenda_are_counted(entry: Entry, batch: Batch) -> Iterator[Finding]:
    """CTX, ATX, TRX and IAT say how many addenda follow; a return repeats what it returns.

    Some originators of IAT count the seven that must be there and not the remittance after them.
    """
    name = "number_of_addenda_records"
    if name not in entry.record.layout.places or entry.category != "forward":
        return
    said, count = entry.record[name], len(entry.addenda)
    accepted = {count, len(_IAT_ORDER)} if batch.setting.international else {count}
    if is_digits(said) and int(said) not in accepted:
        yield entry.record, name, f"is {said}, but {count} addenda follow"


def addenda_are_numbered(entry: Entry, batch: Batch) -> Iterator[Finding]:
    """Remittance addenda count from 1; every addenda names the entry it belongs to."""
    last = 0
    for each in entry.addenda:
        places, kind = each.layout.places, each["addenda_type_code"]
        if kind == "05" and is_digits(each["addenda_sequence_number"]):
            wanted = last + 1
            last = given = int(each["addenda_sequence_number"])
            if given != wanted:
                yield each, "addenda_sequence_number", f"is {given} where {wanted} belongs"
        if "entry_detail_sequence_number" in places:
            given_entry = each["entry_detail_sequence_number"]
            if is_digits(given_entry) and given_entry != entry.trace[-7:]:
                what = f"is {given_entry}, but the entry's trace ends in {entry.trace[-7:]}"
                yield each, "entry_detail_sequence_number", what


def trace_starts_with_bank(entry: Entry, batch: Batch) -> Iterator[Finding]:
    """The trace starts with the bank of the batch header (for a return: the bank returning it)."""
    bank, trace = batch.header["originating_dfi_identification"], entry.trace
    if is_digits(trace) and is_digits(bank) and not trace.startswith(bank):
        yield entry.record, "trace_number", f"starts with {trace[:8]}, but the batch's is {bank}"


def traces_ascend(entry: Entry, batch: Batch) -> Iterator[Finding]:
    """Within a batch every trace is greater than the one before."""
    if is_digits(entry.trace) and entry.trace <= batch.last_trace:
        yield entry.record, "trace_number", f"does not follow {batch.last_trace} in ascending order"


def batch_holds_one_category(entry: Entry, batch: Batch) -> Iterator[Finding]:
    """Payments, returns and changes do not share a batch; changes have a class of their own."""
    if batch.category and entry.category != batch.category:
        what = f"a {entry.category} entry in a batch of {batch.category} entries"
        yield entry.record, "record_type", what
    if entry.category == "change" and batch.setting.entry_class != "COR":
        yield entry.addenda[0], "addenda_type_code", "a change belongs in a COR batch"
    if entry.category != "change" and batch.setting.entry_class == "COR" and batch.entry_class:
        what = "a COR entry carries one addenda 98"
        yield entry.record, "addenda_record_indicator", what


def answers_make_sense(entry: Entry, batch: Batch) -> Iterator[Finding]:
    """A date of death has its reason; corrected data has what its change code promises."""
    for each in entry.addenda:
        if "date_of_death" in each.layout.places:
            died, reason = each["date_of_death"], each["return_reason_code"]
            if is_filled(died) and reason not in DEATH:
                yield each, "date_of_death", f"is given, but {reason} is not R14 or R15"
        if each.layout.name == "addenda_98_noc":
            for part in CORRECTED_DATA.get(each["change_code"], []):
                value = each["corrected_data"][part.place]
                what = complaint(part.form, value)
                if what:
                    yield each, "corrected_data", f"{each['change_code']} {part.name}: {what}"


RULES: tuple[Rule, ...] = (
    routing_has_its_check_digit,
    direction_fits_service_class,
    code_fits_class,
    amount_fits_code,
    name_is_there,
    check_is_known_and_small,
    flag_tells_of_addenda,
    addenda_fit_class,
    addenda_are_counted,
    addenda_are_numbered,
    trace_starts_with_bank,
    traces_ascend,
    batch_holds_one_category,
    answers_make_sense,
)
