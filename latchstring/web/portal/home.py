"""My applications, and starting one: who you are first, then what the screener heard goes along."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from latchstring.applications import door as applications
from latchstring.kernel import transactions
from latchstring.notices import door as notices
from latchstring.people import door as people
from latchstring.programs import publication
from latchstring.web.portal import mine
from latchstring.web.portal.fields import filled, identity_fields
from latchstring.web.portal.heard import CHECK, choice, heard_here, look
from latchstring.web.who import who_may


@who_may("resident")
def home(request: HttpRequest, state: str) -> HttpResponse:
    """List one's applications; a newcomer fresh from the screener goes straight on."""
    agency = mine.agency(request)
    household = people.household_of(request.user, agency.slug)
    waiting = heard_here(request, state) is not None
    if waiting and household is None:
        return redirect("portal:start", state=state)
    language = get_language() or "en"
    rows = []
    for found in applications.of_account(request.user, agency.slug):
        versions = [publication.program_by_hash(row.version) for row in found.programs.all()]
        rows.append({"application": found, "names": [v.name[language] for v in versions]})
    unread = 0
    if household is not None:
        unread = sum(notice.read_at is None for notice in notices.of_household(household.id))
    context = {"state": state, "rows": rows, "unread": unread, "waiting": waiting}
    return render(request, "portal/home.html", context)


@who_may("resident")
def start(request: HttpRequest, state: str) -> HttpResponse:
    """Open one application for what was chosen; ask who the person is where we do not know yet."""
    agency = mine.agency(request)
    kept = heard_here(request, state)
    if kept is None:
        return redirect("portal:door", state=state)
    possible, chosen = choice(look(request, kept, state), kept)
    if not chosen:
        return redirect("portal:result", state=state)
    household = people.household_of(request.user, agency.slug)
    wrong: dict[str, str] = {}
    language = get_language() or "en"
    if household is None and request.method == "POST":
        try:
            identity = applications.identity_from(request.POST)
            household = people.make_household(
                agency.slug, request.user, identity=identity, language=language
            )
        except applications.WrongAnswer as problem:
            wrong = problem.fields
    names = [o.program.name[language] for o in possible if o.program.slug in chosen]
    if household is not None and request.method != "POST":
        context = {
            "state": state,
            "title": _("Start an application"),
            "intro": _and(names),
            "page": filled([], {}),
            "button": _("Begin"),
        }
        return render(request, "portal/form.html", context)
    if household is None:
        context = {
            "state": state,
            "title": _("Who are you?"),
            "intro": _("Write your name as it is on your papers."),
            "page": filled(identity_fields(head=True), request.POST, wrong),
            "button": _("Go on"),
        }
        return render(request, "portal/form.html", context, status=422 if wrong else 200)
    with transactions.verb():
        found = applications.begin(
            household, request.user, chosen, language, kept["facts"], kept.get("routing")
        )
    del request.session[CHECK]
    return redirect("portal:application", state=state, reference=found.reference)


def _and(names: list[str]) -> str:
    """Return names as a sentence lists them."""
    if len(names) < 2:
        return "".join(names)
    words = {"first": ", ".join(names[:-1]), "last": names[-1]}
    return _("%(first)s and %(last)s") % words
