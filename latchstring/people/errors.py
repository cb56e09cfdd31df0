"""What people and households can go wrong with.

LatchstringError
├── Invalid
│   └── NotAPerson        name or birth date missing or impossible
└── NotFound
    └── NoSuchHousehold   or not one this account may act for
"""

from latchstring.kernel.errors import Invalid, NotFound


class NotAPerson(Invalid):
    """We need a first name, a last name and a date of birth that is in the past."""


class NoSuchHousehold(NotFound):
    """We could not find that household."""
