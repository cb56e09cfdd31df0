"""The messages that came in: one file each, and an index in sqlite. Survives a restart."""

import email
import email.policy
import os
import re
import threading
from datetime import UTC, datetime
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from typing import Any

from standins.people import open_store

LINK = re.compile(r"""https?://[^\s<>"')\]]+[^\s<>"')\].,;:!?]""")

NEWEST_FIRST = (
    "SELECT * FROM message WHERE id > ? AND (? IS NULL OR id IN"
    " (SELECT message FROM recipient WHERE address = ?)) ORDER BY id DESC LIMIT ?"
)
OLDEST_FIRST = NEWEST_FIRST.replace(" DESC", "")


class Mailbox:
    """Everything received. Recipients are compared without case."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "messages"
        self._folder.mkdir(parents=True, exist_ok=True)
        os.chmod(folder, 0o700)  # noqa: S103 (owner only)
        self.store = open_store(folder / "mail.sqlite")
        self._lock = threading.Lock()
        self.store.executescript(
            "CREATE TABLE IF NOT EXISTS message (id INTEGER PRIMARY KEY AUTOINCREMENT,"
            " sender TEXT, subject TEXT, received_at TEXT);"
            "CREATE TABLE IF NOT EXISTS recipient (address TEXT, message INTEGER,"
            " PRIMARY KEY (address, message)) WITHOUT ROWID;"
        )

    def keep(self, sender: str, recipients: list[str], content: bytes) -> int:
        """Store a message; its file is on disk before the sender is told that it was taken."""
        subject = str(_parse(content).get("Subject", ""))
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        with self._lock:
            self.store.execute("BEGIN IMMEDIATE")
            try:
                number = self.store.execute(
                    "INSERT INTO message (sender, subject, received_at) VALUES (?,?,?)",
                    (sender, subject, now),
                ).lastrowid
                self.store.executemany(
                    "INSERT OR IGNORE INTO recipient VALUES (?,?)",
                    [(address.lower(), number) for address in recipients],
                )
                path = self._path(int(number or 0))
                path.write_bytes(content)
                self.store.execute("COMMIT")
            except BaseException:
                self.store.execute("ROLLBACK")
                raise
        return int(number or 0)

    def recipients(self) -> list[tuple[str, int]]:
        """Each address with its number of messages."""
        with self._lock:
            query = "SELECT address, count(*) FROM recipient GROUP BY address ORDER BY address"
            return [(row[0], row[1]) for row in self.store.execute(query)]

    def listed(self, to: str | None, newest_first: bool, limit: int, after: int = 0) -> list[dict]:
        """Index entries: id, from, to, subject, received_at."""
        query = NEWEST_FIRST if newest_first else OLDEST_FIRST
        address = to.strip().lower() if to else None
        with self._lock:
            rows = self.store.execute(query, (after, address, address, limit)).fetchall()
            return [
                {
                    "id": row["id"],
                    "from": row["sender"],
                    "to": self._to(row["id"]),
                    "subject": row["subject"],
                    "received_at": row["received_at"],
                }
                for row in rows
            ]

    def _to(self, number: int) -> list[str]:
        query = "SELECT address FROM recipient WHERE message = ? ORDER BY address"
        return [row[0] for row in self.store.execute(query, (number,))]

    def message(self, number: int) -> dict[str, Any] | None:
        """One message whole, with its text, links and attachments' names; None when unknown."""
        found = self.listed(None, False, 1, number - 1)
        if not found or found[0]["id"] != number:
            return None
        parsed = _parse(self._path(number).read_bytes())
        text, html = _body(parsed, "plain"), _body(parsed, "html")
        if text is None:
            text = _plain(html or "")
        return {
            **found[0],
            "text": text,
            "html": html,
            "links": links(text) or links(unescape(html or "")),
            "attachments": [_attachment(part) for part in parsed.iter_attachments()],
            "headers": {name: str(value) for name, value in parsed.items()},
        }

    def raw(self, number: int) -> bytes | None:
        """The bytes as received."""
        path = self._path(number)
        return path.read_bytes() if path.exists() else None

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:08}.eml"


def links(text: str) -> list[str]:
    """The web addresses in a text, each once, in order."""
    return list(dict.fromkeys(LINK.findall(text)))


def _parse(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)  # type: ignore[return-value]


def _body(parsed: EmailMessage, kind: str) -> str | None:
    try:
        part = parsed.get_body((kind,))
        return None if part is None else str(part.get_content())
    except (KeyError, LookupError, ValueError):
        return None


def _plain(html: str) -> str:
    without = re.sub(r"(?is)<(style|script).*?</\1>", "", html)
    return unescape(re.sub(r"<[^>]+>", " ", without))


def _attachment(part: Any) -> dict[str, Any]:
    size = len(part.get_payload(decode=True) or b"")
    return {"name": part.get_filename() or "", "type": part.get_content_type(), "size": size}
