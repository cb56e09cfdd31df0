"""The screener: one question at a time before any account, then what is likely and why."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from latchstring.applications import door as applications
from latchstring.programs import door as programs
from latchstring.web.portal.doors import CHECK
from latchstring.web.portal.fields import bank_fields, filled
from latchstring.web.who import who_may


def heard_here(request: HttpRequest, state: str) -> dict[str, Any] | None:
    """Return what the screener heard from this visitor for this state, or None."""
    kept = request.session.get(CHECK)
    return kept if kept and kept.get("state") == state else None


def _asked(kept: dict[str, Any], state: str) -> list[programs.Program]:
    return applications.screener.programs_for(state.upper(), kept["needs"])


@who_may("anyone")
def question(request: HttpRequest, state: str, question: str) -> HttpResponse:
    """Ask one question of the screener and keep the answer in the session."""
    kept = heard_here(request, state)
    if kept is None or question not in programs.bank():
        return redirect("portal:door", state=state)
    asked = programs.question(question)
    wrong: dict[str, str] = {}
    values: Any = {}
    if request.method == "POST":
        try:
            facts = applications.screener.hear(asked, request.POST, state.upper())
        except applications.WrongAnswer as problem:
            wrong, values = problem.fields, request.POST
        else:
            kept["facts"] |= facts
            kept["asked"] = [*[q for q in kept.get("asked", []) if q != question], question]
            request.session[CHECK] = kept
            return redirect("portal:result", state=state)
    language = get_language() or "en"
    fields = bank_fields(asked, language, kept["facts"], state.upper())
    done = len(kept.get("asked", []))
    left = len(programs.next_questions(_asked(kept, state), kept["facts"]))
    context = {
        "state": state,
        "page": filled(fields, values, wrong),
        "back": _before(kept, question),
        "done": done,
        "total": max(done + left, 1),
        "button": _("Go on"),
    }
    return render(request, "portal/check.html", context, status=422 if wrong else 200)


def _before(kept: dict[str, Any], question: str) -> str | None:
    asked = kept.get("asked", [])
    if question in asked:
        place = asked.index(question)
        return asked[place - 1] if place else None
    return asked[-1] if asked else None


@who_may("anyone")
def result(request: HttpRequest, state: str) -> HttpResponse:
    """Go to the next question that matters, or say what is likely, how much about, and why."""
    kept = heard_here(request, state)
    if kept is None:
        return redirect("portal:door", state=state)
    asked = _asked(kept, state)
    following = applications.screener.next_open(asked, kept["facts"])
    if following is not None:
        return redirect("portal:check", state=state, question=following.id)
    language = get_language() or "en"
    rows = [
        _shown(program, screening, language)
        for program, screening in applications.screener.results(asked, kept["facts"])
    ]
    rows.sort(key=lambda row: ("likely", "maybe", "no").index(row["answer"]))
    papers = _papers(asked)
    context = {
        "state": state,
        "rows": rows,
        "papers": papers,
        "back": (kept.get("asked") or [None])[-1],
    }
    return render(request, "portal/result.html", context)


def _shown(
    program: programs.Program, screening: programs.Screening, language: str
) -> dict[str, Any]:
    determination = screening.determination
    reasons = [
        {
            "result": {True: "pass", False: "fail", None: "unknown"}[test.result],
            "words": programs.sentence(program, test, language),
        }
        for test in determination.criteria
    ]
    lines = [
        {"label": line.label[language], "sum": programs.arithmetic(line, language)}
        for line in determination.lines
        if line.amount
    ]
    return {
        "name": program.name[language],
        "summary": program.document.get("summary", {}).get(language, ""),
        "answer": screening.answer,
        "least": _dollars(screening.least, language),
        "most": _dollars(screening.most, language),
        "reasons": reasons,
        "lines": lines,
    }


def _dollars(amount: Any, language: str) -> str:
    return programs.text(amount, language).removesuffix(".00") if amount else ""


def _papers(asked: list[programs.Program]) -> list[str]:
    """Say what will be useful to have at hand: the first papers of each test, each once."""
    kinds = {
        kind: None
        for program in asked
        for test in program.criteria
        for kind in test.evidence.get("documents", ())[:2]
    }
    return [programs.paper_words(kind, get_language() or "en") for kind in kinds]
