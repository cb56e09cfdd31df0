"""Which programs to apply for: what is likely or possible is ticked, a "no" can be."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from latchstring.web.portal.check import shown
from latchstring.web.portal.fields import Field
from latchstring.web.portal.heard import CHECK, choice, heard_here, look, outlooks
from latchstring.web.portal.who_serves import onward
from latchstring.web.who import who_may


@who_may("anyone")
def choose(request: HttpRequest, state: str) -> HttpResponse:
    """Ask which programs to apply for; they go into one application."""
    kept = heard_here(request, state)
    if kept is None:
        return redirect("portal:door", state=state)
    looked = look(request, kept, state)
    possible, ticked = choice(looked, kept)
    wrong = ""
    if request.method == "POST":
        slugs = {outlook.program.slug for outlook in possible}
        ticked = [slug for slug in request.POST.getlist("programs") if slug in slugs]
        if ticked:
            kept["chosen"] = ticked
            request.session[CHECK] = kept
            return redirect(onward(request, state))
        wrong = _("Choose at least one program, or call us.")
    language = get_language() or "en"
    rows = [shown(outlook, language) for outlook in outlooks(looked, kept)]
    field = Field("programs", "checks", _("Which do you want to apply for?"), error=wrong)
    context = {
        "state": state,
        "field": field,
        "rows": [row | {"ticked": row["slug"] in ticked} for row in rows if row["open"]],
        "closed": [row for row in rows if not row["open"]],
    }
    return render(request, "portal/choose.html", context, status=422 if wrong else 200)
