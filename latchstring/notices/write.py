"""Write a notice, in the transaction of what it tells: kept to the byte, sealed, sent by a job."""

import uuid
from typing import Any

from django.db.models import QuerySet

from latchstring.kernel import events, transactions
from latchstring.kernel.find import find
from latchstring.kernel.ids import new_id
from latchstring.kernel.insert import insert, insert_once
from latchstring.notices.models import Delivery, Notice
from latchstring.people import door as people
from latchstring.vault import door as vault


def write(
    household_id: uuid.UUID,
    account_id: uuid.UUID | None,
    case_id: uuid.UUID | None,
    kind: str,
    language: str,
    dedupe: str,
    title: str,
    body: str,
    *,
    agency: str,
    actor: str = "system:notices",
) -> Notice:
    """Write a notice to a household and its email delivery; once per `dedupe`.

    Without `account_id` it goes to each adult account of the household; one notice, read by all,
    and the job sends it to each of them.
    """
    with transactions.verb() as moment:
        for known in find(_told, dedupe):
            return known
        notice_id = new_id()
        place: dict[str, Any] = {"agency": agency, "data_class": "message", "subject": notice_id}
        vault.make_key(notice_id, agency=agency, data_class="message")
        notice = Notice(
            dedupe=dedupe,
            id=notice_id,
            agency=agency,
            household=household_id,
            account=account_id,
            case=case_id,
            kind=kind,
            language=language,
            title_sealed=vault.seal(title, **place, field="notice.title"),
            body_sealed=vault.seal(body, **place, field="notice.body"),
            written_at=moment,
        )
        if not insert_once(notice, "dedupe"):  # another process told it at the same moment
            return Notice.objects.get(dedupe=dedupe)
        delivery = Delivery(
            id=new_id(), agency=agency, notice=notice, channel="email", wanted_at=moment
        )
        insert([delivery])
        events.record(
            "notice.written.v1",
            subject=case_id or household_id,
            agency=agency,
            actor=actor,
            payload={"notice": str(notice.id), "delivery": str(delivery.id), "kind": kind},
        )
    return notice


def _told(dedupe: str) -> QuerySet[Notice]:
    return Notice.objects.filter(dedupe=dedupe)


def receivers(notice: Notice) -> list[people.Account]:
    """Return the accounts a notice goes to: the one named, or every adult of the household."""
    adults = people.accounts_of(notice.household)
    if notice.account is None:
        return adults
    return [account for account in adults if account.id == notice.account]
