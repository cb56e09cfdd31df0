"""Getting at one's own application: the only way, and it asks who wants it."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from latchstring.applications import door as applications
from latchstring.cases import door as cases
from latchstring.people import door as people

UNDECIDED = ("verifying", "review")


def application(request: HttpRequest, reference: str) -> applications.Application:
    """Return the visitor's own application in this state; NoSuchApplication otherwise."""
    found = applications.application_for(request.user, reference)
    if found.agency != agency(request).slug:
        raise applications.NoSuchApplication()
    return found


def agency(request: HttpRequest) -> people.Agency:
    """Return the agency behind this state's door; NoSuchApplication where there is none yet."""
    found: people.Agency | None = getattr(request, "agency", None)
    if found is None:
        raise applications.NoSuchApplication()
    return found


def way(
    request: HttpRequest,
    found: applications.Application,
    interview: applications.Interview | None = None,
) -> dict[str, Any]:
    """Return what every page of an application shows: reference, saved, progress."""
    done = applications.progress(found, interview)
    return {
        "state": found.agency[:2],
        "application": found,
        "reference": found.reference,
        "progress": done,
        "changing": request.GET.get("back") == "review",
    }


def closed(interview: applications.Interview) -> dict[str, Any]:
    """Return which programs have closed since the application was begun, and the rest's names."""
    language = get_language() or "en"
    shut = applications.closed_now(interview.versions, interview.for_rules)
    slugs = {one.program.slug for one in shut}
    rest = [p.name[language] for p in interview.versions if p.slug not in slugs]
    return {"closed": shut, "rest": rest}


def done_with(found: applications.Application) -> bool:
    """Say whether nothing more can be answered: it is sent, and was whole or is decided."""
    if found.submitted_at is None:
        return False
    open_cases = (case.stage in UNDECIDED for case in cases.cases_of_application(found.id))
    return not found.asked_later or not any(open_cases)
