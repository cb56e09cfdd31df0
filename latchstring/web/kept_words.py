"""What somebody typed when their sign-in had ended: kept for them alone, and back on the same page.

Every form carries a signed mark: whose it is and on which page it stands. Where a form comes in
after the sign-in ended, or with a token from before it, its words are sealed and kept in the
session for twelve hours. The page shows them again to that account, ready to send, and to nobody
else; another person who signs in on the same browser makes them go. Works without scripts.
"""

import base64
import json
import re
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.decorators import sync_only_middleware
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from latchstring.people import door as people
from latchstring.vault import door as vault
from latchstring.web.refill import refilled

KEPT = "kept_words"  # in the session
MARK = "whose"  # the hidden input
_SALT = "latchstring.whose"
HOURS_MAX = 12
BYTES_MAX = 64_000
_NEVER_KEPT = re.compile(rf"^({MARK}|csrfmiddlewaretoken|sent|once)$|password|^code$")
Next = Callable[[HttpRequest], HttpResponse]


def mark(request: HttpRequest) -> str:
    """Return what a form carries: whose it is and its page, signed; empty for nobody's form."""
    if not request.user.is_authenticated:
        return ""
    page = request.get_full_path()
    if request.method == "POST":  # a form that came back with something to mend
        page = (_read_mark(request) or {"page": page})["page"]
    return signing.dumps({"account": str(request.user.pk), "page": page}, salt=_SALT)


def _read_mark(request: HttpRequest) -> dict[str, str] | None:
    try:
        text = request.POST.get(MARK, "")
        known: dict[str, str] = signing.loads(text, salt=_SALT, max_age=2 * HOURS_MAX * 3600)
    except (signing.BadSignature, BadRequest, SuspiciousOperation, MultiPartParserError, OSError):
        return None
    return known if url_has_allowed_host_and_scheme(known["page"], None) else None


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Send somebody to sign in, keeping what they typed, and back to the page of their form."""
    page = keep(request) if request.method == "POST" else None
    if page is None:
        return redirect_to_login(request.get_full_path(), reverse("account_login"))
    if (agency := getattr(request, "agency", None)) is not None:
        request.session.setdefault("state", agency.state.lower())  # the sign-in page says whose
    messages.warning(
        request, _("You were signed out. Sign in again: what you typed is kept for you.")
    )
    return redirect_to_login(page, reverse("account_login"))


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is no longer good (Django's CSRF_FAILURE_VIEW).

    Nothing is done with it. A form that was ours comes back with its words, to be sent by a
    person who sees it; anything else is refused.
    """
    if not request.user.is_authenticated:
        known = _read_mark(request)
        return _refused(request) if known is None else sign_in_first(request)
    page = keep(request)
    return _refused(request) if page is None else redirect(page)


def _refused(request: HttpRequest) -> HttpResponse:
    problem = {"message": _("This page had been open for too long. Go back, reload it, try again.")}
    return render(request, "errors/403.html", {"problem": problem}, status=403)


def keep(request: HttpRequest) -> str | None:
    """Keep a form's words for whom its mark names; return its page, or None if it has no mark.

    Where somebody else is signed in here already, nothing is kept.
    """
    known = _read_mark(request)
    if known is None or str(request.user.pk or known["account"]) != known["account"]:
        return None
    account = people.Account.objects.filter(id=known["account"], is_active=True).first()
    agency = _agency_of(request, account)
    words = {name: request.POST.getlist(name) for name in request.POST if not _hidden(name)}
    raw = json.dumps({"words": words, "files": bool(request.FILES)})
    if account is None or not agency or len(raw) > BYTES_MAX:
        return known["page"] if account else None
    sealed = vault.seal(
        raw, agency=agency, data_class="person", subject=account.id, field="kept words"
    )
    request.session[KEPT] = {
        "account": str(account.id),
        "page": known["page"],
        "action": request.path,
        "until": time.time() + HOURS_MAX * 3600,
        "sealed": base64.b64encode(sealed).decode(),
    }
    return known["page"]


def _hidden(name: str) -> bool:
    return _NEVER_KEPT.search(name) is not None


def _agency_of(request: HttpRequest, account: people.Account | None) -> str:
    here = getattr(request, "agency", None)
    if here is None and account is not None:
        staff = people.staff_of(account)
        here = staff.agency if staff else None
    return here.slug if here else ""


@sync_only_middleware
def words_come_back(get_response: Next) -> Next:
    """Show kept words again on their page, to their owner; let them go when they are sent."""

    def middleware(request: HttpRequest) -> HttpResponse:
        kept = request.session.get(KEPT)
        if kept is None or not request.user.is_authenticated:
            return get_response(request)
        if kept["account"] != str(request.user.pk) or kept["until"] < time.time():
            del request.session[KEPT]
            return get_response(request)
        response = get_response(request)
        if request.method == "POST" and request.path == kept["action"]:
            if request.session.get(KEPT) == kept:  # sent; a form that had expired is kept anew
                del request.session[KEPT]
        elif request.method == "GET" and request.get_full_path() == kept["page"]:
            _fill(request, response, kept)
        return response

    return middleware


def _fill(request: HttpRequest, response: HttpResponse, kept: dict[str, Any]) -> None:
    plain = response.headers.get("Content-Type", "").startswith("text/html")
    if response.status_code != 200 or response.streaming or not plain:
        return
    try:
        sealed = base64.b64decode(kept["sealed"])
        subject = uuid.UUID(kept["account"])
        known = vault.open_json(sealed, data_class="person", subject=subject, field="kept words")
    except vault.CannotOpen:
        del request.session[KEPT]
        return
    notice = render_to_string("components/kept_words.html", {"files": known["files"]})
    page = response.content.decode()
    response.content = refilled(page, request.path, kept["action"], known["words"], notice)
    response.headers.pop("ETag", None)
    response["Cache-Control"] = "private, no-store"
    if "Content-Length" in response:
        response["Content-Length"] = str(len(response.content))
