"""One structured line per event and per request, in JSON, with no personal data."""

import json
import logging
from datetime import UTC, datetime

_EXTRA = ("method", "route", "status", "ms", "role", "job", "case", "attempt", "source")


class JsonLines(logging.Formatter):
    """Write a record as one JSON line: time, level, logger, message and known extras only."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "what": record.getMessage(),
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
        for name in _EXTRA:
            if hasattr(record, name):
                line[name] = getattr(record, name)
        if record.exc_info and record.exc_info[0] is not None:
            # The type and place only: an exception's text can quote what a person typed.
            line["error"] = record.exc_info[0].__name__
            trace = record.exc_info[2]
            places = []
            while trace is not None:
                code = trace.tb_frame.f_code
                places.append(f"{code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno}")
                trace = trace.tb_next
            line["where"] = places[-6:]
        return json.dumps(line, default=str, ensure_ascii=False)
