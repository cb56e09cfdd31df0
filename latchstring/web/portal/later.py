"""Keep the screener's answers under a code, and open them again on another device."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from latchstring.applications import door as applications
from latchstring.web.portal import mine
from latchstring.web.portal.fields import Field, filled
from latchstring.web.portal.heard import CHECK, heard_here
from latchstring.web.who import who_may

_LIMITS = {"keep_answers": "20/h/ip", "wrong_code": "10/10m/ip"}


def _often(request: HttpRequest, action: str, *, look: bool = False) -> bool:
    """Count one more of an action from this address, or only look; True when it is too many."""
    return not ratelimit.consume(request, app="portal", action=action, config=_LIMITS, dry_run=look)


@who_may("anyone")
def keep(request: HttpRequest, state: str) -> HttpResponse:
    """Keep what was heard and show its code, once; looking at the page alone keeps nothing."""
    kept = heard_here(request, state)
    agency = mine.agency(request)
    if kept is None or request.method != "POST" or _often(request, "keep_answers"):
        return redirect("portal:result", state=state)
    code, until = applications.keep_for_later(agency.slug, kept)
    context = {"state": state, "code": code, "until": until}
    answer = render(request, "portal/later.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@who_may("anyone")
def claim(request: HttpRequest, state: str) -> HttpResponse:
    """Ask for the code and go on with what it keeps."""
    agency = mine.agency(request)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        if _often(request, "wrong_code", look=True):
            wrong["kept_code"] = _(
                "That was tried often. Please wait ten minutes, or answer the few questions again."
            )
        elif (found := applications.claim(agency.slug, request.POST.get("kept_code", ""))) is None:
            _often(request, "wrong_code")
            wrong["kept_code"] = _(
                "That code opens nothing here. Look at each letter and number again; a code "
                "lasts 30 days."
            )
        else:
            request.session["state"] = state
            request.session[CHECK] = found
            return redirect("portal:result", state=state)
    field = Field(
        "kept_code",
        "text",
        _("Your code"),
        hint=_("It has 16 letters and numbers. Capital letters, spaces and dashes do not matter."),
        autocomplete="off",
        heading=True,
        most=40,
    )
    context = {
        "state": state,
        "page": filled([field], request.POST, wrong),
        "button": _("Open my answers"),
    }
    return render(request, "portal/code.html", context, status=422 if wrong else 200)
