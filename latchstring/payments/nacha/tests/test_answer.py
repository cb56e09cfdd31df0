"""What a bank sends back is an ordinary valid file, and is matched by the original trace."""

import pytest

from latchstring.payments.nacha.answer import ChangeSpec, ReturnSpec, build_changes, build_returns
from latchstring.payments.nacha.check import check
from latchstring.payments.nacha.codes import CHANGES, RETURN_REASONS
from latchstring.payments.nacha.errors import CannotWrite
from latchstring.payments.nacha.match import Change, Return, match
from latchstring.payments.nacha.read import as_values, read_file
from latchstring.payments.nacha.tests.examples import FILE, FROM_BANK
from latchstring.payments.nacha.write import build_file, traces

OURS = read_file(build_file(FILE))
TENANT, TEST, LANDLORD, UTILITY = (trace for batch in traces(FILE) for trace in batch)
# Dishonored and contested returns travel between the banks and have layouts of their own.
ORDINARY = sorted(code for code in RETURN_REASONS if not "R60" < code < "R79")
# The parts that a change may correct.
CORRECTED = {
    "account": "445566",
    "routing": "231380104",
    "name": "ROSA M DIAZ",
    "transaction_code": "32",
    "identification": "NM-0009",
}


@pytest.mark.parametrize("code", ORDINARY)
def test_a_return_for_every_reason_is_valid_and_matched(code: str) -> None:
    died = "261101" if code in ("R14", "R15") else ""
    answers = [ReturnSpec(TENANT, code, died), ReturnSpec(UTILITY, code, died, "NO SUCH ACCOUNT")]
    content = build_returns(OURS, answers, FROM_BANK)
    assert check(content) == []
    first, second = match(content)
    assert isinstance(first, Return) and isinstance(second, Return)
    assert (first.original_trace, first.code, first.amount_cents) == (TENANT, code, 125_000)
    assert (second.original_trace, second.amount_cents) == (UTILITY, 33_333)
    assert (first.date_of_death, second.information) == (died, "NO SUCH ACCOUNT")
    assert first.meaning


@pytest.mark.parametrize("code", sorted(CHANGES))
def test_a_change_for_every_code_is_valid_and_matched(code: str) -> None:
    content = build_changes(OURS, [ChangeSpec(LANDLORD, code, CORRECTED)], FROM_BANK)
    assert check(content) == []
    (change,) = match(content)
    assert isinstance(change, Change)
    assert (change.original_trace, change.code) == (LANDLORD, code)
    assert change.corrected.items() <= CORRECTED.items()


def test_a_failed_prenote_comes_back_without_money() -> None:
    content = build_returns(OURS, [ReturnSpec(TEST, "R04")], FROM_BANK)
    assert check(content) == []
    (failed,) = match(content)
    assert isinstance(failed, Return) and failed.amount_cents == 0


def test_the_json_names_code_and_meaning() -> None:
    values = as_values(read_file(build_returns(OURS, [ReturnSpec(TENANT, "R03")], FROM_BANK)))
    (answer,) = values["returns"]  # type: ignore[misc]
    assert (answer["code"], answer["meaning"]) == ("R03", "No Account/Unable to Locate Account")
    assert answer["original_entry_trace_number"] == TENANT


REFUSED = [
    ("no such return", lambda: build_returns(OURS, [ReturnSpec(TENANT, "R99")], FROM_BANK)),
    ("no such change", lambda: build_changes(OURS, [ChangeSpec(TENANT, "C99", {})], FROM_BANK)),
    ("no such entry", lambda: build_returns(OURS, [ReturnSpec("9" * 15, "R03")], FROM_BANK)),
    ("nothing", lambda: build_returns(OURS, [], FROM_BANK)),
    ("dead of R03", lambda: build_returns(OURS, [ReturnSpec(TENANT, "R03", "261101")], FROM_BANK)),
    ("no account", lambda: build_changes(OURS, [ChangeSpec(TENANT, "C01", {})], FROM_BANK)),
    (
        "bad routing",
        lambda: build_changes(
            OURS, [ChangeSpec(TENANT, "C02", {"routing": "231380105"})], FROM_BANK
        ),
    ),
]


@pytest.mark.parametrize(("what", "build"), REFUSED)
def test_an_answer_that_makes_no_sense_is_refused(what: str, build) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(CannotWrite):
        build()
