"""Writing the trail."""

import uuid
from typing import Any

from latchstring.audit.models import Entry
from latchstring.kernel import clock
from latchstring.kernel.ids import new_id
from latchstring.kernel.insert import insert


def record(
    action: str,
    *,
    agency: str,
    actor: str,
    object_type: str,
    object_id: uuid.UUID | str,
    purpose: str = "",
    household: uuid.UUID | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write in the caller's transaction that an actor did something. No personal data in detail."""
    entry = Entry(
        id=new_id(),
        agency=agency,
        at=clock.now(),
        actor=actor,
        action=action,
        object_type=object_type,
        object_id=str(object_id),
        household=household,
        purpose=purpose,
        detail=detail or {},
    )
    insert([entry])


def saw(what: str, *, object_id: uuid.UUID | str, **rest: Any) -> None:
    """Write that an actor looked at a record: `saw("case", object_id=..., actor=..., ...)`."""
    record(f"{what}.seen", object_type=what, object_id=object_id, **rest)
