"""A page that was saved in another window since it was opened: both versions are shown.

Each page carries a mark of what was saved when it was shown. Where that has changed meanwhile and
differs from what was typed, nothing is saved: the person sees both, and saves theirs or keeps the
other.
"""

import re
from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from latchstring.programs import door as programs
from latchstring.web.portal.fields import Field, Page, filled

MARK = "saved_as"


def mark(saved: Page) -> str:
    """Return the mark of a page's saved values; it tells nothing about them."""
    values = repr([(one.name, one.value) for one in saved.fields])
    return salted_hmac("latchstring.page", values).hexdigest()[:16]


def other_version(request: HttpRequest, saved: Page) -> list[tuple[str, str]]:
    """Return what another window has saved since, label and value, where it was typed otherwise.

    Nothing when nobody saved in between, or when both say the same.
    """
    if request.POST.get(MARK, mark(saved)) == mark(saved):
        return []
    return [
        (one.label, _spoken(one))
        for one, mine in zip(saved.fields, typed(request, saved).fields, strict=True)
        if _plain(one) != _plain(mine)
    ]


def typed(request: HttpRequest, saved: Page) -> Page:
    """Return the page with what was typed alone: a box that was not ticked is empty."""
    return filled([replace(one, value="") for one in saved.fields], request.POST)


def _plain(one: Field) -> Any:
    """Return a value as it compares: a phone number or a sum may be written in several ways."""
    if isinstance(one.value, dict):
        return {part: text.strip().lstrip("0") for part, text in one.value.items()}
    if isinstance(one.value, list):
        return sorted(one.value)
    text = str(one.value).strip()
    if one.kind in ("tel", "money", "number"):
        return re.sub(r"[^\d.]", "", text).removesuffix(".00")
    return text


def _spoken(one: Field) -> str:
    if one.kind == "date" and all(one.value.values()):
        day = date(*(int(one.value[part]) for part in ("year", "month", "day")))
        return programs.text(day, get_language() or "en")
    if not one.value or one.kind == "date":
        return _("Nothing")
    if one.kind == "tick":
        return _("Yes")
    return dict(one.choices).get(str(one.value), str(one.value))
