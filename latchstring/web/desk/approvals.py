"""The approver's pages: what waits for a second person, and the word that lets the money go."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from latchstring.audit import door as audit
from latchstring.cases import door as cases
from latchstring.insight import door as insight
from latchstring.kernel import clock
from latchstring.web.desk.case import case_of
from latchstring.web.desk.forms import ApproveForm, SendBackForm
from latchstring.web.desk.kindly import carried_out, status_of
from latchstring.web.desk.put_down import to_put_down
from latchstring.web.desk.words import Names
from latchstring.web.who import who_may


@who_may("staff:decision.approve")
@require_safe
@clock.frozen()
def approvals(request: HttpRequest) -> HttpResponse:
    """List the decisions that wait for a second person, the most urgent household first."""
    waiting = insight.decisions_waiting(request.staff.agency_id)  # type: ignore[attr-defined]
    actor = request.user.actor  # type: ignore[union-attr]
    for row in waiting:
        row["own"] = row["prepared_by"] == actor
    Names().into(waiting, "prepared_by")
    return render(request, "desk/approvals.html", {"waiting": waiting})


@who_may("staff:decision.approve")
@require_safe
def approval(request: HttpRequest, decision_id: uuid.UUID) -> HttpResponse:
    """Show one decision with its reasons, its money and what is left to give. It is a look."""
    decision = _decision(request, decision_id)
    audit.saw(
        "decision",
        object_id=decision_id,
        agency=request.staff.agency_id,  # type: ignore[attr-defined]
        actor=request.user.actor,  # type: ignore[union-attr]
        household=decision["household"],
        purpose="approval",
    )
    return _page(request, decision)


@who_may("staff:decision.approve")
@require_POST
def approve(request: HttpRequest, decision_id: uuid.UUID) -> HttpResponse:
    """Say yes as the second person: the money is promised, or the page says what is missing."""
    decision = _decision(request, decision_id)
    form = ApproveForm(request.POST)
    actor = request.user.actor  # type: ignore[union-attr]
    if form.is_valid() and carried_out(form, cases.approve, decision_id, actor):
        messages.success(request, _("Done. %(case)s goes on.") % {"case": decision["reference"]})
        return redirect("desk:approvals")
    return _page(request, _decision(request, decision_id), approve=form)


@who_may("staff:decision.approve")
@require_POST
def send_back(request: HttpRequest, decision_id: uuid.UUID) -> HttpResponse:
    """Send a decision back to the caseworker with the reason."""
    decision = _decision(request, decision_id)
    form = SendBackForm(request.POST)
    actor = request.user.actor  # type: ignore[union-attr]
    if form.is_valid() and carried_out(
        form, cases.send_back, decision_id, actor, form.cleaned_data["why"]
    ):
        messages.success(request, _("Sent back: %(case)s.") % {"case": decision["reference"]})
        return redirect("desk:approvals")
    return _page(request, decision, send_back=form)


def _decision(request: HttpRequest, decision_id: uuid.UUID) -> dict[str, Any]:
    """The decision, if it is of the approver's agency and counties."""
    staff = request.staff  # type: ignore[attr-defined]
    decision = insight.decision(staff.agency_id, decision_id)
    # Counties bind approvers too.
    decision["case"] = case_of(request, decision["reference"], "decision.approve")
    return decision


@clock.frozen()
def _page(request: HttpRequest, decision: dict[str, Any], **shown: Any) -> HttpResponse:
    agency = request.staff.agency_id  # type: ignore[attr-defined]
    twin = cases.tell(decision["determination_id"], get_language() or "en")
    Names().into([decision], "prepared_by", "approved_by")
    allocations = [
        row
        for row in insight.allocations(agency, decision["program"])
        if row["purpose"] == "assistance"
    ]
    amounts = {amount.id: amount for amount in twin.amounts}
    for line in decision["lines"]:
        how = amounts[line["line"]]
        line |= {"label": how.label, "arithmetic": how.arithmetic, "payee": how.payee}
        line["steps"] = how.steps
        line["covers"] = line.pop("months")
    free = sum(row["free_cents"] for row in allocations)
    context = {
        "decision": decision,
        "own": decision["prepared_by"] == request.user.actor,  # type: ignore[union-attr]
        "open": decision["approved_at"] is None and decision["returned_at"] is None,
        "twin": twin,
        "put_down": to_put_down(decision["case"], None, at=decision["prepared_at"]),
        "on_card": all(line["payee_kind"] == cases.CARD for line in decision["lines"]),
        "allocations": allocations,
        "free_cents": free,
        "after_cents": free - decision["amount_cents"],
        "approve": ApproveForm(),
        "send_back": SendBackForm(),
    } | shown
    status = status_of(context["approve"], context["send_back"])
    return render(request, "desk/approval.html", context, status=status)
