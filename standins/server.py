"""The small HTTP server under every stand-in: routes, tokens, faults, one log line per request."""

import contextlib
import hmac
import json
import os
import re
import secrets
import signal
import socket
import sys
import threading
import time
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from standins.behaviour import Draw, Temper, WrongBehaviour

LARGEST_BODY = 20_000_000
TOKEN_SECONDS = 3600
ZONE = ZoneInfo("America/Denver")
BUSINESS_TIME = "Latchstring-Business-Time"


@dataclass
class Request:
    """One HTTP request, read whole. `business_time` is the caller's clock, or real time."""

    method: str
    path: str
    query: dict[str, str]
    headers: Any
    body: bytes
    business_time: datetime
    draw: Draw | None = None

    @property
    def business_day(self) -> date:
        """The caller's day in the two states' time zone."""
        return self.business_time.astimezone(ZONE).date()

    def json(self) -> Any:
        """The body as JSON; Refused 400 otherwise."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise Refused(400, "bad_request", "The body is not JSON.") from None

    def number(self, name: str, default: int) -> int:
        """A whole number from the query string; Refused 400 otherwise."""
        try:
            return int(self.query.get(name, default))
        except ValueError:
            raise Refused(400, "bad_request", f"{name} is not a whole number.") from None


@dataclass
class Answer:
    """What goes back: JSON unless `content_type` says otherwise."""

    content: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"

    def bytes(self) -> bytes:
        """The body as sent."""
        if isinstance(self.content, bytes):
            return self.content
        if isinstance(self.content, str):
            return self.content.encode()
        return json.dumps(self.content, ensure_ascii=False).encode()


class Refused(Exception):
    """The request is refused with a status, a code and a sentence."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(message)
        content = {"error": code, "message": message}
        self.answer = Answer(content, status, {k.replace("_", "-"): v for k, v in headers.items()})


class Dropped(Exception):
    """The connection is closed without an answer."""


Handler = Callable[..., Answer]
OPEN, TOKEN, ADMIN, EITHER = "open", "token", "admin", "either"


@dataclass(frozen=True)
class Route:
    """A method and path pattern (`{name}` takes one segment), and who may call it."""

    method: str
    pattern: str
    handler: Handler
    guard: str = TOKEN

    def match(self, path: str) -> dict[str, str] | None:
        """The named segments when the path fits."""
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.pattern), path)
        return None if found is None else found.groupdict()


@dataclass(frozen=True)
class Secrets:
    """Client credentials and the token of the admin endpoints."""

    client_id: str
    client_secret: str
    admin_token: str

    @classmethod
    def from_environment(cls) -> "Secrets":
        """STANDIN_CLIENT_ID, STANDIN_CLIENT_SECRET, STANDIN_ADMIN_TOKEN; exits 2 without them."""
        try:
            return cls(
                os.environ.get("STANDIN_CLIENT_ID", "latchstring"),
                os.environ["STANDIN_CLIENT_SECRET"],
                os.environ["STANDIN_ADMIN_TOKEN"],
            )
        except KeyError as missing:
            print(f"{missing.args[0]} is not set. Set it and start again.", file=sys.stderr)
            sys.exit(2)


