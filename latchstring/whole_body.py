"""A request whose line broke half way is no request: its body is whole, or reading it fails.

The server ends a body early when the connection drops, without a word. Read as it is, a form cut
in the middle would be a shorter form: half a word saved, half a photo kept as if it were all.
"""

from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class BrokenLine(OSError):
    """The connection ended before the whole body had come."""


class WholeBody:
    """The body of a request that says its length; BrokenLine where it ends before that."""

    def __init__(self, body: Any, length: int) -> None:
        self._body, self._left = body, length

    def read(self, size: int = -1) -> bytes:
        """Return `size` bytes or all that are left; fewer only when the body is at its end."""
        wanted = self._left if size is None or size < 0 else min(size, self._left)
        parts = []
        while wanted > 0:
            part = self._body.read(wanted)
            if not part:
                raise BrokenLine("the body ended early")
            parts.append(part)
            wanted -= len(part)
            self._left -= len(part)
        return b"".join(parts)

    def readline(self, size: int = -1) -> bytes:
        """Return a line; Django reads bodies by `read` alone, others may not."""
        line: bytes = self._body.readline()
        if not line and self._left > 0:
            raise BrokenLine("the body ended early")
        self._left -= len(line)
        return line


def whole_bodies(application: Application) -> Application:
    """Wrap a WSGI application so that it never takes half a body for a whole one."""

    def wrapped(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        if length.isdigit():
            environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length))
        return application(environ, start)

    return wrapped
