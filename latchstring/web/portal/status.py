"""Status: what happened, what is next, who acts and by when; live by polling its own address."""

import hashlib
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language

from latchstring.applications import door as applications
from latchstring.cases import door as cases
from latchstring.kernel import clock, money
from latchstring.programs import door as programs
from latchstring.programs import publication
from latchstring.web.portal import mine
from latchstring.web.who import who_may

# Seconds between two looks, by how long ago something last happened.
_SOON, _LATER, _SELDOM = 5, 10, 30


@who_may("resident")
def status(request: HttpRequest, state: str, reference: str) -> HttpResponse:
    """Show how an application stands; asked by htmx, only the part that changes, or 304."""
    found = mine.application(request, reference)
    if found.submitted_at is None:
        return redirect("portal:application", state=state, reference=reference)
    language = get_language() or "en"
    receipt = applications.receipt(found)
    rows = [_row(case, language) for case in cases.cases_of_application(found.id)]
    context = {
        "state": state,
        "application": found,
        "reference": found.reference,
        "receipt": receipt,
        "forms": [
            (slug, publication.program_by_hash(version).name[language])
            for slug, version in receipt.programs
        ],
        "rows": rows,
        "seconds": _seconds(rows),
        "path": request.path,
    }
    fragment = render_to_string("portal/_status.html", context, request)
    mark = f'"{hashlib.sha256(fragment.encode()).hexdigest()[:32]}"'
    response: HttpResponse
    if request.headers.get("HX-Request"):
        # A packed answer's mark is a weak one: the library compares them as they mean.
        told = HttpResponse(fragment)
        response = get_conditional_response(request, etag=mark, response=told) or told
        response["ETag"] = mark
    else:
        more = {"fragment": fragment, "left": _left(found)}
        response = render(request, "portal/status.html", {**context, **more})
    response["Vary"] = "HX-Request, Cookie, Accept-Language"
    response["Cache-Control"] = "private, no-cache"
    return response


def _left(found: applications.Application) -> int:
    """Return how many questions an early filing left open that can still be answered."""
    if mine.done_with(found):
        return 0
    done = applications.progress(found)
    return done.total - done.done


def _row(case: cases.Case, language: str) -> dict[str, Any]:
    program = publication.program_by_hash(case.version)
    lines = cases.timeline(case, for_resident=True)
    decision = cases.decision_of(case)
    decided = decision is not None and decision.approved_at is not None
    return {
        "case": case,
        "name": program.name[language],
        "status": cases.status_of(case, language),
        "lines": [{"at": line.at, "words": line.words[language]} for line in reversed(lines)],
        "requests": cases.open_requests_in_words(case),
        "amounts": _amounts(program, decision, language) if decided and decision else [],
        "twin": cases.tell(decision.determination, language) if decided and decision else None,
        "last": lines[-1].at if lines else case.filed_at,
    }


def _amounts(
    program: programs.Program, decision: cases.Decision, language: str
) -> list[tuple[str, str]]:
    labels = {benefit.id: benefit.label[language] for benefit in program.benefits}
    return [
        (labels.get(line.line, line.purpose), money.shown(line.amount_cents))
        for line in cases.lines_of(decision)
    ]


def _seconds(rows: list[dict[str, Any]]) -> int:
    if all(row["case"].stage == "closed" for row in rows) and rows:
        return 0
    quiet = clock.now() - max((row["last"] for row in rows), default=clock.now())
    if quiet < timedelta(minutes=3):
        return _SOON
    return _LATER if quiet < timedelta(minutes=15) else _SELDOM
