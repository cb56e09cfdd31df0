"""Issue: a month of help goes onto a household's card, by the state's card contractor.

No money of ours is owed for it: the contractor draws on the federal account itself, so the ledger
has no part. The record keeps which decision it rests on, the month, the cents and two people.

1. `issue` writes the month down, once per decided line and month.
2. `hand_to_contractor` puts it there under its own id: sending it again is the same benefit, so
   that a lost answer is asked for again without harm. What was refused is sent again later.
"""

import logging
import uuid
from datetime import date

import httpx
from django.conf import settings

from latchstring.audit import door as audit
from latchstring.kernel import events, transactions
from latchstring.kernel.errors import Unavailable
from latchstring.kernel.ids import new_id
from latchstring.kernel.service import Service
from latchstring.payments.errors import NoSuchPayment, NotTheDecision
from latchstring.payments.hand_over import service_at
from latchstring.payments.models import Issuance
from latchstring.payments.payee import payee_identity

log = logging.getLogger(__name__)
ACTOR = "system:card"


def contractor() -> Service:
    """The card contractor's service, as the settings name it."""
    return service_at(*(settings.CARD[key] for key in ("url", "client", "secret")))


def issue(
    decision_line: uuid.UUID,
    month: date,
    *,
    amount_cents: int,
    payee_id: uuid.UUID,
    prepared_by: str,
    approved_by: str,
    case_id: uuid.UUID,
    agency: str,
) -> Issuance:
    """Write down that a month's help is to be put on a card; the same one again where it was.

    NotTheDecision where the month was written down with other cents.
    """
    with transactions.verb() as moment:
        row, fresh = Issuance.objects.get_or_create(
            decision_line=decision_line,
            month=month,
            defaults={
                "id": new_id(),
                "agency": agency,
                "case": case_id,
                "payee_id": payee_id,
                "amount_cents": amount_cents,
                "wanted_at": moment,
                "prepared_by": prepared_by,
                "approved_by": approved_by,
            },
        )
        if row.amount_cents != amount_cents:
            raise NotTheDecision()
        if fresh:
            _told("benefit.wanted", row, approved_by, row.id)
    return row


def hand_to_contractor(issuance_id: uuid.UUID) -> str:
    """Put a month's help on the card; returns `issued`, `refused` or `not_sent`."""
    row = Issuance.objects.filter(id=issuance_id).first()
    if row is None:
        raise NoSuchPayment()
    if row.issued_at is not None:
        return "issued"
    try:
        answer = contractor().request(
            "PUT",
            f"/v1/benefits/{row.id}",
            json={
                "month": row.month.isoformat(),
                "amount_cents": row.amount_cents,
                "holder": payee_identity(row.payee_id),
            },
        )
        told = dict(answer.json())
    except (httpx.HTTPError, Unavailable, ValueError, TypeError):
        log.warning("card contractor did not answer", extra={"job": "hand_to_contractor"})
        return "not_sent"
    return _written(issuance_id, answer.status_code, told)


def _written(issuance_id: uuid.UUID, status: int, told: dict[str, object]) -> str:
    with transactions.verb() as moment:
        row = Issuance.objects.select_for_update().get(id=issuance_id)
        if row.issued_at is not None:
            return "issued"
        agrees = told.get("amount_cents") == row.amount_cents and told.get("status") == "posted"
        if status not in (httpx.codes.OK, httpx.codes.CREATED) or not agrees:
            row.refused_why = str(told.get("message", "its answer does not agree"))[:200]
            row.save(update_fields=["refused_why"])
            return "refused"
        row.issued_at, row.refused_why = moment, ""
        row.contractor_reference = str(told.get("reference", ""))[:40]
        row.save(update_fields=["issued_at", "refused_why", "contractor_reference"])
        _told("benefit.issued", row, ACTOR, row.case)
    return "issued"


def _told(what: str, row: Issuance, actor: str, subject: uuid.UUID) -> None:
    audit.record(
        what,
        agency=row.agency,
        actor=actor,
        object_type="issuance",
        object_id=row.id,
        detail={"case": str(row.case), "month": row.month.isoformat()},
    )
    payload = {"issuance": str(row.id)}
    events.record(f"{what}.v1", subject=subject, agency=row.agency, actor=actor, payload=payload)


def issuances_of(case_id: uuid.UUID) -> list[Issuance]:
    """Return a case's months of help on the card, the earliest first."""
    return list(Issuance.objects.filter(case=case_id).order_by("month", "id"))


def issuances_waiting() -> list[Issuance]:
    """Return what the contractor has not confirmed, the oldest first."""
    return list(Issuance.objects.filter(issued_at__isnull=True).order_by("wanted_at", "id")[:500])
