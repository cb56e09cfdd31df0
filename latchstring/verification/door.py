"""The verification room's door."""

from latchstring.verification.answers import content_of
from latchstring.verification.ask import ask, go_on_without
from latchstring.verification.breaker import states as breakers
from latchstring.verification.call import connected
from latchstring.verification.checks import (
    checks_nobody_will_ask,
    exchanges_without_agreement,
    open_checks,
)
from latchstring.verification.errors import NoSuchCheck, SourceTrouble
from latchstring.verification.models import Check, Exchange
from latchstring.verification.want import of_case, want

__all__ = [
    "Check",
    "Exchange",
    "NoSuchCheck",
    "SourceTrouble",
    "ask",
    "breakers",
    "checks_nobody_will_ask",
    "connected",
    "content_of",
    "exchanges_without_agreement",
    "go_on_without",
    "of_case",
    "open_checks",
    "want",
]
