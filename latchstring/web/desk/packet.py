"""The appeal packet: how a case was decided, whole, as a page and as a PDF."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from latchstring.audit import door as audit
from latchstring.cases import door as cases
from latchstring.insight import door as insight
from latchstring.kernel import clock
from latchstring.people import door as people
from latchstring.web.desk.case import case_of
from latchstring.web.pdf import pdf_response
from latchstring.web.who import who_may

LANGUAGE = "en"  # staff's; each sentence stands in the resident's language beside it


@who_may("staff:case.see")
@require_safe
@clock.frozen()
def packet(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the packet of a decided case. The look is written down."""
    found = case_of(request, reference)
    shown = _packet(request, found)
    context = {"case": found, "packet": shown, "other": found.language}
    return render(request, "desk/packet.html", context)


@who_may("staff:case.see")
@require_safe
def packet_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """Send the packet as a PDF. The look is written down."""
    found = case_of(request, reference)
    raw = insight.packet_pdf(_packet(request, found))
    return pdf_response(raw, f"{found.reference}-packet.pdf")


def _packet(request: HttpRequest, found: cases.Case) -> insight.Packet:
    made = insight.packet_of(found, LANGUAGE, for_staff=True)
    audit.saw(
        "packet",
        object_id=found.id,
        agency=found.agency,
        actor=request.user.actor,  # type: ignore[union-attr]
        household=found.household,
        purpose="audit" if people.roles_of(request.user) == {"auditor"} else "appeal",
    )
    return made
