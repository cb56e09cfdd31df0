"""Filters of the staff's pages: money and codes in words."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from latchstring.cases import door as cases
from latchstring.kernel import clock, money
from latchstring.web.desk import words

register = template.Library()


@register.filter
def dollars(cents: int | None) -> str:
    """Write cents as `$1,234.50`; nothing for no amount."""
    return "" if cents is None else money.shown(int(cents))


@register.filter
def whole_dollars(cents: int) -> str:
    """Write cents as whole dollars, rounded: `$1,235`."""
    return money.shown((cents + 50) // 100 * 100).removesuffix(".00")


@register.filter
def named(code: str | None, kind: str) -> str:
    """Write a code in words: `{{ case.stage|named:"stage" }}`."""
    return words.word(kind, code) if code else ""


@register.filter
def county(fips: str | None) -> str:
    """Write a county code as the county's name."""
    return words.county_name(fips) if fips else ""


@register.filter
def program(slug: str | None) -> str:
    """Write a program's slug as its name."""
    return words.program_name(slug) if slug else ""


@register.filter
def fact_source(source: str) -> str:
    """Write where a fact came from: `verified:tax` as "Verified: The tax department"."""
    kind, _colon, whom = source.partition(":")
    said = words.word("fact_source", kind)
    return f"{said}: {words.word('source', whom)}" if whom else said


@register.filter
def due(day: date | None) -> str:
    """Write how long until a day: "in 3 days", "today", "2 days late"; a moment in hours."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        if clock.is_end_of_day(day):
            return due(day.astimezone(clock.MOUNTAIN).date())
        hours = int((day - clock.now()).total_seconds() // 3600)
        if hours >= 0:
            return ngettext("in %(n)s hour", "in %(n)s hours", hours) % {"n": hours}
        return ngettext("%(n)s hour late", "%(n)s hours late", -hours) % {"n": -hours}
    left = (day - clock.today()).days
    if left == 0:
        return _("today")
    if left > 0:
        return ngettext("in %(n)s day", "in %(n)s days", left) % {"n": left}
    return ngettext("%(n)s day late", "%(n)s days late", -left) % {"n": -left}


@register.filter
def harm_in(due_at: datetime, harm_on: date) -> str:
    """Write how long until a day of harm; of a clock that counts hours, until it runs out."""
    return due(harm_on if clock.is_end_of_day(due_at) else due_at)


@register.filter
def age(since: datetime | None) -> str:
    """Write how long something has waited: "5 minutes", "3 hours", "2 days"."""
    if since is None:
        return ""
    minutes = max(int((clock.now() - since).total_seconds() // 60), 0)
    if minutes == 0:
        return _("just now")
    if minutes < 60:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return ngettext("%(n)s hour", "%(n)s hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)s day", "%(n)s days", minutes // 1440) % {"n": minutes // 1440}


@register.filter
def plain(code: str) -> str:
    """Write a code that has no words of its own without its underscores."""
    return str(code).replace("_", " ")


@register.filter
def late(at: datetime | None) -> bool:
    """Whether a moment has passed."""
    return at is not None and at < clock.now()


@register.filter
def clock_words(version: str, clock_id: str) -> str:
    """Write what a case's clock is about: `{{ row.version|clock_words:row.due_clock }}`."""
    words = cases.clock_words(version, clock_id)
    return words.get(get_language() or "en") or _("Urgent")


@register.filter
def months(days: list[str] | None) -> str:
    """Write first days of months as `Aug 2026, Sep 2026`."""
    return ", ".join(date_format(date.fromisoformat(day), "M Y") for day in days or [])


@register.filter
def short(digest: str | None) -> str:
    """Show the first twelve characters of a hash."""
    return (digest or "")[:12]


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """Return a mapping's value under a key that is itself a variable."""
    return mapping.get(key) if mapping is not None else None