class Service:
    """Routes with tokens and faults: what the tax department, human services and bank share."""

    def __init__(self, keys: Secrets, temper: Temper, operations: list[dict[str, Any]]) -> None:
        self.keys = keys
        self.temper = temper
        self.operations = operations
        self.counts: dict[str, int] = {}
        self.misbehave: Callable[[Request, Answer], Answer] = spoil
        self._tokens: dict[str, float] = {}
        self._lock = threading.Lock()
        self.routes = [
            Route("GET", "/healthz", lambda _: Answer({"ok": True}), OPEN),
            Route("POST", "/oauth/token", self.token, OPEN),
            Route("GET", "/.well-known/operations", self.list_operations, OPEN),
            Route("GET", "/admin/behaviour", self.show_behaviour, ADMIN),
            Route("POST", "/admin/behaviour", self.set_behaviour, ADMIN),
            Route("DELETE", "/admin/behaviour", self.reset_behaviour, ADMIN),
            Route("GET", "/admin/requests", self.show_requests, ADMIN),
        ]

    # --- the endpoints that all have -----------------------------------------------------------

    def token(self, request: Request) -> Answer:
        """OAuth 2 client credentials (RFC 6749 section 4.4)."""
        if self.temper.is_down():
            raise Dropped
        form = dict(parse_qsl(request.body.decode("utf-8", "replace")))
        if form.get("grant_type") != "client_credentials":
            raise Refused(400, "unsupported_grant_type", "Only client_credentials is given here.")
        given = _basic(request.headers.get("Authorization", "")) or (
            form.get("client_id", ""),
            form.get("client_secret", ""),
        )
        wanted = (self.keys.client_id, self.keys.client_secret)
        if not all(_same(*pair) for pair in zip(given, wanted, strict=True)):
            raise Refused(401, "invalid_client", "The client id or secret is wrong.")
        fresh = secrets.token_urlsafe(24)
        with self._lock:
            self._tokens[fresh] = time.monotonic() + TOKEN_SECONDS
        return Answer(
            {
                "access_token": fresh,
                "token_type": "Bearer",
                "expires_in": TOKEN_SECONDS,
                "scope": "inquiry",
            },
            headers={"Cache-Control": "no-store"},
        )

    def list_operations(self, _: Request) -> Answer:
        """What may be called, with JSON Schemas."""
        return Answer({"operations": self.operations})

    def show_behaviour(self, _: Request) -> Answer:
        """The present behaviour."""
        return Answer(self.temper.now.shown())

    def set_behaviour(self, request: Request) -> Answer:
        """Change it for tests and demonstrations."""
        try:
            return Answer(self.temper.change(request.json()).shown())
        except (WrongBehaviour, AttributeError) as error:
            raise Refused(400, "bad_request", str(error)) from None

    def reset_behaviour(self, _: Request) -> Answer:
        """Back to the start."""
        return Answer(self.temper.reset().shown())

    def show_requests(self, _: Request) -> Answer:
        """How often each request key was asked."""
        with self._lock:
            return Answer({"counts": dict(self.counts), "total": sum(self.counts.values())})

    def count(self, key: str) -> int:
        """Count one more request for this key."""
        with self._lock:
            self.counts[key] = self.counts.get(key, 0) + 1
            return self.counts[key]

    # --- one request ---------------------------------------------------------------------------

    def answer(self, request: Request) -> Answer:
        """Route, check the token, apply the faults, and answer."""
        route, segments = self._find(request)
        self._check(route.guard, request)
        if not request.path.startswith("/v1/"):
            return route.handler(request, **segments)
        request.draw = draw = self.temper.draw(f"{request.path}:{_key(request)}")
        time.sleep(draw.delay)
        if draw.mode == "down":
            raise Dropped
        if draw.fails:
            raise Refused(503, "unavailable", "Please try again.", Retry_After="1")
        return self.misbehave(request, route.handler(request, **segments))

    def _find(self, request: Request) -> tuple[Route, dict[str, str]]:
        others = []
        for route in self.routes:
            segments = route.match(request.path)
            if segments is not None and route.method == request.method:
                return route, segments
            if segments is not None:
                others.append(route.method)
        if others:
            raise Refused(405, "method_not_allowed", "Not this way.", Allow=", ".join(others))
        raise Refused(404, "not_found", "There is nothing here.")

    def _check(self, guard: str, request: Request) -> None:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        given = given if scheme.lower() == "bearer" else ""
        is_admin = bool(given) and _same(given, self.keys.admin_token)
        with self._lock:
            has_token = self._tokens.get(given, 0) > time.monotonic()
        allowed = {OPEN: True, TOKEN: has_token, ADMIN: is_admin, EITHER: has_token or is_admin}
        if not allowed[guard]:
            sentence = "A valid bearer token is needed."
            raise Refused(401, "invalid_token", sentence, WWW_Authenticate="Bearer")


def spoil(request: Request, answer: Answer) -> Answer:
    """Apply the modes that only touch the bytes of an answer."""
    mode = request.draw.mode if request.draw else "ok"
    if answer.status >= 400 or mode in ("ok", "slow", "lie"):
        return answer
    if mode == "garbage" or not isinstance(answer.content, dict):
        return Answer(b"\x1f\x8b<html>\xff gateway {", 200, answer.headers)
    if mode == "duplicate":
        return Answer(answer.bytes() + b"\n" + answer.bytes(), 200, answer.headers)
    keys = list(answer.content)
    return Answer({name: {"value": None} for name in keys[::2]}, 200, answer.headers)


