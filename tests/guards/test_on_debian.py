"""The smoke run on Debian's PostgreSQL runs on Debian's PostgreSQL, or it fails.

.ci/run does it with the real server; here the script is held with programs that only pretend.
"""

import os
import pwd
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests import postgres

ROOT = Path(__file__).resolve().parents[2]


def _has_postgres_user():
    try:
        return bool(pwd.getpwnam("postgres"))
    except KeyError:
        return False


@pytest.fixture
def programs():
    """A folder of pretended programs that the server's user may enter. Yields (folder, say)."""
    if not _has_postgres_user():
        pytest.skip("no user postgres here: Debian's PostgreSQL is not installed (CI installs it)")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o755)

        def pretend(name, says="", code=0):
            (place / name).write_text(f"#!/bin/sh\necho '{says}'\nexit {code}\n")
            (place / name).chmod(0o755)

        for name in ("initdb", "pg_ctl"):
            pretend(name)
        pretend("psql", "PostgreSQL 15.14 (Debian 15.14-0+deb12u1) on x86_64")
        yield place, pretend


def _run(folder, command="exit 7"):
    return subprocess.run(
        ["sh", "tools/on-debian-postgres", "sh", "-c", f"echo ran on $DATABASE_URL; {command}"],
        cwd=ROOT,
        env=os.environ | {"DEBIAN_POSTGRES_BIN": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_commands_exit_code_is_told_and_the_version_is_shown(programs):
    done = _run(programs[0])
    assert done.returncode == 7, done.stderr
    assert "ran on postgresql://postgres@127.0.0.1" in done.stdout
    assert "on PostgreSQL 15.14 (Debian" in done.stderr


def test_a_server_that_is_not_debians_is_refused(programs):
    programs[1]("psql", "PostgreSQL 18.0 by somebody else")
    done = _run(programs[0])
    assert done.returncode == 1 and "not Debian" in done.stderr and "ran on" not in done.stdout


@pytest.mark.parametrize("missing", ["initdb", "pg_ctl", "psql"])
def test_a_missing_part_fails(programs, missing):
    (programs[0] / missing).unlink()
    done = _run(programs[0], "exit 0")
    assert done.returncode != 0 and "ran on" not in done.stdout


def test_tests_stop_when_they_run_on_another_server_than_promised(monkeypatch):
    monkeypatch.setenv("LATCHSTRING_TEST_SERVER_IS", "Somebody")
    with pytest.raises(RuntimeError, match="were to run on Somebody's"):
        postgres._is_as_expected(os.environ["LATCHSTRING_TEST_SERVER"])


def test_ci_runs_the_suite_on_it_and_stops_at_the_first_failure():
    script = (ROOT / ".ci" / "run").read_text()
    assert "set -euo pipefail" in script
    line = next(line for line in script.splitlines() if "on-debian-postgres" in line)
    assert "pytest" in line and "||" not in line
