"""Refuse: a caseworker cannot take a paper, and says why in words for its giver."""

import uuid

from latchstring.audit import door as audit
from latchstring.documents import proof
from latchstring.documents.models import Document
from latchstring.documents.queries import locked
from latchstring.kernel import events, transactions
from latchstring.kernel.errors import Invalid


def refuse(document_id: uuid.UUID, reason: str, actor: str) -> Document:
    """Refuse a paper with a reason (1 to 300 characters); what only it proved is open again."""
    words = reason.strip()
    if not words:
        raise Invalid(fields={"reason": "Say why, so that the person knows what to send."})
    with transactions.verb() as moment:
        document = locked(document_id)
        document.refused_at, document.accepted_at = moment, None
        document.refused_reason = words[:300]
        document.save(update_fields=["accepted_at", "refused_at", "refused_reason"])
        proof.falls(document, actor, "staff")
        audit.record(
            "document.refused",
            agency=document.agency,
            actor=actor,
            object_type="document",
            object_id=document.id,
            household=document.household,
        )
        events.record(
            "document.refused.v1", subject=document.id, agency=document.agency, actor=actor
        )
    return document
