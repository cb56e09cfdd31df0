"""Production with an unsafe setting does not start, and says everything that is wrong at once."""

import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from latchstring import unsafe
from latchstring.kernel.environment import WrongSetting

GOOD_KEY = "kE9-wq2Lr7Vz_84hTYb1mXs6JpQ0nCgUaR5dFoH3iZxW"
STANDIN_SECRET = "9fj3-standin-of-the-demo"


@pytest.fixture
def safe(tmp_path):
    """Settings with which production starts."""
    keys = tmp_path / "home" / "keys"
    keys.mkdir(parents=True, mode=0o700)
    (keys / "kek-nm-dfa-person.json").write_text("{}")
    (keys / "kek-nm-dfa-person.json").chmod(0o600)
    (keys / "standins.json").write_text(f'{{"bank": "{STANDIN_SECRET}"}}')
    (keys / "standins.json").chmod(0o600)
    (tmp_path / "home" / "run").mkdir()
    (tmp_path / "home" / "run" / "postgres.port").write_text("5433\n")
    return {
        "LATCHSTRING_MODE": "production",
        "LATCHSTRING_HOME": str(tmp_path / "home"),
        "LATCHSTRING_SECRET_KEY": GOOD_KEY,
        "LATCHSTRING_HOSTS": "help.state.example",
        "LATCHSTRING_PUBLIC_URL": "https://help.state.example",
        "DATABASE_URL": "postgresql://door:x@db.state.example/door?sslmode=verify-full",
        "EMAIL_URL": "smtp+tls://door:x@mail.state.example:587",
        "LATCHSTRING_BANK_URL": "https://bank.example",
        "LATCHSTRING_BANK_SECRET": "given-by-the-bank",
    }


WRONG = [
    ({"LATCHSTRING_SECRET_KEY": ""}, "LATCHSTRING_SECRET_KEY is not set"),
    ({"LATCHSTRING_SECRET_KEY": "tooshort"}, "LATCHSTRING_SECRET_KEY is too short"),
    ({"LATCHSTRING_SECRET_KEY": "a" * 60}, "too simple"),
    ({"LATCHSTRING_SECRET_KEY": f"django-insecure-{GOOD_KEY}"}, "a known example"),
    ({"LATCHSTRING_HOSTS": ""}, "LATCHSTRING_HOSTS is not set"),
    ({"LATCHSTRING_HOSTS": "help.example,*"}, "LATCHSTRING_HOSTS must name"),
    ({"LATCHSTRING_PUBLIC_URL": "http://help.example"}, "LATCHSTRING_PUBLIC_URL"),
    ({"EMAIL_URL": ""}, "EMAIL_URL is not set"),
    ({"EMAIL_URL": "smtp://mail.example:25"}, "EMAIL_URL would send mail in the clear"),
    ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
    ({"DATABASE_URL": "postgresql://a:b@db.example/x"}, "DATABASE_URL would speak in the clear"),
    ({"DATABASE_URL": "postgresql://a@/x?host=db.example"}, "in the clear"),
    ({"DATABASE_URL": "postgresql://a@db.example/x?sslmode=prefer"}, "in the clear"),
    ({"DATABASE_URL": "postgresql://a:b@127.0.0.1:5433/x"}, "names the embedded server"),
    ({"LATCHSTRING_SECOND_FACTOR_WAIVED": "true"}, "without a second factor"),
    ({"LATCHSTRING_CRASH": "K8:1:self"}, "LATCHSTRING_CRASH lets processes die"),
    ({"LATCHSTRING_STANDIN_ADMIN_TOKEN": "x"}, "stand-in agencies of the demo"),
    ({"LATCHSTRING_MAIL_PAGE_URL": "http://x"}, "LATCHSTRING_MAIL_PAGE_URL"),
    ({"LATCHSTRING_SUPERVISED": "1"}, "the demo's supervisor"),
    ({"LATCHSTRING_DEMO_TICK_SECONDS": "5"}, "is for the demo"),
    ({"DJANGO_DEBUG": "1"}, "shows strangers what is inside"),
    ({"LATCHSTRING_BANK_URL": "http://127.0.0.1:9"}, "LATCHSTRING_BANK_URL must begin with https"),
    (
        {"LATCHSTRING_TAX_URL": "http://tax.example", "LATCHSTRING_TAX_SECRET": "given-by-them"},
        "LATCHSTRING_TAX_URL must begin with https",
    ),
    ({"LATCHSTRING_BANK_SECRET": ""}, "LATCHSTRING_BANK_SECRET is not set"),
    ({"LATCHSTRING_BANK_SECRET": STANDIN_SECRET}, "that of a stand-in"),
    ({"LATCHSTRING_KEYS": "/nowhere/at/all"}, "LATCHSTRING_KEYS names no folder"),
    ({"LATCHSTRING_DB_ROLE": "latchstring_owner"}, "LATCHSTRING_DB_ROLE must be"),
    ({"LATCHSTRING_METRICS_TOKEN": "short"}, "LATCHSTRING_METRICS_TOKEN is too short"),
]


