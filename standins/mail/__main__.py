"""`python -m standins.mail`: the mail server and its page."""

import argparse
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from standins.mail import page
from standins.mail.mailbox import Mailbox
from standins.mail.receive import LARGEST_MESSAGE, Receiver
from standins.server import Answer, Refused, Request, Route, listen, serve, url_of

POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'"
MOST_LISTED = 500


class Reading:
    """The page and the JSON for tests."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self.routes = [
            Route("GET", "/healthz", lambda _: Answer({"ok": True})),
            Route("GET", "/", self.inbox),
            Route("GET", "/messages/{number}", self.message),
            Route("GET", "/api/messages", self.listed),
            Route("GET", "/api/messages/{number}", self.as_json),
            Route("GET", "/api/messages/{number}/raw", self.raw),
        ]

    def answer(self, request: Request) -> Answer:
        """Route a request; there is no sign-in: only this computer can reach it."""
        for route in self.routes:
            segments = route.match(request.path)
            if segments is not None and request.method == route.method:
                return route.handler(request, **segments)
        raise Refused(404, "not_found", "There is nothing here.")

    def inbox(self, request: Request) -> Answer:
        """Newest first, of everyone or of one address."""
        to = request.query.get("to") or None
        messages = self.mailbox.listed(to, newest_first=True, limit=MOST_LISTED)
        return _html(page.inbox(messages, self.mailbox.recipients(), to))

    def message(self, _: Request, number: str) -> Answer:
        """One message to read."""
        return _html(page.message(_found(self.mailbox.message, number)))

    def listed(self, request: Request) -> Answer:
        """Whole messages as JSON, oldest first."""
        to, after = request.query.get("to") or None, request.number("after", 0)
        index = self.mailbox.listed(to, newest_first=False, limit=MOST_LISTED, after=after)
        return Answer({"messages": [self.mailbox.message(entry["id"]) for entry in index]})

    def as_json(self, _: Request, number: str) -> Answer:
        """One message as JSON."""
        return Answer(_found(self.mailbox.message, number))

    def raw(self, _: Request, number: str) -> Answer:
        """The bytes as received, shown as text."""
        content = _found(self.mailbox.raw, number)
        return Answer(content, content_type="text/plain; charset=utf-8")


def _found(lookup: Callable[[int], Any], number: str) -> Any:
    content = lookup(int(number)) if number.isdigit() else None
    if content is None:
        raise Refused(404, "not_found", "There is no such message.")
    return content


def _html(content: str) -> Answer:
    headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"}
    return Answer(content, headers=headers, content_type="text/html; charset=utf-8")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    """The whole process."""
    parser = argparse.ArgumentParser(description="The stand-in mail server.")
    parser.add_argument("--smtp-port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--page-port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--data", type=Path, required=True, help="folder for what it keeps")
    parser.add_argument("--seed", type=int, default=1, help="taken and not used")
    parser.add_argument("--parent", type=int, help="end when this process is gone")
    given = parser.parse_args()
    mailbox = Mailbox(given.data)
    port = given.smtp_port or _free_port()
    smtp = Controller(
        Receiver(mailbox),
        hostname="127.0.0.1",
        port=port,
        server_hostname="standin.test",
        data_size_limit=LARGEST_MESSAGE,
        enable_SMTPUTF8=True,
    )
    smtp.start()
    server = listen(Reading(mailbox).answer, given.page_port)
    announced = {"url": url_of(server), "smtp": f"smtp://127.0.0.1:{port}"}

    def close() -> None:
        smtp.stop()
        mailbox.store.close()

    serve(server, announced, given.parent, close)


if __name__ == "__main__":
    main()
