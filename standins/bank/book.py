"""The bank's own book: files taken, each trace at most once, settlements, returns, a journal."""

import hashlib
import json
import re
import sqlite3
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from standins.bank import write_returns
from standins.bank.read_file import PRENOTE, Fault, Reading, read, shown
from standins.people import open_store

RETURNS = {"02", "03", "04", "14", "15", "16", "17", "20", "23", "24", "31"}
CHANGES = {"01", "02", "03", "05"}
LATE, TWICE, SHORT, STRANGER, NEVER = "9760", "9755", "9751", "9752", "9750"
LATE_DAYS = 60

TABLES = """
CREATE TABLE IF NOT EXISTS file (number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL,
  sha256 TEXT NOT NULL, guard TEXT, header TEXT, status TEXT NOT NULL, answer TEXT NOT NULL,
  pending INTEGER NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX IF NOT EXISTS one_live_file_per_key ON file (key) WHERE status <> 'rejected';
CREATE UNIQUE INDEX IF NOT EXISTS duplicate_guard ON file (guard) WHERE status <> 'rejected';
CREATE TABLE IF NOT EXISTS entry (trace TEXT PRIMARY KEY, file INTEGER NOT NULL, raw TEXT NOT NULL,
  batch TEXT NOT NULL, amount_cents INTEGER NOT NULL, effective TEXT NOT NULL, settled_on TEXT,
  reason TEXT, back_after INTEGER, back_on TEXT);
CREATE INDEX IF NOT EXISTS unsettled ON entry (effective) WHERE settled_on IS NULL;
CREATE TABLE IF NOT EXISTS settlement (cursor INTEGER PRIMARY KEY AUTOINCREMENT, file INTEGER,
  trace TEXT NOT NULL, amount_cents INTEGER NOT NULL, settled_on TEXT NOT NULL, copy_of INTEGER);
CREATE TABLE IF NOT EXISTS report (cursor INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,
  kind TEXT NOT NULL, content TEXT NOT NULL, copy_of INTEGER);
CREATE TABLE IF NOT EXISTS benefit (id TEXT PRIMARY KEY, content TEXT NOT NULL,
  number INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS journal (number INTEGER PRIMARY KEY AUTOINCREMENT, trace TEXT NOT NULL,
  direction TEXT NOT NULL, posted_on TEXT NOT NULL, UNIQUE (trace, direction));
"""


class KeyReused(Exception):
    """The idempotency key belongs to other bytes that were accepted."""


