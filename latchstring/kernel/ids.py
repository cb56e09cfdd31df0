"""Identifiers made by whoever asks first, so that repeating a request is safe."""

import uuid

from uuid_utils.compat import uuid7


def new_id() -> uuid.UUID:
    """Return a new UUIDv7 (RFC 9562): unique, and sorted by the time it was made."""
    return uuid7()


def id_from(text: str | uuid.UUID | None) -> uuid.UUID | None:
    """Read an identifier that came from outside; None when it is not one."""
    if isinstance(text, uuid.UUID):
        return text
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None
