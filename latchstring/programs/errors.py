"""What can be wrong with a program, a fact or a file.

LatchstringError
├── UnknownProgram     no program of that name
├── CatalogError       a document in the catalog is wrong: file, line, what
├── WrongFact          a fact's value is not of its type
└── WrongFile          a bulk file cannot be read at all
"""

from latchstring.kernel.errors import Invalid, LatchstringError, NotFound


class UnknownProgram(NotFound):
    """There is no program of that name."""


class CatalogError(LatchstringError):
    """A program document is wrong."""

    def __init__(self, message: str, file: str = "", line: int = 0) -> None:
        self.file = file
        self.line = line
        place = f"{file}, line {line}: " if line else f"{file}: " if file else ""
        super().__init__(place + message)


class WrongFact(Invalid):
    """A fact has a value that is not of its type."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(f"{key}: {message}", {key: message})
        self.key = key


class WrongFile(Invalid):
    """This file cannot be read."""