class Book:
    """Everything the bank knows. Each public function is one transaction."""

    def __init__(self, path: Path) -> None:
        self.store: sqlite3.Connection = open_store(path)
        self.store.execute("PRAGMA synchronous = FULL")
        self.store.executescript(TABLES)
        self._lock = threading.RLock()

    # --- help on cards: the bank's other trade is the state's card contractor -------------------

    def put_on_card(self, benefit_id: str, content: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        """Put a month's help on a card; returns the answer, and whether it was there already."""
        written = json.dumps(content, sort_keys=True)
        with self._lock, self._transaction():
            found = "SELECT content, number FROM benefit WHERE id = ?"
            known = self.store.execute(found, [benefit_id]).fetchone()
            if known is None:
                count = self.store.execute("SELECT count(*) + 1 FROM benefit").fetchone()[0]
                row = (benefit_id, written, count)
                self.store.execute("INSERT INTO benefit VALUES (?, ?, ?)", row)
            elif known[0] != written:
                raise KeyReused
        answer = {"status": "posted", "amount_cents": content["amount_cents"]}
        return answer | {"reference": f"EBT{known[1] if known else count:07d}"}, known is not None

    def benefits(self) -> list[dict[str, Any]]:
        """Every month of help on a card, the first first."""
        with self._lock:
            rows = self.store.execute("SELECT id, content FROM benefit ORDER BY number").fetchall()
        return [{"id": row[0], **json.loads(row[1])} for row in rows]

    # --- files ---------------------------------------------------------------------------------

    def take(
        self, key: str, content: bytes, refused: bool = False, pending: int = 0
    ) -> tuple[dict[str, Any], bool]:
        """Accept or reject a file; returns the answer, and whether it is a repeated one."""
        digest = hashlib.sha256(content).hexdigest()
        with self._lock, self._transaction():
            known = self._by_key(key)
            if known is not None and known["sha256"] == digest:
                return self._look(known), True
            if known is not None and known["status"] != "rejected":
                raise KeyReused
            reading = read(content)
            faults = reading.faults or self._refusals(reading, refused)
            number = self._enter_file(key, digest, reading, faults, pending)
            if not faults:
                self._enter_entries(number, reading)
            row = self.store.execute("SELECT * FROM file WHERE number = ?", (number,)).fetchone()
            return _answer(row), False

    def file(self, number: int) -> dict[str, Any] | None:
        """The answer for a file, or None."""
        with self._lock, self._transaction():
            row = self.store.execute("SELECT * FROM file WHERE number = ?", (number,)).fetchone()
            return None if row is None else self._look(row)

    def file_of(self, key: str) -> dict[str, Any] | None:
        """The newest answer for an idempotency key, or None: it never came here."""
        with self._lock, self._transaction():
            row = self._by_key(key)
            return None if row is None else self._look(row)

    def _by_key(self, key: str) -> sqlite3.Row | None:
        query = "SELECT * FROM file WHERE key = ? ORDER BY number DESC LIMIT 1"
        row: sqlite3.Row | None = self.store.execute(query, (key,)).fetchone()
        return row

    def _look(self, row: sqlite3.Row) -> dict[str, Any]:
        if row["pending"]:
            change = "UPDATE file SET pending = pending - 1 WHERE number = ?"
            self.store.execute(change, (row["number"],))
        return _answer(row)

    def _refusals(self, reading: Reading, refused: bool) -> list[Fault]:
        if refused:
            return [Fault(1, "file", "refused_by_operator", "The operator refused this file.")]
        query = "SELECT 1 FROM file WHERE guard = ? AND status <> 'rejected'"
        if self.store.execute(query, (reading.guard,)).fetchone():
            sentence = "A file of the same origin, date, time and modifier was accepted before."
            return [Fault(1, "file_id_modifier", "duplicate_file", sentence)]
        seen = set()
        for entry in reading.entries:
            query = "SELECT 1 FROM entry WHERE trace = ?"
            if entry.trace in seen or self.store.execute(query, (entry.trace,)).fetchone():
                sentence = "This trace number was used before."
                return [Fault(entry.record, "trace_number", "duplicate_trace", sentence)]
            seen.add(entry.trace)
        return []

    def _enter_file(
        self, key: str, digest: str, reading: Reading, faults: list[Fault], pending: int
    ) -> int:
        status = "rejected" if faults else "accepted"
        content = {
            "entries": 0 if faults else len(reading.entries),
            "credit_cents": 0 if faults else reading.credit_cents,
            "received_at": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "errors": list(shown(faults)),
        }
        added = self.store.execute(
            "INSERT INTO file (key, sha256, guard, header, status, answer, pending)"
            " VALUES (?,?,?,?,?,?,?)",
            (
                *(key, digest, reading.guard, reading.header, status),
                *(json.dumps(content), 0 if faults else pending),
            ),
        )
        return int(added.lastrowid or 0)

    def _enter_entries(self, number: int, reading: Reading) -> None:
        rows = []
        for entry in reading.entries:
            reason, days = planned(entry.account)
            effective = entry.batch.effective.isoformat()
            rows.append(
                (
                    *(entry.trace, number, entry.raw, entry.batch.header, entry.amount_cents),
                    *(effective, reason, days),
                )
            )
        self.store.executemany(
            "INSERT INTO entry (trace, file, raw, batch, amount_cents, effective, reason,"
            " back_after) VALUES (?,?,?,?,?,?,?,?)",
            rows,
        )

    # --- days pass -----------------------------------------------------------------------------

    def advance(self, today: date, all_now: bool = False, returns: bool = True) -> dict[str, int]:
        """Settle and return what is due by `today`, or everything."""
        counted = {"settled": 0, "returned": 0, "changed": 0}
        limit = "9999" if all_now else today.isoformat()
        with self._lock, self._transaction():
            query = "SELECT * FROM entry WHERE settled_on IS NULL AND effective <= ? ORDER BY trace"
            for row in self.store.execute(query, (limit,)).fetchall():
                counted["settled"] += self._settle(row, min(row["effective"], today.isoformat()))
            if returns:
                self._send_back(limit, all_now, counted)
        return counted

    def _settle(self, row: sqlite3.Row, day: str) -> int:
        ending = row["raw"][12:29].strip()[-4:]
        if ending == NEVER:
            return 0
        due = (date.fromisoformat(day) + timedelta(days=row["back_after"] or 0)).isoformat()
        change = "UPDATE entry SET settled_on = ?, back_on = ? WHERE trace = ?"
        self.store.execute(change, (day, due if row["reason"] else None, row["trace"]))
        if row["raw"][1:3] in PRENOTE:
            return 0
        post = "INSERT INTO journal (trace, direction, posted_on) VALUES (?, 'paid', ?)"
        self.store.execute(post, (row["trace"], day))
        amount = row["amount_cents"] - (1 if ending == SHORT else 0)
        lines = [(row["file"], row["trace"], amount, day)] * (2 if ending == TWICE else 1)
        if ending == STRANGER:
            lines.append((row["file"], f"{row['trace'][:8]}9999999", amount, day))
        self.store.executemany(
            "INSERT INTO settlement (file, trace, amount_cents, settled_on) VALUES (?,?,?,?)", lines
        )
        return 1

    def _send_back(self, limit: str, all_now: bool, counted: dict[str, int]) -> None:
        query = (
            "SELECT entry.*, file.header FROM entry JOIN file ON file.number = entry.file"
            " WHERE settled_on IS NOT NULL AND back_on <= ? ORDER BY trace"
        )
        groups: dict[tuple[str, str, str], list[sqlite3.Row]] = {}
        for row in self.store.execute(query, (limit,)).fetchall():
            kind = "return" if row["reason"][0] == "R" else "change"
            day = row["settled_on"] if all_now else row["back_on"]
            groups.setdefault((kind, day, row["header"]), []).append(row)
        for (kind, day, header), rows in sorted(groups.items()):
            self._report(kind, date.fromisoformat(day), header, rows)
            counted["returned" if kind == "return" else "changed"] += len(rows)

    def _report(self, kind: str, day: date, header: str, rows: list[sqlite3.Row]) -> None:
        number = int(self.store.execute("SELECT count(*) FROM report").fetchone()[0]) + 1
        content = write_returns.write(header, [_item(row, day) for row in rows], day, number)
        name = f"{'RET' if kind == 'return' else 'NOC'}{number:06}.ach"
        add = "INSERT INTO report (name, kind, content) VALUES (?,?,?)"
        self.store.execute(add, (name, kind, content))
        for row in rows:
            self.store.execute("UPDATE entry SET back_on = NULL WHERE trace = ?", (row["trace"],))
            if kind == "return" and row["amount_cents"]:
                post = "INSERT INTO journal (trace, direction, posted_on) VALUES (?,'returned',?)"
                self.store.execute(post, (row["trace"], day.isoformat()))

    # --- reports -------------------------------------------------------------------------------

    def settlements(self, after: int, limit: int) -> list[dict[str, Any]]:
        """Settlement lines after a cursor."""
        with self._lock:
            query = "SELECT * FROM settlement WHERE cursor > ? ORDER BY cursor LIMIT ?"
            rows = self.store.execute(query, (after, limit)).fetchall()
        return [
            {
                "cursor": row["cursor"],
                "file_id": _name(row["file"]),
                "trace": row["trace"],
                "amount_cents": row["amount_cents"],
                "settled_on": row["settled_on"],
                "status": "settled",
            }
            for row in rows
        ]

    def reports(self, after: int, limit: int) -> list[dict[str, Any]]:
        """Return and change files after a cursor."""
        with self._lock:
            query = "SELECT * FROM report WHERE cursor > ? ORDER BY cursor LIMIT ?"
            rows = self.store.execute(query, (after, limit)).fetchall()
        return [
            {
                "cursor": row["cursor"],
                "name": row["name"],
                "kind": row["kind"],
                "sha256": hashlib.sha256(row["content"].encode()).hexdigest(),
                "content": row["content"],
            }
            for row in rows
        ]

    def repeat_everything(self) -> None:
        """Report each line and each file a second time under a new cursor (once only)."""
        with self._lock, self._transaction():
            self.store.execute(
                "INSERT INTO settlement (file, trace, amount_cents, settled_on, copy_of)"
                " SELECT file, trace, amount_cents, settled_on, cursor FROM settlement AS old"
                " WHERE copy_of IS NULL AND NOT EXISTS"
                " (SELECT 1 FROM settlement WHERE copy_of = old.cursor)"
            )
            self.store.execute(
                "INSERT INTO report (name, kind, content, copy_of)"
                " SELECT name, kind, content, cursor FROM report AS old WHERE copy_of IS NULL"
                " AND NOT EXISTS (SELECT 1 FROM report WHERE copy_of = old.cursor)"
            )

    def journal(self) -> dict[str, Any]:
        """Its own book, for whoever checks that nothing was paid twice or unasked."""
        with self._lock:
            entries = self.store.execute(
                "SELECT journal.*, entry.raw, entry.batch, entry.amount_cents, entry.file, file.key"
                " FROM journal JOIN entry USING (trace) JOIN file ON file.number = entry.file"
                " ORDER BY journal.number"
            ).fetchall()
            files = self.store.execute("SELECT * FROM file ORDER BY number").fetchall()
        return {
            "entries": [_posted(row) for row in entries],
            "files": [
                {**_answer(row, settled=True), "idempotency_key": row["key"]} for row in files
            ],
        }

    def _transaction(self) -> "_Transaction":
        return _Transaction(self.store)


class _Transaction:
    def __init__(self, store: sqlite3.Connection) -> None:
        self._store = store

    def __enter__(self) -> None:
        self._store.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._store.execute("COMMIT" if kind is None else "ROLLBACK")


def planned(account: str) -> tuple[str | None, int | None]:
    """What becomes of a credit to this account number: a reason, and after how many days."""
    ending = account[-4:]
    if not re.fullmatch(r"\d{4}", ending):
        return None, None
    if ending == LATE:
        return "R02", LATE_DAYS
    if ending[:2] == "99" and ending[2:] in RETURNS:
        return f"R{ending[2:]}", 1
    if ending[:2] == "98" and ending[2:] in CHANGES:
        return f"C{ending[2:]}", 1
    return None, None


def _item(row: sqlite3.Row, day: date) -> write_returns.Item:
    reason = row["reason"]
    return write_returns.Item(
        reason,
        row["raw"],
        row["batch"],
        write_returns.corrected_data(reason, row["raw"]) if reason[0] == "C" else "",
        day - timedelta(days=30) if reason in ("R14", "R15") else None,
    )


def _name(number: int) -> str:
    return f"F{number:06}"


def _answer(row: sqlite3.Row, settled: bool = False) -> dict[str, Any]:
    status = "pending" if row["pending"] and not settled else row["status"]
    return {"file_id": _name(row["number"]), "status": status, **json.loads(row["answer"])}


def _posted(row: sqlite3.Row) -> dict[str, Any]:
    raw = row["raw"]
    return {
        "trace": row["trace"],
        "file_id": _name(row["file"]),
        "idempotency_key": row["key"],
        "amount_cents": row["amount_cents"],
        "direction": row["direction"],
        "posted_on": row["posted_on"],
        "receiving_routing": raw[3:12],
        "account_last4": raw[12:29].strip()[-4:],
        "name": (raw[58:74] if row["batch"][50:53] == "CTX" else raw[54:76]).strip(),
    }
