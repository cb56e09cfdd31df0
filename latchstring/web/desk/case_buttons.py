"""The buttons of the case page: each calls one verb and says what came of it, in place."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from latchstring.cases import door as cases
from latchstring.documents import door as documents
from latchstring.kernel.errors import NotFound
from latchstring.payments import door as money
from latchstring.verification import door as verification
from latchstring.web.desk.case import case_of, case_page
from latchstring.web.desk.forms import (
    ACCOUNT_WRONG,
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
from latchstring.web.desk.kindly import carried_out
from latchstring.web.desk.put_down import rules_of, to_put_down
from latchstring.web.who import who_may


def _actor(request: HttpRequest) -> str:
    return str(request.user.actor)  # type: ignore[union-attr]


def _done(request: HttpRequest, found: cases.Case, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("desk:case", reference=found.reference)


@who_may("staff:case.work")
@require_POST
def assign_to_me(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the case."""
    found = case_of(request, reference, "case.work")
    form = forms.Form(request.POST)
    staff = request.staff  # type: ignore[attr-defined]
    if carried_out(form, cases.assign, found.id, staff.id, _actor(request)):
        return _done(request, found, _("This case is yours."))
    return case_page(request, found, act=form)


@who_may("staff:case.work")
@require_POST
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask the resident for something, in the caseworker's words, by a day."""
    found = case_of(request, reference, "case.work")
    form = AskForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        if carried_out(
            form,
            cases.request_information,
            found.id,
            given["what"],
            given["words"],
            _actor(request),
            given["answer_by"],
        ):
            return _done(request, found, _("Asked. The resident gets a letter and an email."))
    return case_page(request, found, ask=form)


@who_may("staff:case.work")
@require_POST
def cancel_request(request: HttpRequest, reference: str, request_id: uuid.UUID) -> HttpResponse:
    """Take a request to the resident back."""
    found = case_of(request, reference, "case.work")
    if request_id not in {row.id for row in cases.open_requests(found)}:
        raise NotFound()
    form = forms.Form(request.POST)
    if carried_out(form, cases.cancel_request, request_id, _actor(request)):
        return _done(request, found, _("Taken back."))
    return case_page(request, found, act=form)


def _paper(found: cases.Case, document_id: uuid.UUID) -> None:
    """Refuse a paper of another household: it is not there."""
    if document_id not in {paper.id for paper in documents.of_household(found.household)}:
        raise NotFound()


@who_may("staff:case.work")
@require_POST
def accept_paper(request: HttpRequest, reference: str, document_id: uuid.UUID) -> HttpResponse:
    """Accept a paper: it counts as proof from now on."""
    found = case_of(request, reference, "case.work")
    _paper(found, document_id)
    form = forms.Form(request.POST)
    if carried_out(form, documents.accept, document_id, _actor(request)):
        return _done(request, found, _("Accepted."))
    return case_page(request, found, act=form)


@who_may("staff:case.work")
@require_POST
def refuse_paper(request: HttpRequest, reference: str, document_id: uuid.UUID) -> HttpResponse:
    """Refuse a paper with the reason the resident reads."""
    found = case_of(request, reference, "case.work")
    _paper(found, document_id)
    form = RefuseDocumentForm(request.POST)
    if form.is_valid() and carried_out(
        form, documents.refuse, document_id, form.cleaned_data["reason"], _actor(request)
    ):
        return _done(request, found, _("Refused. The resident sees why."))
    return case_page(request, found, refuse=form, tried=document_id)


@who_may("staff:case.work")
@require_POST
def go_on_without(request: HttpRequest, reference: str, check_id: uuid.UUID) -> HttpResponse:
    """Go on with documents instead of another agency's answer."""
    found = case_of(request, reference, "case.work")
    if check_id not in {check.id for check in verification.of_case(found.id)}:
        raise NotFound()
    form = GoOnForm(request.POST)
    if form.is_valid() and carried_out(
        form, cases.go_on_without, check_id, _actor(request), form.cleaned_data["reason"]
    ):
        return _done(request, found, _("The case goes on with papers."))
    return case_page(request, found, go_on=form, tried=check_id)


@who_may("staff:case.decide")
@require_POST
def prepare_approval(request: HttpRequest, reference: str) -> HttpResponse:
    """Propose what the rules compute; a second person releases it."""
    found = case_of(request, reference, "case.decide")
    form = PrepareForm(request.POST, most=cases.months_to_choose(found))
    if form.is_valid() and carried_out(
        form, cases.prepare_approval, found.id, _actor(request), **form.cleaned_data
    ):
        return _done(request, found, _("Prepared. A second person looks at it now."))
    return case_page(request, found, prepare=form)


