"""`prove` sees what it promises to see: each check names the one row that was planted for it.

The world is built once by the verbs and is in good order. Each plant goes in as the owner of the
database, past triggers and constraints, and is taken back.
"""

import os
import uuid

import pytest

from latchstring import commands_proof
from latchstring.applications import door as applications
from latchstring.applications.models import Application
from latchstring.documents import store
from latchstring.flow.checks import receipts_without_case
from latchstring.payments import door as payments
from latchstring.tests.plants import PLANTS


def broken() -> dict[str, list]:
    found = {name: list(check()) for name, check in commands_proof.all_checks().items()}
    return {name: rows for name, rows in found.items() if rows}


def test_a_world_in_good_order_breaks_nothing(world):
    assert broken() == {}


def test_every_invariant_of_the_design_is_proven_by_number(world):
    numbers = {name.split(": ")[1].split(" ")[0] for name in commands_proof.all_checks()}
    assert {f"I{n}" for n in range(1, 14)} <= numbers


def test_every_check_has_a_plant():
    assert set(commands_proof.all_checks()) - set(PLANTS) == NOT_BY_A_ROW


# Not planted as a row: a file on disk, and words that differ from the rows behind them.
NOT_BY_A_ROW = {
    "documents: I1 no file lies for an hour without its row",
    "cases: I13 status told differs from status kept",
}


@pytest.mark.parametrize("name", PLANTS)
def test_the_planted_row_is_named_by_its_check(planted, name):
    plant = PLANTS[name]
    planted(*plant.statements)
    found = broken()
    assert name in found
    assert set(found) == {name, *plant.also}


def test_a_file_without_its_row_is_named(world):
    place = store.path_of(uuid.uuid4(), store.ORIGINAL)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"x")
    os.utime(place, (1, 1))
    assert set(broken()) == {"documents: I1 no file lies for an hour without its row"}
    place.unlink()


def test_a_status_told_otherwise_is_named(world, monkeypatch):
    monkeypatch.setattr("latchstring.cases.checks.code_of", lambda case: ("paid", "nobody", None))
    assert set(broken()) == {"cases: I13 status told differs from status kept"}


def test_a_case_told_as_paid_whose_money_is_out_is_named(planted):
    planted(
        "UPDATE cases_case SET stage = 'closed', closed_at = now() WHERE id = %(case_with_bank)s"
    )
    assert set(broken()) == {
        "cases: I13 status told differs from status kept",
        "flow: I9 no work stands still without a job",
    }


def test_i1_holds_the_receipts_people_were_shown(world, planted):
    assert applications.receipts_not_kept(world.receipts) == []
    assert receipts_without_case(world.receipts) == []
    lost = dict.fromkeys(["NM-LOST"], "0" * 64)
    assert applications.receipts_not_kept(lost) == [("NM-LOST", "is no submission")]
    assert receipts_without_case(lost) == [("NM-LOST", 0, 0)]
    number, digest = next(iter(world.receipts.items()))
    assert applications.receipts_not_kept({number: digest[::-1]}) == [
        (number, "was signed otherwise")
    ]
    application = Application.objects.get(reference=number)
    planted(f"DELETE FROM cases_case WHERE application = '{application.id}'")
    assert receipts_without_case(world.receipts) == [(number, 1, 0)]


def test_i7_holds_the_banks_own_book_against_ours(world):
    lines = payments.lines_of(world.batch)
    book = [
        {"trace": line.trace, "amount_cents": line.amount_cents, "direction": "paid"}
        for line in lines
    ]
    assert payments.not_as_in_the_banks_book(book) == []
    twice = [*book, book[0]]
    assert payments.not_as_in_the_banks_book(twice) == [(book[0]["trace"], "paid twice")]
    strange = [*book, book[0] | {"trace": "999"}]
    assert payments.not_as_in_the_banks_book(strange) == [("999", "paid and never released by us")]
    short = [book[0] | {"amount_cents": 1}, *book[1:]]
    assert payments.not_as_in_the_banks_book(short) == [
        (book[0]["trace"], "paid other cents than we sent")
    ]
    settled = payments.of_case(world.cases["paid"].id)[0].trace
    silent = [line for line in book if line["trace"] != settled]
    assert payments.not_as_in_the_banks_book(silent) == [(settled, "settled here, not paid there")]
