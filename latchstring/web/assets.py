"""Styles, scripts and pictures: read once, packed once, kept by browsers for good.

The address of each carries a hash of its bytes, so what a browser holds never goes stale and is
never asked for again. They are answered before Django: no session, no database, no middleware.
The server's own way to serve files does neither pack nor hash.
"""

import gzip
import hashlib
import mimetypes
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.storage import StaticFilesStorage

FOLDER = Path(__file__).parent / "static"
PREFIX = "/static/"
_GOOD_FOR_ALL_TIME = "public, max-age=31536000, immutable"
_HASH_CHARACTERS = 12

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Asset:
    """One file: the name with its hash, its type, its bytes, and those packed where it helps."""

    name: str
    media_type: str
    plain: bytes
    packed: bytes | None


@cache
def assets() -> dict[str, Asset]:
    """Return every file under `static/` by its own name and by the one with its hash."""
    found = {}
    for path in sorted(FOLDER.rglob("*")):
        if not path.is_file():
            continue
        own, plain = path.relative_to(FOLDER).as_posix(), path.read_bytes()
        stem, dot, ending = own.rpartition(".")
        name = f"{stem}.{hashlib.sha256(plain).hexdigest()[:_HASH_CHARACTERS]}{dot}{ending}"
        packed = gzip.compress(plain, 9, mtime=0)
        media_type = mimetypes.guess_type(own)[0] or "application/octet-stream"
        if media_type.startswith("text/"):
            media_type += "; charset=utf-8"
        asset = Asset(name, media_type, plain, packed if len(packed) < len(plain) else None)
        found[own] = found[name] = asset
    return found


class HashedNames(StaticFilesStorage):
    """What `{% static %}` asks for an address: the name with the hash."""

    def url(self, name: str | None, *args: Any, **kwargs: Any) -> str:
        """Return the address of a file of ours; of a library's, the plain one."""
        own = assets().get(str(name))
        return PREFIX + own.name if own else super().url(name, *args, **kwargs)


def served(application: Application) -> Application:
    """Answer for our files before an application; everything else goes on to it."""

    def with_assets(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO", ""))
        asset = assets().get(path.removeprefix(PREFIX)) if path.startswith(PREFIX) else None
        if asset is None or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return application(environ, start_response)
        hashed = path.endswith(asset.name)
        headers = [
            ("Content-Type", asset.media_type),
            ("Cache-Control", _GOOD_FOR_ALL_TIME if hashed else "no-cache"),
            ("X-Content-Type-Options", "nosniff"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
        ]
        body = asset.plain
        if asset.packed is not None:
            headers.append(("Vary", "Accept-Encoding"))
            if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
                headers.append(("Content-Encoding", "gzip"))
                body = asset.packed
        headers.append(("Content-Length", str(len(body))))
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    return with_assets
