"""What sharing data can go wrong with.

LatchstringError
└── Conflict
    ├── NoAgreement    no agreement in force with that agency
    └── NoConsent      the household has not agreed, or took it back
"""

from latchstring.kernel.errors import Conflict


class NoAgreement(Conflict):
    """There is no agreement in force with that agency, so it may not be asked."""


class NoConsent(Conflict):
    """The household has not agreed that this agency may be asked."""
