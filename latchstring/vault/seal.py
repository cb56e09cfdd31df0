"""Sealing and opening: AES-256-GCM under the subject's own data key, bound to subject and field."""

import functools
import json
import uuid
from collections.abc import Iterable
from typing import Any

import tink
from django.db import connection
from tink import aead

from latchstring.kernel import kept
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
    row = _wrapped(data_class, subject)
    if row is None:
        row = make_key(subject, agency=agency, data_class=data_class)
    return _unwrapped(*row, data_class, subject)


def make_key(subject: uuid.UUID, *, agency: str, data_class: str) -> tuple[bytes, str]:
    """Make the data key of a new subject, before the first thing is sealed: nothing is looked up.

    Returns it wrapped, and its agency; where there is one already, that one stands.
    """
    handle = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
    wrapped = tink.proto_keyset_format.serialize_encrypted(
        handle, wrapping_key(agency, data_class), _wrap_context(subject, data_class)
    )
    with connection.cursor() as cursor:
        # Another request may have sealed something of this subject first: then theirs stands.
        cursor.execute(_MAKE, [subject, data_class, agency, wrapped])
        found, whose = cursor.fetchone()
    row = kept.store()["key", data_class, subject] = (bytes(found), whose)
    return row


_MAKE = """
INSERT INTO vault_datakey AS known (subject, data_class, agency, wrapped, made_at)
VALUES (%s, %s, %s, %s, now())
ON CONFLICT (subject, data_class) DO UPDATE SET agency = known.agency RETURNING wrapped, agency
"""


def _wrapped(data_class: str, subject: uuid.UUID) -> tuple[bytes, str] | None:
    """Return a subject's wrapped data key and its agency: as kept, or as it stands."""
    store = kept.store()
    found: tuple[bytes, str] | None = store.get(("key", data_class, subject))
    if found is None:
        read = _read(data_class, [subject])
        store |= {("key", data_class, whose): key for whose, key in read.items()}
        found = read.get(subject)
    return found


def _read(data_class: str, subjects: list[uuid.UUID]) -> dict[uuid.UUID, tuple[bytes, str]]:
    """Read data keys, wrapped, and their agencies: the statement that is run most of all."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [subjects, data_class])
        return {subject: (bytes(wrapped), agency) for subject, wrapped, agency in cursor}


_FIND = """
SELECT subject, wrapped, agency FROM vault_datakey WHERE subject = ANY(%s) AND data_class = %s
"""


def fetch_keys(subjects: Iterable[uuid.UUID], *, data_class: str) -> None:
    """Read the data keys of many subjects at once, before what they seal is opened one by one."""
    store = kept.store()
    wanted = [subject for subject in subjects if ("key", data_class, subject) not in store]
    if len(wanted) > 1:
        read = _read(data_class, wanted)
        store |= {("key", data_class, subject): key for subject, key in read.items()}


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
    row = _wrapped(data_class, subject)
    if row is None:
        raise CannotOpen()
    try:
        key = _unwrapped(*row, data_class, subject)
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
    kept.store().pop(("key", data_class, subject), None)
    return bool(DataKey.objects.filter(subject=subject, data_class=data_class).delete()[0])
