"""What can go wrong with a bank file.

Invalid
├── CannotRead     not a bank file, or too large to be one
└── CannotWrite    what was asked for does not fit the format
"""

from latchstring.kernel.errors import Invalid


class CannotRead(Invalid):
    """This does not look like a bank file. Please check that it is the right one."""


class CannotWrite(Invalid):
    """The bank file cannot be written from what was given. Nothing was sent."""
