"""`latchstring ledger verify` walks the books, and names what somebody changed behind them."""

import os
import subprocess
import sys

import psycopg
import pytest

from latchstring.funds.tests.scene import allocation, award, line, promise


def command(*words, **environment):
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "latchstring.command", *words],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "latchstring.settings"} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


@pytest.fixture
def books(own_database):
    allocation(award(1_000_000), 100_000)
    promise(line(30_000), line(20_000))
    return own_database


def tamper(url, statement):
    """Change rows as one who owns the server can, past every trigger."""
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        assert connection.execute(statement).rowcount > 0


def test_whole_books_are_ok(books, tmp_path):
    code, said = command("ledger", "verify")
    assert (code, said.splitlines()) == (0, ["transactions 4", "postings 8", "ok"])
    # A place of its own for files: what earlier runs of the suite left is no finding here.
    code, said = command("prove", STORAGE_URL=f"file://{tmp_path}")
    assert code == 0 and "FAIL" not in said and "ok   funds: I3" in said, said


@pytest.mark.parametrize(
    "statement,named",
    [
        ("UPDATE funds_posting SET amount_cents = 29999 WHERE amount_cents = 30000", "sum to zero"),
        ("DELETE FROM funds_posting WHERE abs(amount_cents) = 30000", "no postings"),
        ("UPDATE funds_posting SET amount_cents = amount_cents * 2 "
         "WHERE abs(amount_cents) = 20000", "one place"),
        ("UPDATE funds_allocation SET obligated_cents = 0", "balance"),
        ("UPDATE funds_award SET allocated_cents = 1", "award's balance"),
        ("UPDATE funds_obligation SET amount_cents = 1", "sources"),
        ("UPDATE funds_ledgertransaction SET kind = 'settle' WHERE kind = 'obligate'", "may not"),
        ("DELETE FROM audit_entry WHERE action = 'obligation.made'", "trail"),
    ],
)  # fmt: skip
def test_what_was_changed_behind_the_books_is_named(books, statement, named):
    tamper(books, statement)
    code, said = command("ledger", "verify")
    assert code == 1
    assert named in said and "ok" not in said.splitlines()
