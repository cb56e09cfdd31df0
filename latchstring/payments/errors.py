"""What paying can say no to.

LatchstringError
├── Invalid
│   └── NotABankAccount     routing or account number that cannot be one
├── Conflict
│   ├── NothingToPay        an empty batch
│   ├── BatchIsSealed       nothing is added to, or changed in, a sealed batch
│   ├── BatchNotSealed      only a sealed batch is released
│   ├── NotYours            preparer, approver and releaser must be three people
│   ├── NotInDoubt          there is nothing to settle about this batch
│   ├── NotRefused          only what the bank refused is put back
│   ├── NotThePromise       a payment is the whole of a live promise to its case, nothing else
│   └── NotTheDecision      a month was put on a card with other cents
├── NotFound
│   └── NoSuchPayment       payee, batch or disbursement
└── Unavailable
    └── BankReportBroken    a settlement or return that we cannot read: nothing was taken in
"""

from latchstring.kernel.errors import Conflict, Invalid, NotFound, Unavailable


class NotABankAccount(Invalid):
    """These bank details cannot be right. Please look at the check or the bank's app again."""


class NothingToPay(Conflict):
    """There is nothing in this batch to pay."""


class BatchIsSealed(Conflict):
    """This batch is sealed. Nothing can be added to it or changed in it."""


class BatchNotSealed(Conflict):
    """Only a sealed batch can be released."""


class NotYours(Conflict):
    """You prepared or approved money in this batch. Somebody else has to release it."""


class NotInDoubt(Conflict):
    """This batch is not in doubt."""


class NotRefused(Conflict):
    """The bank has not refused this batch, so there is nothing to put back."""


class NotThePromise(Conflict):
    """This payment does not match what was promised. Nothing was changed."""


class NotTheDecision(Conflict):
    """This month was put on the card before, with another amount. Nothing was changed."""


class NoSuchPayment(NotFound):
    """We could not find that payment or batch."""


class BankReportBroken(Unavailable):
    """The bank sent a report we cannot read. Nothing was taken in, and we will ask again."""
