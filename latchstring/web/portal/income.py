"""Each person's income by source and period: add, correct, remove. The system does the sums."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from latchstring.applications import door as applications
from latchstring.kernel.ids import new_id
from latchstring.people import door as people
from latchstring.web.portal import mine
from latchstring.web.portal.fields import Field, filled
from latchstring.web.portal.interview import address
from latchstring.web.who import who_may


def once_of(request: HttpRequest) -> uuid.UUID | None:
    """Return the id that the form brings for what it adds, so that sent twice it adds one."""
    try:
        return uuid.UUID(request.POST["once"])
    except (KeyError, ValueError):
        return None


def _fields() -> list[Field]:
    words = applications.words
    kinds = (("", _("Choose one")), *((code, str(w)) for code, w in words.INCOME_KINDS.items()))
    return [
        Field("kind", "select", _("What kind of income?"), choices=kinds),
        Field("employer", "text", _("Employer or payer"), optional=True, autocomplete="off"),
        Field(
            "amount",
            "money",
            _("How much each time, before taxes?"),
            hint=_(
                "Your best number is fine. For example 450 or 450.50. If it changes from month to "
                "month, add up what you got."
            ),
        ),
        Field(
            "period",
            "radio",
            _("How often is it paid?"),
            choices=tuple((code, str(w)) for code, w in words.PERIODS.items()),
        ),
        Field(
            "over_months",
            "number",
            _("Over how many months did you get this?"),
            hint=_(
                "Only if it changes from month to month. Add up what you were paid in the last 3 "
                "months, for example, and write 3 here."
            ),
            most=2,
        ),
    ]


@who_may("resident")
def add(request: HttpRequest, state: str, reference: str, person_id: uuid.UUID) -> HttpResponse:
    """Add a source of income of one person."""
    return _page(request, mine.application(request, reference), person_id, None, {})


@who_may("resident")
def change(
    request: HttpRequest,
    state: str,
    reference: str,
    person_id: uuid.UUID,
    source_id: uuid.UUID,
) -> HttpResponse:
    """Correct a source of income."""
    found = mine.application(request, reference)
    lines = {line.id: line for line in applications.Interview(found).sums.lines}
    line = lines.get(source_id)
    if line is None or line.person_id != person_id:
        raise applications.NoSuchApplication(_("We could not find that income."))
    known = {
        "kind": line.kind,
        "employer": line.employer,
        "amount": str(line.amount).removesuffix(".00"),
        "period": line.period,
        "over_months": line.over_months if line.period == people.VARIES else "",
    }
    return _page(request, found, person_id, source_id, known)


def _page(
    request: HttpRequest,
    found: applications.Application,
    person_id: uuid.UUID,
    source_id: uuid.UUID | None,
    known: dict[str, Any],
) -> HttpResponse:
    known_here = {m.person_id: m for m in applications.Interview(found).members}
    if person_id not in known_here:
        raise applications.NoSuchApplication(_("We could not find that person."))
    wrong: dict[str, str] = {}
    if request.method == "POST":
        try:
            applications.keep_income(
                found, person_id, source_id, request.POST, request.user.actor, once_of(request)
            )
            return redirect(address(found, "income"))
        except applications.WrongAnswer as problem:
            wrong = problem.fields
    context = {
        **mine.way(request, found),
        "title": _("Income of %(name)s") % {"name": known_here[person_id].name},
        "intro": _("One source at a time. You can add more after this."),
        "page": filled(_fields(), request.POST if wrong else known, wrong),
        "back": address(found, "income"),
        "button": _("Save"),
        "once": None if source_id else once_of(request) or new_id(),
    }
    return render(request, "portal/form.html", context, status=422 if wrong else 200)


@who_may("resident")
def remove(
    request: HttpRequest,
    state: str,
    reference: str,
    person_id: uuid.UUID,
    source_id: uuid.UUID,
) -> HttpResponse:
    """Say that a source of income is none (a button, so only by POST)."""
    found = mine.application(request, reference)
    if request.method == "POST":
        applications.drop_income(found, source_id, request.user.actor)
    return redirect(address(found, "income"))
