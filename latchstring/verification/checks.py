"""What must hold of questions to other agencies, as queries that return the offending rows."""

from typing import Any

from latchstring.kernel import clock
from latchstring.verification.models import Check, Exchange


def open_checks() -> list[Check]:
    """Return every check without an end, however old, that is due: for the sweeper."""
    rows = Check.objects.filter(answered_at__isnull=True, given_up_at__isnull=True)
    return list(rows.filter(next_try_at__lte=clock.now()).order_by("next_try_at")[:500])


def checks_nobody_will_ask() -> list[dict[str, Any]]:
    """Return open checks that have no next try: they would wait for ever."""
    rows = Check.objects.filter(
        answered_at__isnull=True, given_up_at__isnull=True, next_try_at__isnull=True
    )
    return list(rows.values("id", "agency", "case"))


def exchanges_without_agreement() -> list[dict[str, Any]]:
    """Return exchanges whose call stood under no agreement (there must be none)."""
    return list(Exchange.objects.filter(agreement__isnull=True).values("id", "agency"))
