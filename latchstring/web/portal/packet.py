"""A decision's packet for the household itself: all that it rests on, as a page and as a PDF."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from latchstring.applications import door as applications
from latchstring.cases import door as cases
from latchstring.insight import door as insight
from latchstring.web.pdf import pdf_response
from latchstring.web.portal import mine
from latchstring.web.who import who_may


@who_may("resident")
@require_safe
def packet(request: HttpRequest, state: str, reference: str, program: str) -> HttpResponse:
    """Show how one's own case was decided; how it stands, where it is not decided yet."""
    case = _case(request, reference, program)
    language = get_language() or "en"
    try:
        made = insight.packet_of(case, language)
    except insight.NotDecided:
        return redirect("portal:status", state=state, reference=reference)
    context = {
        "state": state,
        "reference": reference,
        "program": program,
        "packet": made,
        "other": case.language,
    }
    response = render(request, "portal/packet.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@who_may("resident")
@require_safe
def packet_pdf(request: HttpRequest, state: str, reference: str, program: str) -> HttpResponse:
    """Send the same as a PDF, in the reader's language."""
    case = _case(request, reference, program)
    try:
        made = insight.packet_of(case, get_language() or "en")
    except insight.NotDecided:
        return redirect("portal:status", state=state, reference=reference)
    return pdf_response(insight.packet_pdf(made), f"{case.reference}.pdf")


def _case(request: HttpRequest, reference: str, program: str) -> cases.Case:
    """Return the case of the visitor's own application; NoSuchApplication for any other."""
    found = mine.application(request, reference)
    for case in cases.cases_of_application(found.id):
        if case.program == program:
            return case
    raise applications.NoSuchApplication()
