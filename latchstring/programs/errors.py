"""What can be wrong with a program, a fact or a file.

LatchstringError
├── UnknownProgram     no program of that name
├── CatalogError       a document in the catalog is wrong: file, line, what
├── WrongFact          a fact's value is not of its type
└── WrongFile          a bulk file cannot be read at all
"""

from collections.abc import Iterator
from contextlib import contextmanager

from latchstring.kernel.errors import Invalid, LatchstringError, NotFound


class UnknownProgram(NotFound):
    """There is no program of that name."""


class CatalogError(LatchstringError):
    """A program document is wrong."""

    others: "tuple[CatalogError, ...]" = ()  # what the same reading found besides

    def __init__(self, message: str, file: str = "", line: int = 0) -> None:
        self.file = file
        self.line = line
        place = f"{file}, line {line}: " if line else f"{file}: " if file else ""
        super().__init__(place + message)


class Problems:
    """What is wrong with a document, gathered so that one reading tells of all of it.

    `broken` holds the ids and keys of what was found wrong: whatever names one of them is not
    told of as well, since it would only say the same again.
    """

    def __init__(self) -> None:
        self.found: list[CatalogError] = []
        self.broken: set[str] = set()

    def add(self, message: str, file: str, line: int, *broken: str) -> None:
        """Write down a problem, and what it breaks."""
        self.found.append(CatalogError(message, file, line))
        self.broken.update(broken)

    @contextmanager
    def gathered(self, *broken: str) -> Iterator[None]:
        """Go on after what is raised inside; `broken` is what it leaves without a meaning."""
        try:
            yield
        except CatalogError as wrong:
            self.found += [wrong, *wrong.others]
            self.broken.update(broken)

    def settle(self) -> None:
        """Raise what was found, by file and line: the first, with the others; or nothing."""
        if self.found:
            once = list({wrong.message: wrong for wrong in self.found}.values())
            first, *others = sorted(once, key=lambda wrong: (wrong.file, wrong.line))
            first.others = tuple(others)
            raise first


class WrongFact(Invalid):
    """A fact has a value that is not of its type."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(f"{key}: {message}", {key: message})
        self.key = key


class WrongFile(Invalid):
    """This file cannot be read."""
