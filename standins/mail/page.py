"""The page on which the demo's mail is read: plain HTML, no script, newest first."""

from html import escape
from typing import Any
from urllib.parse import urlencode

from standins.mail.mailbox import LINK

STYLE = """
body{font:1.0625rem/1.6 system-ui,sans-serif;color:#1b1b1b;background:#fff;margin:0 auto;
max-width:48rem;padding:1rem}
a{color:#005ea2}a:visited{color:#54278f}
a:focus,input:focus,button:focus{outline:.25rem solid #2491ff}
h1{font-size:1.6rem}h2{font-size:1.2rem}li{margin:.4rem 0}ol,ul{padding-left:1.2rem}
.text{white-space:pre-wrap;overflow-wrap:anywhere;
border-left:.25rem solid #005ea2;padding-left:1rem}
dt{font-weight:700}dd{margin:0 0 .5rem}input,button{font:inherit;padding:.5rem}
.note{color:#565c65}
"""


def frame(title: str, content: str) -> str:
    """A whole page."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body><main>{content}</main></body></html>"
    )


def inbox(messages: list[dict[str, Any]], recipients: list[tuple[str, int]], to: str | None) -> str:
    """The list, of everyone or of one person."""
    heading = f"Mail to {escape(to)}" if to else "Mail sent by the demo"
    rows = "".join(
        f'<li><a href="/messages/{message["id"]}">{escape(message["subject"] or "(no subject)")}'
        f'</a><br><span class="note">to {escape(", ".join(message["to"]))}, '
        f"{when(message)}</span></li>"
        for message in messages
    )
    people = "".join(
        f'<li><a href="/?{escape(urlencode({"to": address}))}">{escape(address)}</a> ({count})</li>'
        for address, count in recipients
    )
    everyone = '<p><a href="/">Mail to everyone</a></p>' if to else ""
    return frame(
        heading.replace("&#x27;", "'"),
        f"<h1>{heading}</h1><p>This is a stand-in mail server. Nothing leaves this computer.</p>"
        f'{everyone}<form action="/" method="get"><label for="to">Show mail to one address</label>'
        f'<br><input id="to" name="to" type="email" value="{escape(to or "")}"> '
        "<button>Show</button></form>"
        f"<h2>Messages, newest first</h2>{f'<ol>{rows}</ol>' if rows else '<p>No mail yet.</p>'}"
        f"<h2>People</h2>{f'<ul>{people}</ul>' if people else '<p>Nobody yet.</p>'}",
    )


def message(shown: dict[str, Any]) -> str:
    """One message, as plain text with its links."""
    first = urlencode({"to": shown["to"][0]}) if shown["to"] else ""
    attached = "".join(
        f"<li>{escape(part['name'] or part['type'])} ({part['size']} bytes)</li>"
        for part in shown["attachments"]
    )
    return frame(
        shown["subject"] or "(no subject)",
        f'<p><a href="/?{escape(first)}">All mail to this person</a></p>'
        f"<h1>{escape(shown['subject'] or '(no subject)')}</h1>"
        f"<dl><dt>From</dt><dd>{escape(shown['headers'].get('From', shown['from']))}</dd>"
        f"<dt>To</dt><dd>{escape(', '.join(shown['to']))}</dd>"
        f"<dt>Received</dt><dd>{when(shown)}</dd></dl>"
        f'<div class="text">{linked(shown["text"])}</div>'
        + (f"<h2>Attached</h2><ul>{attached}</ul>" if attached else "")
        + f'<p><a href="/api/messages/{shown["id"]}/raw">The message as sent</a></p>',
    )


def when(shown: dict[str, Any]) -> str:
    """The time of receipt, readable and machine-readable."""
    stamp = escape(shown["received_at"])
    readable = stamp.replace("T", " ").removesuffix("Z")
    return f'<time datetime="{stamp}">{readable} UTC</time>'


def linked(text: str) -> str:
    """Text made safe for HTML, with its web addresses as links."""
    parts, end = [], 0
    for found in LINK.finditer(text):
        address = escape(found[0])
        parts.append(f'{escape(text[end : found.start()])}<a href="{address}">{address}</a>')
        end = found.end()
    return "".join(parts) + escape(text[end:])
