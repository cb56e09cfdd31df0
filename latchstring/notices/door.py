"""The notices room's door."""

from latchstring.notices.await_opening import (
    await_opening,
    awaited_by,
    confirm,
    confirm_by_mail,
    forget_old,
    openings_due,
    stop,
    tell,
)
from latchstring.notices.checks import (
    CHECKS,
    deliveries_in_trouble,
    deliveries_stuck,
    deliveries_waiting,
    notices_without_delivery,
)
from latchstring.notices.deliver import deliver
from latchstring.notices.errors import NoSuchNotice
from latchstring.notices.models import Delivery, Notice
from latchstring.notices.read import NoticeView, of_case, of_household, read
from latchstring.notices.write import write

__all__ = [
    "CHECKS",
    "Delivery",
    "NoSuchNotice",
    "Notice",
    "NoticeView",
    "await_opening",
    "awaited_by",
    "confirm",
    "confirm_by_mail",
    "deliver",
    "deliveries_in_trouble",
    "deliveries_stuck",
    "deliveries_waiting",
    "forget_old",
    "notices_without_delivery",
    "of_case",
    "of_household",
    "openings_due",
    "read",
    "stop",
    "tell",
    "write",
]
