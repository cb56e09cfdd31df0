"""What an application can go wrong with.

LatchstringError
├── Invalid
│   ├── WrongAnswer         an answer does not hold (fields: input name -> what to do)
│   └── NotReady            pages that must be answered first (steps: their ids)
├── NotFound
│   └── NoSuchApplication   or not one this account may see
└── Conflict
    ├── AlreadySubmitted    answers stand as they were signed
    └── NotOpen             a program takes no applications now, or not from this household
"""

from collections.abc import Sequence

from latchstring.kernel.errors import Conflict, Invalid, NotFound


class WrongAnswer(Invalid):
    """Something in what you entered needs another look."""


class NotReady(Invalid):
    """A few questions are still open. Please answer them first."""

    def __init__(self, steps: Sequence[str]) -> None:
        super().__init__()
        self.steps = list(steps)


class NoSuchApplication(NotFound):
    """We could not find that application."""


class AlreadySubmitted(Conflict):
    """You have sent this application already. Its answers stand as you signed them."""


class NotOpen(Conflict):
    """This program takes no applications now."""
