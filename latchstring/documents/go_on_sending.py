"""Go on sending: the next bytes of a file, kept as far as they come."""

import uuid
from typing import Protocol

from latchstring.documents import halves, sniff
from latchstring.documents.errors import NoSuchDocument, NotAPaper, OutOfStep
from latchstring.documents.models import Sending
from latchstring.documents.queries import sending_of

PIECE_BYTES = 64 * 1024  # sealed and put on the disk together
READ_BYTES = 4 * 1024  # what a broken line can cost at most
_TELLING = 32  # bytes that say what kind of file it is


class Coming(Protocol):
    """A body that is still on its way."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes, none at the end; OSError when the line breaks."""
        ...


def go_on_sending(
    sending_id: uuid.UUID, agency: str, actor: str, offset: int, coming: Coming
) -> int:
    """Keep bytes from an offset on, and return how far the file has come, which is on the disk.

    What came before a line broke is kept. OutOfStep when the file is not at that offset, also
    when another request goes on with it meanwhile; NotAPaper as soon as its first bytes say so.
    """
    sending = sending_of(sending_id, agency, actor)
    if sending.document is not None or _reached(sending) != offset:
        raise OutOfStep()
    broken = False
    while not broken and offset < sending.size_bytes:
        piece, broken = _piece(coming, min(PIECE_BYTES, sending.size_bytes - offset))
        if not piece:
            break
        if offset == 0 and not _may_be_a_paper(piece, sending):
            raise NotAPaper(fields={"files": "wrong_type"})
        if not halves.append(sending.agency, sending.id, offset, piece):
            raise OutOfStep()
        offset += len(piece)
    if not broken and offset == sending.size_bytes and coming.read(1):
        raise OutOfStep()
    return offset


def _piece(coming: Coming, most: int) -> tuple[bytes, bool]:
    """Return the next bytes and whether the line broke behind them."""
    parts: list[bytes] = []
    while most > 0:
        try:
            part = coming.read(min(READ_BYTES, most))
        except OSError:
            return b"".join(parts), True
        if not part:
            break
        parts.append(part)
        most -= len(part)
    return b"".join(parts), False


def _may_be_a_paper(first: bytes, sending: Sending) -> bool:
    """Whether the first piece can begin a paper; too few bytes to tell are let through."""
    if len(first) < min(_TELLING, sending.size_bytes):
        return True
    return sniff.media_type(first[:_TELLING]) is not None


def _reached(sending: Sending) -> int:
    try:
        return halves.reached(sending.id)
    except FileNotFoundError:
        raise NoSuchDocument() from None
