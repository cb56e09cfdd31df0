"""Send back: the approver does not approve, and says why; the case is under review again."""

import uuid

from latchstring.audit import door as audit
from latchstring.cases.errors import AlreadyDecided
from latchstring.cases.locks import locked_decision
from latchstring.cases.models import Decision
from latchstring.cases.policy import permit
from latchstring.kernel import events, transactions
from latchstring.kernel.errors import Invalid


def send_back(decision_id: uuid.UUID, actor: str, why: str) -> Decision:
    """Return a prepared decision to the caseworker with the reason."""
    with transactions.verb() as moment:
        case, decision = locked_decision(decision_id)
        permit(actor, "decision.approve", case)
        if decision.approved_at or decision.returned_at:
            raise AlreadyDecided()
        if not why.strip():
            raise Invalid(fields={"why": "Say what should be changed, so it can be mended."})
        decision.returned_at, decision.returned_why = moment, why.strip()
        decision.save(update_fields=["returned_at", "returned_why"])
        case.stage = "review"
        case.save(update_fields=["stage"])
        audit.record(
            "decision.returned",
            agency=case.agency,
            actor=actor,
            object_type="decision",
            object_id=decision.id,
            household=case.household,
            purpose="decision",
        )
        events.record(
            "decision.returned.v1",
            subject=case.id,
            agency=case.agency,
            actor=actor,
            payload={"decision": str(decision.id)},
        )
    return decision
