"""Papers: photos and files for one thing to be shown, their pages, and taking one back."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from latchstring.applications import door as applications
from latchstring.documents import door as documents
from latchstring.people import door as people
from latchstring.web.portal import mine
from latchstring.web.portal.fields import Field, filled
from latchstring.web.who import who_may

# The kinds of paper that show the rent itself, not only that there is a home.
SHOWS_RENT = {"lease", "landlord_statement", "bank_statement"}


def _kinds(page: applications.Step) -> list[str]:
    return [*applications.paper_kinds(page.criterion), "other"]


def sent_before(request: HttpRequest) -> list[uuid.UUID]:
    """Return the files that came in pieces and belong to this form (web/portal/uploads.py)."""
    try:
        return [uuid.UUID(one) for one in request.POST.getlist("sent")]
    except ValueError:
        raise applications.WrongAnswer(fields={"files": documents.refusal_words("gone")}) from None


def take(request: HttpRequest, found: applications.Application, page: applications.Step) -> bool:
    """Keep the files that came with a paper page; False when none came. NotAPaper says why not."""
    files, sent = request.FILES.getlist("files"), sent_before(request)
    if not files and not sent:
        return False
    kind = request.POST.get("kind", "")
    if kind not in _kinds(page):
        kind = _kinds(page)[0]
    proves = ["rent_documented"] if page.criterion.id == "renter" and kind in SHOWS_RENT else []
    try:
        documents.give(
            people.household_for(request.user, found.household),
            kind,
            [(file.name or "", file) for file in files],
            request.user.actor,
            application=found.id,
            proves=proves,
            sent=sent,
        )
    except (documents.NotAPaper, documents.TooManyPapers) as problem:
        code = problem.fields.get("files", "wrong_type")
        raise applications.WrongAnswer(fields={"files": documents.refusal_words(code)}) from None
    return True


def shown(
    interview: applications.Interview, page: applications.Step, wrong: dict[str, str]
) -> dict[str, Any]:
    """Return what a paper page shows: papers given, inputs, and whether stating is enough."""
    words = applications.words
    kinds = _kinds(page)
    asked = [
        Field(
            "kind",
            "select" if len(kinds) > 3 else "radio",
            _("What is it?"),
            value=kinds[0],
            choices=tuple((kind, str(words.PAPERS.get(kind, kind))) for kind in kinds),
        ),
        Field(
            "files",
            "files",
            _("Photo or file"),
            hint=_("JPEG, PNG, HEIC or PDF, up to 20 MB each. You can choose several pages."),
        ),
    ]
    test = page.criterion.id
    given = [
        {"paper": paper, "kind": str(words.PAPERS.get(paper.kind, paper.kind))}
        for paper in interview.papers
        if paper.kind in kinds and _belongs(paper.kind, test, interview)
    ]
    return {
        "template": "portal/papers.html",
        "title": str(words.PAPER_TITLES[test]),
        "any_of": [str(words.PAPERS.get(kind, kind)) for kind in kinds[:-1]],
        "given": given,
        "page": filled(asked, {}, wrong),
        "attestable": bool(interview.attestable(test)),
        "attested": page.answered and not given,
        "test": test,
    }


def _belongs(kind: str, test: str, interview: applications.Interview) -> bool:
    """Papers of a kind that several tests name are shown with each; `other` with the first."""
    return kind != "other" or test == "renter"


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
