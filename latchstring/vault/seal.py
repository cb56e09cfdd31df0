"""Sealing and opening: AES-256-GCM under the subject's own data key, bound to subject and field."""

import functools
import json
import uuid
from typing import Any

import tink
from django.db import IntegrityError, transaction
from tink import aead

from latchstring.vault.errors import CannotOpen
from latchstring.vault.keys import token_key, wrapping_key
from latchstring.vault.models import DataKey


def _wrap_context(subject: uuid.UUID, data_class: str) -> bytes:
    return f"{subject}|{data_class}".encode()


@functools.lru_cache(maxsize=4_096)
def _unwrapped(wrapped: bytes, agency: str, data_class: str, subject: uuid.UUID) -> aead.Aead:
    """Unwrap a data key. The wrapped bytes are in the cache key: a rewrapped row is read anew."""
    return tink.proto_keyset_format.parse_encrypted(
        wrapped, wrapping_key(agency, data_class), _wrap_context(subject, data_class)
    ).primitive(aead.Aead)


def _data_key(agency: str, data_class: str, subject: uuid.UUID) -> aead.Aead:
    """Return the subject's data key, making it with the first thing sealed."""
    row = DataKey.objects.filter(subject=subject, data_class=data_class).first()
    if row is None:
        handle = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
        wrapped = tink.proto_keyset_format.serialize_encrypted(
            handle, wrapping_key(agency, data_class), _wrap_context(subject, data_class)
        )
        try:
            with transaction.atomic():
                row = DataKey.objects.create(
                    subject=subject, data_class=data_class, agency=agency, wrapped=wrapped
                )
        except IntegrityError:  # another request sealed something of this subject first
            row = DataKey.objects.get(subject=subject, data_class=data_class)
    return _unwrapped(bytes(row.wrapped), row.agency, data_class, subject)


def seal(
    value: bytes | str, *, agency: str, data_class: str, subject: uuid.UUID, field: str
) -> bytes:
    """Encrypt a value so that it opens only for this subject and this logical field."""
    raw = value.encode() if isinstance(value, str) else value
    return _data_key(agency, data_class, subject).encrypt(raw, f"{subject}|{field}".encode())


def open_bytes(
    sealed: bytes | memoryview, *, data_class: str, subject: uuid.UUID, field: str
) -> bytes:
    """Decrypt; CannotOpen when damaged, moved to another place, or shredded."""
    row = DataKey.objects.filter(subject=subject, data_class=data_class).first()
    if row is None:
        raise CannotOpen()
    try:
        key = _unwrapped(bytes(row.wrapped), row.agency, data_class, subject)
        return key.decrypt(bytes(sealed), f"{subject}|{field}".encode())
    except tink.TinkError as error:
        raise CannotOpen() from error


def open_text(sealed: bytes | memoryview, **place: Any) -> str:
    """Decrypt text; see `open_bytes`."""
    return open_bytes(sealed, **place).decode()


def seal_json(value: Any, **place: Any) -> bytes:
    """Encrypt a JSON value; see `seal`."""
    return seal(json.dumps(value, ensure_ascii=False, sort_keys=True), **place)


def open_json(sealed: bytes | memoryview, **place: Any) -> Any:
    """Decrypt a JSON value; see `open_bytes`."""
    return json.loads(open_bytes(sealed, **place))


def token(value: str, *, agency: str, kind: str) -> bytes:
    """Return the keyed hash under which a normalised value can be found again."""
    return token_key(agency, kind).compute_mac(value.encode())


def shred(subject: uuid.UUID, data_class: str) -> bool:
    """Destroy a data key and so all that is sealed under it. True if there was one."""
    _unwrapped.cache_clear()
    return bool(DataKey.objects.filter(subject=subject, data_class=data_class).delete()[0])
