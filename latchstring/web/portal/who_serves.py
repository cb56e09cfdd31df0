"""Who serves the address: one short question where the county does not say, then a hand-off.

Routing is not eligibility: whoever is told of another office may apply here all the same.
"""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from latchstring.programs import door as programs
from latchstring.web.portal.fields import Field, filled
from latchstring.web.portal.heard import CHECK, choice, heard_here, look
from latchstring.web.who import who_may

HERE, THERE = "here", "there"
_WAYS = {"new": "account_signup", "have": "account_login"}


@who_may("anyone")
def serves(request: HttpRequest, state: str) -> HttpResponse:
    """Go to the next question on the place, to the other office, or on to the account."""
    kept = heard_here(request, state)
    if kept is None:
        return redirect("portal:door", state=state)
    chosen, county = _asked_for(request, kept, state)
    if not chosen:
        return redirect("portal:result", state=state)
    answered = answers(kept)
    for question in programs.place_questions(chosen, county, answered):
        if question.id not in answered:
            return redirect(_on(request, "portal:place", state, question.id))
    if programs.others_serving(chosen, county, answered):
        return redirect(_on(request, "portal:office", state))
    return redirect(_account(request, state))


@who_may("anyone")
def place(request: HttpRequest, state: str, question: str) -> HttpResponse:
    """Ask where the home is: yes, no, or not sure."""
    kept, asked = heard_here(request, state), programs.place_question(question)
    if kept is None:
        return redirect("portal:door", state=state)
    if asked is None:
        raise Http404
    answered = answers(kept)
    wrong = ""
    if request.method == "POST":
        said = request.POST.get(question, "")
        if said in programs.PLACE_ANSWERS:
            kept["routing"] = {"answered": answered | {question: said}}
            request.session[CHECK] = kept
            return redirect(onward(request, state))
        wrong = _("Choose an answer. If you do not know, choose “I am not sure”.")
    field = Field(
        question,
        "radio",
        asked.words[get_language() or "en"],
        hint=_("It tells us which office serves your home. You can apply here in any case."),
        choices=tuple(place_answers().items()),
        value=answered.get(question, ""),
        heading=True,
    )
    context = {
        "state": state,
        "page": filled([field], {}, {question: wrong}),
        "back": reverse("portal:result", kwargs={"state": state}),
        "button": _("Go on"),
    }
    return render(request, "portal/form.html", context, status=422 if wrong else 200)


@who_may("anyone")
def office(request: HttpRequest, state: str) -> HttpResponse:
    """Name who else serves the home, how to reach them and what to bring; or apply here."""
    kept = heard_here(request, state)
    if kept is None:
        return redirect("portal:door", state=state)
    chosen, county = _asked_for(request, kept, state)
    named = programs.others_serving(chosen, county, answers(kept))
    if not named:
        return redirect(onward(request, state))
    theirs = {other.program for other in named}
    rest = [slug for slug in chosen if slug not in theirs]
    if request.method == "POST":
        chose = THERE if request.POST.get("chose") == THERE else HERE
        kept["routing"] = {
            "answered": answers(kept),
            "named": [other.id for other in named],
            "chose": chose,
        }
        if chose == THERE and rest:
            kept["chosen"] = rest
        request.session[CHECK] = kept
        if chose == THERE and not rest:
            return redirect(_on(request, "portal:office", state))
        return redirect(_account(request, state))
    language = get_language() or "en"
    context = {
        "state": state,
        "offices": [_shown(other, language) for other in named],
        "theirs": [programs.load_program(slug).name[language] for slug in sorted(theirs)],
        "rest": [programs.load_program(slug).name[language] for slug in rest],
        "going": kept.get("routing", {}).get("chose") == THERE,
    }
    return render(request, "portal/office.html", context)


def answers(kept: Mapping[str, Any]) -> dict[str, str]:
    """Return what was answered on the place of the home: question -> yes, no or unsure."""
    found: dict[str, str] = kept.get("routing", {}).get("answered", {})
    return dict(found)


def place_answers() -> dict[str, str]:
    """Return the answers to a question on the place, in words."""
    return dict(zip(programs.PLACE_ANSWERS, (_("Yes"), _("No"), _("I am not sure")), strict=True))


def _asked_for(request: HttpRequest, kept: dict[str, Any], state: str) -> tuple[list[str], str]:
    """Return the programs that are chosen and the county that was heard ("": none)."""
    looked = look(request, kept, state)
    return choice(looked, kept)[1], looked.facts.get("county") or ""


def _shown(other: programs.Grantee, language: str) -> dict[str, Any]:
    return {
        "name": other.name[language],
        "words": other.words[language],
        "find": other.find[language],
        "phone": other.phone,
        "web": other.web,
        "bring": [programs.paper_words(kind, language) for kind in other.bring],
    }


def onward(request: HttpRequest, state: str) -> str:
    """Return where one goes on from the choice of programs."""
    return _on(request, "portal:serves", state)


def _on(request: HttpRequest, view: str, state: str, question: str = "") -> str:
    """Return the address of one of these pages; it remembers who has an account."""
    named = {"state": state} | ({"question": question} if question else {})
    way = request.POST.get("way") or request.GET.get("way", "")
    return reverse(view, kwargs=named) + (f"?{urlencode({'way': way})}" if way in _WAYS else "")


def _account(request: HttpRequest, state: str) -> str:
    """Return where the chosen programs are applied for, by way of an account."""
    start = reverse("portal:start", kwargs={"state": state})
    if request.user.is_authenticated:
        return start
    way = _WAYS.get(request.GET.get("way", ""), _WAYS["new"])
    return f"{reverse(way)}?{urlencode({'next': start})}"
