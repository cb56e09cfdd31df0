"""What every page's frame needs: brand, languages, who is signed in, demo notes."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language, gettext

from latchstring.kernel import clock
from latchstring.people import door as people
from latchstring.web.sign_in_ends import seconds_left

STATES = {"NM": "New Mexico", "WY": "Wyoming"}


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the frame's context (Django context processor)."""
    language = get_language() or "en"
    agency = getattr(request, "agency", None) or _door(request)
    return {
        "brand": _brand(agency, language),
        "agency": agency,
        "language": language,
        "language_links": [
            {
                "code": code,
                "name": name,
                "url": translate_url(request.get_full_path(), code),
                "current": code == language,
            }
            for code, name in settings.LANGUAGES
        ],
        "staff": getattr(request, "staff", None),
        "staff_roles": sorted(people.roles_of(request.user))
        if getattr(request, "staff", None)
        else [],
        "sign_in_seconds": seconds_left(request),
        "demo": settings.DEMO,
        "mail_page_url": settings.MAIL_PAGE_URL if settings.DEMO else "",
        "second_factor_waived": settings.SECOND_FACTOR_WAIVED,
        "business_today": clock.today() if settings.DEMO else None,
    }


def _door(request: HttpRequest) -> Any:
    """Return the agency of the state whose door the visitor came through (on account pages)."""
    session = getattr(request, "session", None)
    here = session is not None and "/account/" in request.path
    state = session.get("state") if here else None
    return people.agency_of_state(state) if state else None


def _brand(agency: Any, language: str) -> dict[str, str]:
    if agency is None:
        return {"slug": "latchstring", "state": "", "state_name": "", "agency": "", "phone": ""}
    return {
        "slug": agency.brand,
        "state": agency.state.lower(),
        "state_name": gettext(STATES.get(agency.state, agency.state)),
        "agency": agency.names.get(language) or agency.names["en"],
        "phone": agency.phone,
    }
