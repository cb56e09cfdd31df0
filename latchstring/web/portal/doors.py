"""The front page with the states, and a state's door: what is wrong, in plain words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from latchstring.applications import door as applications
from latchstring.people import door as people
from latchstring.programs import door as programs
from latchstring.web.frame import STATES
from latchstring.web.portal.fields import Field, filled
from latchstring.web.portal.heard import CHECK
from latchstring.web.who import who_may


@who_may("anyone")
def front(request: HttpRequest) -> HttpResponse:
    """List the states with a door."""
    states = []
    for code, name in STATES.items():
        agency = people.agency_of_state(code)
        names = agency.names if agency else {}
        language = get_language() or "en"
        states.append((code.lower(), _(name), names.get(language) or names.get("en", "")))
    return render(request, "portal/front.html", {"states": states})


@who_may("anyone")
def door(request: HttpRequest, state: str) -> HttpResponse:
    """Ask what is wrong; the answer decides which programs are looked at."""
    language = get_language() or "en"
    needs = programs.needs(state.upper())
    request.session["state"] = state
    field = Field(
        "needs",
        "checks",
        _("What do you need help with?"),
        hint=_("Choose all that are true for you."),
        choices=tuple((need["id"], need[language]) for need in needs),
        heading=True,
    )
    wrong: dict[str, str] = {}
    if request.method == "POST":
        known = {need["id"] for need in needs}
        chosen = [need for need in request.POST.getlist("needs") if need in known]
        if chosen:
            heard = applications.screener.implied(state.upper(), chosen)
            request.session[CHECK] = {"state": state, "needs": chosen, "facts": heard}
            return redirect("portal:result", state=state)
        wrong["needs"] = _("Choose at least one, or call us if none fits.")
    offered = [program.name[language] for program in programs.programs(state.upper())]
    page = filled([field], request.POST, wrong)
    context = {"page": page, "programs": offered, "state": state}
    return render(request, "portal/door.html", context, status=422 if wrong else 200)