def _key(request: Request) -> str:
    header = request.headers.get("Idempotency-Key")
    if header:
        return str(header)
    found = re.search(rb'"request_key"\s*:\s*"([^"]*)"', request.body)
    return found[1].decode("utf-8", "replace") if found else ""


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def _basic(header: str) -> tuple[str, str] | None:
    if not header.lower().startswith("basic "):
        return None
    with contextlib.suppress(ValueError):
        name, _, word = b64decode(header[6:]).decode().partition(":")
        return name, word
    return "", ""


# --- the process --------------------------------------------------------------------------------


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "standin"
    sys_version = ""
    timeout = 60
    disable_nagle_algorithm = True
    answer_for: Callable[[Request], Answer]

    def _serve(self) -> None:
        began = time.monotonic()
        parts = urlsplit(self.path)
        try:
            answer = type(self).answer_for(self._read(parts))
        except Refused as refusal:
            answer = refusal.answer
        except Dropped:
            self._log(parts.path, "dropped", began)
            self.close_connection = True
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        except Exception as error:  # a stand-in must outlive its own bugs, and say so
            print(f"error {type(error).__name__}: {error}", file=sys.stderr, flush=True)
            answer = Answer({"error": "internal", "message": type(error).__name__}, 500)
        body = answer.bytes()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            with contextlib.suppress(OSError):
                self.wfile.write(body)
        self._log(parts.path, str(answer.status), began)

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = do_HEAD = _serve  # noqa: N815

    def _read(self, parts: Any) -> Request:
        try:
            length = int(self.headers.get("Content-Length") or 0)
        except ValueError:
            length = -1
        if not 0 <= length <= LARGEST_BODY or self.headers.get("Transfer-Encoding"):
            self.close_connection = True
            raise Refused(413, "too_large", "Send the body with its length, at most 20 MB.")
        body = self.rfile.read(length)
        if len(body) < length:  # the line broke: half a body is no request
            self.close_connection = True
            raise Dropped
        method = "GET" if self.command == "HEAD" else self.command
        given = self.headers.get(BUSINESS_TIME)
        query = dict(parse_qsl(parts.query))
        return Request(method, parts.path, query, self.headers, body, _moment(given))

    def _log(self, path: str, status: str, began: float) -> None:
        # The path only: query strings and bodies may hold personal data.
        stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        took = round((time.monotonic() - began) * 1000)
        print(f"{stamp} {self.command} {path} {status} {took}ms", file=sys.stderr, flush=True)

    def log_message(self, *_: object) -> None:
        """Silence the base class: `_log` writes the one line."""


def _moment(text: str | None) -> datetime:
    if not text:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(400, "bad_request", f"{BUSINESS_TIME} is not an instant.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def listen(answer: Callable[[Request], Answer], port: int) -> ThreadingHTTPServer:
    """Bind to 127.0.0.1; port 0 takes a free one."""
    handler = type("Connection", (_Connection,), {"answer_for": staticmethod(answer)})
    return _Server(("127.0.0.1", port), handler)


def serve(
    server: ThreadingHTTPServer, announced: dict[str, str], parent: int | None, close: Callable
) -> None:
    """Say where it listens, then serve until SIGTERM, SIGINT or the parent's end."""
    over = threading.Event()
    is_child = parent == os.getppid()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    print(f"listening {json.dumps(announced)}", flush=True)
    while not over.wait(1.0):
        if parent is not None and not _lives(parent, is_child):
            break
    threading.Thread(target=server.shutdown, daemon=True).start()
    close()
    sys.stderr.flush()
    os._exit(0)  # requests that still sleep in a long delay must not hold the process


def _lives(parent: int, is_child: bool) -> bool:
    if is_child:
        return os.getppid() == parent  # an orphan is handed to another
    try:
        os.kill(parent, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def url_of(server: ThreadingHTTPServer) -> str:
    """Where a bound server answers."""
    return f"http://127.0.0.1:{server.server_address[1]}"
