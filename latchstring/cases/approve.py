"""Approve: a second person's word. In one transaction the money is promised and the letter written.

1. Hold case and decision; approving again by the same person returns what stands.
2. May I: the approver's role in this county, and not the one who prepared.
3. The decision must rest on the latest determination.
4. Favourable: obligate every line (NotEnoughMoney and AlreadyHelped undo everything), instruct the
   payments; what comes on a card is issued. Denial: close.
5. Trail, letter, event.
"""

import uuid

from latchstring.audit import door as audit
from latchstring.cases.claims import claimed_as, claims_for
from latchstring.cases.determine import determine
from latchstring.cases.errors import AlreadyDecided, FactsHaveChanged, SamePerson
from latchstring.cases.issue import CARD, issue_due
from latchstring.cases.letters import decided
from latchstring.cases.locks import locked_decision
from latchstring.cases.models import Case, Decision, DecisionLine
from latchstring.cases.pay import pay_obligations
from latchstring.cases.policy import permit
from latchstring.cases.typed import day
from latchstring.funds import door as funds
from latchstring.kernel import clock, events, transactions
from latchstring.kernel.crashpoint import crashpoint
from latchstring.programs import publication


def approve(decision_id: uuid.UUID, actor: str) -> Decision:
    """Approve a prepared decision as the second person."""
    with transactions.verb():
        case, decision = locked_decision(decision_id)
        crashpoint("K16 approve: case and decision held")
        permit(actor, "decision.approve", case)
        if decision.approved_at is not None and decision.approved_by == actor:
            return decision
        if decision.prepared_by == actor:
            raise SamePerson()
        if decision.approved_at or decision.returned_at or case.stage == "closed":
            raise AlreadyDecided()
        if decision.kind == "approve":
            if determine(case.id, actor).id != decision.determination_id:
                raise FactsHaveChanged()
        take_effect(case, decision, actor)
        crashpoint("K18 approve: before commit")
    crashpoint("K19 approve: committed, before the person is told")
    return decision


def take_effect(case: Case, decision: Decision, approver: str) -> None:
    """Let a decision take effect, inside the caller's transaction with case and decision held."""
    decision.approved_by, decision.approved_at = approver, clock.now()
    decision.save(update_fields=["approved_by", "approved_at"])
    if decision.kind == "approve":
        case.stage, case.outcome = "payment", "approved"
        case.save(update_fields=["stage", "outcome"])
        _obligate(case, decision, approver)
        pay_obligations(case)
        issue_due(case)
    else:
        case.stage, case.outcome, case.closed_at = "closed", "denied", clock.now()
        case.save(update_fields=["stage", "outcome", "closed_at"])
    audit.record(
        "decision.approved",
        agency=case.agency,
        actor=approver,
        object_type="decision",
        object_id=decision.id,
        household=case.household,
        purpose="decision",
        detail={"kind": decision.kind, "case": case.reference},
    )
    decided(case, decision)
    events.record(
        "decision.approved.v1",
        subject=case.id,
        agency=case.agency,
        actor=approver,
        payload={"decision": str(decision.id), "kind": decision.kind},
    )


def _obligate(case: Case, decision: Decision, actor: str) -> None:
    lines = list(decision.lines.exclude(payee_kind=CARD).order_by("id"))
    if not lines:
        return  # what comes on a card is not ours to promise (cases/issue.py)
    funds.obligate(
        case.id,
        [_obligation_line(case, line) for line in lines],
        program=case.program,
        agency=case.agency,
        actor=actor,
    )


def _obligation_line(case: Case, line: DecisionLine) -> funds.ObligationLine:
    months = [day(month) for month in line.months]
    return funds.ObligationLine(
        line.id,
        claimed_as(publication.program_by_hash(case.version), line.line),
        line.amount_cents,
        tuple(funds.Claim(*claim) for claim in claims_for(case, months)),
    )
