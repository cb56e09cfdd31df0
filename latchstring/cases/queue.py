"""The queue: what waits, the household that would be harmed first on top, each with one next step.

Order: the day of harm (eviction hearing, shutoff), then priority by the program's own test, then
the day a decision is due. The next step says what to do and why, in one line.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from latchstring.cases.advance import open_checks
from latchstring.cases.decide_by_policy import why_not
from latchstring.cases.determine import determination_of
from latchstring.cases.models import Case, Determination
from latchstring.cases.request_information import open_requests
from latchstring.kernel import clock, limits
from latchstring.kernel.references import read_reference
from latchstring.payments import door as payments
from latchstring.people import door as people


@dataclass(frozen=True)
class NextAction:
    """What somebody should do next. `who`: caseworker, approver, payments, resident, agency."""

    code: str
    who: str
    words: str
    reason: str


@dataclass(frozen=True)
class Waiting:
    """A line of the queue."""

    case: Case
    next: NextAction
    days_left: int
    harm_in_days: int | None
    amount_cents: int | None


def visible(account: people.Account) -> QuerySet[Case]:
    """Return the cases that a staff member may see: own agency, own counties."""
    staff = people.staff_of(account)
    if staff is None:
        return Case.objects.none()
    rows = Case.objects.filter(agency=staff.agency_id)
    counties = people.counties_of(account, "case.see")
    if counties is None:
        return rows
    return rows.filter(county__in=counties)


def queue(account: people.Account, filters: Mapping[str, Any] | None = None) -> list[Waiting]:
    """Return the open cases a staff member may see, the most urgent first.

    `filters`: stage, county, program, mine (theirs only), q (reference), all (closed too), limit.
    """
    asked = dict(filters or {})
    rows = visible(account)
    if not asked.get("all") and not asked.get("q"):
        rows = rows.exclude(stage="closed")
    for column in ("stage", "county", "program"):
        if asked.get(column):
            rows = rows.filter(**{column: asked[column]})
    if asked.get("mine"):
        staff = people.staff_of(account)
        rows = rows.filter(assigned_to=staff.id if staff else None)
    if asked.get("q"):
        rows = rows.filter(reference=read_reference(str(asked["q"])) or "")
    ordered = rows.order_by(
        F("urgent_on").asc(nulls_last=True), F("priority").desc(), "due_on", "filed_at", "id"
    )
    most = min(int(asked.get("limit", limits.PAGE_ROWS_MAX)), limits.PAGE_ROWS_MAX)
    return [_line(case) for case in ordered[:most]]


def _line(case: Case) -> Waiting:
    found = determination_of(case)
    today = clock.today()
    return Waiting(
        case=case,
        next=next_action(case, found),
        days_left=(case.due_on - today).days,
        harm_in_days=(case.urgent_on - today).days if case.urgent_on else None,
        amount_cents=found.result["total_cents"] if found else None,
    )


def next_action(case: Case, found: Determination | None = None) -> NextAction:
    """Return the one next step of a case, who takes it, and why it is that one."""
    if case.stage == "closed":
        return NextAction("none", "nobody", _("Nothing to do"), _("The case is closed."))
    if case.stage == "approval":
        return NextAction(
            "approve",
            "approver",
            _("Approve or send back"),
            _("A decision is prepared and waits for a second person."),
        )
    if case.stage == "payment":
        return _payment_action(case)
    asked = open_requests(case)
    if asked:
        return _request_action(asked[0].answer_by)
    checks = open_checks(case.id)
    if checks and case.stage == "verifying":
        return _check_action(max(check.attempts for check in checks))
    return _review_action(case, found or determination_of(case))


def _request_action(answer_by: date) -> NextAction:
    if answer_by < clock.today():
        return NextAction(
            "call_resident",
            "caseworker",
            _("Call the resident"),
            _("We asked for something and the day to answer has passed."),
        )
    return NextAction(
        "wait_for_resident",
        "resident",
        _("Wait for the resident's answer"),
        _("We asked for something; the answer is due by %(day)s.") % {"day": answer_by},
    )


def _check_action(attempts: int) -> NextAction:
    if attempts >= 3:
        return NextAction(
            "go_on_without",
            "caseworker",
            _("Wait, or go on with documents"),
            _("Another agency does not answer. We keep asking; papers can stand in."),
        )
    return NextAction(
        "wait_for_agency",
        "agency",
        _("Wait for another agency"),
        _("We asked other agencies and have no answer yet."),
    )


def _review_action(case: Case, found: Determination | None) -> NextAction:
    if found is None:
        return NextAction(
            "determine", "caseworker", _("Run the rules"), _("No result was worked out yet.")
        )
    if found.outcome == "ineligible":
        return NextAction(
            "look_at_reasons",
            "caseworker",
            _("Look at the reasons, then ask or deny"),
            _("The rules find a test that is not met. Only a person may deny."),
        )
    if found.outcome == "unknown":
        return NextAction(
            "request_information",
            "caseworker",
            _("Ask the resident for what is missing"),
            _("The rules cannot tell yet: something is not known."),
        )
    blocked = why_not(case, found)
    reasons = {
        "not_proven": _(
            "The rules say yes, but not every reason is proven yet. Look at the papers."
        ),
        "paper_unseen": _("The rules say yes; a paper waits to be looked at."),
        "above_cap": _("The rules say yes and all is proven; the amount needs a person."),
        "nobody_signed": _("The rules say yes and all is proven; a person must decide."),
        "no_amount": _("The rules say yes, but there is nothing to pay. Look at the months."),
    }
    return NextAction(
        "prepare",
        "caseworker",
        _("Prepare the approval"),
        reasons.get(blocked, _("The rules say yes; the money or an earlier month needs a look.")),
    )


def _payment_action(case: Case) -> NextAction:
    found = {payments.status(row) for row in payments.of_case(case.id) if row.voided_at is None}
    voided = any(row.voided_at for row in payments.of_case(case.id))
    if not found and voided:
        return NextAction(
            "pay_again",
            "caseworker",
            _("Get a new account and pay again"),
            _("The bank sent the payment back."),
        )
    if not found:
        return NextAction(
            "name_payee",
            "caseworker",
            _("Say who is paid"),
            _("The money is promised, and we do not know whom to pay."),
        )
    if "no_account" in found:
        return NextAction(
            "ask_account",
            "caseworker",
            _("Ask the payee for a bank account"),
            _("The money is promised, and the payee has no account with us."),
        )
    return NextAction(
        "wait_for_payment",
        "payments",
        _("Wait for the payment"),
        _("The payment is on its way through the payments office and the bank."),
    )


def counts(account: people.Account) -> dict[str, int]:
    """Return how many cases of each stage a staff member sees."""
    found: dict[uuid.UUID | str, int] = {}
    for stage in visible(account).exclude(stage="closed").values_list("stage", flat=True):
        found[stage] = found.get(stage, 0) + 1
    return {str(stage): count for stage, count in found.items()}
