"""Who serves the address: one short question where the county does not say, then a hand-off.

Routing is not eligibility: whoever is told of another office may apply here all the same. It is
asked before the account, and in the interview when an address says what was not known before.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from latchstring.applications import door as applications
from latchstring.people import door as people
from latchstring.programs import door as programs
from latchstring.web.portal.fields import Field, filled
from latchstring.web.portal.heard import CHECK, choice, heard_here, look
from latchstring.web.who import who_may

HERE, THERE = "here", "there"
_WAYS = {"new": "account_signup", "have": "account_login"}


@dataclass(frozen=True)
class Asking:
    """For which programs and where it is asked, what was told of it, and where that is kept.

    `county` is "" while it is not known. `page` gives the address of the view `place` (of a
    question) or `office`, `onward` where one goes when nothing is open, and `keep` takes what was
    told and the programs that are asked for at the other office.
    """

    state: str
    slugs: list[str]
    county: str
    told: Mapping[str, Any]
    back: str
    page: Callable[..., str]
    onward: Callable[[], str]
    keep: Callable[[dict[str, Any], list[str]], None]

    @property
    def answered(self) -> dict[str, str]:
        """Return what was answered on the place of the home: question -> yes, no or unsure."""
        same = self.told.get("county", "") in ("", self.county)
        return dict(self.told.get("answered", {})) if same else {}

    @property
    def others(self) -> list[programs.Grantee]:
        """Return who else serves the home, as far as it is known."""
        return programs.others_serving(self.slugs, self.county, self.answered)

    def following(self) -> str:
        """Return the address of the next question, of the hand-off, or of what comes after."""
        for question in programs.place_questions(self.slugs, self.county, self.answered):
            if question.id not in self.answered:
                return self.page("place", question=question.id)
        return self.page("office") if self.others else self.onward()

    def settled(self) -> bool:
        """Say whether every question is answered and every other office named and chosen of."""
        questions = programs.place_questions(self.slugs, self.county, self.answered)
        named = self.told.get("named", ()) if "chose" in self.told else ()
        return all(question.id in self.answered for question in questions) and all(
            other.id in named for other in self.others
        )


def of_visitor(request: HttpRequest, state: str) -> Asking | None:
    """Return what is asked of somebody fresh from the screener; None where nothing was heard."""
    kept = heard_here(request, state)
    if kept is None:
        return None
    looked = look(request, kept, state)
    chosen = choice(looked, kept)[1]

    def keep(told: dict[str, Any], asked_there: list[str]) -> None:
        kept["routing"] = told
        rest = [slug for slug in chosen if slug not in asked_there]
        if asked_there and rest:
            kept["chosen"] = rest
        request.session[CHECK] = kept

    return Asking(
        state,
        chosen,
        looked.facts.get("county") or "",
        kept.get("routing", {}),
        reverse("portal:result", kwargs={"state": state}),
        lambda view, **named: _on(request, f"portal:{view}", state, **named),
        lambda: _account(request, state),
        keep,
    )


def of_application(
    request: HttpRequest, found: applications.Application, onward: Callable[[], str]
) -> Asking:
    """Return what is asked in the interview, of the home that the household lives in."""
    home = people.dwelling(people.household_by_id(found.household))
    state = found.agency[:2]

    def page(view: str, **named: str) -> str:
        return _on(request, f"portal:of_{view}", state, reference=found.reference, **named)

    def keep(told: dict[str, Any], asked_there: list[str]) -> None:
        applications.keep_routing(found.id, told, asked_there)

    return Asking(
        state,
        [row.program for row in found.programs.order_by("program")],
        home.county if home else "",
        found.routing,
        reverse("portal:question", args=[state, found.reference, "address"]),
        page,
        onward,
        keep,
    )


def still_open(request: HttpRequest, found: applications.Application) -> str:
    """Return the page that the home's county makes needful in the interview; "" where none is."""
    asking = of_application(request, found, lambda: "")
    if found.submitted_at is not None or not asking.county or asking.settled():
        return ""
    return asking.following()


