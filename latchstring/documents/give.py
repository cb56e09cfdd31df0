"""Give: a resident hands in a paper, one or more files, which go into quarantine."""

import hashlib
import io
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from django.db import connection

from latchstring.documents import halves, proof, sniff, store
from latchstring.documents.errors import NotAPaper, TooManyPapers
from latchstring.documents.models import Document, Sending, Upload
from latchstring.kernel import events, limits, transactions
from latchstring.kernel.crashpoint import crashpoint
from latchstring.kernel.ids import new_id
from latchstring.people import door as people
from latchstring.vault import door as vault

# Within this time the same files are the same paper: sent again because the answer was lost.
SENT_AGAIN = timedelta(hours=1)


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


class _FromPieces:
    """A file that came in pieces. It is opened whole at a read and let go at its end."""

    def __init__(self, sending_id: uuid.UUID) -> None:
        self._id, self._place = sending_id, 0
        self._open: io.BytesIO | None = None

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place; 2 counts from the end."""
        size = halves.reached(self._id) if whence == 2 else 0
        self._place = size + offset
        return self._place

    def tell(self) -> int:
        """Return the present place."""
        return self._place

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes."""
        if self._open is None:
            self._open = io.BytesIO(halves.read(self._id))
        self._open.seek(self._place)
        part = self._open.read(size)
        self._place += len(part)
        if len(part) < size:
            self._open = None
        return part


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
    sent: Sequence[uuid.UUID] = (),
    since: datetime | None = None,
) -> Document:
    """Take a paper of a kind (`lease`, ...) with its files, sealed, and have it looked over.

    `sent` names files that came in pieces before (begin_sending). The same files given again
    within the hour (and after `since`) are the paper that is there already: a form is sent again
    when a broken line swallowed the answer. NotAPaper names what is wrong; then nothing is kept.
    """
    if not uploads and not sent:
        raise NotAPaper(fields={"files": "missing"})
    with transactions.verb() as moment:
        _one_at_a_time(household)
        sendings = _sendings(household, sent, actor)
        before = _given_before(sendings)
        if before is not None:
            return before
        files = [*((_name(one), _FromPieces(one.id)) for one in sendings), *uploads]
        for _file_name, file in files:
            _checked(file)
        again = _sent_again(household, kind, application, files, _later(moment, since))
        if again is not None:
            return _from_pieces(again, sendings)
        _room_for(household, application, len(files))
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
        for name, file in files:  # one in memory at a time
            file.seek(0)
            _add(document, name, file.read(limits.UPLOAD_BYTES_MAX + 1), actor)
        _from_pieces(document, sendings)
        proof.stands(household, document, actor)
        events.record(
            "document.given.v1",
            subject=document.id,
            agency=document.agency,
            actor=actor,
            payload={"household": household.id, "application": application, "kind": kind},
        )
        crashpoint("K4 upload: row and event written, before commit")
    return document


def _one_at_a_time(household: people.Household) -> None:
    """Let a household's papers come one after the other: a button pressed twice gives one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"give:{household.id}"]
        )


def _later(moment: datetime, since: datetime | None) -> datetime:
    earliest = moment - SENT_AGAIN
    return max(earliest, since) if since else earliest


def _sendings(household: people.Household, sent: Sequence[uuid.UUID], actor: str) -> list[Sending]:
    """Return the sender's own files that came in pieces, each whole; NotAPaper otherwise."""
    rows = {
        row.id: row
        for row in Sending.objects.select_for_update().filter(
            id__in=sent, household=household.id, given_by=actor
        )
    }
    found = [rows[one] for one in dict.fromkeys(sent) if one in rows]
    if len(found) != len(set(sent)):
        raise NotAPaper(fields={"files": "gone"})
    for one in found:
        if one.document is None and not _whole(one):
            raise NotAPaper(fields={"files": "gone"})
    return found


def _whole(sending: Sending) -> bool:
    try:
        return halves.reached(sending.id) == sending.size_bytes
    except FileNotFoundError:
        return False


def _name(sending: Sending) -> str:
    return vault.open_text(
        sending.name_sealed,
        data_class="document",
        subject=sending.id,
        field=f"sending.{sending.id}.name",
    )


def _given_before(sendings: list[Sending]) -> Document | None:
    """Return the paper that these pieces became already; NotAPaper when only some of them did."""
    became = {one.document for one in sendings if one.document is not None}
    if not became:
        return None
    document = Document.objects.filter(id__in=became, removed_at__isnull=True).first()
    if len(became) > 1 or document is None or any(one.document is None for one in sendings):
        raise NotAPaper(fields={"files": "gone"})
    return document


def _sent_again(
    household: people.Household,
    kind: str,
    application: uuid.UUID | None,
    files: Sequence[tuple[str, Readable]],
    since: datetime,
) -> Document | None:
    """Return the paper of the same kind and the very same files that is here since; or None."""
    rows = Document.objects.filter(
        household=household.id,
        application=application,
        kind=kind,
        given_at__gte=since,
        removed_at__isnull=True,
        refused_at__isnull=True,
    ).prefetch_related("uploads")
    found = {tuple(sorted(u.sha256 for u in row.uploads.all())): row for row in rows}
    if not found:
        return None
    return found.get(tuple(sorted(_sha256(file) for _file_name, file in files)))


def _sha256(file: Readable) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while part := file.read(1024 * 1024):
        digest.update(part)
    return digest.hexdigest()


def _from_pieces(document: Document, sendings: list[Sending]) -> Document:
    """Say of sendings what they became; their pieces go with the next sweep, after the commit."""
    for one in sendings:
        one.document = document.id
        one.save(update_fields=["document"])
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
    crashpoint("K3 upload: bytes on disk, no row")
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
