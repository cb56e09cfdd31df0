"""Crash points: named places where a test lets this process, or PostgreSQL, die.

`crashpoint("K8 submit: before commit")` does nothing, unless `LATCHSTRING_CRASH` names its number:

    LATCHSTRING_CRASH=K8:1:self     SIGKILL to ourselves, the first time K8 is passed
    LATCHSTRING_CRASH=K8:3:4711     PostgreSQL (postmaster 4711) stops at once, the third time

The numbers are those of docs/runbooks/after-a-kill.md; tests/faults proves what holds afterwards.
Production refuses to start while the variable is set.
"""

import os
import signal
import time
from dataclasses import dataclass

import psutil

from latchstring.kernel.environment import WrongSetting

VARIABLE = "LATCHSTRING_CRASH"
STOP_SECONDS = 10.0  # for every server process to be gone before we go on


@dataclass
class Plan:
    """What is to die, where, and after how many more passes. `postmaster` None is ourselves."""

    point: str
    passes_left: int
    postmaster: int | None


_plan: Plan | None = None


def crashpoint(name: str) -> None:
    """Die here if a test asked for it. `name` is the number and what has just happened."""
    if _plan is not None:
        _pass(_plan, name)


def arm(text: str) -> None:
    """Take a plan as the variable spells it; an empty text means that nothing dies."""
    global _plan
    _plan = _read(text) if text else None


def _read(text: str) -> Plan:
    try:
        point, passes, target = text.split(":")
        plan = Plan(point, int(passes), None if target == "self" else int(target))
    except ValueError:
        raise WrongSetting(f"{VARIABLE}={text} is not POINT:PASS:self or POINT:PASS:PID.") from None
    if plan.passes_left < 1 or not point:
        raise WrongSetting(f"{VARIABLE}={text} names no point or no pass.")
    return plan


def _pass(plan: Plan, name: str) -> None:
    if name.split(" ")[0] != plan.point:
        return
    plan.passes_left -= 1
    if plan.passes_left != 0:
        return
    if plan.postmaster is None:
        os.kill(os.getpid(), signal.SIGKILL)
    else:
        _stop_server(plan.postmaster)


def _stop_server(pid: int) -> None:
    """Stop PostgreSQL as by `pg_ctl stop -m immediate`, and wait until nothing of it is left."""
    server = psutil.Process(pid)
    gone = [server, *server.children(recursive=True)]
    server.send_signal(signal.SIGQUIT)
    patience = time.monotonic() + STOP_SECONDS
    while any(_lives(process) for process in gone) and time.monotonic() < patience:
        time.sleep(0.01)


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


arm(os.environ.get(VARIABLE, ""))
