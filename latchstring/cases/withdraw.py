"""Withdraw: the resident takes the application back, as long as no money was promised."""

import uuid

from latchstring.audit import door as audit
from latchstring.cases.errors import AlreadyDecided
from latchstring.cases.locks import locked_case
from latchstring.cases.models import Case
from latchstring.cases.policy import account_behind, case_for
from latchstring.kernel import events, transactions
from latchstring.kernel.errors import NotAllowed


def withdraw(case_id: uuid.UUID, actor: str) -> Case:
    """Close a case at the wish of its household. Refused once money is promised."""
    with transactions.verb() as moment:
        case = locked_case(case_id)
        account = account_behind(actor)
        if account is None:
            raise NotAllowed("Only a person can do this.")
        case_for(account, case.id)
        if case.outcome == "withdrawn":
            return case
        if case.stage in ("payment", "closed"):
            raise AlreadyDecided("This was decided already. Call us if you do not want the help.")
        for decision in case.decisions.filter(approved_at__isnull=True, returned_at__isnull=True):
            decision.returned_at, decision.returned_why = moment, "withdrawn"
            decision.save(update_fields=["returned_at", "returned_why"])
        case.stage, case.outcome, case.closed_at = "closed", "withdrawn", moment
        case.save(update_fields=["stage", "outcome", "closed_at"])
        audit.record(
            "case.withdrawn",
            agency=case.agency,
            actor=actor,
            object_type="case",
            object_id=case.id,
            household=case.household,
        )
        events.record("case.withdrawn.v1", subject=case.id, agency=case.agency, actor=actor)
    return case
