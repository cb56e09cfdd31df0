"""The audit room's door."""

from latchstring.audit.chain import Walk, link_new_entries, verify
from latchstring.audit.queries import looks_at, of_object
from latchstring.audit.trail import record, saw

__all__ = ["Walk", "link_new_entries", "looks_at", "of_object", "record", "saw", "verify"]
