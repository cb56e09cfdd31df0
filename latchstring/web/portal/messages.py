"""Messages: every notice as it was sent; and who opened my record."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from latchstring.audit import door as audit
from latchstring.notices import door as notices
from latchstring.people import door as people
from latchstring.web.portal import mine
from latchstring.web.who import who_may

# Why staff look at a record, by the trail's code, in the household's words.
PURPOSES = {
    "eligibility": _("To work on your application"),
    "decision": _("To decide on your application"),
    "approval": _("To check a decision as a second person"),
    "payment": _("To pay your help"),
    "audit": _("To check that the money was used as it should be"),
    "verification": _("To check your answers with another agency"),
    "report": _("To report how the program works"),
}


def _household(request: HttpRequest) -> people.Household | None:
    return people.household_of(request.user, mine.agency(request).slug)


@who_may("resident")
def messages(request: HttpRequest, state: str) -> HttpResponse:
    """List the household's messages, newest first."""
    household = _household(request)
    found = notices.of_household(household.id) if household else []
    return render(request, "portal/messages.html", {"state": state, "notices": found})


@who_may("resident")
def message(request: HttpRequest, state: str, notice_id: uuid.UUID) -> HttpResponse:
    """Show one message as it was sent, and mark it read."""
    if _household(request) is None:
        return redirect("portal:messages", state=state)
    notice = notices.read(notice_id, request.user)
    return render(request, "portal/message.html", {"state": state, "notice": notice})


@who_may("resident")
def record(request: HttpRequest, state: str) -> HttpResponse:
    """Show who opened the household's record, when and for what."""
    household = _household(request)
    looks = audit.looks_at(household.id) if household else []
    who = people.display_names(look.actor for look in looks)
    rows = [
        {
            "at": look.at,
            "who": who[look.actor],
            "purpose": PURPOSES.get(look.purpose, look.purpose),
        }
        for look in looks
        if look.action.endswith(".seen") and look.actor != request.user.actor
    ]
    return render(request, "portal/record.html", {"state": state, "rows": rows})
