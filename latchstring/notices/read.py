"""Reading notices: by the household they were written to, word for word."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from latchstring.kernel import transactions
from latchstring.kernel.find import find, put_beside
from latchstring.notices.errors import NoSuchNotice
from latchstring.notices.models import Delivery, Notice
from latchstring.people import door as people
from latchstring.vault import door as vault


@dataclass(frozen=True)
class NoticeView:
    """A notice, opened."""

    id: uuid.UUID
    case: uuid.UUID | None
    kind: str
    language: str
    title: str
    body: str
    written_at: datetime
    read_at: datetime | None
    delivery: str  # waiting, sent, bounced, failed


def state(delivery: Delivery | None) -> str:
    """Return a delivery's state, derived from its dates."""
    if delivery is None:
        return "waiting"
    if delivery.bounced_at:
        return "bounced"
    if delivery.failed_at:
        return "failed"
    return "sent" if delivery.sent_at else "waiting"


def opened(notice: Notice) -> NoticeView:
    """Open a notice's words."""
    place = {"data_class": "message", "subject": notice.id}
    return NoticeView(
        id=notice.id,
        case=notice.case,
        kind=notice.kind,
        language=notice.language,
        title=vault.open_text(notice.title_sealed, **place, field="notice.title"),
        body=vault.open_text(notice.body_sealed, **place, field="notice.body"),
        written_at=notice.written_at,
        read_at=notice.read_at,
        delivery=state(min(notice.deliveries.all(), key=_first, default=None)),
    )


def _first(delivery: Delivery) -> tuple[datetime, uuid.UUID]:
    return delivery.wanted_at, delivery.id


def _all_opened(
    notices: list[Notice], sent: Callable[[uuid.UUID], QuerySet[Delivery]], about: uuid.UUID
) -> list[NoticeView]:
    deliveries = find(sent, about) if notices else []
    for notice in notices:
        own = [row for row in deliveries if row.notice_id == notice.id]
        put_beside(notice, "deliveries", own)
    vault.fetch_keys((row.id for row in notices), data_class="message")
    return [opened(row) for row in notices]


def of_household(household_id: uuid.UUID) -> list[NoticeView]:
    """Return a household's notices, newest first. The caller has checked who asks."""
    return _all_opened(find(_to_household, household_id), _sent_to, household_id)


def _to_household(household_id: uuid.UUID) -> QuerySet[Notice]:
    rows = Notice.objects.filter(household=household_id)
    return rows.order_by("-written_at", "-id")[:100]


def _sent_to(household_id: uuid.UUID) -> QuerySet[Delivery]:
    return Delivery.objects.filter(notice__household=household_id)


def of_case(case_id: uuid.UUID) -> list[NoticeView]:
    """Return the notices of one case, oldest first. The caller has checked who asks."""
    return _all_opened(find(_about_case, case_id), _sent_about, case_id)


def _about_case(case_id: uuid.UUID) -> QuerySet[Notice]:
    return Notice.objects.filter(case=case_id).order_by("written_at", "id")


def _sent_about(case_id: uuid.UUID) -> QuerySet[Delivery]:
    return Delivery.objects.filter(notice__case=case_id)


def read(notice_id: uuid.UUID, account: people.Account) -> NoticeView:
    """Open a notice for an account of its household and note the day; NoSuchNotice otherwise."""
    with transactions.verb() as moment:
        notice = Notice.objects.filter(id=notice_id).first()
        if notice is None:
            raise NoSuchNotice()
        try:
            people.household_for(account, notice.household)
        except people.NoSuchHousehold as stranger:
            raise NoSuchNotice() from stranger
        if notice.read_at is None:
            notice.read_at = moment
            notice.save(update_fields=["read_at"])
    return opened(notice)
