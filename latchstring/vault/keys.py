"""Key-encryption keys: one Tink keyset per agency and class of data, as files only we may read.

A file may name several keys (rotation edits the keyset: new primary, old still opens).
"""

import functools
import io
import os
import uuid
from pathlib import Path

import tink
from django.conf import settings
from tink import aead, cleartext_keyset_handle, mac

aead.register()
mac.register()


def _keyset(name: str, template: object) -> "tink.KeysetHandle":
    """Read a keyset by name, making it the first time (never in production: keys are given)."""
    file = Path(settings.KEYS) / f"{name}.json"
    if not file.exists():
        if settings.PRODUCTION and os.environ.get("LATCHSTRING_MAKE_KEYS") != "true":
            raise RuntimeError(
                f"the keyset {name} is missing under LATCHSTRING_KEYS; restore it, or set "
                "LATCHSTRING_MAKE_KEYS=true once to make the first ones"
            )
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        text = io.StringIO()
        cleartext_keyset_handle.write(tink.JsonKeysetWriter(text), tink.new_keyset_handle(template))
        # Of this thread alone: one shared by two would be emptied under the name just linked.
        temporary = file.with_suffix(f".{uuid.uuid4().hex}")
        handle = os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(text.getvalue())
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(temporary, file)  # whoever links first wins; the others read that one
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return cleartext_keyset_handle.read(tink.JsonKeysetReader(file.read_text()))


@functools.cache
def wrapping_key(agency: str, data_class: str) -> aead.Aead:
    """Return the primitive that wraps data keys of an agency's class of data."""
    name = f"kek-{agency}-{data_class}"
    return _keyset(name, aead.aead_key_templates.AES256_GCM).primitive(aead.Aead)


@functools.cache
def token_key(agency: str, kind: str) -> mac.Mac:
    """Return the keyed hash for search tokens of an agency and kind of value."""
    name = f"token-{agency}-{kind}"
    return _keyset(name, mac.mac_key_templates.HMAC_SHA256_256BITTAG).primitive(mac.Mac)
