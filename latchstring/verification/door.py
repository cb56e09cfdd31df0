"""The verification room's door."""

from latchstring.verification.answers import content_of
from latchstring.verification.ask import ask, go_on_without
from latchstring.verification.breaker import states as breakers
from latchstring.verification.call import connected
from latchstring.verification.checks import (
    CHECKS,
    calls_without_standing,
    checks_nobody_will_ask,
    open_checks,
)
from latchstring.verification.errors import NoSuchCheck, SourceTrouble
from latchstring.verification.models import Check, Exchange
from latchstring.verification.want import of_case, want

__all__ = [
    "CHECKS",
    "Check",
    "Exchange",
    "NoSuchCheck",
    "SourceTrouble",
    "ask",
    "breakers",
    "calls_without_standing",
    "checks_nobody_will_ask",
    "connected",
    "content_of",
    "go_on_without",
    "of_case",
    "open_checks",
    "want",
]
