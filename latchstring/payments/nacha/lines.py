"""Bytes to numbered records, whatever ends them: LF, CRLF, CR, or nothing at all."""

import io
from collections.abc import Iterator
from typing import BinaryIO

from latchstring.payments.nacha.errors import CannotRead
from latchstring.payments.nacha.layout import RECORD_LENGTH

LOOK_AHEAD_BYTES = 64 * 1024
LONGEST_LINE_BYTES = 64 * 1024


def lines(source: BinaryIO | bytes) -> Iterator[tuple[int, str]]:
    """Yield (record number from 1, its characters). Memory holds one record, never the file.

    A file without any line end is cut every 94 characters. Empty lines at the end do not count.
    """
    stream = io.BufferedReader(_raw(source), LOOK_AHEAD_BYTES)
    start = stream.peek(LOOK_AHEAD_BYTES).rstrip(b"\r\n")
    if b"\n" in start or b"\r" in start:
        yield from _without_empty_end(_ended(stream))
    elif start:
        yield from _without_empty_end(_cut(stream))


def _raw(source: BinaryIO | bytes) -> io.RawIOBase:
    return source if isinstance(source, io.RawIOBase) else _Plain(source)


class _Plain(io.RawIOBase):
    """Any bytes or binary stream, as something that can be looked into."""

    def __init__(self, source: BinaryIO | bytes) -> None:
        self._stream = io.BytesIO(source) if isinstance(source, bytes) else source

    def readable(self) -> bool:
        """Yes: that is all it is for."""
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """Fill the buffer with what comes next; 0 at the end."""
        piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def _ended(stream: "io.BufferedReader[io.RawIOBase]") -> Iterator[str]:
    """Records that a line end closes."""
    universal = io.TextIOWrapper(stream, encoding="latin-1", newline=None)
    while line := universal.readline(LONGEST_LINE_BYTES):
        if len(line) == LONGEST_LINE_BYTES:
            raise CannotRead("One line is far too long for a bank file (94 characters each).")
        yield _characters(line.rstrip("\n"))


def _cut(stream: "io.BufferedReader[io.RawIOBase]") -> Iterator[str]:
    """Records that nothing closes."""
    while piece := stream.read(RECORD_LENGTH):
        yield _characters(piece.decode("latin-1").rstrip("\r\n"))


def _characters(line: str) -> str:
    """A line read as Latin-1, or as UTF-8 where it is that: a sign is one character either way."""
    if line.isascii():
        return line
    try:
        return line.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return line


def _without_empty_end(each: Iterator[str]) -> Iterator[tuple[int, str]]:
    """Number the lines, holding empty ones back until something follows them."""
    held = 0
    for number, line in enumerate(each, 1):
        if not line.strip() and number > 1:
            held += 1
            continue
        for missing in range(held):
            yield number - held + missing, ""
        held = 0
        yield number, line
