"""The notices room's door."""

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
    "deliver",
    "deliveries_in_trouble",
    "deliveries_stuck",
    "deliveries_waiting",
    "notices_without_delivery",
    "of_case",
    "of_household",
    "read",
    "write",
]
