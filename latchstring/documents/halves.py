"""Files that have come in part: sealed pieces, one behind the other, in `<storage>/halves`.

A piece is 4 bytes (its length), 4 bytes (its sealed length) and the sealed bytes, bound to its
place. How far an upload has come is read from its file alone, so that what was said to be there
is there: a piece is on the disk before anybody hears of it, and a torn one at the end is no piece.
"""

import contextlib
import fcntl
import os
import struct
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.conf import settings

from latchstring.vault import door as vault

_HEAD = struct.Struct(">II")


def folder() -> Path:
    """Return the folder of all uploads under way."""
    return Path(settings.STORAGE) / "halves"


def path_of(upload_id: uuid.UUID) -> Path:
    """Return where the pieces of an upload lie."""
    return folder() / str(upload_id)[-2:] / f"{upload_id}.pieces"


def make(upload_id: uuid.UUID) -> None:
    """Make the empty file of an upload, durably: its name is on the disk too."""
    place = path_of(upload_id)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    directory = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def reached(upload_id: uuid.UUID) -> int:
    """Return how many bytes have come; FileNotFoundError where there is no such upload."""
    with path_of(upload_id).open("rb") as file:
        return sum(length for _place, length, _sealed in _pieces(file))


def append(agency: str, upload_id: uuid.UUID, offset: int, piece: bytes) -> bool:
    """Put a piece behind the others if exactly `offset` bytes are there, else return False.

    On the disk when this returns. Held for the length of one piece only: a request whose line
    went dead keeps nobody waiting, and finds afterwards that another has gone on.
    """
    sealed = vault.seal(
        piece,
        agency=agency,
        data_class="document",
        subject=upload_id,
        field=f"half.{upload_id}.{offset}",
    )
    with path_of(upload_id).open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        end, there = 0, 0
        for place, length, sealed_length in _pieces(file):
            end, there = place + _HEAD.size + sealed_length, there + length
        if there != offset:
            return False
        file.seek(end)
        file.truncate()
        file.write(_HEAD.pack(len(piece), len(sealed)) + sealed)
        file.flush()
        os.fsync(file.fileno())
    return True


def read(upload_id: uuid.UUID) -> bytes:
    """Open all that has come."""
    out, there = [], 0
    with path_of(upload_id).open("rb") as file:
        for place, length, sealed_length in list(_pieces(file)):
            file.seek(place + _HEAD.size)
            out.append(
                vault.open_bytes(
                    file.read(sealed_length),
                    data_class="document",
                    subject=upload_id,
                    field=f"half.{upload_id}.{there}",
                )
            )
            there += length
    return b"".join(out)


def remove(upload_id: uuid.UUID) -> None:
    """Remove the pieces and the key that opens them. Nothing is there afterwards."""
    with contextlib.suppress(FileNotFoundError):
        path_of(upload_id).unlink()
    vault.shred(upload_id, "document")


def _pieces(file: IO[bytes]) -> Iterator[tuple[int, int, int]]:
    """Yield (place, length, sealed length) of every whole piece."""
    size, place = os.fstat(file.fileno()).st_size, 0
    while place + _HEAD.size <= size:
        file.seek(place)
        length, sealed = _HEAD.unpack(file.read(_HEAD.size))
        if place + _HEAD.size + sealed > size:
            return
        yield place, length, sealed
        place += _HEAD.size + sealed
