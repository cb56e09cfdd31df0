"""Begin sending: a file of a known size will come in pieces, over a line that may break."""

import uuid
from datetime import timedelta

from django.db.models import Sum

from latchstring.documents import halves
from latchstring.documents.errors import NotAPaper, TooManyPapers
from latchstring.documents.models import Sending
from latchstring.kernel import limits, transactions
from latchstring.kernel.ids import new_id
from latchstring.people import door as people
from latchstring.vault import door as vault


def begin_sending(household: people.Household, name: str, size_bytes: int, actor: str) -> Sending:
    """Make room for a file; its bytes follow by `go_on_sending`, and `give` takes it.

    NotAPaper says that it is empty or too large, TooManyPapers that too much is under way.
    """
    if size_bytes <= 0:
        raise NotAPaper(fields={"files": "empty"})
    if size_bytes > limits.UPLOAD_BYTES_MAX:
        raise NotAPaper(fields={"files": "too_large"})
    with transactions.verb() as moment:
        _room_for(household, size_bytes)
        sending_id = new_id()
        halves.make(sending_id)
        return Sending.objects.create(
            id=sending_id,
            agency=household.agency_id,
            household=household.id,
            given_by=actor,
            name_sealed=_sealed(household.agency_id, sending_id, name[:200]),
            size_bytes=size_bytes,
            begun_at=moment,
            expires_at=moment + timedelta(hours=limits.SENDING_HOURS_MAX),
        )


def _sealed(agency: str, sending_id: uuid.UUID, name: str) -> bytes:
    return vault.seal(
        name,
        agency=agency,
        data_class="document",
        subject=sending_id,
        field=f"sending.{sending_id}.name",
    )


def _room_for(household: people.Household, more_bytes: int) -> None:
    """Refuse more than one household may have under way: in files and in bytes."""
    under_way = Sending.objects.filter(household=household.id, document__isnull=True)
    held = under_way.aggregate(total=Sum("size_bytes"))["total"] or 0
    if (
        under_way.count() >= limits.SENDINGS_PER_HOUSEHOLD_MAX
        or held + more_bytes > limits.SENDING_BYTES_PER_HOUSEHOLD_MAX
    ):
        raise TooManyPapers(fields={"files": "too_many_under_way"})
