"""The flow room's door."""

from latchstring.flow.checks import CHECKS, WORK, receipts_without_case
from latchstring.flow.measure import Figure, figures
from latchstring.flow.run_again import run_again
from latchstring.flow.submit import submit
from latchstring.flow.worker import run as run_worker

__all__ = [
    "CHECKS",
    "WORK",
    "Figure",
    "figures",
    "receipts_without_case",
    "run_again",
    "run_worker",
    "submit",
]
