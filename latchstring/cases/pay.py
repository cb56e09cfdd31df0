"""Pay: instruct a payment for every obligation of a case, once, to the payee of its kind.

The landlord and the utility company are whom the resident named; a tenant is the head of the
household. A payee without a bank account still gets its instruction: it waits for the account.
A payment that came back is instructed again only when a person says so (`pay_again`).
"""

import uuid
from collections.abc import Mapping

from latchstring.audit import door as audit
from latchstring.cases.errors import AlreadyDecided
from latchstring.cases.locks import locked_case
from latchstring.cases.models import Case, CasePayee, Decision, DecisionLine
from latchstring.cases.policy import permit
from latchstring.funds import door as funds
from latchstring.kernel import clock, events, transactions
from latchstring.kernel.errors import Invalid
from latchstring.kernel.ids import new_id
from latchstring.payments import door as payments
from latchstring.people import door as people

STATED_AS = {"landlord": "landlord", "utility": "utility_account"}


def pay_obligations(case: Case) -> int:
    """Instruct what was never instructed, inside the caller's transaction; returns how many."""
    return sum(_instruct(case, obligation) for obligation in payable(case))


def payable(case: Case) -> list[funds.Obligation]:
    """Return the promises that were never instructed and whose payee is known."""
    instructed = {row.obligation for row in payments.of_case(case.id)}
    return [
        obligation
        for obligation in funds.obligations_of(case.id)
        if obligation.released_at is None
        and obligation.id not in instructed
        and _is_known(case, obligation)
    ]


def _is_known(case: Case, obligation: funds.Obligation) -> bool:
    kind = DecisionLine.objects.values_list("payee_kind", flat=True).get(
        id=obligation.decision_line
    )
    return case.payees.filter(kind=kind).exists() or bool(_stated(case, kind).get("name"))


def pay_again(case_id: uuid.UUID, actor: str) -> int:
    """Instruct again what came back, on the payee's present account; returns how many."""
    with transactions.verb():
        case = locked_case(case_id)
        permit(actor, "case.work", case)
        if case.stage != "payment":
            raise AlreadyDecided()
        live = {row.obligation for row in payments.of_case(case.id) if row.voided_at is None}
        again = [
            obligation
            for obligation in funds.obligations_of(case.id)
            if obligation.released_at is None and obligation.id not in live
        ]
        count = sum(_instruct(case, obligation) for obligation in again)
        _told(case, "payment.repeated", actor, {"payments": count})
    return count


def _instruct(case: Case, obligation: funds.Obligation) -> int:
    line = DecisionLine.objects.select_related("decision").get(id=obligation.decision_line)
    payee_id = payee_of(case, line.payee_kind)
    if payee_id is None:
        return 0
    decision: Decision = line.decision
    payments.pay(
        obligation.id,
        payee_id,
        amount_cents=obligation.amount_cents,
        remittance=f"{case.reference} {line.purpose}".upper(),
        prepared_by=decision.prepared_by,
        approved_by=decision.approved_by,
        case_id=case.id,
        agency=case.agency,
    )
    return 1


def payee_of(case: Case, kind: str) -> uuid.UUID | None:
    """Return the payee for lines of a kind, made from what the resident said on first use."""
    known = case.payees.filter(kind=kind).first()
    if known is not None:
        return known.payee
    identity = _stated(case, kind)
    if not identity.get("name"):
        return None
    payee = payments.make_payee(case.agency, kind, identity)
    _keep(case, kind, payee.id, "system:cases")
    return payee.id


def _stated(case: Case, kind: str) -> dict[str, str]:
    household = people.household_by_id(case.household)
    if kind in STATED_AS:
        said = people.facts(household).get(STATED_AS[kind])
        return {key: str(value or "") for key, value in said.value.items()} if said else {}
    head = people.members(household)[0]
    home = people.dwelling(household)
    address = dict(home.address) if home else {}
    return {"name": head.name, "phone": head.identity.get("phone", ""), **address}


def name_payee(case_id: uuid.UUID, kind: str, identity: Mapping[str, str], actor: str) -> CasePayee:
    """Say who is paid for lines of a kind; what was not instructed yet goes to them."""
    with transactions.verb():
        case = locked_case(case_id)
        permit(actor, "case.work", case)
        if kind not in payments.PAYEE_KINDS or not str(identity.get("name", "")).strip():
            raise Invalid(fields={"name": "Write the name of the person or company to pay."})
        payee = payments.make_payee(case.agency, kind, identity)
        row = _keep(case, kind, payee.id, actor)
        if case.stage == "payment":
            pay_obligations(case)
        _told(case, "payee.named", actor, {"payee": str(payee.id), "kind": kind})
    return row


def _keep(case: Case, kind: str, payee: uuid.UUID, actor: str) -> CasePayee:
    row, fresh = CasePayee.objects.get_or_create(
        case=case,
        kind=kind,
        defaults={
            "id": new_id(),
            "agency": case.agency,
            "payee": payee,
            "named_at": clock.now(),
            "named_by": actor,
        },
    )
    if not fresh:
        row.payee, row.named_at, row.named_by = payee, clock.now(), actor
        row.save(update_fields=["payee", "named_at", "named_by"])
    return row


def _told(case: Case, what: str, actor: str, payload: Mapping[str, object]) -> None:
    audit.record(
        what,
        agency=case.agency,
        actor=actor,
        object_type="case",
        object_id=case.id,
        household=case.household,
        purpose="payment",
    )
    events.record(
        f"{what}.v1", subject=case.id, agency=case.agency, actor=actor, payload=dict(payload)
    )
