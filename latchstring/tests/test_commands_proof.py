"""The proving commands: a new home is fine at once, and nothing ever ends in a traceback."""

import os
import subprocess
import sys

import pytest


def run(tmp_path, *arguments, **settings):
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("LATCHSTRING", "DATABASE_URL"))
    }
    return subprocess.run(
        [sys.executable, "-m", "latchstring.command", *arguments],
        env=environment | {"LATCHSTRING_HOME": str(tmp_path / "home")} | settings,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_new_home_proves_at_once(tmp_path):
    for command in ("ledger", "audit"):
        done = run(tmp_path, command, "verify")
        assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "ok"), done.stderr
    done = run(tmp_path, "prove")
    assert done.returncode == 0
    assert all(line.startswith("ok") for line in done.stdout.splitlines())


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"DATABASE_URL": "postgresql://x@127.0.0.1:1/none"}, "does not answer"),
        ({"DATABASE_URL": "mysql://x"}, "must begin with postgresql://"),
        ({"LATCHSTRING_MODE": "production"}, "is not set"),
    ],
)
def test_a_wrong_setting_is_told_in_one_line(tmp_path, settings, says):
    done = run(tmp_path, "ledger", "verify", **settings)
    assert done.returncode == 2
    assert says in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [("ledger",), ("nonsense",), (), ("audit", "walk")])
def test_wrong_usage_is_told_in_one_line(tmp_path, arguments):
    done = run(tmp_path, *arguments)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
