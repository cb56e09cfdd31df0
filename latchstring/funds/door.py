"""The funds room's door."""

from latchstring.funds.allocate import allocate
from latchstring.funds.checks import CHECKS
from latchstring.funds.errors import (
    AlreadyHelped,
    AwardClosed,
    NoSuchMoney,
    NotAnAmount,
    NotEnoughMoney,
    NotReleasable,
)
from latchstring.funds.grant_award import grant_award
from latchstring.funds.models import Allocation, Award, Obligation
from latchstring.funds.movements import (
    balance,
    post_disbursed,
    post_returned,
    post_settled,
    release,
)
from latchstring.funds.obligate import Claim, ObligationLine, obligate
from latchstring.funds.queries import (
    Balance,
    awards,
    balances,
    obligation,
    obligations_of,
    trial_balance,
)
from latchstring.funds.verify import LedgerWalk, verify

__all__ = [
    "CHECKS",
    "Allocation",
    "AlreadyHelped",
    "Award",
    "AwardClosed",
    "Balance",
    "Claim",
    "LedgerWalk",
    "NoSuchMoney",
    "NotAnAmount",
    "NotEnoughMoney",
    "NotReleasable",
    "Obligation",
    "ObligationLine",
    "allocate",
    "awards",
    "balance",
    "balances",
    "grant_award",
    "obligate",
    "obligation",
    "obligations_of",
    "post_disbursed",
    "post_returned",
    "post_settled",
    "release",
    "trial_balance",
    "verify",
]
