"""Remove: a resident takes back a paper that no caseworker has accepted yet."""

import uuid

from latchstring.documents import proof
from latchstring.documents.models import Document
from latchstring.documents.queries import locked
from latchstring.kernel import events, transactions
from latchstring.kernel.errors import Conflict


def remove(document_id: uuid.UUID, actor: str) -> Document:
    """Take a paper back. It leaves every list and stays in the history."""
    with transactions.verb() as moment:
        document = locked(document_id)
        if document.accepted_at is not None:
            raise Conflict("A caseworker has accepted this paper already. It stays.")
        if document.removed_at is None:
            document.removed_at = moment
            document.save(update_fields=["removed_at"])
            proof.falls(document, actor, "document")
            events.record(
                "document.removed.v1", subject=document.id, agency=document.agency, actor=actor
            )
    return document
