"""One structured line per event, request and job, in JSON, with no personal data.

What ties lines together: `request` (made for each request, or taken from the proxy where it is
well formed) stands on the request's own line, on the events it recorded and on the jobs it
deferred; `job` stands on a job's line and on the events and jobs that came of it.

A line of a library is told by its template or its action, never by its filled-in text, and an
exception by its type and places: both can quote what a person typed.
"""

import contextlib
import contextvars
import json
import logging
import re
import secrets
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

_EXTRA = (
    *("method", "route", "status", "ms", "role", "job", "case", "attempt", "source", "why"),
    *("task", "queue", "outcome", "lane", "disbursement"),
    *("upload", "offset", "reached"),
)
_WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{8,64}")
_context: contextvars.ContextVar[dict[str, Any] | None] = contextvars.ContextVar(
    "log", default=None
)
log = logging.getLogger("latchstring.process")


class JsonLines(logging.Formatter):
    """Write a record as one JSON line: time, level, logger, message and known extras only."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "what": _what(record),
            **(_context.get() or {}),
        }
        event = getattr(record, "event", None)
        if event is not None:
            line |= {
                "subject": str(event.subject),
                "version": event.version,
                "agency": event.agency,
                "actor": event.actor,
                "payload": event.payload,
            }
        if _is_ours(record):
            line |= {name: getattr(record, name) for name in _EXTRA if hasattr(record, name)}
        elif isinstance(jobs := getattr(record, "jobs", None), list):
            line["jobs"] = [{"job": one.get("id"), "task": one.get("task_name")} for one in jobs]
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _places(record.exc_info[2])
        return json.dumps(line, default=str, ensure_ascii=False)


class OnlyTrouble(logging.Filter):
    """Pass records that carry an exception."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether there is an exception to tell of."""
        return bool(record.exc_info)


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in ("latchstring", "_granian")


def _what(record: logging.LogRecord) -> str:
    """Our own words in full; a library's action or template, never what it filled in."""
    if _is_ours(record):
        return record.getMessage()
    action = getattr(record, "action", None)
    if isinstance(action, str):
        return action
    if record.args:
        return str(record.msg)
    return f"{record.module}.{record.funcName}"


def _places(trace: TracebackType | None) -> list[str]:
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return places[-6:]


def request_id(given: str | None) -> str:
    """Return the id that a proxy gave when it is well formed, else one of our own."""
    return given if given and _WELL_FORMED.fullmatch(given) else secrets.token_hex(8)


@contextlib.contextmanager
def about(**names: Any) -> Iterator[None]:
    """Put names (`request`, `job`) on every line that the block writes."""
    token = _context.set({**(_context.get() or {}), **names})
    try:
        yield
    finally:
        _context.reset(token)


def only_lines() -> None:
    """Have what nobody caught written as a line too, in this process: no traceback with values."""
    logging.raiseExceptions = False
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def _uncaught(
    kind: type[BaseException], problem: BaseException | None, trace: TracebackType | None
) -> None:
    if problem is not None:
        log.critical("uncaught", exc_info=(kind, problem, trace))
