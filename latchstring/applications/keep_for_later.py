"""Keep for later: a visitor's answers under a code, to go on with them on another device.

The code is known to the visitor alone: the row is found by its keyed hash and what it holds is
sealed. After 30 days the row and its key are destroyed.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from latchstring.applications.models import GuestDraft
from latchstring.kernel import clock, transactions
from latchstring.kernel.ids import new_id
from latchstring.kernel.references import new_code, read_code
from latchstring.vault import door as vault

KEPT_DAYS = 30
AT_ONCE_MAX = 500
_CLASS, _FIELD = "guest", "guest_draft.heard"


def keep_for_later(agency: str, heard: Mapping[str, Any]) -> tuple[str, datetime]:
    """Keep plain values for a visitor; returns the code and until when it opens them."""
    code, found = new_code(), new_id()
    place: dict[str, Any] = {"agency": agency, "data_class": _CLASS, "subject": found}
    with transactions.verb() as moment:
        GuestDraft.objects.create(
            id=found,
            agency=agency,
            code=vault.token(code, agency=agency, kind="guest_code"),
            sealed=vault.seal_json(dict(heard), **place, field=_FIELD),
            kept_at=moment,
        )
    return code, moment + timedelta(days=KEPT_DAYS)


def claim(agency: str, typed: str) -> dict[str, Any] | None:
    """Return what is kept under a code as it was typed; None when it is wrong or too old."""
    code = read_code(typed)
    if code is None:
        return None
    rows = GuestDraft.objects.filter(
        agency=agency,
        code=vault.token(code, agency=agency, kind="guest_code"),
        kept_at__gt=clock.now() - timedelta(days=KEPT_DAYS),
    )
    row = rows.first()
    if row is None:
        return None
    found: dict[str, Any] = vault.open_json(
        row.sealed, data_class=_CLASS, subject=row.id, field=_FIELD
    )
    return found


def forget_guest_drafts() -> int:
    """Destroy what was kept longer than 30 days, with its keys; returns how many."""
    before = clock.now() - timedelta(days=KEPT_DAYS)
    with transactions.verb():
        rows = list(GuestDraft.objects.filter(kept_at__lte=before)[:AT_ONCE_MAX])
        for row in rows:
            vault.shred(row.id, _CLASS)
            row.delete()
    return len(rows)
