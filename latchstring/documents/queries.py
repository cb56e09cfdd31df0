"""Reading papers, for rooms that have decided already who may look."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from latchstring.documents import halves, sniff, store
from latchstring.documents.errors import NoSuchDocument
from latchstring.documents.models import Document, Sending, Upload
from latchstring.documents.words import problem_words
from latchstring.kernel import clock
from latchstring.kernel.find import find, put_beside
from latchstring.vault import door as vault


@dataclass(frozen=True)
class UploadView:
    """One file of a paper. `state` is waiting, ready or problem; `words` say what to do."""

    id: uuid.UUID
    name: str
    size_bytes: int
    sha256: str
    state: str
    pages: tuple[int, ...]
    problem: str
    words: str


@dataclass(frozen=True)
class DocumentView:
    """A paper as its household and staff see it. `status`: received, accepted, refused."""

    id: uuid.UUID
    kind: str
    status: str
    given_at: datetime
    refused_reason: str
    application: uuid.UUID | None
    uploads: tuple[UploadView, ...]


@dataclass(frozen=True)
class Picture:
    """A clean copy of one page."""

    bytes: bytes
    media_type: str


def locked(document_id: uuid.UUID) -> Document:
    """Return a paper for a verb, its row held; NoSuchDocument when there is none."""
    document = Document.objects.select_for_update().filter(id=document_id).first()
    if document is None:
        raise NoSuchDocument()
    return document


def of_household(
    household_id: uuid.UUID, application: uuid.UUID | None = None, kind: str | None = None
) -> list[DocumentView]:
    """Return a household's papers (of one application or kind), oldest first, without removed."""
    papers = [
        row
        for row in given_by(household_id)
        if application in (None, row.application) and kind in (None, row.kind)
    ]
    uploads = find(_uploads_of, household_id) if papers else []
    for paper in papers:
        put_beside(paper, "uploads", [row for row in uploads if row.document_id == paper.id])
    vault.fetch_keys((row.id for row in papers), data_class="document")
    return [_view(row) for row in papers]


def given_by(household_id: uuid.UUID) -> list[Document]:
    """Return what a household gave and did not take back, oldest first, without the files."""
    return find(_not_removed, household_id)


def _not_removed(household_id: uuid.UUID) -> QuerySet[Document]:
    rows = Document.objects.filter(household=household_id, removed_at__isnull=True)
    return rows.order_by("given_at", "id")


def _uploads_of(household_id: uuid.UUID) -> QuerySet[Upload]:
    return Upload.objects.filter(document__household=household_id).order_by("id")


def _view(document: Document) -> DocumentView:
    status = "accepted" if document.accepted_at else "refused" if document.refused_at else ""
    uploads = sorted(document.uploads.all(), key=lambda upload: upload.id)
    return DocumentView(
        id=document.id,
        kind=document.kind,
        status=status or "received",
        given_at=document.given_at,
        refused_reason=document.refused_reason,
        application=document.application,
        uploads=tuple(_upload_view(upload) for upload in uploads),
    )


def _upload_view(upload: Upload) -> UploadView:
    state = "waiting" if upload.inspected_at is None else "problem" if upload.problem else "ready"
    return UploadView(
        id=upload.id,
        name=vault.open_text(
            upload.name_sealed,
            data_class="document",
            subject=upload.document_id,
            field=f"upload.{upload.id}.name",
        ),
        size_bytes=upload.size_bytes,
        sha256=upload.sha256,
        state=state,
        pages=tuple(range(1, (upload.pages or 0) + 1)),
        problem=upload.problem,
        words=problem_words(upload.problem),
    )


def document_of(upload_id: uuid.UUID) -> Document:
    """Return the paper that an upload belongs to, so that the caller can ask who may see it."""
    upload = Upload.objects.filter(id=upload_id).select_related("document").first()
    if upload is None or upload.document.removed_at is not None:
        raise NoSuchDocument()
    return upload.document


def page(upload_id: uuid.UUID, number: int) -> Picture:
    """Return the clean copy of a page (from 1); NoSuchDocument where there is none."""
    document = document_of(upload_id)
    try:
        raw = store.read(document.id, upload_id, f"page-{int(number)}")
    except FileNotFoundError:
        raise NoSuchDocument() from None
    return Picture(raw, sniff.media_type(raw[:32]) or sniff.PNG)


def page_png(upload_id: uuid.UUID, number: int) -> bytes:
    """Return the bytes of a page's clean copy; `page` says which kind of picture it is."""
    return page(upload_id, number).bytes


def waiting(limit: int = 100) -> list[uuid.UUID]:
    """Return uploads that nobody has looked over yet, oldest first."""
    rows = Upload.objects.filter(inspected_at__isnull=True).order_by("given_at")
    return list(rows.values_list("id", flat=True)[:limit])


def sending_of(sending_id: uuid.UUID, agency: str, actor: str) -> Sending:
    """Return a file under way of the account that sends it; NoSuchDocument for everybody else."""
    sending = Sending.objects.filter(id=sending_id, agency=agency, given_by=actor).first()
    if sending is None or sending.expires_at < clock.now():
        raise NoSuchDocument()
    return sending


def sent_so_far(sending: Sending) -> int:
    """Return how many bytes of a file under way have come; all of them once it is a paper."""
    if sending.document is not None:
        return sending.size_bytes
    try:
        return halves.reached(sending.id)
    except FileNotFoundError:
        raise NoSuchDocument() from None
