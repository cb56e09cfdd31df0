"""Files over a line that breaks: the tus protocol, version 1.0.0, core and creation.

A browser's script (assets/js/sending.js) or any tus client makes an upload, sends its bytes from
where they stopped, and names it as `sent` in the form that gives the paper. Errors are a kind
sentence in plain text, in the language of the address.
"""

import base64
import binascii
import logging
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext as _

from latchstring.documents import door as documents
from latchstring.kernel import limits
from latchstring.people import door as people
from latchstring.web.portal import mine
from latchstring.web.who import who_may

log = logging.getLogger("latchstring.upload")
VERSION = "1.0.0"
BYTES = "application/offset+octet-stream"
# What is wrong with a file that is refused, as HTTP says it; everything else is 422.
REFUSED = {"too_large": 413, "too_many_under_way": 429}


def _method(request: HttpRequest) -> str:
    """Return the method; tus lets a POST say another where a network allows no PATCH."""
    return str(request.headers.get("X-HTTP-Method-Override", request.method)).upper()


def _answer(status: int, words: str = "", **headers: Any) -> HttpResponse:
    response = HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    response["Tus-Resumable"] = VERSION
    response["Cache-Control"] = "no-store"
    for name, value in headers.items():
        response[name.replace("_", "-")] = str(value)
    return response


def _not_spoken(request: HttpRequest) -> HttpResponse | None:
    """Refuse a client that speaks another version, and say which one is spoken here."""
    if request.headers.get("Tus-Resumable") == VERSION:
        return None
    return _answer(412, Tus_Version=VERSION)


def _abilities() -> HttpResponse:
    return _answer(
        204,
        Tus_Version=VERSION,
        Tus_Extension="creation,expiration",
        Tus_Max_Size=limits.UPLOAD_BYTES_MAX,
    )


def _refusal(problem: documents.NotAPaper | documents.TooManyPapers) -> HttpResponse:
    code = problem.fields.get("files", "wrong_type")
    return _answer(REFUSED.get(code, 422), documents.refusal_words(code))


@who_may("resident")
def begin(request: HttpRequest, state: str) -> HttpResponse:
    """Make room for a file of a size (POST); say what is possible here (OPTIONS)."""
    method = _method(request)
    if method == "OPTIONS":
        return _abilities()
    if method != "POST":
        return _answer(405, Allow="OPTIONS, POST")
    household = people.household_of(request.user, mine.agency(request).slug)
    if household is None:
        return _answer(404, _("We could not find that."))
    size = request.headers.get("Upload-Length", "")
    if (wrong := _not_spoken(request)) is not None:
        return wrong
    if not _is_number(size):
        return _answer(400)
    try:
        begun = documents.begin_sending(household, _name(request), int(size), request.user.actor)
    except (documents.NotAPaper, documents.TooManyPapers) as problem:
        return _refusal(problem)
    place = reverse("portal:upload", args=[state, begun.id])
    return _answer(201, Location=place, Upload_Expires=http_date(begun.expires_at.timestamp()))


@who_may("resident")
def one(request: HttpRequest, state: str, upload_id: uuid.UUID) -> HttpResponse:
    """Say how far a file has come (HEAD), or take its next bytes (PATCH)."""
    method = _method(request)
    if method == "OPTIONS":
        return _abilities()
    if method not in ("HEAD", "PATCH"):
        return _answer(405, Allow="OPTIONS, HEAD, PATCH")
    if (wrong := _not_spoken(request)) is not None:
        return wrong
    agency, actor = mine.agency(request).slug, request.user.actor
    try:
        sending = documents.sending_of(upload_id, agency, actor)
        if method == "PATCH":
            return _go_on(request, sending, agency, actor)
        return _answer(
            200,
            Upload_Offset=documents.sent_so_far(sending),
            Upload_Length=sending.size_bytes,
            Upload_Expires=http_date(sending.expires_at.timestamp()),
            Upload_Given="yes" if sending.document else "no",
        )
    except documents.NoSuchDocument:
        return _answer(404, documents.refusal_words("gone"))


def _go_on(
    request: HttpRequest, sending: documents.Sending, agency: str, actor: str
) -> HttpResponse:
    offset = request.headers.get("Upload-Offset", "")
    if request.content_type != BYTES:
        return _answer(415)
    if not _is_number(offset):
        return _answer(400)
    before = int(offset)
    try:
        reached = documents.go_on_sending(sending.id, agency, actor, before, request)
    except documents.OutOfStep as problem:
        return _answer(409, problem.message, Upload_Offset=documents.sent_so_far(sending))
    except documents.NotAPaper as problem:
        return _refusal(problem)
    log.info("bytes", extra={"upload": str(sending.id), "offset": before, "reached": reached})
    return _answer(
        204, Upload_Offset=reached, Upload_Expires=http_date(sending.expires_at.timestamp())
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


def _name(request: HttpRequest) -> str:
    """Return the file's name from the metadata: `filename <base64>, ...`; empty without one."""
    for pair in request.headers.get("Upload-Metadata", "").split(","):
        key, _space, value = pair.strip().partition(" ")
        if key == "filename":
            try:
                return base64.b64decode(value, validate=True).decode()[:200]
            except (binascii.Error, UnicodeDecodeError):
                return ""
    return ""
