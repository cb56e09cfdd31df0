"""The people of the household: add, correct, remove."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from latchstring.applications import door as applications
from latchstring.web.portal import mine
from latchstring.web.portal.fields import Field, filled, identity_fields, yes_no
from latchstring.web.portal.interview import address
from latchstring.web.who import who_may


@who_may("resident")
def add(request: HttpRequest, state: str, reference: str) -> HttpResponse:
    """Add a person to the household."""
    return _page(request, mine.application(request, reference), None, {})


@who_may("resident")
def change(request: HttpRequest, state: str, reference: str, person_id: uuid.UUID) -> HttpResponse:
    """Correct what is known of a person; one's own name has its own page."""
    found = mine.application(request, reference)
    people = {m.person_id: m for m in applications.Interview(found).members}
    member = people.get(person_id)
    if member is None:
        raise applications.NoSuchApplication(_("We could not find that person."))
    if member.role == "head":
        return redirect(address(found, "name"))
    food = {True: "yes", False: "no", None: ""}[member.buys_food_together]
    known = {
        **member.identity,
        "ssn": "",
        "role": member.role,
        "buys_food_together": food,
    }
    return _page(request, found, person_id, known)


def _page(
    request: HttpRequest,
    found: applications.Application,
    person_id: uuid.UUID | None,
    known: dict[str, Any],
) -> HttpResponse:
    wrong: dict[str, str] = {}
    interview = applications.Interview(found)
    if request.method == "POST":
        try:
            applications.keep_member(found, person_id, request.POST, request.user.actor)
            return redirect(address(found, "members"))
        except applications.WrongAnswer as problem:
            wrong = problem.fields
    roles = tuple(
        (code, str(words)) for code, words in applications.words.ROLES.items() if code != "head"
    )
    role = Field("role", "radio", _("Who is this person to you?"), choices=roles)
    asked = [*identity_fields(head=False), role]
    if "buys_food_together" in interview.member_questions:
        asked.append(_food())
    context = {
        **mine.way(request, found, interview),
        "title": _("Correct this person") if person_id else _("Add a person"),
        "intro": _("Someone who lives in your home and shares its costs, children too."),
        "page": filled(asked, request.POST if wrong else known, wrong),
        "back": address(found, "members"),
        "button": _("Save"),
    }
    return render(request, "portal/form.html", context, status=422 if wrong else 200)


def _food() -> Field:
    return Field(
        "buys_food_together",
        "radio",
        _("Do you and this person buy and cook food together?"),
        hint=_(
            "Choose yes for your husband or wife and for your children under 22, even if they eat "
            "apart."
        ),
        choices=yes_no(),
    )


@who_may("resident")
def remove(request: HttpRequest, state: str, reference: str, person_id: uuid.UUID) -> HttpResponse:
    """Take a person out of the household (a button, so only by POST)."""
    found = mine.application(request, reference)
    if request.method == "POST":
        applications.drop_member(found, person_id, request.user.actor)
    return redirect(address(found, "members"))
