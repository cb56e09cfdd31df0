"""Rounds: on which days a program takes applications, by its document and its administrators.

A document's round runs from `opens_on` to `closes_on` (its last day; null while nobody knows), may
open earlier for some, and may have been `paused` on some of its days. What an administrator opens,
pauses or closes comes after the document: the latest act that has begun counts. A pause ends on
the day it names; a closing ends with the document's next round.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from latchstring.programs.document import Program

OPEN, EARLY, CLOSED, PAUSED = "open", "early", "closed", "paused"
OPENED, PAUSE, CLOSE = "open", "pause", "close"
ACTS = (OPENED, PAUSE, CLOSE)
A_DAY = timedelta(days=1)


class Round(NamedTuple):
    """How a program stands on a day: open, early (for some), closed or paused; and the next day.

    `early_for` is the condition of those who may apply already (`holds` asks it); `opens_on` is the
    next day on which it opens for everybody, None where it is open or nobody has set the day.
    `note` says why in each language, where somebody wrote it down.
    """

    status: str
    opens_on: date | None = None
    closes_on: date | None = None
    early_for: str = ""
    note: Mapping[str, str] = {}

    @property
    def takes_applications(self) -> bool:
        """Say whether anybody at all may apply on that day."""
        return self.status in (OPEN, EARLY)


class Act(NamedTuple):
    """What an administrator did: open, pause or close from a day; acts are given in their order.

    `until` is an opening's last day, or the day on which a pause is over; None without an end.
    """

    act: str
    from_day: date
    until: date | None = None
    note: Mapping[str, str] = {}


def round_on(program: Program, day: date, acts: Sequence[Act] = ()) -> Round:
    """Return how a program stands on a day. One without rounds is open while nobody closes it.

    This is the document's answer, and with `acts` that of its administrators, whose rows
    `publication.round_on` reads.
    """
    done = sorted((act for act in acts if act.from_day <= day), key=lambda act: act.from_day)
    for act in reversed(done):
        if act.act == PAUSE:
            if act.until is None or day < act.until:
                return Round(PAUSED, act.until or _next(program, day, acts), note=act.note)
            continue
        last = act.until if act.act == OPENED else act.from_day
        if act.act == OPENED and (last is None or day <= last):
            return Round(OPEN, None, _last(day, last, acts), note=act.note)
        assert last
        if any(last < opens <= day for opens in _openings(program)):
            break
        return Round(CLOSED, _next(program, day, acts), note=act.note)
    found = _by_document(program, day)
    if found.takes_applications:
        return found._replace(closes_on=_last(day, found.closes_on, acts))
    return found._replace(opens_on=found.opens_on or _next(program, day, acts))


def _by_document(program: Program, day: date) -> Round:
    rounds: list[Mapping[str, Any]] = program.document.get("rounds") or []
    if not rounds:
        return Round(OPEN)
    for one in rounds:
        closes = one.get("closes_on")
        if one["opens_on"] <= day <= (closes or date.max):
            for pause in one.get("paused", ()):
                if pause["from"] <= day < pause["to"]:
                    return Round(PAUSED, pause["to"], closes, note=_words(pause))
            return Round(OPEN, None, closes)
        early = one.get("opens_early_on")
        if isinstance(early, date) and early <= day < one["opens_on"]:
            return Round(EARLY, one["opens_on"], closes, str(one.get("opens_early_for", "")))
    return Round(CLOSED, _next(program, day, ()))


def _words(said: Mapping[str, Any]) -> Mapping[str, str]:
    return {language: said[language] for language in ("en", "es") if language in said}


def _openings(program: Program) -> Iterator[date]:
    """Yield the days on which the document opens a round, for some or for everybody."""
    for one in program.document.get("rounds") or []:
        yield one["opens_on"]
        if isinstance(one.get("opens_early_on"), date):
            yield one["opens_early_on"]


def _next(program: Program, day: date, acts: Iterable[Act]) -> date | None:
    """Return the next day on which it opens for everybody; None where nobody has set one."""
    ahead = [one["opens_on"] for one in program.document.get("rounds") or []]
    ahead += [act.from_day for act in acts if act.act == OPENED]
    return min((opens for opens in ahead if opens > day), default=None)


def _last(day: date, last: date | None, acts: Iterable[Act]) -> date | None:
    """Return the last day of a round that is open, with what is to close it already."""
    ends = [act.from_day - A_DAY for act in acts if act.act == CLOSE and act.from_day > day]
    return min([*ends, *([last] if last else [])], default=None)
