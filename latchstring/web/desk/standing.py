"""Work that stands still: every kind by name, how many, since when, and the way to each."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from latchstring.flow import door as flow
from latchstring.insight import door as insight
from latchstring.kernel import clock
from latchstring.payments import door as money
from latchstring.people import door as people
from latchstring.web.desk.kindly import carried_out, status_of
from latchstring.web.who import who_may

# What it is called, and who does what about it.
KINDS = {
    "case_late": (
        gettext_lazy("Cases past the day they should be decided by"),
        gettext_lazy("A caseworker decides, or asks for what is missing."),
    ),
    "case_due_soon": (
        gettext_lazy("Cases whose hearing, shutoff or short clock is near"),
        gettext_lazy("A caseworker takes it up now."),
    ),
    "card_refused": (
        gettext_lazy("Months of help that are on no card yet"),
        gettext_lazy("Somebody asks the card contractor. We send it again by ourselves."),
    ),
    "case_nobody_owns": (
        gettext_lazy("Cases under review that nobody has taken"),
        gettext_lazy("A caseworker of the county takes it."),
    ),
    "case_owner_gone": (
        gettext_lazy("Cases whose caseworker has left or lost the role"),
        gettext_lazy("Another caseworker takes it."),
    ),
    "case_out_of_reach": (
        gettext_lazy("Cases in a county that no caseworker covers"),
        gettext_lazy("Give a caseworker this county."),
    ),
    "case_no_decision": (
        gettext_lazy("Cases that wait for approval without a decision"),
        gettext_lazy("This should not happen. Call whoever runs the system."),
    ),
    "case_no_promise": (
        gettext_lazy("Approved cases for which no money was promised"),
        gettext_lazy("This should not happen. Call whoever runs the system."),
    ),
    "decision_waits": (
        gettext_lazy("Decisions that wait for a second person"),
        gettext_lazy("An approver decides or sends it back."),
    ),
    "decision_nobody_may_approve": (
        gettext_lazy("Decisions that nobody else may approve"),
        gettext_lazy("Give another person the role of approver in this county."),
    ),
    "request_overdue": (
        gettext_lazy("Residents who did not answer in time"),
        gettext_lazy("A caseworker calls. Nobody is denied for it."),
    ),
    "check_unanswered": (
        gettext_lazy("Questions that another agency does not answer"),
        gettext_lazy("We keep asking. A caseworker may go on with papers."),
    ),
    "paper_unseen": (
        gettext_lazy("Papers that nobody has looked at"),
        gettext_lazy("A caseworker takes or refuses each."),
    ),
    "upload_uninspected": (
        gettext_lazy("Uploads that were not inspected"),
        gettext_lazy("We try again every minute. If it stays, call whoever runs the system."),
    ),
    "form_not_made": (
        gettext_lazy("Signed applications without their form"),
        gettext_lazy("We try again every minute. If it stays, call whoever runs the system."),
    ),
    "letter_came_back": (
        gettext_lazy("Letters that came back or could not be sent"),
        gettext_lazy("Reach the household another way, and write a note on the case."),
    ),
    "letter_not_sent": (
        gettext_lazy("Letters that wait to be sent"),
        gettext_lazy("The mail server has trouble. We try again."),
    ),
    "payee_missing": (
        gettext_lazy("Promised money without a payee"),
        gettext_lazy("A caseworker says who is paid."),
    ),
    "payment_no_account": (
        gettext_lazy("Payments without a bank account"),
        gettext_lazy("Get the account from the payee."),
    ),
    "payment_in_no_batch": (
        gettext_lazy("Payments that are in no batch"),
        gettext_lazy("A payments officer opens a batch."),
    ),
    "batch_open": (
        gettext_lazy("Batches open for more than a day"),
        gettext_lazy("A payments officer seals it."),
    ),
    "batch_sealed": (
        gettext_lazy("Sealed batches that nobody has released"),
        gettext_lazy("Another payments officer releases it."),
    ),
    "batch_not_handed_over": (
        gettext_lazy("Released batches that are not at the bank"),
        gettext_lazy("The bank does not answer. We try again; call the bank if it lasts."),
    ),
    "batch_in_doubt": (
        gettext_lazy("Batches in doubt"),
        gettext_lazy("Ask the bank whether it has the batch. It is never sent again by itself."),
    ),
    "batch_refused": (
        gettext_lazy("Batches that the bank refused"),
        gettext_lazy("Put the payments back, and mend what the bank named."),
    ),
    "payment_nothing_heard": (
        gettext_lazy("Payments that the bank has said nothing about"),
        gettext_lazy("Ask the bank about the trace number."),
    ),
    "payment_came_back": (
        gettext_lazy("Payments that came back and were not paid again"),
        gettext_lazy("Get a new account from the payee, and pay again."),
    ),
    "report_unmatched": (
        gettext_lazy("Bank reports that match no payment of ours"),
        gettext_lazy("Call the bank. When it is cleared up, say so here."),
    ),
    "job_failed": (
        gettext_lazy("Jobs that failed for good"),
        gettext_lazy("Run it again. If it fails again, call whoever runs the system."),
    ),
    "job_not_taken": (
        gettext_lazy("Jobs that no worker has taken"),
        gettext_lazy("The worker may be down. Call whoever runs the system."),
    ),
    "timer_late": (
        gettext_lazy("Timers that did not fire"),
        gettext_lazy("The worker may be down. Call whoever runs the system."),
    ),
}
# The act that opens an object's page, and the page.
PAGES = {
    "case": ("case.see", "desk:case", "reference"),
    "decision": ("decision.approve", "desk:approval", "decision_id"),
    "batch": ("payments.see", "desk:batch", "batch_id"),
}
PLACES = {
    "payment": ("payments.see", "desk:returned"),
    "payments": ("payments.see", "desk:payments"),
    "report": ("payments.see", "desk:bank_feed"),
}


@who_may("staff:standing.see")
@require_safe
def standing(request: HttpRequest) -> HttpResponse:
    """Show what stands still in the agency: references and ages, nobody's name."""
    return _page(request)


