"""The vault's door."""

from latchstring.vault.errors import CannotOpen
from latchstring.vault.seal import (
    fetch_keys,
    make_key,
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
    "fetch_keys",
    "make_key",
    "open_bytes",
    "open_json",
    "open_text",
    "seal",
    "seal_json",
    "shred",
    "token",
]
