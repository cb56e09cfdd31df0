"""The screener: one question at a time before any account, then what is likely and why."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from latchstring.applications import door as applications
from latchstring.programs import door as programs
from latchstring.web.portal.fields import bank_fields, filled
from latchstring.web.portal.heard import CHECK, choice, heard_here, look, outlooks
from latchstring.web.who import who_may

Outlook = applications.screener.Outlook


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
            if facts.get("county", kept["facts"].get("county")) != kept["facts"].get("county"):
                kept.pop("routing", None)  # another place
            kept["facts"] |= facts
            kept["asked"] = [*[q for q in kept.get("asked", []) if q != question], question]
            kept.pop("chosen", None)
            request.session[CHECK] = kept
            return redirect("portal:result", state=state)
    language = get_language() or "en"
    fields = bank_fields(asked, language, kept["facts"], state.upper())
    done = len(kept.get("asked", []))
    context = {
        "state": state,
        "page": filled(fields, values, wrong),
        "back": _before(kept, question),
        "done": done,
        "total": max(done + look(request, kept, state).left(), 1),
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
    """Go to the next question that matters, or say what is likely, how much, how soon, and why.

    A POST looks at one further program of the state (`also`) with the same answers.
    """
    kept = heard_here(request, state)
    if kept is None:
        return redirect("portal:door", state=state)
    if request.method == "POST":
        known = {program.slug for program in programs.programs(state.upper())}
        kept["also"] = sorted({*kept.get("also", []), *request.POST.getlist("also")} & known)
        kept.pop("chosen", None)
        request.session[CHECK] = kept
        return redirect("portal:result", state=state)
    looked = look(request, kept, state)
    following = looked.next()
    if following is not None:
        return redirect("portal:check", state=state, question=following.id)
    language = get_language() or "en"
    found = outlooks(looked, kept)
    further = applications.screener.others(
        state.upper(), looked.asked, looked.facts, looked.already.why
    )
    context = {
        "state": state,
        "rows": [shown(outlook, language) for outlook in found],
        "others": [shown(outlook, language) for outlook in further],
        "possible": len(choice(looked, kept)[0]),
        "papers": _papers([outlook.program for outlook in found if outlook.open], language),
        "back": (kept.get("asked") or [None])[-1],
    }
    return render(request, "portal/result.html", context)


def shown(outlook: Outlook, language: str) -> dict[str, Any]:
    """Return what the pages say of one program: answer, amount, time, round and reasons."""
    program, screening = outlook.program, outlook.screening
    reasons = [programs.told(program, test, language) for test in screening.determination.criteria]
    lines = [
        {"label": line.label[language], "sum": programs.arithmetic(line, language)}
        for line in screening.determination.lines
        if line.amount and _adds_up(line)
    ]
    document = program.document
    amounts = [] if screening.answer == programs.NO else screening.determination.estimate_lines
    ladders = [_ladder(program, screening, line, language) for line in amounts if line.amount]
    return {
        "slug": program.slug,
        "name": program.name[language],
        "summary": document.get("summary", {}).get(language, ""),
        "answer": screening.answer,
        "amount": _amount(screening, language),
        "experience": list(document.get("experience", []))[-1:] if screening.set_by_agency else [],
        "waits": programs.waiting(
            program,
            screening.determination,
            [line.amount for line in program.benefits],
            language,
        ),
        "soon": screening.soon,
        "round": outlook.round,
        "open": outlook.open,
        "received": outlook.received,
        "letters": [programs.load_program(slug).name[language] for slug in outlook.letters],
        "reasons": reasons,
        "why": _first_reason(screening.answer, reasons),
        "lines": lines,
        "ladders": [ladder for ladder in ladders if ladder["lines"]],
        "person_checks": [entry[language] for entry in document.get("not_covered", [])],
    }


def _ladder(
    program: programs.Program,
    screening: programs.Screening,
    line: programs.AmountLine,
    language: str,
) -> dict[str, Any]:
    """Return the arithmetic of an estimate by line; none where the document names no steps."""
    found = screening.determination
    values = {key: found.value(key) for key in program.slots if key in program.types}
    steps = programs.steps(program, line.id, values, language)
    lines = [
        {
            "label": f"{one.sign} {one.words}"
            if one.sign
            else one.words[:1].upper() + one.words[1:],
            "amount": one.value,
        }
        for one in steps
    ]
    return {"label": line.label[language], "lines": lines}


def _adds_up(line: programs.AmountLine) -> bool:
    """Say whether an amount is months times a rate or the sum of its parts, and can be shown so."""
    return line.rate is not None or sum(line.operands.values()) == line.amount


def _amount(screening: programs.Screening, language: str) -> str:
    """Say about how much: in all or each month, from the least to the most."""
    if screening.answer == programs.NO:
        return ""
    if screening.set_by_agency:
        return _("How much: set by the agency")
    if not screening.most or screening.least is None:
        return ""
    words = {
        "least": _dollars(screening.least, language),
        "most": _dollars(screening.most, language),
    }
    if screening.every == "month":
        if screening.least == screening.most:
            return _("About %(most)s each month") % words
        return _("About %(least)s to %(most)s each month") % words
    if screening.least == screening.most:
        return _("About %(most)s in all") % words
    return _("About %(least)s to %(most)s in all") % words


def _dollars(amount: Any, language: str) -> str:
    return programs.text(amount, language).removesuffix(".00")


def _first_reason(answer: str, reasons: list[programs.Told]) -> str:
    """Return the one reason that says most: what fails, what is open, or nothing when likely."""
    wanted = {programs.NO: "fail", programs.MAYBE: "unknown"}.get(answer)
    return next((reason.sentence for reason in reasons if reason.outcome == wanted), "")


def _papers(asked: list[programs.Program], language: str) -> list[str]:
    """Say what will be useful to have at hand: the first papers of each test, each once."""
    kinds = {
        kind: None
        for program in asked
        for test in program.criteria
        for kind in test.evidence.get("documents", ())[:2]
    }
    return [programs.paper_words(kind, language) for kind in kinds]
