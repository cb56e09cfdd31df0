"""The stand-in mail server: keeps what comes, refuses what should bounce, and is read on a page."""

import smtplib
import time
from email.message import EmailMessage
from urllib.parse import urlsplit

import httpx
import pytest


@pytest.fixture(scope="module")
def mail(start):
    return start("mail")


def send(mail, to, subject="Su solicitud — recibida", text="See http://127.0.0.1:8000/a?b=1&c=2."):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "help@latchstring.example", to, subject
    message.set_content(text)
    message.add_alternative(f"<p>{text}</p>", subtype="html")
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="notice.pdf")
    place = urlsplit(mail.smtp)
    with smtplib.SMTP(place.hostname, place.port, timeout=5) as smtp:
        smtp.send_message(message)


def messages(mail, to):
    return httpx.get(f"{mail.url}/api/messages", params={"to": to}).json()["messages"]


def test_a_message_is_kept_and_told_as_json(mail):
    send(mail, "Ana@example.org")
    found = messages(mail, "ana@EXAMPLE.org")
    assert len(found) == 1
    assert found[0]["subject"] == "Su solicitud — recibida"
    assert found[0]["links"] == ["http://127.0.0.1:8000/a?b=1&c=2"]
    assert found[0]["attachments"] == [{"name": "notice.pdf", "type": "application/pdf", "size": 5}]
    assert "<p>" in found[0]["html"]
    one = httpx.get(f"{mail.url}/api/messages/{found[0]['id']}").json()
    assert one == found[0]
    assert b"Subject:" in httpx.get(f"{mail.url}/api/messages/{found[0]['id']}/raw").content


def test_the_page_lists_newest_first_and_shows_links(mail):
    send(mail, "bo@example.org", "First")
    send(mail, "bo@example.org", "<b>Second</b>")
    page = httpx.get(f"{mail.url}/", params={"to": "bo@example.org"}).text
    assert page.index("&lt;b&gt;Second") < page.index("First")
    assert "<b>Second" not in page
    number = messages(mail, "bo@example.org")[0]["id"]
    shown = httpx.get(f"{mail.url}/messages/{number}").text
    assert '<a href="http://127.0.0.1:8000/a?b=1&amp;c=2">' in shown
    assert 'lang="en"' in shown
    assert "bo@example.org" in httpx.get(mail.url).text
    assert httpx.get(f"{mail.url}/messages/99999").status_code == 404


def test_dead_and_busy_mailboxes(mail):
    for address, code in (("x@bounce.test", 550), ("x@busy.test", 451)):
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            send(mail, address)
        assert refused.value.recipients[address][0] == code
    assert messages(mail, "x@bounce.test") == []


def test_a_mailbox_may_bounce_later(mail):
    send(mail, "gone@later-bounce.test")
    reports = messages(mail, "help@latchstring.example")
    assert reports[0]["headers"]["Content-Type"].startswith("multipart/report")
    raw = httpx.get(f"{mail.url}/api/messages/{reports[0]['id']}/raw").text
    assert "Status: 5.1.1" in raw
    assert "Final-Recipient: rfc822; gone@later-bounce.test" in raw


def test_mail_survives_a_restart_and_stops_fast(start, tmp_path):
    mail = start("mail", data=tmp_path)
    send(mail, "cy@example.org")
    began = time.monotonic()
    assert mail.stop() == 0
    assert time.monotonic() - began < 2
    assert len(messages(start("mail", data=tmp_path), "cy@example.org")) == 1


def test_the_log_holds_no_address(mail):
    send(mail, "dee@example.org")
    messages(mail, "dee@example.org")
    assert "GET /api/messages 200" in mail.log()
    assert "dee@" not in mail.log()
