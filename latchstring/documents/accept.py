"""Accept: a caseworker has read a paper and takes it."""

import uuid

from latchstring.audit import door as audit
from latchstring.documents.models import Document
from latchstring.documents.queries import locked
from latchstring.kernel import events, transactions


def accept(document_id: uuid.UUID, actor: str) -> Document:
    """Take a paper. Accepting twice changes nothing; the last word of staff counts."""
    with transactions.verb() as moment:
        document = locked(document_id)
        if document.accepted_at is not None:
            return document
        document.accepted_at, document.refused_at, document.refused_reason = moment, None, ""
        document.save(update_fields=["accepted_at", "refused_at", "refused_reason"])
        audit.record(
            "document.accepted",
            agency=document.agency,
            actor=actor,
            object_type="document",
            object_id=document.id,
            household=document.household,
        )
        events.record(
            "document.accepted.v1", subject=document.id, agency=document.agency, actor=actor
        )
    return document
