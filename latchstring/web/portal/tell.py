"""Tell me when it opens: an address for one letter, confirmed by a link, stopped by the same."""

from allauth.core.internal import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from latchstring.applications import door as applications
from latchstring.kernel import clock
from latchstring.notices import door as notices
from latchstring.programs import door as programs
from latchstring.programs import publication
from latchstring.web.portal import mine
from latchstring.web.portal.fields import Field, filled
from latchstring.web.who import who_may

_LIMITS = {"tell_opening": "10/h/ip"}


@who_may("anyone")
def ask(request: HttpRequest, state: str, program: str) -> HttpResponse:
    """Ask for the address to write to when a program opens; a signed-in one is known."""
    offered = {found.slug: found for found in programs.programs(state.upper())}
    if program not in offered:
        raise Http404
    agency, language = mine.agency(request), get_language() or "en"
    signed_in = request.user.is_authenticated
    wrong: dict[str, str] = {}
    done = False
    if request.method == "POST":
        email = request.user.email if signed_in else request.POST.get("email", "")
        try:
            email = applications.read_email(email)
        except ValueError:
            email = ""
        if not email:
            wrong["email"] = _("Write an email address, such as ana@example.com.")
        elif not ratelimit.consume(request, app="portal", action="tell_opening", config=_LIMITS):
            wrong["email"] = _("That was often. Please try again in an hour, or call us.")
        else:
            notices.await_opening(agency.slug, program, email, language, confirmed=signed_in)
            done = True
    field = Field("email", "email", _("Your email address"), autocomplete="email")
    context = {
        "state": state,
        "name": offered[program].name[language],
        "round": publication.round_on(offered[program], clock.today()),
        "page": filled([] if signed_in else [field], request.POST, wrong),
        "address": request.user.email if signed_in else "",
        "done": done,
    }
    return render(request, "portal/tell.html", context, status=422 if wrong else 200)


@who_may("anyone")
def link(request: HttpRequest, state: str, token: str) -> HttpResponse:
    """Confirm or stop by the link of the letter; opening the link alone changes nothing."""
    mine.agency(request)
    found = notices.awaited_by(token)
    said = ""
    if found is not None and request.method == "POST":
        if "stop" in request.POST:
            notices.stop(found.id)
            said = "stopped"
        else:
            notices.confirm(found.id)
            said = "confirmed"
    language = get_language() or "en"
    name = programs.load_program(found.program).name[language] if found else ""
    confirmed = found is not None and found.confirmed_at is not None
    context = {"state": state, "name": name, "said": said, "found": found, "confirmed": confirmed}
    return render(request, "portal/tell_link.html", context, status=200 if found else 404)
