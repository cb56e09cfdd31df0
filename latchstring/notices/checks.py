"""What must hold of notices, as queries that return the rows that offend."""

from datetime import timedelta
from typing import Any

from latchstring.kernel import clock
from latchstring.notices.models import Delivery, Notice

WAIT_MINUTES_MAX = 60


def notices_without_delivery() -> list[dict[str, Any]]:
    """Return notices that no delivery was ever made for (I12)."""
    rows = Notice.objects.filter(deliveries__isnull=True)
    return [dict(row) for row in rows.values("id", "agency", "kind")]


def deliveries_stuck() -> list[dict[str, Any]]:
    """Return deliveries that should have gone out long ago and have no end of their own (I12)."""
    late = clock.now() - timedelta(minutes=WAIT_MINUTES_MAX)
    rows = Delivery.objects.filter(
        wanted_at__lt=late, sent_at__isnull=True, bounced_at__isnull=True, failed_at__isnull=True
    )
    return [dict(row) for row in rows.values("id", "agency", "attempts", "problem")]


def deliveries_waiting() -> list[tuple[Any, str]]:
    """Return (id, agency) of every delivery without an end, however old, for the sweeper."""
    rows = Delivery.objects.filter(
        sent_at__isnull=True, bounced_at__isnull=True, failed_at__isnull=True
    )
    return list(rows.order_by("wanted_at").values_list("id", "agency")[:500])


def deliveries_in_trouble(agency: str) -> list[dict[str, Any]]:
    """Return deliveries that bounced or were given up: a person must reach the household."""
    rows = Delivery.objects.filter(agency=agency).exclude(
        bounced_at__isnull=True, failed_at__isnull=True
    )
    return [dict(row) for row in rows.values("id", "notice_id", "notice__case", "problem")]


def deliveries_with_two_ends() -> list[dict[str, Any]]:
    """Return deliveries that both went out and were given up (I12)."""
    rows = Delivery.objects.filter(sent_at__isnull=False, failed_at__isnull=False)
    return [dict(row) for row in rows.values("id", "agency", "problem")]


CHECKS = {
    "I12 no letter has two ends": deliveries_with_two_ends,
    "I12 every letter has a delivery": notices_without_delivery,
    "I12 no letter waits without end": deliveries_stuck,
}
