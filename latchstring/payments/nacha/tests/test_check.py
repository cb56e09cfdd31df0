"""Each kind of fault, put into a valid file, is refused and named with its record and field.

The file (tests/examples.py): 1 header; 2 PPD batch with 3 and 4 (a prenote), control 5; 6 CCD batch
with 7 and addenda 8, control 9; 10 CTX batch with 11 and addenda 12, 13, control 14; file control
15; 16 to 20 nines.
"""

import pytest

from latchstring.payments.nacha.answer import ChangeSpec, ReturnSpec, build_changes, build_returns
from latchstring.payments.nacha.check import check
from latchstring.payments.nacha.read import read_file
from latchstring.payments.nacha.tests.examples import FILE, FROM_BANK, put
from latchstring.payments.nacha.write import build_file, traces

OURS = build_file(FILE)
TRACES = [trace for batch in traces(FILE) for trace in batch]
RETURNS = build_returns(
    read_file(OURS),
    [ReturnSpec(TRACES[0], "R15", "261101"), ReturnSpec(TRACES[2], "R03")],
    FROM_BANK,
)
CHANGES = build_changes(
    read_file(OURS),
    [
        ChangeSpec(TRACES[0], "C02", {"routing": "121042882"}),
        ChangeSpec(TRACES[2], "C01", {"account": "778899"}),
    ],
    FROM_BANK,
)
NAME = "individual_or_receiving_company_name"

