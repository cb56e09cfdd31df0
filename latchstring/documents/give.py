"""Give: a resident hands in a paper, one or more files, which go into quarantine."""

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from typing import Protocol

from latchstring.documents import proof, sniff, store
from latchstring.documents.errors import NotAPaper, TooManyPapers
from latchstring.documents.models import Document, Upload
from latchstring.kernel import events, limits, transactions
from latchstring.kernel.ids import new_id
from latchstring.people import door as people
from latchstring.vault import door as vault


class Readable(Protocol):
    """A file as a browser sends it, or any other that can be read."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes."""
        ...

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place; 2 counts from the end."""
        ...

    def tell(self) -> int:
        """Return the present place."""
        ...


def _checked(file: Readable) -> None:
    """Refuse what is no paper by size and first bytes, without reading it whole."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    if size == 0:
        raise NotAPaper(fields={"files": "empty"})
    if size > limits.UPLOAD_BYTES_MAX:
        raise NotAPaper(fields={"files": "too_large"})
    if sniff.media_type(file.read(32)) is None:
        raise NotAPaper(fields={"files": "wrong_type"})
    file.seek(0)


def give(
    household: people.Household,
    kind: str,
    uploads: Sequence[tuple[str, Readable]],
    actor: str,
    *,
    application: uuid.UUID | None = None,
    proves: Iterable[str] = (),
) -> Document:
    """Take a paper of a kind (`lease`, ...) with its files, sealed, and have it looked over.

    NotAPaper names what is wrong with a file; then nothing is kept.
    """
    if not uploads:
        raise NotAPaper(fields={"files": "missing"})
    with transactions.verb() as moment:
        _room_for(household, application, len(uploads))
        for _name, file in uploads:
            _checked(file)
        document = Document.objects.create(
            id=new_id(),
            agency=household.agency_id,
            household=household.id,
            application=application,
            kind=kind,
            proves=list(proves),
            given_at=moment,
            given_by=actor,
        )
        for name, file in uploads:  # one in memory at a time
            _add(document, name, file.read(limits.UPLOAD_BYTES_MAX + 1), actor)
        proof.stands(household, document, actor)
        events.record(
            "document.given.v1",
            subject=document.id,
            agency=document.agency,
            actor=actor,
            payload={"household": household.id, "application": application, "kind": kind},
        )
    return document


def _room_for(household: people.Household, application: uuid.UUID | None, more: int) -> None:
    held = Upload.objects.filter(
        document__household=household.id,
        document__application=application,
        document__removed_at__isnull=True,
    ).count()
    if held + more > limits.UPLOADS_PER_APPLICATION_MAX:
        raise TooManyPapers(fields={"files": "too_many"})


def _add(document: Document, name: str, raw: bytes, actor: str) -> Upload:
    upload_id = new_id()
    store.keep(document.agency, document.id, upload_id, store.ORIGINAL, raw)
    upload = Upload.objects.create(
        id=upload_id,
        agency=document.agency,
        document=document,
        name_sealed=vault.seal(
            name[:200],
            agency=document.agency,
            data_class="document",
            subject=document.id,
            field=f"upload.{upload_id}.name",
        ),
        sha256=hashlib.sha256(raw).hexdigest(),
        size_bytes=len(raw),
        given_at=document.given_at,
    )
    events.record(
        "upload.quarantined.v1",
        subject=upload_id,
        agency=document.agency,
        actor=actor,
        payload={"document": document.id, "household": document.household},
    )
    return upload
