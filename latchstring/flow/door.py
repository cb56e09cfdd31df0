"""The flow room's door."""

from latchstring.flow.checks import CHECKS, WORK
from latchstring.flow.submit import submit
from latchstring.flow.worker import run as run_worker

__all__ = ["CHECKS", "WORK", "run_worker", "submit"]
