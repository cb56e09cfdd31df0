"""Open now: a program is begun and sent only while its round takes applications."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from latchstring.applications.errors import NotOpen
from latchstring.kernel import clock
from latchstring.programs import door as programs
from latchstring.programs import publication


class Closed(NamedTuple):
    """A program that takes no applications from this household today, and why, in words."""

    program: programs.Program
    why: str


def closed_now(asked: Iterable[programs.Program], facts: Mapping[str, Any]) -> list[Closed]:
    """Return which of these programs take no applications from this household today.

    The rounds are those of the newest version: a draft that is pinned to an older one waits for
    the same days. Who may be among those for whom it opens early is let in; the rules decide.
    """
    today = clock.today()
    shut = []
    for program in (programs.load_program(one.slug) for one in asked):
        found = publication.round_on(program, today)
        if found.status == programs.EARLY:
            supposed = {**facts, "applied_on": today}
            if programs.holds(program, found.early_for, supposed) is not False:
                continue
        elif found.takes_applications:
            continue
        shut.append(Closed(program, _why(program, found)))
    return shut


def refuse_closed(asked: Iterable[programs.Program], facts: Mapping[str, Any]) -> None:
    """Raise NotOpen where a program takes no applications from this household today."""
    if shut := closed_now(asked, facts):
        raise NotOpen(" ".join([*(one.why for one in shut), _("What you told us is kept.")]))


def _why(program: programs.Program, found: programs.Round) -> str:
    language = get_language() or "en"
    named = {"program": program.name.get(language, program.name["en"])}
    if found.status == programs.PAUSED:
        told = [_("%(program)s is paused now.") % named]
    elif found.status == programs.EARLY:
        told = [_("%(program)s is not open for your home yet.") % named]
    else:
        told = [_("%(program)s takes no applications now.") % named]
    if found.note:
        told.append(found.note.get(language, found.note["en"]))
    if found.opens_on is None:
        told.append(_("Nobody has set the day yet on which it opens again."))
    else:
        day = {"day": date_format(found.opens_on, "DATE_FORMAT")}
        told.append(_("It opens on %(day)s.") % day)
    return " ".join(told)
