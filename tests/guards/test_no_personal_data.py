"""A person with unmistakable names goes the whole way; afterwards nothing readable holds them.

Scanned: every text and JSON column of every table (job arguments, events, audit trail and history
among them), everything that was logged (each record as the line that it becomes), and PostgreSQL's
own log. Sealed columns are bytes and are scanned as bytes.
"""

import base64
import dataclasses
from datetime import timedelta

import psycopg
import pytest
from django.db import connection

from latchstring import serve
from latchstring.cases import door as cases
from latchstring.demo import hire, load
from latchstring.demo.population import Somebody, homes
from latchstring.demo.stories import apply
from latchstring.kernel import clock, embedded
from latchstring.kernel.log import JsonLines
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


def holds(text: str) -> list[str]:
    raw = text.encode()
    return [
        name for name, canary in CANARIES.items() if any(shape in raw for shape in shapes(canary))
    ]


def test_no_log_line_holds_the_person(walked):
    written = "\n".join(JsonLines().format(record) for record in walked.get_records("setup"))
    assert '"what": "case.opened.v1"' in written and '"what": "jobs_deferred"' in written
    assert holds(written) == []
    # The library's own text names the job's arguments: ids, and only those.
    asked = "\n".join(record.getMessage() for record in walked.get_records("setup"))
    assert holds(asked) == []


STATEMENTS = (
    # A statement that fails is told with its text, its parameters and the row it was about.
    ("SELECT %s::text, 1 / 0", "first name"),
    ("SELECT %s::uuid", "landlord"),
    ("INSERT INTO people_agency (slug, state, names, phone, brand) VALUES "
     "('twice', 'NM', '{}', %s, 'x'), ('twice', 'NM', '{}', '2', 'x')", "ssn"),
    ("INSERT INTO kernel_event_version (subject, version) SELECT gen_random_uuid(), null "
     "WHERE %s <> ''", "street"),
    ("DO $$ BEGIN EXECUTE 'SELECT ' || quote_literal(%s) || '::int'; END $$", "account"),
)  # fmt: skip


def _fail_on_purpose(url):
    """Errors of every kind, with the values in the text of the statement and beside it."""
    failed = 0
    for cursor in (psycopg.ClientCursor, psycopg.Cursor):
        with psycopg.connect(url, autocommit=True, cursor_factory=cursor) as link:
            for statement, name in STATEMENTS:
                beside = cursor is psycopg.Cursor and not statement.startswith("DO")
                filled = statement if beside else statement.replace("%s", f"'{CANARIES[name]}'")
                try:
                    link.execute(filled, [CANARIES[name]] if beside else None)
                except psycopg.Error:
                    failed += 1
    return failed


def test_postgresqls_own_log_holds_no_statement_parameter_or_row(tmp_path):
    """A server with our settings (kernel/embedded.py); then one without, the control."""
    with embedded.running(tmp_path / "ours") as url:
        with psycopg.connect(url) as link:
            link.execute("CREATE TABLE people_agency (slug text PRIMARY KEY, state text, "
                         "names text, phone text, brand text)")  # fmt: skip
            link.execute("CREATE TABLE kernel_event_version (subject uuid, version int NOT NULL)")
        assert _fail_on_purpose(url) == 10
        log = tmp_path / "ours" / "log" / "postgres.log"
        quiet = log.read_text()
        assert "ready to accept connections" in quiet
        assert holds(quiet) == []
        for setting, value in (
            ("log_min_messages", "warning"),
            ("log_min_error_statement", "error"),
            ("log_error_verbosity", "default"),
        ):
            with psycopg.connect(url, autocommit=True) as link:
                link.execute(f"ALTER ROLE postgres SET {setting} = '{value}'")
        _fail_on_purpose(url)
        assert set(holds(log.read_text()[len(quiet) :])) >= {
            "first name",
            "ssn",
            "street",
            "account",
        }


def test_the_web_server_writes_no_access_log():
    """Its lines hold paths and queries; ours hold the route's name."""
    made = serve.server(1)
    assert made.log_access is False
    assert made.log_config["loggers"]["granian.access"]["handlers"] == []
    assert made.log_config["loggers"]["_granian"]["handlers"] == ["out"]


def test_the_scan_finds_what_is_readable(walked):
    """The control: a name written into a readable column is found."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_staffmember SET display_name = %s", [f"x {CANARIES['last name']} x"]
        )
    assert "people_staffmember.display_name: last name" in found_in_tables()
