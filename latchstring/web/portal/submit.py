"""Review, the generated form, and signing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from latchstring.applications import door as applications
from latchstring.flow.door import submit
from latchstring.programs import publication
from latchstring.web.pdf import pdf_response
from latchstring.web.portal import mine
from latchstring.web.who import who_may

_TYPED = "name_to_sign"  # typed when one of the programs had just closed


@who_may("resident")
def review(request: HttpRequest, state: str, reference: str) -> HttpResponse:
    """Show every answer with a change link, the form, and the place to sign; submit by POST."""
    found = mine.application(request, reference)
    if found.submitted_at is not None:
        return redirect("portal:status", state=state, reference=reference)
    language = get_language() or "en"
    wrong: dict[str, str] = {}
    stopped = False
    if request.method == "POST":
        if "leave" in request.POST:
            request.session[_TYPED] = request.POST.get("name", "")
            rest = applications.leave_out(found.id)
            return redirect("portal:review", state=state, reference=rest.reference)
        try:
            receipt = submit(
                found.id,
                request.POST.get("name", ""),
                language,
                request.user.actor,
                agreed=request.POST.get("agree") == "yes",
                as_it_stands="now" in request.POST,
            )
            return redirect("portal:status", state=state, reference=receipt.reference)
        except applications.WrongAnswer as problem:
            wrong = problem.fields
        except applications.NotReady as problem:
            wrong = {"": problem.message}
        except applications.NotOpen:
            stopped = True
    interview = applications.Interview(found)
    versions = [publication.program_by_hash(row.version) for row in found.programs.all()]
    context = {
        **mine.way(request, found, interview),
        "parts": applications.review(found, language, interview),
        "forms": [(program.slug, program.name[language]) for program in versions],
        "text": applications.words.SIGNATURE_TEXT,
        "statements": interview.statements(language),
        **mine.closed(interview),
        "stopped": stopped,
        "now": [program.name[language] for program in applications.may_file_now(interview)],
        "wrong": wrong,
        "general_error": wrong.get("", ""),
        "typed": request.POST.get("name") or request.session.pop(_TYPED, ""),
        "agreed": request.POST.get("agree") == "yes",
        "next": applications.next_question(found, interview=interview),
    }
    status = 409 if stopped else 422 if wrong else 200
    return render(request, "portal/review.html", context, status=status)


@who_may("resident")
def form(request: HttpRequest, state: str, reference: str, program: str) -> HttpResponse:
    """Send the form generated from the answers: a draft before signing, the kept one after."""
    found = mine.application(request, reference)
    if not found.programs.filter(program=program).exists():
        raise applications.NoSuchApplication()
    language = found.language if found.submitted_at else (get_language() or "en")
    raw = applications.form_bytes(found, program, language)
    return pdf_response(raw, f"{found.reference}-{program}.pdf")
