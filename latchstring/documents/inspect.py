"""Inspect: decode an upload in a process of its own and keep clean copies of its pages.

The sandbox gets bytes on its standard input and can open nothing: no file, no socket, no key.
Whatever a hostile file does there, what comes back is read as a length-prefixed list of pictures
that it re-encoded, and those alone are ever shown.
"""

import json
import struct
import subprocess
import sys
import uuid
from pathlib import Path

from latchstring.documents import sniff, store
from latchstring.documents.models import Upload
from latchstring.kernel import events, limits, transactions
from latchstring.kernel.crashpoint import crashpoint

SECONDS_MAX = 40  # wall clock; the sandbox itself may use 20 s of processor
OUTPUT_BYTES_MAX = 120 * 1024 * 1024
_SANDBOX = Path(__file__).with_name("sandbox.py")


def decoded(raw: bytes, kind: str) -> tuple[str, list[bytes]]:
    """Return (problem, pages): pictures re-encoded as PNG or JPEG, or a code and no page."""
    command = [sys.executable, "-I", str(_SANDBOX), kind]
    command += [str(limits.PICTURE_PIXELS_MAX), str(limits.DOCUMENT_PAGES_MAX)]
    try:
        done = subprocess.run(  # noqa: S603
            command,
            input=raw,
            capture_output=True,
            timeout=SECONDS_MAX,
            env={},
            cwd="/",
            start_new_session=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "too_slow", []
    if done.returncode < 0 and -done.returncode in (9, 24):  # killed, or out of processor time
        return "too_slow", []
    if done.returncode != 0 or len(done.stdout) > OUTPUT_BYTES_MAX:
        return "damaged", []
    return _read(done.stdout)


def _read(out: bytes) -> tuple[str, list[bytes]]:
    try:
        (size,) = struct.unpack_from(">I", out)
        head = json.loads(out[4 : 4 + size])
        place, pages = 4 + size, []
        for length in head["pages"]:
            pages.append(out[place : place + length])
            place += length
    except (struct.error, ValueError, KeyError, TypeError):
        return "damaged", []
    if head.get("problem"):
        return str(head["problem"])[:40], []
    shown = (sniff.PNG, sniff.JPEG)
    if not pages or any(sniff.media_type(page[:32]) not in shown for page in pages):
        return "damaged", []
    return "", pages


def inspect(upload_id: uuid.UUID) -> Upload:
    """Look an upload over, once: afterwards it has pages, or a problem with words for it.

    Safe to repeat: the copies are written over themselves before the row says they are there.
    """
    upload = Upload.objects.select_related("document").get(id=upload_id)
    if upload.inspected_at is not None:
        return upload
    document = upload.document
    raw = store.read(document.id, upload.id, store.ORIGINAL)
    kind = sniff.media_type(raw[:32]) or ""
    crashpoint("K5 upload: opened, being inspected")
    problem, pages = decoded(raw, kind) if kind else ("damaged", [])
    for number, page in enumerate(pages, 1):
        store.keep(document.agency, document.id, upload.id, f"page-{number}", page)
    with transactions.verb() as moment:
        upload = Upload.objects.select_for_update().get(id=upload_id)
        if upload.inspected_at is not None:
            return upload
        upload.inspected_at = moment
        upload.media_type = kind
        upload.pages = len(pages)
        upload.problem = problem
        upload.save(update_fields=["inspected_at", "media_type", "pages", "problem"])
        events.record(
            "upload.inspected.v1",
            subject=upload.id,
            agency=upload.agency,
            actor="system:documents",
            payload={"document": document.id, "pages": len(pages), "problem": problem},
        )
        crashpoint("K6 upload: pages on disk, before commit")
    return upload


def inspect_document(document_id: uuid.UUID) -> None:
    """Look over every upload of a document that was not yet."""
    waiting = Upload.objects.filter(document_id=document_id, inspected_at__isnull=True)
    for upload_id in waiting.values_list("id", flat=True):
        inspect(upload_id)
