"""The people whom an agency knows: its own book, kept in sqlite, and how an inquiry finds one."""

import csv
import hashlib
import json
import random
import sqlite3
import threading
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILING = ("single", "married_joint", "head_of_household", "single", "married_separate")


def open_store(path: Path) -> sqlite3.Connection:
    """Open a stand-in's sqlite file; every committed change survives a kill."""
    store = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    store.row_factory = sqlite3.Row
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("PRAGMA synchronous = NORMAL")
    return store


@dataclass(frozen=True)
class Match:
    """`kind` is yes, no or ambiguous; `person` only with yes."""

    kind: str
    person: dict[str, Any] | None = None


class People:
    """A book of people with fields as in POST /admin/people."""

    def __init__(self, store: sqlite3.Connection, seed: int) -> None:
        self._store = store
        self._seed = seed
        self._lock = threading.Lock()
        store.execute(
            "CREATE TABLE IF NOT EXISTS person (id TEXT PRIMARY KEY, first TEXT, last TEXT,"
            " birth TEXT, ssn TEXT, content TEXT)"
        )
        store.execute("CREATE INDEX IF NOT EXISTS by_name ON person (last, birth)")
        store.execute("CREATE INDEX IF NOT EXISTS by_ssn ON person (ssn)")

    def add(self, people: list[dict[str, Any]]) -> tuple[int, int]:
        """Add or replace; returns how many of each."""
        rows = []
        for person in people:
            first, last = fold(person["first_name"]), fold(person["last_name"])
            ssn = digits(person.get("ssn"))
            key = "|".join((first, last, person["birth_date"], ssn))
            content = json.dumps(person, ensure_ascii=False)
            rows.append((key, first, last, person["birth_date"], ssn, content))
        with self._lock:
            before = self._count()
            self._store.execute("BEGIN")
            self._store.executemany("INSERT OR REPLACE INTO person VALUES (?,?,?,?,?,?)", rows)
            self._store.execute("COMMIT")
            added = self._count() - before
        return added, len(rows) - added

    def load(self, path: Path) -> int:
        """Read people.csv when it is there; returns how many people it held."""
        if not path.exists():
            return 0
        with path.open(encoding="utf-8-sig", newline="") as stream:
            people = [_from_row(row) for row in csv.DictReader(stream)]
        self.add(people)
        return len(people)

    def find(self, asked: dict[str, Any]) -> Match:
        """Find the person of an inquiry (first_name, last_name, birth_date, ssn when known)."""
        ssn, birth = digits(asked.get("ssn")), asked["birth_date"]
        first, last = fold(asked["first_name"]), fold(asked["last_name"])
        with self._lock:
            if ssn:
                query = "SELECT * FROM person WHERE ssn = ?"
                known = self._store.execute(query, (ssn,)).fetchall()
                sure = [row for row in known if row["last"] == last or row["birth"] == birth]
                if known:
                    return _one(sure) if len(sure) == 1 else Match("ambiguous")
            query = "SELECT * FROM person WHERE last = ? AND birth = ?"
            known = self._store.execute(query, (last, birth)).fetchall()
        exact = [row for row in known if row["first"] == first]
        # A number that differs from the one on record speaks against the match.
        if ssn and any(row["ssn"] for row in exact):
            return Match("ambiguous")
        if len(exact) == 1:
            return _one(exact)
        return Match("ambiguous" if known else "no")

    def income(self, person: dict[str, Any], year: int) -> str | None:
        """The year's income as a decimal string; derived from seed and person when not given."""
        if self.filing_status(person) == "not_filed":
            return None
        given = (person.get("incomes") or {}).get(str(year)) or person.get("annual_income")
        if given:
            return money(given)
        return f"{self._chance(person).randrange(9_000, 62_000)}.00"

    def filing_status(self, person: dict[str, Any]) -> str:
        """The filing status on record, or one derived from seed and person."""
        return person.get("filing_status") or self._chance(person, "status").choice(FILING)

    def _chance(self, person: dict[str, Any], what: str = "income") -> random.Random:
        parts = (self._seed, what, fold(person["first_name"]), fold(person["last_name"]))
        text = "|".join(map(str, (*parts, person["birth_date"])))
        return random.Random(hashlib.sha256(text.encode()).hexdigest())  # noqa: S311

    def _count(self) -> int:
        return int(self._store.execute("SELECT count(*) FROM person").fetchone()[0])


def _one(rows: list[sqlite3.Row]) -> Match:
    return Match("yes", json.loads(rows[0]["content"]))


def fold(name: str) -> str:
    """A name without case, accents, blanks and punctuation, for comparison."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def digits(text: object) -> str:
    """Only the digits of a number that may have dashes; empty for None."""
    return "".join(letter for letter in str(text or "") if letter.isdigit())


def money(text: object) -> str:
    """A decimal string with two places from `31250`, `31250.5` or `31250.50`, without floats."""
    whole, _, cents = str(text).strip().partition(".")
    return f"{int(whole)}.{(cents + '00')[:2]}"


def _from_row(row: dict[str, str]) -> dict[str, Any]:
    person: dict[str, Any] = {name: value for name, value in row.items() if name and value}
    person["enrolments"] = [
        _enrolment(part, row) for part in (row.get("enrolments") or "").split(";") if part
    ]
    person["household_members"] = [
        dict(zip(("first_name", "last_name", "birth_date"), part.split("|"), strict=True))
        for part in (row.get("household_members") or "").split(";")
        if part
    ]
    return person


def _enrolment(text: str, row: dict[str, str]) -> dict[str, Any]:
    program, status, determined_on, expires_on, under = text.split(":")
    return {
        "program": program,
        "status": status,
        "determined_on": determined_on,
        "expires_on": expires_on,
        "household_size": int(row.get("household_size") or 1),
        "verified_income_under_80_ami": under == "true",
    }
