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
        "returned": len(insight.payments_returned(agency)),
        "form": form or forms.Form(),
    }
    return render(request, "desk/payments.html", context, status=status_of(form))


@who_may("staff:batch.prepare")
@require_POST
def open_batch(request: HttpRequest) -> HttpResponse:
    """Open a batch with everything that waits."""
    form = forms.Form(request.POST)
    if carried_out(form, money.open_batch, _agency(request), _actor(request)):
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
    context = {"batch": found, "form": form or forms.Form(), "own": own}
    return render(request, "desk/batch.html", context, status=status_of(form))


def _step(request: HttpRequest, batch_id: uuid.UUID, verb: Any, said: str) -> HttpResponse:
    """Carry out one step of a batch of the officer's own agency."""
    insight.batch(_agency(request), batch_id)  # NotFound for another agency's
    form = forms.Form(request.POST)
    if carried_out(form, verb, batch_id, _actor(request)):
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


@who_may("staff:payments.see")
@require_safe
def batch_file(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Download the NACHA file as it was sealed. Account numbers leave the house: it is logged."""
    found = insight.batch(_agency(request), batch_id)
    content = money.file_of(batch_id)
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
    """Show the payments that came back and wait for somebody's work."""
    rows = insight.payments_returned(_agency(request))
    reports = {row["trace"]: row for row in insight.bank_reports(_agency(request))}
    for row in rows:
        row["report"] = reports.get(row["trace"])
    return render(request, "desk/returned.html", {"rows": rows, "form": forms.Form()})
