"""What asking another agency can go wrong with.

LatchstringError
├── NotFound
│   └── NoSuchCheck
└── Unavailable
    └── SourceTrouble    status: timeout, unreachable, http_503, garbled, wrong_schema, breaker_open
"""

from latchstring.kernel.errors import NotFound, Unavailable


class NoSuchCheck(NotFound):
    """We could not find that question."""


class SourceTrouble(Unavailable):
    """The other agency does not answer just now. We ask again by ourselves."""

    def __init__(self, status: str) -> None:
        self.status = status
        super().__init__(status=status)
