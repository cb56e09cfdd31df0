"""The flow room's door."""

from latchstring.flow.checks import CHECKS, WORK
from latchstring.flow.submit import submit

__all__ = ["CHECKS", "WORK", "submit"]
