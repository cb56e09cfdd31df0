"""Reading the trail."""

import uuid

from latchstring.audit.models import Entry


def of_object(object_type: str, object_id: uuid.UUID | str) -> list[Entry]:
    """Return what was done to, and who looked at, one thing: oldest first."""
    return list(
        Entry.objects.filter(object_type=object_type, object_id=str(object_id)).order_by("at", "id")
    )


def looks_at(household: uuid.UUID, limit: int = 100) -> list[Entry]:
    """Return who opened a household's records: newest first."""
    return list(Entry.objects.filter(household=household).order_by("-at")[:limit])
