"""The payments officer's pages: what waits, batches from open to settled, the feed, returns."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from latchstring.audit import door as audit
from latchstring.insight import door as insight
from latchstring.payments import door as money
from latchstring.web.desk.case_buttons import keep_account
from latchstring.web.desk.forms import AccountForm
from latchstring.web.desk.kindly import carried_out, status_of
from latchstring.web.desk.words import Names
from latchstring.web.who import who_may


def _agency(request: HttpRequest) -> str:
    return str(request.staff.agency_id)  # type: ignore[attr-defined]


def _actor(request: HttpRequest) -> str:
    return str(request.user.actor)  # type: ignore[union-attr]


@who_may("staff:payments.see")
@require_safe
def payments(request: HttpRequest) -> HttpResponse:
    """Show what waits to be paid, the batches, and what came back."""
    return _payments_page(request)


def _payments_page(request: HttpRequest, form: forms.Form | None = None) -> HttpResponse:
    agency = _agency(request)
    names = Names()
    waiting = names.into(insight.payments_waiting(agency), "prepared_by", "approved_by")
    context = {
        "waiting": waiting,
        "waiting_cents": sum(row["amount_cents"] for row in waiting),
        "batches": names.into(insight.batches(agency), "opened_by", "released_by"),
        "ready": sum(row["status"] == "waiting" for row in waiting),
        "returned": len(insight.payments_returned(agency))
        + sum(row["status"] == "no_account" for row in waiting),
        "form": form or forms.Form(),
    }
    return render(request, "desk/payments.html", context, status=status_of(form))


@who_may("staff:batch.prepare")
@require_POST
def open_batch(request: HttpRequest) -> HttpResponse:
    """Open a batch with everything that waits."""
    form = forms.Form(request.POST)
    if carried_out(form, money.open_batch, request.user, _agency(request)):
        messages.success(request, _("A batch is open. Look through it, then seal it."))
        return redirect("desk:payments")
    return _payments_page(request, form)


@who_may("staff:payments.see")
@require_safe
def batch(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Show one batch: its payments, control totals, and the next step."""
    return _batch_page(request, batch_id)


def _batch_page(
    request: HttpRequest, batch_id: uuid.UUID, form: forms.Form | None = None
) -> HttpResponse:
    found = insight.batch(_agency(request), batch_id)
    names = Names()
    names.into([found], "opened_by", "sealed_by", "released_by")
    names.into(found["payments"], "prepared_by", "approved_by")
    own = [
        row
        for row in found["payments"]
        if _actor(request) in (row["prepared_by"], row["approved_by"])
    ]
    context = {
        "batch": found,
        "form": form or forms.Form(),
        "own": own,
        "can_leave_out": found["state"] == "open",
    }
    return render(request, "desk/batch.html", context, status=status_of(form))


def _step(request: HttpRequest, batch_id: uuid.UUID, verb: Any, said: str) -> HttpResponse:
    """Carry out one step of a batch of the officer's own agency."""
    insight.batch(_agency(request), batch_id)  # NotFound for another agency's
    form = forms.Form(request.POST)
    if carried_out(form, verb, request.user, batch_id):
        messages.success(request, said)
        return redirect("desk:batch", batch_id=batch_id)
    return _batch_page(request, batch_id, form)