@who_may("anyone")
def serves(request: HttpRequest, state: str) -> HttpResponse:
    """Go to the next question on the place, to the other office, or on to the account."""
    asking = of_visitor(request, state)
    if asking is None:
        return redirect("portal:door", state=state)
    return redirect(asking.following() if asking.slugs else asking.back)


@who_may("anyone")
def place(request: HttpRequest, state: str, question: str) -> HttpResponse:
    """Ask where the home is: yes, no, or not sure."""
    asking = of_visitor(request, state)
    if asking is None:
        return redirect("portal:door", state=state)
    return ask(request, asking, question, lambda: onward(request, state))


@who_may("anyone")
def office(request: HttpRequest, state: str) -> HttpResponse:
    """Name who else serves the home, how to reach them and what to bring; or apply here."""
    asking = of_visitor(request, state)
    if asking is None:
        return redirect("portal:door", state=state)
    return hand_off(request, asking)


def ask(
    request: HttpRequest, asking: Asking, question: str, then: Callable[[], str]
) -> HttpResponse:
    """Ask one question on the place of the home; `then` gives the address after its answer."""
    asked = programs.place_question(question)
    if asked is None:
        raise Http404
    wrong = ""
    if request.method == "POST":
        said = request.POST.get(question, "")
        if said in programs.PLACE_ANSWERS:
            answered = asking.answered | {question: said}
            asking.keep({"county": asking.county, "answered": answered}, [])
            return redirect(then())
        wrong = _("Choose an answer. If you do not know, choose “I am not sure”.")
    field = Field(
        question,
        "radio",
        asked.words[get_language() or "en"],
        hint=_("It tells us which office serves your home. You can apply here in any case."),
        choices=tuple(place_answers().items()),
        value=asking.answered.get(question, ""),
        heading=True,
    )
    context = {
        "state": asking.state,
        "page": filled([field], {}, {question: wrong}),
        "back": asking.back,
        "button": _("Go on"),
    }
    return render(request, "portal/form.html", context, status=422 if wrong else 200)


def hand_off(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Name the other offices, and keep where the person chose to apply."""
    named = asking.others
    if not named:
        return redirect(asking.following())
    theirs = {other.program for other in named}
    rest = [slug for slug in asking.slugs if slug not in theirs]
    if request.method == "POST":
        chose = THERE if request.POST.get("chose") == THERE else HERE
        told = {
            "county": asking.county,
            "answered": asking.answered,
            "named": [other.id for other in named],
            "chose": chose,
        }
        asking.keep(told, sorted(theirs) if chose == THERE else [])
        if chose == THERE and not rest:
            return redirect(asking.page("office"))
        return redirect(asking.onward())
    language = get_language() or "en"
    context = {
        "state": asking.state,
        "back": asking.back,
        "offices": [_shown(other, language) for other in named],
        "theirs": [programs.load_program(slug).name[language] for slug in sorted(theirs)],
        "rest": [programs.load_program(slug).name[language] for slug in rest],
        "going": asking.told.get("chose") == THERE,
    }
    return render(request, "portal/office.html", context)


def place_answers() -> dict[str, str]:
    """Return the answers to a question on the place, in words."""
    return dict(zip(programs.PLACE_ANSWERS, (_("Yes"), _("No"), _("I am not sure")), strict=True))


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


def _on(request: HttpRequest, view: str, state: str, **named: str) -> str:
    """Return the address of one of these pages; it remembers who has an account, and from where."""
    way = request.POST.get("way") or request.GET.get("way", "")
    kept = {"way": way} if way in _WAYS else {}
    if request.GET.get("back") in ("review", "before"):
        kept["back"] = request.GET["back"]
    return reverse(view, kwargs={"state": state} | named) + (f"?{urlencode(kept)}" if kept else "")


def _account(request: HttpRequest, state: str) -> str:
    """Return where the chosen programs are applied for, by way of an account."""
    start = reverse("portal:start", kwargs={"state": state})
    if request.user.is_authenticated:
        return start
    way = _WAYS.get(request.GET.get("way", ""), _WAYS["new"])
    return f"{reverse(way)}?{urlencode({'next': start})}"
