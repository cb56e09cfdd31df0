"""Sealed files on disk: `<storage>/documents/<xx>/<upload>.<part>`; rows say what they are.

A file is written before the transaction that tells of it commits; one whose row never came is
found by checks.py. Nothing is ever written in the clear.
"""

import os
import uuid
from pathlib import Path

from django.conf import settings

from latchstring.vault import door as vault

ORIGINAL = "original"


def folder() -> Path:
    """Return the folder of all sealed papers."""
    return Path(settings.STORAGE) / "documents"


def path_of(upload_id: uuid.UUID, part: str) -> Path:
    """Return where one part of an upload lies: `original` or `page-<n>`."""
    return folder() / str(upload_id)[-2:] / f"{upload_id}.{part}"


def _field(upload_id: uuid.UUID, part: str) -> str:
    return f"upload.{upload_id}.{part}"


def keep(agency: str, document_id: uuid.UUID, upload_id: uuid.UUID, part: str, raw: bytes) -> None:
    """Seal bytes under the document's key and put them in their place, whole or not at all."""
    sealed = vault.seal(
        raw,
        agency=agency,
        data_class="document",
        subject=document_id,
        field=_field(upload_id, part),
    )
    place = path_of(upload_id, part)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = place.with_name(f".{place.name}.{uuid.uuid4().hex}")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(sealed)
        out.flush()
        os.fsync(out.fileno())
    half.replace(place)


def read(document_id: uuid.UUID, upload_id: uuid.UUID, part: str) -> bytes:
    """Open one part of an upload; FileNotFoundError where there is none."""
    return vault.open_bytes(
        path_of(upload_id, part).read_bytes(),
        data_class="document",
        subject=document_id,
        field=_field(upload_id, part),
    )
