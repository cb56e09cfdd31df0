"""The interview: an overview of what is done, and one page at a time."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from latchstring.applications import door as applications
from latchstring.kernel.errors import Invalid
from latchstring.programs import door as programs
from latchstring.web.portal import both_versions, mine, papers, who_serves
from latchstring.web.portal import fields as inputs
from latchstring.web.who import who_may


def address(found: applications.Application, step: str) -> str:
    """Return the address of a page of an application."""
    return reverse("portal:question", args=[found.agency[:2], found.reference, step])


def _onward(
    request: HttpRequest,
    found: applications.Application,
    after: str,
    interview: applications.Interview | None = None,
) -> str:
    """Return the address of the next open page, or of the review."""
    following = applications.next_question(found, after, interview)
    if request.GET.get("back") == "before":
        return address(found, "before")
    if request.GET.get("back") == "review" or following is None:
        return reverse("portal:review", args=[found.agency[:2], found.reference])
    return address(found, following.id)


def go_on(
    request: HttpRequest, found: applications.Application, after: str
) -> HttpResponseRedirect:
    """Go to the next open page; back to the review when that is where one came from.

    An address may say that another office serves the home: that comes first.
    """
    fresh = applications.application_for(request.user, found.id)
    asked = who_serves.still_open(request, fresh) if after in ("address", "county") else ""
    return redirect(asked or _onward(request, fresh, after))


@who_may("resident")
def overview(request: HttpRequest, state: str, reference: str) -> HttpResponse:
    """Show how far the application has come, with the way on."""
    found = mine.application(request, reference)
    if mine.done_with(found):
        return redirect("portal:status", state=state, reference=reference)
    interview = applications.Interview(found)
    following = applications.next_question(found, interview=interview)
    steps = interview.steps
    sections = []
    for name, done, total in applications.progress(found, interview).sections:
        own = [step for step in steps if step.section == name]
        free = [step for step in own if applications.may_answer(found, step)]
        opening = next((step for step in own if step.open), free[0] if free else None)
        title = str(applications.words.SECTIONS[name])
        url = address(found, opening.id) if opening else ""
        sections.append({"title": title, "done": done, "total": total, "url": url})
    on = address(found, following.id) if following else None
    now = [program.name[get_language() or "en"] for program in applications.may_file_now(interview)]
    context = {
        **mine.way(request, found, interview),
        **mine.closed(interview),
        "sections": sections,
        "on": on,
        "now": now,
    }
    return render(request, "portal/overview.html", context)


@who_may("resident")
def question(request: HttpRequest, state: str, reference: str, step: str) -> HttpResponse:
    """Ask one thing; keep the answer as it is given; say kindly what needs another look."""
    found = mine.application(request, reference)
    if mine.done_with(found):
        return redirect("portal:status", state=state, reference=reference)
    interview = applications.Interview(found)
    page = interview.step(step)
    if page is None:
        raise applications.NoSuchApplication(_("We could not find that question."))
    if not applications.may_answer(found, page):
        return redirect("portal:application", state=state, reference=reference)
    wrong: dict[str, str] = {}
    shown = _shown(request, interview, page, {})
    saved = shown.get("page", inputs.Page())
    other = both_versions.other_version(request, saved)
    if request.method == "POST":
        try:
            if "later" in request.POST:
                applications.pass_over(found, step)
                return go_on(request, found, step)
            if page.shows is not None and papers.take(request, interview, page.shows):
                return redirect(request.get_full_path())
            if not other:
                applications.answer(found, step, request.POST, request.user.actor)
                return go_on(request, found, step)
            shown["page"] = both_versions.typed(request, saved)
        except Invalid as problem:
            wrong = problem.fields or {"": problem.message}
            shown = _shown(request, interview, page, wrong)
    context = {
        **mine.way(request, found, interview),
        **shown,
        "saved_as": both_versions.mark(saved),
        "other": other,
        "back": _before(interview, step, found),
        "optional": page.optional,
        "on": _onward(request, found, step, interview),
        "general_error": wrong.get("", ""),
    }
    status = 409 if other else 422 if wrong else 200
    return render(request, context["template"], context, status=status)


@who_may("resident")
def place(request: HttpRequest, state: str, reference: str, question: str) -> HttpResponse:
    """Ask where the home is, as before the account, of an address that is told here first."""
    found = mine.application(request, reference)
    if found.submitted_at is not None:
        return redirect("portal:application", state=state, reference=reference)
    asking = who_serves.of_application(request, found, lambda: "")
    return who_serves.ask(request, asking, question, lambda: _after_place(request, found))


@who_may("resident")
def office(request: HttpRequest, state: str, reference: str) -> HttpResponse:
    """Name who else serves the home; or apply here."""
    found = mine.application(request, reference)
    if found.submitted_at is not None:
        return redirect("portal:application", state=state, reference=reference)
    asking = who_serves.of_application(request, found, lambda: _after_place(request, found))
    return who_serves.hand_off(request, asking)


def _after_place(request: HttpRequest, found: applications.Application) -> str:
    fresh = applications.application_for(request.user, found.id)
    return who_serves.still_open(request, fresh) or _onward(request, fresh, "address")


def _before(interview: applications.Interview, step: str, found: applications.Application) -> str:
    ids = [one.id for one in interview.steps]
    place = ids.index(step)
    if place == 0:
        return reverse("portal:application", args=[found.agency[:2], found.reference])
    return address(found, ids[place - 1])


def _shown(
    request: HttpRequest,
    interview: applications.Interview,
    page: applications.Step,
    wrong: dict[str, str],
) -> dict[str, Any]:
    language = get_language() or "en"
    if page.question is not None:
        state = interview.household.agency.state
        asked = inputs.bank_fields(page.question, language, interview.facts, state)
        shown = inputs.filled(asked, request.POST if wrong else {}, wrong)
        return {"template": "portal/question.html", "page": shown, "button": _("Save and go on")}
    if page.shows is not None:
        return papers.shown(interview, page, wrong)
    if page.id == "before":
        told = applications.told_before(interview, language)
        return {"template": "portal/before.html", "lines": told}
    if page.id == "members":
        rows = [
            (
                member,
                str(applications.words.ROLES[member.role]),
                programs.text(date.fromisoformat(member.identity["birth_date"]), language),
            )
            for member in interview.members
        ]
        food = "buys_food_together" in interview.member_questions
        return {"template": "portal/members.html", "rows": rows, "food": food}
    if page.id == "income":
        return {"template": "portal/income.html", **_income(interview, language)}
    return _form(request, interview, page, wrong)


def _income(interview: applications.Interview, language: str) -> dict[str, Any]:
    words = applications.words
    people_rows = []
    for member in interview.members:
        mine_too = [
            {
                "line": line,
                "kind": str(words.INCOME_KINDS[line.kind]),
                "sum": applications.source_in_words(line, language),
            }
            for line in interview.sums.lines
            if line.person_id == member.person_id
        ]
        people_rows.append((member, mine_too))
    return {
        "rows": people_rows,
        "together": applications.together_in_words(interview.sums, language),
        "own_rules": words.OWN_RULES,
        "any": bool(interview.sums.lines),
    }


def _form(
    request: HttpRequest,
    interview: applications.Interview,
    page: applications.Step,
    wrong: dict[str, str],
) -> dict[str, Any]:
    """The pages that every form asks: title, words, inputs, and what is known already."""
    title, intro, asked, known = _PAGES[page.id](interview)
    values = request.POST if wrong else known
    return {
        "template": "portal/question.html",
        "title": title,
        "intro": intro,
        "page": inputs.filled(asked, values, wrong),
        "button": _("Save and go on"),
    }


_Shown = tuple[str, str, list[inputs.Field], dict[str, Any]]


def _name(interview: applications.Interview) -> _Shown:
    known = {**interview.members[0].identity, "ssn": ""}
    intro = _("Write your name as it is on your papers.")
    return _("Who are you?"), intro, inputs.identity_fields(head=True), known


def _address(interview: applications.Interview) -> _Shown:
    known = dict(interview.dwelling.address) if interview.dwelling else {}
    intro = _("The home that you need help with.")
    return _("Where do you live?"), intro, inputs.address_fields(), known


def _county(interview: applications.Interview) -> _Shown:
    home = interview.dwelling
    named = programs.counties()
    codes = applications.counties_here(home) if home else []
    field = inputs.Field(
        "county",
        "radio",
        _("In which county is your home?"),
        hint=_("Your ZIP code lies in more than one county."),
        choices=tuple((code, named[code]["name"]) for code in codes),
        heading=True,
    )
    return "", "", [field], {"county": home.county if home else ""}


def _landlord(interview: applications.Interview) -> _Shown:
    intro = _(
        "We pay rent to your landlord where we can. Give at least one way to reach them: phone, "
        "email or address."
    )
    here = {"state": interview.household.agency.state}
    known = dict(interview.said("landlord") or here)
    return _("Who do you pay rent to?"), intro, inputs.landlord_fields(), known


def _utility(interview: applications.Interview) -> _Shown:
    intro = _("We pay the company directly. Your bill has both.")
    known = dict(interview.said("utility_account") or {})
    asks = interview.asks("utility", get_language() or "en") or _("Which company do you owe?")
    return asks, intro, inputs.utility_fields(), known


def _dates(interview: applications.Interview) -> _Shown:
    known = {name: interview.said(name) or "" for name in interview.dates}
    intro = _("If something will happen soon, we look at your application sooner.")
    return _("Is there a date we must know?"), intro, inputs.date_fields(interview.dates), known


def _consent(interview: applications.Interview) -> _Shown:
    given = interview.said("consents") or {}
    asked = [
        inputs.Field(partner, "tick", str(words), value="yes" if given.get(partner) else "")
        for partner, words in applications.words.CONSENT_TEXT.items()
        if partner in interview.partners
    ]
    intro = _(
        "With your permission we ask other departments, so that you need fewer papers. You can "
        "say no and still apply, and you can change your mind later."
    )
    return _("May we ask for you?"), intro, asked, {}


_PAGES = {
    "name": _name,
    "address": _address,
    "county": _county,
    "landlord": _landlord,
    "utility": _utility,
    "dates": _dates,
    "consent": _consent,
}
