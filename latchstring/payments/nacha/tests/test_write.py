"""Whatever the writer accepts, the checker finds valid; the rest it refuses in words."""

import dataclasses
from datetime import date, datetime

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from latchstring.payments.nacha.check import check
from latchstring.payments.nacha.errors import CannotWrite
from latchstring.payments.nacha.match import match
from latchstring.payments.nacha.read import as_values, read_file
from latchstring.payments.nacha.routing import check_digit
from latchstring.payments.nacha.tests.examples import FILE, LANDLORD, RENT, batch, put
from latchstring.payments.nacha.write import (
    BatchSpec,
    EntrySpec,
    FileSpec,
    build_file,
    name_of,
    traces,
)

EIGHT = st.integers(1_000_000, 99_999_999).map(lambda n: f"{n:08}")
ROUTING = EIGHT.map(lambda eight: eight + check_digit(eight))
SIGNS = st.characters(min_codepoint=32, max_codepoint=126) | st.sampled_from("áéíóúñÑüÇ’")


def _text(most: int) -> st.SearchStrategy[str]:
    return st.text(SIGNS, max_size=most)


def _filled(most: int) -> st.SearchStrategy[str]:
    return st.text(SIGNS, min_size=1, max_size=most).filter(lambda text: text.strip(" 0"))


@st.composite
def entries(draw: st.DrawFn, entry_class: str) -> EntrySpec:
    prenote = draw(st.booleans())
    return EntrySpec(
        routing=draw(ROUTING),
        account=draw(_filled(17)),
        amount_cents=0 if prenote else draw(st.integers(1, 10**10 - 1)),
        name=draw(_filled(16 if entry_class == "CTX" else 22)),
        identification=draw(_text(15)),
        account_kind=draw(st.sampled_from(["checking", "savings"])),
        addenda=tuple(draw(st.lists(_text(80), max_size=5 if entry_class == "CTX" else 1))),
        prenote=prenote,
    )


@st.composite
def batches(draw: st.DrawFn) -> BatchSpec:
    entry_class = draw(st.sampled_from(["PPD", "CCD", "CTX"]))
    return BatchSpec(
        entry_class=entry_class,
        company_name=draw(_filled(16)),
        company_id=draw(_filled(10)),
        description=draw(_filled(10)),
        effective=draw(st.dates(date(2020, 1, 1), date(2099, 12, 31))),
        odfi=draw(EIGHT),
        entries=tuple(draw(st.lists(entries(entry_class), min_size=1, max_size=6))),
        discretionary=draw(_text(20)),
    )


FILES = st.builds(
    FileSpec,
    destination_routing=ROUTING,
    destination_name=_text(23),
    origin=_filled(10),
    origin_name=_text(23),
    created=st.datetimes(datetime(2020, 1, 1), datetime(2099, 12, 31)),
    batches=st.lists(batches(), min_size=1, max_size=4).map(tuple),
    modifier=st.sampled_from("ABCXYZ0189"),
    reference=_text(8),
    first_sequence=st.integers(1, 9_000_000),
)


@settings(max_examples=150, deadline=None)
@given(FILES)
def test_whatever_is_written_is_valid(spec: FileSpec) -> None:
    content = build_file(spec)
    rows = content.decode("ascii").split("\n")
    assert check(content) == []
    assert rows[-1] == "" and len(rows[:-1]) % 10 == 0
    assert {len(row) for row in rows[:-1]} == {94}
    assert build_file(spec) == content
    read = read_file(content)
    assert traces(spec) == [[entry.trace for entry in each.entries] for each in read.batches]
    assert match(content) == []


# What spoils any entry of any class: position, what is put there, the field that must be named.
SPOILING = [
    (2, "27", "transaction_code"),
    (2, "00", "transaction_code"),
    (30, "12345 7890", "amount"),
    (80, "99999999", "trace_number"),
    (79, "7", "addenda_record_indicator"),
    (13, " " * 17, "dfi_account_number"),
    (59, " " * 16, "name"),
    (60, "\x07", "name"),
]


