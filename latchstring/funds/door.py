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
    OutOfStep,
)
from latchstring.funds.grant_award import grant_award
from latchstring.funds.locks import obligation as lock_obligation
from latchstring.funds.models import Allocation, Award, Obligation
from latchstring.funds.obligate import Claim, ObligationLine, obligate
from latchstring.funds.post import post_disbursed, post_returned, post_settled
from latchstring.funds.queries import (
    Balance,
    Held,
    awards,
    balance,
    balances,
    claims_held,
    obligation,
    obligations_of,
    trial_balance,
)
from latchstring.funds.release import release
from latchstring.funds.trace import Chain, Movement, Source, trace_up
from latchstring.funds.verify import LedgerWalk, verify

__all__ = [
    "CHECKS",
    "Allocation",
    "AlreadyHelped",
    "Award",
    "AwardClosed",
    "Balance",
    "Chain",
    "Claim",
    "Held",
    "LedgerWalk",
    "Movement",
    "NoSuchMoney",
    "NotAnAmount",
    "NotEnoughMoney",
    "NotReleasable",
    "Obligation",
    "ObligationLine",
    "OutOfStep",
    "Source",
    "allocate",
    "awards",
    "balance",
    "balances",
    "claims_held",
    "grant_award",
    "lock_obligation",
    "obligate",
    "obligation",
    "obligations_of",
    "post_disbursed",
    "post_returned",
    "post_settled",
    "release",
    "trace_up",
    "trial_balance",
    "verify",
]
