"""A person with unmistakable names goes the whole way; afterwards nothing readable holds them.

Scanned: every text and JSON column of every table (job arguments, events, audit trail and history
among them) and everything that was logged. Sealed columns are bytes and are scanned as bytes.
"""

import base64
import dataclasses
from datetime import timedelta

import pytest
from django.db import connection

from latchstring.cases import door as cases
from latchstring.demo import hire, load
from latchstring.demo.population import Somebody, homes
from latchstring.demo.stories import apply
from latchstring.kernel import clock
from latchstring.payments import door as payments

CANARIES = {
    "first name": "Zyxwanda",
    "last name": "Qorvathelm",
    "ssn": "987651234",
    "street": "4711 Quagmirelle Way",
    "landlord": "Vexillo Grundholm",
    "account": "55501234987",
}
# Sign-in needs the address as it is; everything else about a person is sealed.
READABLE = {("people_account", "email"), ("account_emailaddress", "email")}


def shapes(value: str) -> list[bytes]:
    """A value as it might have slipped through: as typed, lower, upper, dashed, encoded."""
    plain = [value, value.lower(), value.upper()]
    if value.isdigit() and len(value) == 9:
        plain.append(f"{value[:3]}-{value[3:5]}-{value[5:]}")
    raw = [text.encode() for text in plain]
    return raw + [base64.b64encode(value.encode()).rstrip(b"="), value.encode().hex().encode()]


def columns() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, a.attname FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid
            JOIN pg_type t ON t.oid = a.atttypid
            WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
              AND t.typname IN ('text', 'varchar', 'bpchar', 'json', 'jsonb', 'bytea', '_text')
            """
        )
        return [(table, column) for table, column in cursor.fetchall()]


def found_in_tables() -> list[str]:
    found = []
    with connection.cursor() as cursor:
        for table, column in columns():
            if (table, column) in READABLE:
                continue
            cursor.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL')
            for (value,) in cursor.fetchall():
                raw = bytes(value) if isinstance(value, memoryview | bytes) else str(value).encode()
                for name, canary in CANARIES.items():
                    if any(shape in raw for shape in shapes(canary)):
                        found.append(f"{table}.{column}: {name}")
    return sorted(set(found))


@pytest.fixture
def walked(db, caplog):
    """The canary applied, was decided on by two people, and has a bank account on file."""
    load.load(0)
    home = next(iter(homes(load.counties(), 1, 7, clock.today() - timedelta(days=1))))
    person = Somebody(
        CANARIES["first name"], CANARIES["last name"], home.people[0].birth_date, CANARIES["ssn"]
    )
    canary = dataclasses.replace(
        home,
        people=(person,),
        address=home.address | {"street": CANARIES["street"]},
        landlord=CANARIES["landlord"],
    )
    application = apply(canary, "canary@resident.example")
    case = cases.cases_of_application(application)[0]
    cases.determine(case.id)
    casey = hire.account_of("caseworker")
    cases.request_information(
        case.id,
        "lease",
        f"Dear {CANARIES['first name']}, please send it.",
        casey.actor,
        clock.today() + timedelta(days=10),
    )
    payee = payments.make_payee("nm-dfa", "landlord", {"name": CANARIES["landlord"]})
    payments.add_account(
        payee.id,
        routing="107000152",
        account=CANARIES["account"],
        kind="checking",
        owner="business",
        actor=hire.account_of("payments_officer").actor,
    )
    return caplog


def test_no_readable_column_holds_the_person(walked):
    assert found_in_tables() == []


def test_no_log_line_holds_the_person(walked):
    logged = "\n".join(
        f"{record.getMessage()} {getattr(record, 'event', '')}"
        for record in walked.get_records("setup")
    ).encode()
    assert logged
    for name, canary in CANARIES.items():
        assert not any(shape in logged for shape in shapes(canary)), name


def test_the_scan_finds_what_is_readable(walked):
    """The control: a name written into a readable column is found."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_staffmember SET display_name = %s", [f"x {CANARIES['last name']} x"]
        )
    assert "people_staffmember.display_name: last name" in found_in_tables()