@clock.frozen()
def _page(request: HttpRequest, form: forms.Form | None = None) -> HttpResponse:
    able = {act for act in people.MAY if people.may(request.user, act)[0]}
    found = insight.standing(request.staff.agency_id)  # type: ignore[attr-defined]
    shown = [
        {
            "kind": one,
            "title": KINDS[one.code][0],
            "what_to_do": KINDS[one.code][1],
            "rows": [row | {"url": _address(one.link, row, able)} for row in one.rows],
            "more": one.count - len(one.rows),
        }
        for one in found
    ]
    context = {
        "kinds": shown,
        "count": sum(one.count for one in found),
        "may_run": "job.run_again" in able,
        "may_work": "batch.prepare" in able,
        "form": form or forms.Form(),
    }
    return render(request, "desk/standing.html", context, status=status_of(form))


def _address(link: str, row: dict[str, Any], able: set[str]) -> str:
    """Return the page of a row for somebody who may open it; empty otherwise."""
    if link in PAGES:
        act, page, key = PAGES[link]
        value = row["reference"] if key == "reference" else row["id"]
        return reverse(page, kwargs={key: value}) if act in able and value else ""
    if link in PLACES:
        act, page = PLACES[link]
        return reverse(page) if act in able else ""
    if link in ("search", "job") and row["reference"] and "case.see" in able:
        return f"{reverse('desk:queue')}?q={row['reference']}"
    return ""


@who_may("staff:job.run_again")
@require_POST
def run_again(request: HttpRequest, job_id: int) -> HttpResponse:
    """Let a failed job run again."""
    form = forms.Form(request.POST)
    if carried_out(form, flow.run_again, request.user, job_id):
        messages.success(request, _("The job runs again. If it fails, it comes back here."))
        return redirect("desk:standing")
    return _page(request, form)


@who_may("staff:batch.prepare")
@require_POST
def worked(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """Note that a strange report was cleared up with the bank."""
    form = forms.Form(request.POST)
    if carried_out(form, money.work_report, request.user, report_id):
        messages.success(request, _("Noted. The report stays in the list of what the bank said."))
        return redirect("desk:standing")
    return _page(request, form)
