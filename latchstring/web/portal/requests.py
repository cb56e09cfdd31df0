"""Answering a caseworker: send the paper they ask for, or say it in your own words."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from latchstring.applications import door as applications
from latchstring.cases import door as cases
from latchstring.documents import door as documents
from latchstring.kernel import limits, transactions
from latchstring.people import door as people
from latchstring.programs import door as programs
from latchstring.programs import publication
from latchstring.web.portal import mine
from latchstring.web.portal.fields import Field, filled
from latchstring.web.portal.papers import sent_before
from latchstring.web.who import who_may


def _mine(
    request: HttpRequest, request_id: uuid.UUID
) -> tuple[cases.Case, cases.InformationRequest]:
    """Return an open request to the visitor's household; NoSuchCase otherwise."""
    household = people.household_of(request.user, mine.agency(request).slug)
    if household is not None:
        for case in cases.cases_of_household(household.id):
            for asked in cases.open_requests(case):
                if asked.id == request_id:
                    return case, asked
    raise cases.NoSuchCase()


@who_may("resident")
def answer(request: HttpRequest, state: str, request_id: uuid.UUID) -> HttpResponse:
    """Take files, words or both; the caseworker is told, and the page goes back to the status."""
    case, asked = _mine(request, request_id)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        try:
            _keep(request, case, asked)
            found = applications.application_for(request.user, case.application)
            return redirect("portal:status", state=state, reference=found.reference)
        except (documents.NotAPaper, documents.TooManyPapers) as problem:
            code = problem.fields.get("files", "wrong_type")
            wrong = {"files": documents.refusal_words(code)}
        except applications.WrongAnswer as problem:
            wrong = problem.fields
    fields = [
        Field(
            "files",
            "files",
            _("Photo or file"),
            hint=_("JPEG, PNG, HEIC or PDF, up to 20 MB each. You can choose several pages."),
            optional=True,
        ),
        Field(
            "words",
            "textarea",
            _("Or tell us in your own words"),
            hint=_("For example that you cannot get this paper, and why."),
            optional=True,
        ),
    ]
    program = publication.program_by_hash(case.version)
    context = {
        "state": state,
        "request_words": cases.words_of(asked),
        "asked": asked,
        "name": program.name[get_language() or "en"],
        "page": filled(fields, request.POST, wrong),
    }
    return render(request, "portal/request.html", context, status=422 if wrong else 200)


def _keep(request: HttpRequest, case: cases.Case, asked: cases.InformationRequest) -> None:
    files, sent = request.FILES.getlist("files"), sent_before(request)
    words = request.POST.get("words", "").strip()
    if not files and not sent and not words:
        raise applications.WrongAnswer(
            fields={"files": _("Add a photo or file, or write to us below.")}
        )
    if len(words) > limits.FREE_TEXT_CHARACTERS_MAX:
        raise applications.WrongAnswer(fields={"words": _("This is too long. Please shorten it.")})
    household = people.household_for(request.user, case.household)
    with transactions.verb():
        if files or sent:
            kind = asked.what if asked.what in programs.papers() else applications.OTHER
            documents.give(
                household,
                kind,
                [(file.name or "", file) for file in files],
                request.user.actor,
                application=case.application,
                proves=programs.documents_what(kind),
                sent=sent,
                since=asked.asked_at,
            )
        if words:
            people.state_fact(
                household,
                f"answer.{asked.id}",
                words,
                actor=request.user.actor,
                personal=True,
            )
        cases.answer_request(asked.id, request.user.actor)
