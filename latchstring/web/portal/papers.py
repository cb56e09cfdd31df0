"""Papers: photos and files for one thing to be shown, their pages, and taking one back."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from latchstring.applications import door as applications
from latchstring.documents import door as documents
from latchstring.people import door as people
from latchstring.programs import door as programs
from latchstring.web.portal import mine
from latchstring.web.portal.fields import Field, filled
from latchstring.web.who import who_may


def _kinds(shows: applications.ToShow, interview: applications.Interview) -> list[str]:
    return [*shows.kinds(interview.facts), applications.OTHER]


def sent_before(request: HttpRequest) -> list[uuid.UUID]:
    """Return the files that came in pieces and belong to this form (web/portal/uploads.py)."""
    try:
        return [uuid.UUID(one) for one in request.POST.getlist("sent")]
    except ValueError:
        raise applications.WrongAnswer(fields={"files": documents.refusal_words("gone")}) from None


def take(
    request: HttpRequest, interview: applications.Interview, shows: applications.ToShow
) -> bool:
    """Keep the files that came with a paper page; False when none came. NotAPaper says why not."""
    files, sent = request.FILES.getlist("files"), sent_before(request)
    if not files and not sent:
        return False
    kind = request.POST.get("kind", "")
    kinds = _kinds(shows, interview)
    if kind not in kinds:
        kind = kinds[0]
    try:
        documents.give(
            people.household_for(request.user, interview.household.id),
            kind,
            [(file.name or "", file) for file in files],
            request.user.actor,
            application=interview.application.id,
            proves=programs.documents_what(kind),
            sent=sent,
        )
    except (documents.NotAPaper, documents.TooManyPapers) as problem:
        code = problem.fields.get("files", "wrong_type")
        raise applications.WrongAnswer(fields={"files": documents.refusal_words(code)}) from None
    return True


def shown(
    interview: applications.Interview, step: applications.Step, wrong: dict[str, str]
) -> dict[str, Any]:
    """Return what a paper page shows: papers given, inputs, and whether stating is enough."""
    language = get_language() or "en"
    shows = step.shows
    assert shows
    kinds = _kinds(shows, interview)
    asked = [
        Field(
            "kind",
            "select" if len(kinds) > 3 else "radio",
            _("What is it?"),
            value=kinds[0],
            choices=tuple((kind, programs.paper_words(kind, language)) for kind in kinds),
        ),
        Field(
            "files",
            "files",
            _("Photo or file"),
            hint=_("JPEG, PNG, HEIC or PDF, up to 20 MB each. You can choose several pages."),
        ),
    ]
    given = [
        {"paper": paper, "kind": programs.paper_words(paper.kind, language)}
        for paper in interview.papers
        if paper.kind in kinds and _belongs(paper.kind, step, interview)
    ]
    attestable = bool(interview.attestable(shows))
    strict = [program.name[language] for program in shows.papers_only]
    return {
        "template": "portal/papers.html",
        "title": shows.page.title[language],
        "any_of": [_accepted(shows, kind, language) for kind in kinds[:-1]],
        "each": shows.page.each,
        "given": given,
        "page": filled(asked, {}, wrong),
        "attestable": attestable,
        "instead": shows.page.instead.get(language, ""),
        "papers_only": strict if attestable else [],
        "attested": step.answered and not given,
        "step": step,
    }


def _accepted(shows: applications.ToShow, kind: str, language: str) -> str:
    """Name a kind of paper, and for which programs alone where not all of them take it."""
    words = programs.paper_words(kind, language)
    takers = [p.name[language] for p, test in shows.tests if kind in test.evidence["documents"]]
    if len(takers) == len(shows.tests):
        return words
    return _("%(paper)s (only for: %(programs)s)") % {
        "paper": words,
        "programs": "; ".join(dict.fromkeys(takers)),
    }


def _belongs(kind: str, step: applications.Step, interview: applications.Interview) -> bool:
    """Papers of a kind that several tests name are shown with each; `other` with the first."""
    first = next(one for one in interview.steps if one.shows is not None)
    return kind != applications.OTHER or step.id == first.id


@who_may("resident")
def page(request: HttpRequest, state: str, upload_id: uuid.UUID, number: int) -> HttpResponse:
    """Show the clean copy of a page to the household that gave it."""
    document = documents.document_of(upload_id)
    people.household_for(request.user, document.household)
    picture = documents.page(upload_id, number)
    response = HttpResponse(picture.bytes, content_type=picture.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Content-Disposition"] = f'inline; filename="page-{number}"'
    response["Cache-Control"] = "private, no-store"
    return response


@who_may("resident")
def remove(
    request: HttpRequest, state: str, reference: str, document_id: uuid.UUID
) -> HttpResponse:
    """Take back a paper (a button, so only by POST)."""
    found = mine.application(request, reference)
    if request.method == "POST" and found.submitted_at is None:
        own = {paper.id for paper in documents.of_household(found.household)}
        if document_id not in own:
            raise documents.NoSuchDocument()
        documents.remove(document_id, request.user.actor)
    back = request.POST.get("step", "")
    if applications.Interview(found).step(back) is None:
        return redirect("portal:application", state=state, reference=reference)
    return redirect("portal:question", state=state, reference=reference, step=back)
