"""What the money can say no to.

LatchstringError
├── Invalid
│   └── NotAnAmount          zero, negative, or more than there can be
├── Conflict
│   ├── NotEnoughMoney       wanted_cents, left_cents
│   ├── AlreadyHelped        purpose, month
│   ├── AwardClosed          its period of performance is over, or has not begun
│   ├── NotReleasable        the money is with the bank, or was released before
│   └── OutOfStep            the money does not stand where it would be taken from
└── NotFound
    └── NoSuchMoney          award, allocation or obligation
"""

from datetime import date

from latchstring.kernel.errors import Conflict, Invalid, NotFound
from latchstring.kernel.money import shown


class NotAnAmount(Invalid):
    """An amount must be more than zero cents."""


class NotEnoughMoney(Conflict):
    """There is not enough money left for this."""

    def __init__(self, wanted_cents: int, left_cents: int) -> None:
        self.wanted_cents, self.left_cents = wanted_cents, left_cents
        super().__init__(
            f"This needs {shown(wanted_cents)}, and {shown(left_cents)} is left. Nothing was "
            "changed.",
            wanted_cents=wanted_cents,
            left_cents=left_cents,
        )


class AlreadyHelped(Conflict):
    """This purpose and month were paid for before."""

    def __init__(self, purpose: str, month: date) -> None:
        self.purpose, self.month = purpose, month
        super().__init__(
            f"Help with {purpose.replace('_', ' ')} for {month:%B %Y} was promised before, to this "
            "person or home. Nothing was changed.",
            purpose=purpose,
            month=month.isoformat(),
        )


class AwardClosed(Conflict):
    """No award is open for this program today, so nothing new can be promised."""


class NotReleasable(Conflict):
    """This money is with the bank or was given back before. It cannot be released."""


class OutOfStep(Conflict):
    """This money is not where it would have to be for that step. Nothing was changed."""


class NoSuchMoney(NotFound):
    """We could not find that award, allocation or obligation."""
