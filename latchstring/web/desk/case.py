"""The case page: everything known, what the rules make of it, and the buttons that move it on."""

import uuid
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from latchstring.audit import door as audit
from latchstring.cases import door as cases
from latchstring.documents import door as documents
from latchstring.insight import door as insight
from latchstring.kernel import clock
from latchstring.kernel.errors import NotFound
from latchstring.notices import door as notices
from latchstring.people import door as people
from latchstring.programs import door as programs
from latchstring.programs import publication
from latchstring.verification import door as verification
from latchstring.web.desk.case_facts import income_lines, paper_facts, side_by_side
from latchstring.web.desk.forms import (
    AccountForm,
    AskForm,
    DenyForm,
    GoOnForm,
    InterviewForm,
    LookedAtForm,
    NoteForm,
    PayeeForm,
    PrepareForm,
    RefuseDocumentForm,
    SetAmountForm,
)
from latchstring.web.desk.kindly import status_of
from latchstring.web.desk.next_step import next_step
from latchstring.web.desk.put_down import rules_of, to_confirm, to_put_down
from latchstring.web.desk.who_serves import who_serves
from latchstring.web.desk.words import Names
from latchstring.web.who import who_may

FORMS = (
    *("ask", "refuse", "go_on", "deny", "note", "payee", "account", "act"),
    *("prepare", "looked_at", "interview", "amount"),
)


def case_of(request: HttpRequest, reference: str, act: str = "case.see") -> cases.Case:
    """Return a case of the staff member's agency and county for an act; NotFound otherwise.

    `case_for` also opens a case to the people of its own household; on the desk only a role does.
    """
    case = cases.case_for(request.user, reference)
    if case.agency != request.staff.agency_id:  # type: ignore[attr-defined]
        raise NotFound()
    people.require(request.user, act, agency=case.agency, county=case.county)
    return case