# record, position, what is put there, the field that must be named
OUR_FAULTS = [
    # the file header
    (1, 1, "2", "record_type"),
    (1, 2, "02", "priority_code"),
    (1, 4, " 121042883", "immediate_destination"),
    (1, 14, "          ", "immediate_origin"),
    (1, 24, "261345", "file_creation_date"),
    (1, 24, "260230", "file_creation_date"),
    (1, 30, "2460", "file_creation_time"),
    (1, 34, "a", "file_id_modifier"),
    (1, 35, "095", "record_size"),
    (1, 38, "11", "blocking_factor"),
    (1, 40, "2", "format_code"),
    # a batch header
    (2, 2, "225", "service_class_code"),
    (2, 2, "280", "service_class_code"),
    (2, 2, "221", "service_class_code"),
    (2, 5, " " * 16, "company_name"),
    (2, 5, "0" * 16, "company_name"),
    (2, 41, " " * 10, "company_identification"),
    (2, 41, "1999999999", "company_identification"),
    (2, 51, "PPX", "standard_entry_class"),
    (2, 54, "0" * 10, "company_entry_description"),
    (2, 64, "SD2561", "company_descriptive_date"),
    (2, 70, "261324", "effective_entry_date"),
    (2, 79, "9", "originator_status_code"),
    (2, 80, "23138010", "originating_dfi_identification"),
    (2, 88, "0000009", "batch_number"),
    (6, 88, "0000001", "batch_number"),
    # an entry
    (3, 2, "27", "transaction_code"),
    (3, 2, "21", "transaction_code"),
    (3, 2, "24", "transaction_code"),
    (3, 2, "99", "transaction_code"),
    (3, 4, "33138010", "check_digit"),
    (3, 12, "5", "check_digit"),
    (3, 13, " " * 17, "dfi_account_number"),
    (3, 30, "0000000000", "amount"),
    (3, 30, "00001250 0", "amount"),
    (4, 30, "0000000001", "amount"),
    (3, 55, " " * 22, NAME),
    (3, 55, "ROSA\tMARTINEZ", NAME),
    (3, 60, "é", NAME),
    (3, 79, "1", "addenda_record_indicator"),
    (3, 79, "2", "addenda_record_indicator"),
    (3, 80, "23138010", "trace_number"),
    (4, 80, "121042880000001", "trace_number"),
    (7, 55, " " * 22, NAME),
    (7, 79, "0", "addenda_record_indicator"),
    (11, 55, "0003", "number_of_addenda_records"),
    (11, 59, " " * 16, "receiving_company_name_or_id"),
    # addenda
    (8, 2, "99", "return_reason_code"),
    (8, 2, "02", "addenda_type_code"),
    (12, 84, "0002", "addenda_sequence_number"),
    (13, 88, "0000009", "entry_detail_sequence_number"),
    # a batch control
    (5, 2, "200", "service_class_code"),
    (5, 5, "000003", "entry_addenda_count"),
    (5, 11, "0000000001", "entry_hash"),
    (5, 21, "000000000001", "total_debit"),
    (5, 33, "000000000001", "total_credit"),
    (5, 45, "1999999999", "company_identification"),
    (5, 80, "23138010", "originating_dfi_identification"),
    (5, 88, "0000002", "batch_number"),
    # the file control and what follows it
    (15, 2, "000002", "batch_count"),
    (15, 8, "000003", "block_count"),
    (15, 14, "00000008", "entry_addenda_count"),
    (15, 22, "0000000000", "entry_hash"),
    (15, 32, "000000000001", "total_debit"),
    (15, 44, "000000000001", "total_credit"),
    (16, 5, "8", "record_type"),
    # order
    (3, 1, "7", "record_type"),
    (5, 1, "9", "record_type"),
    (9, 1, "5", "record_type"),
    (9, 1, "4", "record_type"),
]
# In the files from the bank: 1 header; 2 batch with 3 and addenda 4, 5; 6 batch with 7, 8, 9.
# The file, the record spoiled, from where, with what; the record and the field to be named.
ANSWER_FAULTS = [
    (RETURNS, 4, 4, "R99", 4, "return_reason_code"),
    (RETURNS, 4, 7, "12104288000000X", 4, "original_entry_trace_number"),
    (RETURNS, 4, 22, "261301", 4, "date_of_death"),
    (RETURNS, 8, 22, "261101", 8, "date_of_death"),
    (RETURNS, 4, 28, "        ", 4, "original_receiving_dfi"),
    (RETURNS, 4, 80, "               ", 4, "trace_number"),
    (RETURNS, 4, 2, "05", 3, "transaction_code"),
    (CHANGES, 4, 4, "C99", 4, "change_code"),
    (CHANGES, 4, 36, "121042883", 4, "corrected_data"),
    (CHANGES, 8, 36, " " * 29, 8, "corrected_data"),
    (CHANGES, 8, 4, "C05", 8, "corrected_data"),
    (CHANGES, 3, 2, "22", 3, "transaction_code"),
    (CHANGES, 3, 30, "0000000001", 3, "amount"),
    (CHANGES, 2, 51, "PPD", 4, "addenda_type_code"),
]


def test_files_without_a_fault_are_valid() -> None:
    assert [check(content) for content in (OURS, RETURNS, CHANGES)] == [[], [], []]


@pytest.mark.parametrize(("record", "position", "text", "field"), OUR_FAULTS)
def test_a_fault_in_our_file_is_named(record: int, position: int, text: str, field: str) -> None:
    assert field in _fields(put(OURS, record, position, text), _where(record, field))


@pytest.mark.parametrize(("content", "record", "position", "text", "where", "field"), ANSWER_FAULTS)
def test_a_fault_in_an_answer_is_named(
    content: bytes, record: int, position: int, text: str, where: int, field: str
) -> None:
    assert field in _fields(put(content, record, position, text), where)


# What shows at another record than the one spoiled: the control disagrees with its header, an
# entry with the batch, and an entry is closed by what follows it.
ELSEWHERE = {
    (2, "company_identification"): (2, 5),
    (2, "originating_dfi_identification"): (5,),
    (2, "batch_number"): (5,),
    (6, "batch_number"): (6,),
    (2, "service_class_code"): (2, 5),
    (9, "record_type"): (9, 10),
    (5, "record_type"): (5, 6),
    (1, "record_type"): (1, 2),
}


def _where(record: int, field: str) -> tuple[int, ...]:
    return ELSEWHERE.get((record, field), (record,))


