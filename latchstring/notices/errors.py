"""What notices can go wrong with.

LatchstringError
└── NotFound
    └── NoSuchNotice   or not one this account may read
"""

from latchstring.kernel.errors import NotFound


class NoSuchNotice(NotFound):
    """We could not find that message."""
