"""Crash points: nothing while nobody asks, exactly the named pass when somebody does."""

import os
import signal
import subprocess
import sys

import pytest

from latchstring.kernel import crashpoint
from latchstring.kernel.environment import WrongSetting

PASSES = """
from latchstring.kernel.crashpoint import crashpoint
for name in ("K11 case: advanced", "K1 page: kept", "K1 page: kept"):
    crashpoint(name)
    print(name, flush=True)
"""


def run(program, **environment):
    return subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_nothing_dies_when_nobody_asks():
    assert run(PASSES).stdout.count("\n") == 3


def test_we_die_at_the_named_pass_and_not_before():
    done = run(PASSES, LATCHSTRING_CRASH="K1:2:self")
    assert done.returncode == -signal.SIGKILL
    assert done.stdout.splitlines() == ["K11 case: advanced", "K1 page: kept"]


@pytest.mark.parametrize("text", ["K1", "K1:0:self", ":1:self", "K1:x:self", "K1:1:nobody"])
def test_a_plan_that_cannot_be_read_stops_the_start(text):
    with pytest.raises(WrongSetting, match="LATCHSTRING_CRASH"):
        crashpoint.arm(text)


def test_production_refuses_to_start_with_a_plan():
    done = run(
        "import latchstring.settings", LATCHSTRING_MODE="production", LATCHSTRING_CRASH="K1:1:self"
    )
    assert "LATCHSTRING_CRASH lets processes die for a test. Remove it." in done.stderr
