"""The steps of a case that the system takes by itself. Each may run twice without harm.

`flow.jobs.advance` calls them in this order, under the case's lock:

1. `want_checks`: write the questions to other agencies.
2. (flow asks them, outside any transaction.)
3. `take_papers`: a paper of the kind that was asked for answers the request.
4. `consider`: determine; decide by policy where everything is proven; otherwise wait for agencies
   that have not answered, or hand the case to a person. A machine never denies.
5. `follow_payments`: instruct what is unpaid, tell what arrived or came back, close when all is.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from latchstring.cases.claims import adults_of
from latchstring.cases.decide_by_policy import decide_by_policy
from latchstring.cases.determine import determine
from latchstring.cases.errors import NoSuchCase
from latchstring.cases.gather import knowledge
from latchstring.cases.issue import granted, issue_due
from latchstring.cases.letters import came_back, paid
from latchstring.cases.locks import locked_case
from latchstring.cases.models import Case, DecisionLine
from latchstring.cases.pay import pay_obligations, payable
from latchstring.cases.request_information import answer_request, open_requests
from latchstring.documents import door as documents
from latchstring.funds import door as funds
from latchstring.kernel import events, transactions
from latchstring.kernel.crashpoint import crashpoint
from latchstring.payments import door as payments
from latchstring.people import door as people
from latchstring.programs import door as programs
from latchstring.programs import publication
from latchstring.verification import door as verification


def want_checks(case_id: uuid.UUID) -> list[verification.Check]:
    """Write the questions that a case puts to other agencies; return those still open."""
    case = Case.objects.filter(id=case_id).first()
    if case is None:
        raise NoSuchCase()
    if case.stage in ("verifying", "review"):  # leave to ask may come after an early filing
        living = people.memberships(people.household_by_id(case.household))
        members = [row.person_id for row in living]
        about = {"each_adult": adults_of(case), "each_member": members, "household": members[:1]}
        verification.want(
            case.id,
            case.household,
            agency=case.agency,
            checks=_questions(case),
            about=about,
        )
    return open_checks(case.id)


def _questions(case: Case) -> list[Mapping[str, Any]]:
    """Return what the case's program asks of other agencies, of a household like this one."""
    program = publication.program_by_hash(case.version)
    asked = program.document.get("checks", [])
    known = knowledge(case).values if any("when" in one for one in asked) else {}
    return [
        one for one in asked if "when" not in one or programs.holds(program, one["when"], known)
    ]


def open_checks(case_id: uuid.UUID) -> list[verification.Check]:
    """Return a case's questions that nobody has answered or given up."""
    return [
        check
        for check in verification.of_case(case_id)
        if check.answered_at is None and check.given_up_at is None
    ]


def consider(case_id: uuid.UUID) -> Case:
    """Determine, decide where policy may, otherwise wait or hand over to a person."""
    with transactions.verb():
        case = locked_case(case_id)
        if case.stage not in ("verifying", "review"):
            return case
        determine(case.id)
        decided = decide_by_policy(case.id)
        case = locked_case(case_id)  # with its clocks and priority as they were just set
        if decided is not None:
            return case
        if case.stage == "verifying" and not open_checks(case.id):
            case.stage = "review"
            case.save(update_fields=["stage"])
            events.record(
                "case.ready.v1", subject=case.id, agency=case.agency, actor="system:advance"
            )
    return case


def follow_payments(case_id: uuid.UUID) -> Case:
    """Instruct, tell and close: what the bank said becomes letters; all settled closes the case.

    A payment that comes back after that opens it again.
    """
    with transactions.verb() as moment:
        case = locked_case(case_id)
        if case.stage not in ("payment", "closed") or case.outcome != "approved":
            return case
        if case.stage == "payment":
            pay_obligations(case)
        to_issue = _follow_card(case)
        open_cents = _open_obligations(case)
        for row in payments.of_case(case.id):
            found = payments.status(row)
            if found not in ("settled", "returned"):
                continue
            line = _line_of(row.obligation)
            tell = paid if found == "settled" else came_back
            tell(case, row.id, row.amount_cents, row.payee.kind, line.purpose if line else "")
            if found == "settled":
                open_cents.pop(row.obligation, None)
        if case.stage == "payment" and not open_cents and not to_issue:
            case.stage, case.closed_at = "closed", moment
            case.save(update_fields=["stage", "closed_at"])
            events.record(
                "case.closed.v1", subject=case.id, agency=case.agency, actor="system:advance"
            )
        elif case.stage == "closed" and open_cents:
            # The bank may return a payment sixty days late: what was told as paid is open again.
            case.stage, case.closed_at = "payment", None
            case.save(update_fields=["stage", "closed_at"])
            events.record(
                "case.reopened.v1", subject=case.id, agency=case.agency, actor="system:advance"
            )
    crashpoint("K21 pay: instructed and committed")
    return case


def _follow_card(case: Case) -> bool:
    """Issue the months that are due and tell the first; whether a first month is on no card yet."""
    waiting = issue_due(case)
    if granted(case) is None:
        return False
    rows = payments.issuances_of(case.id)
    if rows and rows[0].issued_at is not None:
        line = DecisionLine.objects.get(id=rows[0].decision_line)
        paid(case, rows[0].id, rows[0].amount_cents, line.payee_kind, line.purpose)
    return waiting > 0 or not rows


def take_papers(case_id: uuid.UUID) -> int:
    """Close the requests that a paper of their kind, given since, answers; returns how many."""
    case = Case.objects.filter(id=case_id).first()
    if case is None:
        raise NoSuchCase()
    papers = [p for p in documents.of_household(case.household) if p.status != "refused"]
    answered = 0
    for request in open_requests(case):
        if any(p.kind == request.what and p.given_at >= request.asked_at for p in papers):
            answer_request(request.id, "system:papers")
            answered += 1
    return answered


def needs_follow_up(case: Case) -> bool:
    """Whether a case in payment has a step to take: an instruction to write, or its closing."""
    rows = payments.of_case(case.id)
    open_cents = _open_obligations(case)
    if payable(case):
        return True
    if granted(case) is not None:
        months = payments.issuances_of(case.id)
        return bool(months) and all(month.issued_at for month in months)
    return all(
        any(row.obligation == key and payments.status(row) == "settled" for row in rows)
        for key in open_cents
    )


def _open_obligations(case: Case) -> dict[uuid.UUID, int]:
    return {
        row.id: row.amount_cents for row in funds.obligations_of(case.id) if row.released_at is None
    }


def _line_of(obligation_id: uuid.UUID) -> DecisionLine | None:
    found = funds.obligation(obligation_id)
    return DecisionLine.objects.filter(id=found.decision_line).first() if found else None