@settings(max_examples=100, deadline=None)
@given(FILES, st.sampled_from(SPOILING), st.data())
def test_whatever_is_spoiled_is_named(
    spec: FileSpec, spoiling: tuple[int, str, str], data: st.DataObject
) -> None:
    position, text, field = spoiling
    content = build_file(spec)
    found = [entry for each in read_file(content).batches for entry in each.entries]
    entry = data.draw(st.sampled_from(found))
    names = {"amount": entry.amount_field, "name": entry.name_field}
    if field == "name" and text.isspace():
        position = entry.record.layout.by_name[entry.name_field].first
        text = " " * entry.record.layout.by_name[entry.name_field].width
    spoiled = put(content, entry.record.number, position, text)
    assume(spoiled != content)  # a bank may have that number
    faults = check(spoiled)
    named = {(fault.record, fault.field) for fault in faults}
    assert (entry.record.number, names.get(field, field)) in named


@settings(max_examples=150, deadline=None)
@given(FILES, st.data())
def test_a_digit_changed_in_a_control_is_found(spec: FileSpec, data: st.DataObject) -> None:
    content = build_file(spec)
    rows = content.decode().split("\n")
    controls = [n for n, row in enumerate(rows, 1) if row[:1] == "8"]
    record = data.draw(st.sampled_from(controls))
    position = data.draw(st.integers(2, 44))
    new = "1" if rows[record - 1][position - 1] != "1" else "2"
    assert record in {fault.record for fault in check(put(content, record, position, new))}


# what is wrong, the entry, a word of the message
REFUSED = [
    ("check digit", dataclasses.replace(RENT, routing="231380105"), "routing"),
    ("no money", dataclasses.replace(RENT, amount_cents=0), "0.01"),
    ("negative", dataclasses.replace(RENT, amount_cents=-1), "0.01"),
    ("too much", dataclasses.replace(RENT, amount_cents=10**10), "0.01"),
    ("prenote with money", dataclasses.replace(RENT, prenote=True), "prenote"),
    ("no name", dataclasses.replace(RENT, name="  "), "blank"),
    ("long name", dataclasses.replace(RENT, name="A" * 23), "longer"),
    ("strange name", dataclasses.replace(RENT, name="ROSA ☃"), "cannot read"),
    ("no account", dataclasses.replace(RENT, account=""), "blank"),
    ("two addenda", dataclasses.replace(RENT, addenda=("A", "B")), "at most 1"),
    ("long addenda", dataclasses.replace(RENT, addenda=("A" * 81,)), "longer"),
    ("account kind", dataclasses.replace(RENT, account_kind="gold"), "checking"),
]


@pytest.mark.parametrize(("what", "entry", "word"), REFUSED)
def test_what_does_not_fit_is_refused_in_words(what: str, entry: EntrySpec, word: str) -> None:
    with pytest.raises(CannotWrite, match=word):
        build_file(dataclasses.replace(FILE, batches=(batch("PPD", entry),)))


def test_a_name_keeps_its_letters_without_their_accents() -> None:
    read = read_file(build_file(FILE))
    assert read.batches[0].entries[0].record.text[54:76].strip() == "ROSA MARTINEZ"
    assert name_of("Muñoz-Peña Property Management LLC") == "MUNOZ-PENA PROPERTY MA"


def test_what_is_read_adds_up() -> None:
    values = as_values(read_file(build_file(FILE)))
    assert values["totals"] == {
        "batches": 3,
        "entries": 4,
        "addenda": 3,
        "entry_hash": "0070484596",
        "debit_cents": 0,
        "credit_cents": 125_000 + 90_000 + 33_333,
    }


@pytest.mark.timeout(60)  # some seconds; hours for who looks at each payment beside each other
def test_twenty_thousand_payments_are_written_and_checked() -> None:
    spec = dataclasses.replace(FILE, batches=(batch("CCD", *[LANDLORD] * 20_000),))
    assert check(build_file(spec)) == []
