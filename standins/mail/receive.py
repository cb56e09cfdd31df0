"""Taking messages over SMTP, and refusing some as real servers do."""

import asyncio
from email.utils import formatdate, make_msgid
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from standins.mail.mailbox import Mailbox

REFUSED, BUSY, LATER = "bounce.test", "busy.test", "later-bounce.test"
LARGEST_MESSAGE = 30_000_000


class Receiver:
    """aiosmtpd's handler: keeps what is accepted."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_RCPT(  # noqa: N802 (the name is aiosmtpd's)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[Any]
    ) -> str:
        """Refuse the addresses that stand for trouble."""
        domain = address.rpartition("@")[2].lower()
        if domain == REFUSED:
            return "550 5.1.1 No such mailbox here"
        if domain == BUSY:
            return "451 4.3.0 Please try again later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the message; a failure report follows for mailboxes that bounce later."""
        content = envelope.original_content or b""
        sender = envelope.mail_from or ""
        await asyncio.to_thread(self._mailbox.keep, sender, envelope.rcpt_tos, content)
        late = [to for to in envelope.rcpt_tos if to.lower().endswith(f"@{LATER}")]
        for address in late if sender else []:
            report = failure_report(sender, address)
            await asyncio.to_thread(self._mailbox.keep, "", [sender], report)
        return "250 2.0.0 OK, kept"


def failure_report(sender: str, address: str) -> bytes:
    """A delivery status notification (RFC 3464) that tells the sender of a dead mailbox."""
    mark = make_msgid(domain="standin.test")
    edge = mark.strip("<>").partition("@")[0]
    lines = [
        "From: Mail Delivery <postmaster@standin.test>",
        f"To: {sender}",
        "Subject: Undelivered mail returned to sender",
        f"Date: {formatdate()}",
        f"Message-ID: {mark}",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{edge}"',
        *("", f"--{edge}", "Content-Type: text/plain; charset=utf-8", ""),
        f"Your message to {address} could not be delivered: no such mailbox.",
        *(f"--{edge}", "Content-Type: message/delivery-status", ""),
        *("Reporting-MTA: dns; standin.test", ""),
        *(f"Final-Recipient: rfc822; {address}", "Action: failed", "Status: 5.1.1", ""),
        *(f"--{edge}--", ""),
    ]
    return "\r\n".join(lines).encode()
