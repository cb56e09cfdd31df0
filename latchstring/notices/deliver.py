"""Deliver: one notice by email to the accounts it is for.

1. A delivery that was sent, bounced or failed is left alone.
2. Send, outside any transaction, with a message id made from the delivery: a second copy after a
   crash between sending and recording can be recognised by the mail program.
3. Record what became of it: sent, refused for good, or to be tried again (at most 8 times).
"""

import smtplib
import uuid
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage

from latchstring.kernel import events, transactions
from latchstring.kernel.crashpoint import crashpoint
from latchstring.kernel.environment import text
from latchstring.notices.models import Delivery
from latchstring.notices.read import opened
from latchstring.notices.write import receivers

TRIES_MAX = 8
FIRST_WAIT_SECONDS = 15
ENDING = {
    "en": "You can read this letter and answer it here: {link}\n"
    "Never send your Social Security number or bank account by email.",
    "es": "Puede leer esta carta y contestarla aquí: {link}\n"
    "Nunca envíe su número de Seguro Social ni su cuenta bancaria por correo electrónico.",
}


def _link(state: str, language: str) -> str:
    base = text("LATCHSTRING_PUBLIC_URL", f"http://127.0.0.1:{text('PORT', '8000')}")
    path = f"/{state}/messages/"
    return f"{base}/es{path}" if language == "es" else f"{base}{path}"


def _messages(delivery: Delivery) -> list[EmailMessage]:
    notice = opened(delivery.notice)
    state = delivery.agency.partition("-")[0]
    ending = ENDING[notice.language].format(link=_link(state, notice.language))
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    return [
        EmailMessage(
            subject=notice.title,
            body=f"{notice.body.rstrip()}\n\n{ending}\n",
            to=[account.email],
            headers={"Message-ID": f"<{delivery.id}.{number}@{host}>"},
        )
        for number, account in enumerate(receivers(delivery.notice))
    ]


def deliver(delivery_id: uuid.UUID) -> timedelta | None:
    """Send a delivery once. Returns how long to wait before trying again, or None when done."""
    delivery = Delivery.objects.select_related("notice").filter(id=delivery_id).first()
    if delivery is None or delivery.sent_at or delivery.bounced_at or delivery.failed_at:
        return None
    problem, refused = "", False
    messages = _messages(delivery)
    if not messages:
        problem, refused = "no_address", True
    crashpoint("K32 letter: before it is sent")
    for message in messages:
        try:
            message.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            refused = all(500 <= code < 600 for code in codes)
            problem = f"refused_{codes[0]}" if codes else "refused"
        except (smtplib.SMTPException, OSError) as error:
            problem = type(error).__name__
    crashpoint("K33 letter: sent, not recorded")
    return _recorded(delivery_id, problem, refused)


def _recorded(delivery_id: uuid.UUID, problem: str, refused: bool) -> timedelta | None:
    """Write what became of an attempt; returns the wait before the next one."""
    with transactions.verb() as moment:
        delivery = Delivery.objects.select_for_update().get(id=delivery_id)
        if delivery.sent_at:
            return None
        delivery.attempts += 1
        delivery.problem = problem[:80]
        happened = ""
        if not problem:
            delivery.sent_at, happened = moment, "notice.sent.v1"
        elif refused:
            delivery.bounced_at, happened = moment, "notice.bounced.v1"
        elif delivery.attempts >= TRIES_MAX:
            delivery.failed_at, happened = moment, "notice.failed.v1"
        delivery.save()
        if happened:
            events.record(
                happened,
                subject=delivery.notice_id,
                agency=delivery.agency,
                actor="system:mail",
                payload={"delivery": str(delivery.id), "problem": delivery.problem},
            )
            return None
    return timedelta(seconds=FIRST_WAIT_SECONDS * 2 ** (delivery.attempts - 1))
