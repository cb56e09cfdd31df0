"""The vault's door."""

from latchstring.vault.errors import CannotOpen
from latchstring.vault.seal import (
    open_bytes,
    open_json,
    open_text,
    seal,
    seal_json,
    shred,
    token,
)

__all__ = [
    "CannotOpen",
    "open_bytes",
    "open_json",
    "open_text",
    "seal",
    "seal_json",
    "shred",
    "token",
]
