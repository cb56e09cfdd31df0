"""What can go wrong with sealed data.

LatchstringError
└── CannotOpen     damaged, moved from its place, or shredded
"""

from latchstring.kernel.errors import LatchstringError


class CannotOpen(LatchstringError):
    """This record is sealed and cannot be opened. It was damaged, moved or destroyed."""