@who_may("staff:case.decide")
@require_POST
def look_at(request: HttpRequest, reference: str) -> HttpResponse:
    """Put down what was seen of the rules that no machine covers: those ticked, in one go."""
    found = case_of(request, reference, "case.decide")
    form = LookedAtForm(request.POST, rules=rules_of(to_put_down(found, None)))
    if form.is_valid():
        given = form.cleaned_data
        if carried_out(
            form, cases.look_at, found.id, given["rules"], given["words"], _actor(request)
        ):
            return _done(request, found, _("Put down."))
    return case_page(request, found, looked_at=form)


@who_may("staff:case.decide")
@require_POST
def interview(request: HttpRequest, reference: str) -> HttpResponse:
    """Put down that the interview was held, or waived and why."""
    found = case_of(request, reference, "case.decide")
    form = InterviewForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        if carried_out(
            form,
            cases.interview,
            found.id,
            given["on"],
            given["how"],
            given["words"],
            _actor(request),
        ):
            return _done(request, found, _("Put down."))
    return case_page(request, found, interview=form)


@who_may("staff:case.decide")
@require_POST
def set_amount(request: HttpRequest, reference: str, line: str) -> HttpResponse:
    """Set the amount of a line that the rules leave to the agency."""
    found = case_of(request, reference, "case.decide")
    form = SetAmountForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        if carried_out(
            form, cases.set_amount, found.id, line, given["amount"], given["words"], _actor(request)
        ):
            return _done(request, found, _("Set. The rules were applied again."))
    return case_page(request, found, amount=form, tried=line)


@who_may("staff:case.decide")
@require_POST
def prepare_denial(request: HttpRequest, reference: str) -> HttpResponse:
    """Propose to deny, with reason, legal basis and the last day to appeal."""
    found = case_of(request, reference, "case.decide")
    form = DenyForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        if carried_out(
            form,
            cases.prepare_denial,
            found.id,
            _actor(request),
            given["reason"],
            given["legal_basis"],
            given["appeal_until"],
        ):
            return _done(request, found, _("Prepared. A second person looks at it now."))
    return case_page(request, found, deny=form)


@who_may("staff:case.work")
@require_POST
def add_note(request: HttpRequest, reference: str) -> HttpResponse:
    """Write a note for colleagues; the resident does not see it."""
    found = case_of(request, reference, "case.work")
    form = NoteForm(request.POST)
    if form.is_valid() and carried_out(
        form, cases.note, found.id, form.cleaned_data["words"], _actor(request)
    ):
        return _done(request, found, _("Noted."))
    return case_page(request, found, note=form)


@who_may("staff:case.work")
@require_POST
def name_payee(request: HttpRequest, reference: str) -> HttpResponse:
    """Say who is paid for lines of a kind."""
    found = case_of(request, reference, "case.work")
    form = PayeeForm(request.POST)
    if form.is_valid():
        identity = dict(form.cleaned_data)
        kind = identity.pop("payee_kind")
        if carried_out(form, cases.name_payee, found.id, kind, identity, _actor(request)):
            return _done(request, found, _("Saved."))
    return case_page(request, found, payee=form)


@who_may("staff:case.work")
@require_POST
def give_account(request: HttpRequest, reference: str, payee_id: uuid.UUID) -> HttpResponse:
    """Keep a payee's bank account; what came back is instructed again, once."""
    found = case_of(request, reference, "case.work")
    if payee_id not in {row.payee_id for row in money.of_case(found.id)}:
        raise NotFound()
    form = AccountForm(request.POST)
    if form.is_valid() and carried_out(
        form, keep_account, payee_id, form.cleaned_data, _actor(request)
    ):
        again = forms.Form(request.POST)
        if not carried_out(again, cases.pay_again, found.id, _actor(request)):
            return case_page(request, found, act=again)
        return _done(request, found, _("Saved. The payment waits for the next batch."))
    return case_page(request, found, account=form, tried=payee_id)


def keep_account(payee_id: uuid.UUID, given: dict[str, Any], actor: str) -> None:
    """Give a payee a bank account, with the refusal in words beside each field."""
    try:
        money.add_account(
            payee_id,
            routing=given["routing"],
            account=given["account"],
            kind=given["kind"],
            owner=given["owner"],
            actor=actor,
        )
    except money.NotABankAccount as problem:
        problem.fields = {
            field: str(ACCOUNT_WRONG.get(code) or ACCOUNT_WRONG[field])
            for field, code in problem.fields.items()
        }
        raise
