"""What one request or one verb has read already, kept only for its length.

A verb keeps its own reads apart until it is done: what a rolled back transaction wrote and read is
forgotten with it. Nothing is kept in a transaction that is no verb.
"""

import contextlib
import contextvars
from collections.abc import Hashable, Iterator
from typing import Any

from django.db import connection

_Store = dict[Hashable, Any]
_store: contextvars.ContextVar[tuple[_Store, bool] | None] = contextvars.ContextVar(
    "kept", default=None
)


def store() -> _Store:
    """Return what may be kept here; one that nobody else sees where nothing may."""
    held = _store.get()
    if held is None or (connection.in_atomic_block and not held[1]):
        return {}
    return held[0]


def in_a_change() -> bool:
    """Say whether a verb runs already."""
    held = _store.get()
    return held is not None and held[1]


@contextlib.contextmanager
def for_a_while(*, change: bool = False) -> Iterator[None]:
    """Keep reads for a block. A `change` hands them on only when it ends well."""
    before = _store.get()
    # A change inside a transaction that is none has nobody to hand on to, and nothing to go by.
    outer = (
        before[0] if before is not None and (before[1] or not connection.in_atomic_block) else {}
    )
    here: _Store = dict(outer)
    token = _store.set((here, change))
    try:
        yield
        outer.update(here)
    finally:
        _store.reset(token)
