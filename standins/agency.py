"""What the two agencies have in common: answers kept per request key, people, the command line."""

import argparse
import json
import os
import random
import sqlite3
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from standins.behaviour import Behaviour, Temper, delay_range
from standins.people import People, fold, open_store
from standins.server import (
    ADMIN,
    Answer,
    Refused,
    Request,
    Route,
    Secrets,
    Service,
    listen,
    serve,
    url_of,
)

TEXT = {"type": "string", "minLength": 1, "maxLength": 200}
DATE = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
PERSON = {
    "type": "object",
    "required": ["first_name", "last_name", "birth_date"],
    "properties": {
        "first_name": TEXT,
        "last_name": TEXT,
        "birth_date": DATE,
        "ssn": {"type": "string", "pattern": r"^(\d{9}|\d{3}-\d{2}-\d{4})?$"},
    },
}
INQUIRY = {
    "request_key": TEXT,
    "person": PERSON,
    "purpose": TEXT,
    "consent_reference": TEXT,
}
MATCHED = {"enum": ["yes", "no", "ambiguous"]}

Find = Callable[[People, dict[str, Any], Request], dict[str, Any]]
Lie = Callable[[dict[str, Any], random.Random], dict[str, Any]]


class Agency:
    """An agency that answers one kind of inquiry; the same request key, the same answer."""

    def __init__(
        self, service: Service, store: sqlite3.Connection, people: People, operation: dict[str, Any]
    ) -> None:
        self.service = service
        self.people = people
        self._store = store
        self._lock = threading.Lock()
        self._asked = Draft202012Validator(operation["request_schema"])
        store.execute(
            "CREATE TABLE IF NOT EXISTS answer (request_key TEXT PRIMARY KEY, asked TEXT,"
            " answered TEXT, count INTEGER NOT NULL)"
        )
        rows = store.execute("SELECT request_key, count FROM answer")
        service.counts.update({row["request_key"]: row["count"] for row in rows})
        service.routes.append(Route("POST", "/admin/people", self.add_people, ADMIN))

    def add_people(self, request: Request) -> Answer:
        """Add people for tests and the demo."""
        try:
            added, replaced = self.people.add(request.json()["people"])
        except (KeyError, TypeError, AttributeError) as error:
            raise Refused(400, "bad_request", f"people: {error}") from None
        return Answer({"added": added, "replaced": replaced})

    def inquire(self, request: Request, find: Find, lie: Lie) -> Answer:
        """Answer an inquiry, once and for all for its request key."""
        asked = request.json()
        fault = next(self._asked.iter_errors(asked), None)
        if fault is not None:
            place = ".".join(map(str, fault.absolute_path)) or "body"
            raise Refused(400, "bad_request", f"{place}: {_told(fault)}")
        key = asked["request_key"]
        others = [asked.get(name) for name in ("tax_year", "band_only", "programs")]
        meaning = json.dumps([_who(asked["person"]), *others])
        with self._lock:
            query = "SELECT * FROM answer WHERE request_key = ?"
            known = self._store.execute(query, (key,)).fetchone()
            if known is not None and known["asked"] != meaning:
                raise Refused(409, "key_reused", "This request_key was used for another question.")
            content = (
                json.loads(known["answered"])
                if known is not None
                else {"request_key": key, **find(self.people, asked, request)}
            )
            count = self.service.count(key)
            self._store.execute(
                "INSERT INTO answer VALUES (?,?,?,?) ON CONFLICT DO UPDATE SET count = ?",
                (key, meaning, json.dumps(content), count, count),
            )
        if request.draw is not None and request.draw.mode == "lie":
            content = lie(content, request.draw.lie)
        return Answer(content, headers={"Request-Count": str(count)})


def _told(fault: Any) -> str:
    """Why the schema refused, without repeating the value (it may be personal)."""
    if fault.validator == "required":
        return f"{fault.message.split(' ')[0]} is missing"
    return f"does not fit {fault.validator} {json.dumps(fault.validator_value)}"


def _who(person: dict[str, Any]) -> list[str]:
    names = [fold(person["first_name"]), fold(person["last_name"]), person["birth_date"]]
    return [*names, person.get("ssn", "").replace("-", "")]


def arguments(about: str) -> argparse.ArgumentParser:
    """The command line that tax, human services and bank share."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--data", type=Path, required=True, help="folder for what it keeps")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parent", type=int, help="end when this process is gone")
    parser.add_argument("--delay-ms", type=delay_range, default=(0, 0), help="such as 200-900")
    parser.add_argument("--fail-rate", type=float, default=0.0, help="share of 503 answers")
    return parser


def begin(given: argparse.Namespace, operations: list[dict[str, Any]]) -> Service:
    """Make the service from the command line and the environment."""
    given.data.mkdir(parents=True, exist_ok=True)
    os.chmod(given.data, 0o700)  # noqa: S103 (owner only)
    start = Behaviour(delay_ms=given.delay_ms, fail_rate=given.fail_rate)
    return Service(Secrets.from_environment(), Temper(given.seed, start), operations)


def run(given: argparse.Namespace, service: Service, store: sqlite3.Connection) -> None:
    """Serve until told to stop; the sqlite file is left whole."""
    try:
        server = listen(service.answer, given.port)
    except OSError as error:
        print(f"Port {given.port} cannot be used: {error.strerror}.", file=sys.stderr)
        sys.exit(2)
    serve(server, {"url": url_of(server)}, given.parent, store.close)


def run_agency(about: str, operation: dict[str, Any], find: Find, lie: Lie) -> None:
    """The whole process of one agency."""
    given = arguments(about).parse_args()
    service = begin(given, [operation])
    store = open_store(given.data / "agency.sqlite")
    people = People(store, given.seed)
    people.load(given.data / "people.csv")
    agency = Agency(service, store, people, operation)
    path = operation["path"]
    service.routes.append(Route("POST", path, lambda asked: agency.inquire(asked, find, lie)))
    run(given, service, store)