def test_safe_settings_are_safe(safe):
    assert unsafe.in_environment(safe) == []
    assert unsafe.in_environment(safe | {"EMAIL_URL": "smtp://127.0.0.1:25"}) == []
    local = {"DATABASE_URL": "postgresql://a@/x?host=/run/postgresql"}
    assert unsafe.in_environment(safe | local) == []


@pytest.mark.parametrize(("wrong", "says"), WRONG, ids=lambda value: str(value)[:60])
def test_each_unsafe_setting_is_named_with_how_to_mend_it(safe, wrong, says):
    (line,) = unsafe.in_environment(safe | wrong)
    assert says in line and line.endswith((".", "'")) and "\n" not in line
    for value in wrong.values():  # a line goes to a log; a value may be a secret
        assert len(value) < 12 or value not in line


@pytest.mark.parametrize("place", ["", "kek-nm-dfa-person.json"])
def test_keys_that_others_may_read_are_refused(safe, tmp_path, place):
    (tmp_path / "home" / "keys" / place).chmod(0o750)
    (line,) = unsafe.in_environment(safe)
    assert line.startswith("LATCHSTRING_KEYS: others may read")


def test_an_unknown_mode_is_refused():
    with pytest.raises(WrongSetting, match="none of embedded, demo, production"):
        unsafe.mode({"LATCHSTRING_MODE": "prod"})


def _as(url, login):
    parts = urlsplit(url)
    place = parts.netloc.rsplit("@", 1)[1]
    return urlunsplit(parts._replace(netloc=f"{login}:pw@{place}"))


@pytest.fixture
def logins(own_database):
    """A login that is as it should be, and one that sees past row security."""
    names = {"plain": "LOGIN", "bypass": "LOGIN BYPASSRLS"}
    with psycopg.connect(own_database, autocommit=True) as link:
        for name, may in names.items():
            link.execute(
                sql.SQL("CREATE ROLE {} " + may + " PASSWORD 'pw'").format(
                    sql.Identifier(f"{name}_{os.getpid()}")
                )
            )
            link.execute(
                sql.SQL("GRANT latchstring_app TO {}").format(
                    sql.Identifier(f"{name}_{os.getpid()}")
                )
            )
    try:
        yield {name: _as(own_database, f"{name}_{os.getpid()}") for name in names}
    finally:
        with psycopg.connect(own_database, autocommit=True) as link:
            for name in names:
                link.execute(
                    sql.SQL("DROP ROLE {}").format(sql.Identifier(f"{name}_{os.getpid()}"))
                )


def _about(words, url):
    return [line for line in unsafe.in_database(url) if words in line]


def test_who_logs_in_must_not_see_past_row_security(own_database, logins):
    assert _about("superuser", own_database)
    assert _about("bypasses row security", logins["bypass"])
    assert not _about("superuser", logins["plain"]) + _about("bypasses", logins["plain"])


def test_a_turned_clock_is_refused(own_database, logins):
    assert not _about("clock", logins["plain"])
    with psycopg.connect(own_database) as link:
        link.execute("UPDATE kernel_clock SET offset_by = interval '1 day'")
    assert _about("clock is turned", logins["plain"])


def test_a_server_that_logs_what_people_typed_is_refused(own_database, logins):
    name = urlsplit(own_database).path.strip("/")
    for setting, value in (
        ("log_statement", "all"),
        ("log_min_duration_statement", "0"),
        ("log_min_messages", "warning"),
    ):
        with psycopg.connect(own_database, autocommit=True) as link:
            link.execute(f"ALTER DATABASE \"{name}\" SET {setting} = '{value}'")
        assert _about(f"PostgreSQL's {setting} ", logins["plain"]), setting


def test_a_database_that_does_not_answer_is_one_line():
    (line,) = unsafe.in_database("postgresql://nobody@127.0.0.1:1/none")
    assert "does not answer" in line


@pytest.mark.parametrize("command", ["check", "web", "worker", "migrate"])
def test_every_command_says_all_that_is_wrong_and_ends_with_2(safe, command):
    wrong = safe | {
        "LATCHSTRING_SECRET_KEY": "short",
        "LATCHSTRING_HOSTS": "*",
        "EMAIL_URL": "smtp://mail.example",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    }
    inherited = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("LATCHSTRING", "DATABASE_URL", "PROMETHEUS"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "latchstring.command", command],
        env=inherited | wrong,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert len(lines) == 4 and all(line.startswith("latchstring: ") for line in lines)
    for words in ("SECRET_KEY", "HOSTS", "EMAIL_URL", "does not answer"):
        assert sum(words in line for line in lines) == 1, words