def _fields(content: bytes, records: int | tuple[int, ...]) -> set[str]:
    wanted = (records,) if isinstance(records, int) else records
    return {fault.field for fault in check(content) if fault.record in wanted}


def _rows() -> list[str]:
    return OURS.decode().splitlines()


SHAPES = {
    "as written": OURS,
    "CRLF": OURS.replace(b"\n", b"\r\n"),
    "no line end at the end": OURS.rstrip(b"\n"),
    "no padding": "\n".join(_rows()[:15]).encode(),
    "one long line": OURS.replace(b"\n", b""),
    "one long line with an end": OURS.replace(b"\n", b"") + b"\n",
    "blank lines at the end": OURS + b"\n\n",
    "blanks taken off the file control": "\n".join([*_rows()[:14], _rows()[14].rstrip()]).encode(),
    "mixed service class": put(put(OURS, 2, 2, "200"), 5, 2, "200"),
    "no effective date": put(OURS, 2, 70, "      "),
    "same day": put(OURS, 2, 64, "SD1445"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_file_in_another_shape_is_valid(shape: str) -> None:
    assert check(SHAPES[shape]) == []


def _without(record: int) -> bytes:
    return "\n".join(row for n, row in enumerate(_rows(), 1) if n != record).encode()


def _joined(record: int, text: str) -> bytes:
    return "\n".join(text if n == record else row for n, row in enumerate(_rows(), 1)).encode()


# what was done, the file, the record and field that must be named
WHOLE = [
    ("empty", b"", 1, "record_type"),
    ("not a bank file", b"hello\nworld\n", 1, "record_type"),
    ("header gone", _without(1), 1, "record_type"),
    ("batch header gone", _without(6), 6, "record_type"),
    ("batch control gone", _without(5), 5, "record_type"),
    ("file control gone", "\n".join(_rows()[:14]).encode(), 14, "record_type"),
    ("entry gone", _without(3), 4, "entry_addenda_count"),
    ("addenda gone", _without(8), 7, "addenda_record_indicator"),
    ("CTX addenda gone", _without(13), 11, "number_of_addenda_records"),
    ("one too short", _joined(3, _rows()[2][:-1]), 3, "record_size"),
    ("one too long", _joined(3, _rows()[2] + " "), 3, "record_size"),
    ("header one too short", _joined(1, _rows()[0][:-1]), 1, "record_size"),
    ("control one too short", _joined(15, _rows()[14][:-1]), 15, "record_size"),
    ("two addenda for CCD", _joined(8, _rows()[7] + "\n" + _rows()[7]), 9, "record_type"),
    ("one record of nines too few", _without(20), 19, "blocking_factor"),
    ("one record of nines too many", OURS + b"9" * 94, 21, "blocking_factor"),
    ("no batch", "\n".join([_rows()[0], _rows()[14]]).encode(), 2, "record_type"),
]


@pytest.mark.parametrize(("what", "content", "record", "field"), WHOLE)
def test_a_missing_or_misplaced_record_is_named(
    what: str, content: bytes, record: int, field: str
) -> None:
    assert field in _fields(content, record)


def test_payments_and_returns_do_not_share_a_batch() -> None:
    rows = _rows()
    back = "799R03" + TRACES[1] + " " * 6 + "23138010" + " " * 44 + TRACES[1]
    rows[3] = rows[3][:78] + "1" + rows[3][79:]
    mixed = "\n".join([*rows[:4], back, *rows[4:]]).encode()
    assert "record_type" in _fields(mixed, 4)


def test_a_fault_reads_as_the_contract_says() -> None:
    fault = check(put(OURS, 3, 12, "5"))[0]
    assert str(fault) == "record 3, field check_digit: is 5, but 23138010 needs 4"


def test_two_spoiled_fields_are_both_named() -> None:
    twice = put(put(OURS, 3, 12, "5"), 5, 88, "0000009")
    assert [(fault.record, fault.field) for fault in check(twice)] == [
        (3, "check_digit"),
        (5, "batch_number"),
    ]