@who_may("staff:batch.prepare")
@require_POST
def seal_batch(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Seal a batch: its file is made and can no longer change."""
    said = _("The batch is sealed. Check its totals, then release it.")
    return _step(request, batch_id, money.seal_batch, said)


@who_may("staff:batch.release")
@require_POST
def release_batch(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Release a sealed batch: it goes to the bank."""
    said = _("Released. The batch is on its way to the bank.")
    return _step(request, batch_id, money.release_batch, said)


@who_may("staff:batch.release")
@require_POST
def settle_doubt(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Ask the bank whether it has a batch in doubt: the human verb of an unknown hand-over."""
    insight.batch(_agency(request), batch_id)
    form = forms.Form(request.POST)
    heard: list[str] = []
    if not carried_out(form, _asked, heard, request.user, batch_id):
        return _batch_page(request, batch_id, form)
    said = {
        "taken": _("The bank has it. Nothing is sent again."),
        "not_sent": _("The bank never got it. It is on its way now."),
        "refused": _("The bank refused it. See why below."),
        "in_doubt": _("The bank does not answer. Nothing was changed; please try again later."),
    }
    show = messages.warning if heard[0] == "in_doubt" else messages.success
    show(request, said[heard[0]])
    return redirect("desk:batch", batch_id=batch_id)


def _asked(heard: list[str], account: Any, batch_id: uuid.UUID) -> None:
    heard.append(money.settle_doubt(account, batch_id))


@who_may("staff:batch.prepare")
@require_POST
def put_back(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Put the payments of a batch that the bank refused back to wait for the next one."""
    said = _("Put back. The payments wait for the next batch.")
    return _step(request, batch_id, money.put_back, said)


@who_may("staff:batch.prepare")
@require_POST
def leave_out(request: HttpRequest, batch_id: uuid.UUID, payment_id: uuid.UUID) -> HttpResponse:
    """Take one payment out of an open batch."""
    insight.batch(_agency(request), batch_id)
    form = forms.Form(request.POST)
    if carried_out(form, money.leave_out, request.user, batch_id, payment_id):
        messages.success(request, _("Taken out. It waits for the next batch."))
        return redirect("desk:batch", batch_id=batch_id)
    return _batch_page(request, batch_id, form)


@who_may("staff:payments.see")
@require_safe
def batch_file(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Download the NACHA file as it was sealed. Account numbers leave the house: it is logged."""
    found = insight.batch(_agency(request), batch_id)
    content = money.file_bytes(money.batch(batch_id, _agency(request)))
    audit.saw(
        "bank_file",
        object_id=batch_id,
        agency=_agency(request),
        actor=_actor(request),
        purpose="payment",
        detail={"sha256": found["file_sha256"]},
    )
    response = HttpResponse(content, content_type="text/plain; charset=us-ascii")
    response["Content-Disposition"] = f'attachment; filename="{found["reference"]}.ach"'
    response["Cache-Control"] = "private, no-store"
    return response


@who_may("staff:payments.see")
@require_safe
def bank_feed(request: HttpRequest) -> HttpResponse:
    """Show what the bank said, newest first."""
    reports = insight.bank_reports(_agency(request))
    return render(request, "desk/feed.html", {"reports": reports})


@who_may("staff:payments.see")
@require_safe
def returned(request: HttpRequest) -> HttpResponse:
    """Show the payments that came back, or cannot go out, for want of a working account."""
    return _returned_page(request)


def _returned_page(
    request: HttpRequest, form: AccountForm | None = None, tried: uuid.UUID | None = None
) -> HttpResponse:
    agency = _agency(request)
    waiting = [row for row in insight.payments_waiting(agency) if row["status"] == "no_account"]
    rows = insight.payments_returned(agency) + waiting
    reports = {row["trace"]: row for row in reversed(insight.bank_reports(agency))}
    for row in rows:
        row["report"] = reports.get(row["trace"])
        mine = form if form is not None and row["id"] == tried else None
        row["form"] = mine or AccountForm(auto_id=f"%s_{row['id'].hex[-6:]}")
    return render(request, "desk/returned.html", {"rows": rows}, status=status_of(form))


@who_may("staff:batch.prepare")
@require_POST
def pay_again(request: HttpRequest, payment_id: uuid.UUID) -> HttpResponse:
    """Take the payee's new account and instruct the same obligation again: once, however often."""
    form = AccountForm(request.POST, auto_id=f"%s_{payment_id.hex[-6:]}")
    line = money.disbursement(payment_id, _agency(request))
    if form.is_valid() and carried_out(
        form, keep_account, line.payee_id, form.cleaned_data, _actor(request)
    ):
        if line.voided_at and not carried_out(form, _instructed_again, line):
            return _returned_page(request, form, payment_id)
        messages.success(request, _("Saved. The payment waits for the next batch."))
        return redirect("desk:payments")
    return _returned_page(request, form, payment_id)


def _instructed_again(line: money.Disbursement) -> None:
    money.pay(
        line.obligation,
        line.payee_id,
        amount_cents=line.amount_cents,
        remittance=line.remittance,
        prepared_by=line.prepared_by,
        approved_by=line.approved_by,
        case_id=line.case,
        agency=line.agency,
    )