@who_may("staff:case.see")
@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Open a case. The look is written down, and the household can see it."""
    found = case_of(request, reference)
    audit.saw(
        "case",
        object_id=found.id,
        agency=found.agency,
        actor=request.user.actor,  # type: ignore[union-attr]
        household=found.household,
        purpose="audit" if people.roles_of(request.user) == {"auditor"} else "eligibility",
    )
    return case_page(request, found)


@clock.frozen()
def case_page(request: HttpRequest, found: cases.Case, **shown: Any) -> HttpResponse:
    """Render the case page; `shown` replaces forms that were refused, with what was typed."""
    household = people.household_by_id(found.household)
    determination = cases.determination_of(found)
    program = publication.program_by_hash(found.version)
    facts = people.all_facts(household)
    members = people.members(household)
    papers = documents.of_household(household.id)
    beside = side_by_side(program, facts, found)
    twin = cases.tell(determination, get_language() or "en") if determination else None
    put_down = to_put_down(found, determination.result if determination else None)
    context = {
        "case": found,
        "put_down": put_down,
        "to_confirm": to_confirm(found.version),
        "prepare": PrepareForm(most=cases.months_to_choose(found)),
        "looked_at": LookedAtForm(rules=rules_of(put_down)),
        "interview": InterviewForm(),
        "amount": SetAmountForm(),
        "household": household,
        "who_serves": who_serves(found),
        "members": members,
        "home": people.dwelling(household),
        "income": income_lines(people.income_sums(household), members),
        "compared": [row for row in beside if "verified" in row or "document" in row],
        "only_stated": [row for row in beside if "verified" not in row and "document" not in row],
        "determination": determination,
        "twin": twin,
        "papers": [
            {"paper": paper, "proves": paper_facts(program, facts, paper.id)} for paper in papers
        ],
        "checks": _checks(found),
        "requests": cases.open_requests_in_words(found, get_language() or "en"),
        "notices": notices.of_case(found.id),
        "can_work": people.may(request.user, "case.work", agency=found.agency, county=found.county)[
            0
        ],
        "ask": AskForm(),
        "refuse": RefuseDocumentForm(),
        "go_on": GoOnForm(),
        "deny": None,
        "note": NoteForm(),
        "payee": PayeeForm(),
        "paid_by_bank": any(line.payee != cases.CARD for line in program.benefits),
        "account": AccountForm(),
        "act": None,
        "tried": None,
    }
    context |= _work_around(found) | shown
    if context["deny"] is None:
        context["deny"] = DenyForm(initial=_denial_words(found, program))
    # Their own place may be gone by now: a decision waits, or the case was closed.
    on_top = ("act", "prepare", "looked_at", "interview", "amount")
    context["refused_on_top"] = [context[key] for key in on_top if context[key] is not None]
    forms = (context[key] for key in FORMS)
    return render(request, "desk/case.html", context, status=status_of(*forms))


def _work_around(found: cases.Case) -> dict[str, Any]:
    """What happened and what is next: queue row, decisions, payments, timeline, notes."""
    names = Names()
    rows = insight.queue(
        found.agency, stage=found.stage if found.stage == "closed" else "", q=found.reference
    )
    decisions = insight.decisions_of_case(found.agency, found.id)
    language = get_language() or "en"
    passed = cases.timeline(found)
    names.look_up(entry.actor for entry in passed)
    happened = [
        {"at": entry.at, "words": entry.words[language], "by": names[entry.actor]}
        for entry in reversed(passed)
    ]
    return {
        "next": next_step(rows[0], clock.today()) if rows else None,
        "assigned_name": rows[0]["assigned_name"] if rows else "",
        "decisions": names.into(decisions, "prepared_by", "approved_by"),
        "decision_waits": any(not d["approved_at"] and not d["returned_at"] for d in decisions),
        "payments": insight.payments_of_case(found.agency, found.id),
        "timeline": happened,
        "notes": [
            {"words": words, "at": note.written_at, "by": names[note.written_by]}
            for note, words in cases.notes_of(found)
        ],
    }


def _checks(found: cases.Case) -> list[dict[str, Any]]:
    """Each question to another agency with its state, and whether one may go on without it."""
    shown = []
    checks = verification.of_case(found.id)
    about = people.identities({check.person for check in checks})
    for check in checks:
        who = about[check.person]
        waits = not check.answered_at and not check.given_up_at
        shown.append(
            {
                "check": check,
                "about": f"{who['first_name']} {who['last_name']}",
                "waits": waits,
                "may_go_on": waits and check.attempts >= 1,
                "in_trouble": waits and check.attempts >= insight.TRIES_BEFORE_GOING_ON,
            }
        )
    return shown


def _denial_words(found: cases.Case, program: programs.Program) -> dict[str, Any]:
    """Reason and law from the failed criteria, and the last day to appeal, as a first draft."""
    words: dict[str, Any] = dict(cases.denial_words(found))
    days = program.document.get("appeal", {}).get("days")
    if isinstance(days, int):  # else the agency sets the day, and the form stays empty
        words["appeal_until"] = clock.today() + timedelta(days=days)
    return words


@who_may("staff:document.see")
@require_safe
def paper_page(
    request: HttpRequest, reference: str, upload_id: uuid.UUID, number: int
) -> HttpResponse:
    """Send the clean copy of one page of a paper of this case's household."""
    found = case_of(request, reference, "document.see")
    paper = documents.document_of(upload_id)
    if paper.household != found.household:
        raise NotFound()
    picture = documents.page(upload_id, number)
    audit.saw(
        "document",
        object_id=paper.id,
        agency=found.agency,
        actor=request.user.actor,  # type: ignore[union-attr]
        household=found.household,
        purpose="eligibility",
        detail={"page": number},
    )
    response = HttpResponse(picture.bytes, content_type=picture.media_type)
    response["Cache-Control"] = "private, no-store"
    return response
