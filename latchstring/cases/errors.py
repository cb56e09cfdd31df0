"""What can go wrong with a case.

LatchstringError
├── Invalid
│   ├── IncompleteDenial       reason, legal basis or appeal day missing
│   ├── NothingToPay           the determination names no amount
│   └── NotPutDown             a person has still to put something down
├── NotAllowed
│   └── SamePerson             the approver prepared it
├── NotFound
│   └── NoSuchCase             or not one this account may see
└── Conflict
    ├── AlreadyDecided         somebody decided, or the case is closed
    ├── NotEligible            the rules do not say eligible
    ├── FactsHaveChanged       the decision rests on an older determination
    └── StillWaiting           another agency has not answered yet
"""

from latchstring.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


class IncompleteDenial(Invalid):
    """A denial needs its reason, the rule it rests on, and a last day to appeal."""


class NothingToPay(Invalid):
    """The determination names no amount to pay. Look at the months and the rent again."""


class NotPutDown(Invalid):
    """Something is still to be put down before this can be approved."""


class SamePerson(NotAllowed):
    """You prepared this decision. A second person must approve it."""


class NoSuchCase(NotFound):
    """We could not find that case."""


class AlreadyDecided(Conflict):
    """This was decided already, or has moved on. Please look at the case again."""


class NotEligible(Conflict):
    """The rules do not find this household eligible with what is known. Look at the reasons."""


class FactsHaveChanged(Conflict):
    """What we know has changed since this was prepared. Prepare it again from the new result."""


class StillWaiting(Conflict):
    """Another agency has not answered yet. Wait for it, or go on without it and say why."""
