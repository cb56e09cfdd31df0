"""The proving commands: a new home is fine at once, and nothing ever ends in a traceback."""

import argparse
import os
import subprocess
import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from latchstring import commands_proof


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
    done = run(tmp_path, "replay", "NM-NONE")
    assert done.returncode == 2 and done.stderr.strip() == "There is no case NM-NONE."


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


@pytest.mark.parametrize(
    ("derived", "code", "said"),
    [
        (b'{"amounts": [{"cents": 1}], "total": 1}', 0, ["same run 1 of 2026-11-23: approved, ab"]),
        (
            b'{"amounts": [{"cents": 2}], "total": 1, "why": "more"}',
            1,
            [
                "DIFFERS run 1 of 2026-11-23: approved, ab",
                "       the stored facts are not those that were sealed",
                "       amounts[0].cents",
                "       why",
            ],
        ),
    ],
)
def test_replay_says_same_or_names_the_places(monkeypatch, capsys, derived, code, said):
    stored = b'{"amounts": [{"cents": 1}], "total": 1}'
    row = SimpleNamespace(
        run=1, made_at=datetime(2026, 11, 23, tzinfo=UTC), outcome="approved", version="ab"
    )
    same = stored == derived
    again = SimpleNamespace(same=same, snapshot_intact=same, stored=stored, derived=derived)
    cases = SimpleNamespace(NoSuchCase=LookupError, replays=lambda case: [(row, again)])
    monkeypatch.setattr(commands_proof.database, "attached", nullcontext)
    monkeypatch.setattr(commands_proof, "_every_agency", lambda: None)
    monkeypatch.setattr(commands_proof, "_door", lambda room: cases)
    assert commands_proof.run_replay(argparse.Namespace(case="NM-1")) == code
    assert capsys.readouterr().out.splitlines() == said
