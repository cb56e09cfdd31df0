"""The screener: a few questions before any account, with the same rules as the decision.

What is heard stays with the visitor (`heard`: plain texts, numbers, yes or no) until an account
takes it over or a code keeps it. Nothing is stored here.

`received` says what the household gets already (program -> how we know: `case` or `said`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from latchstring.applications import reading
from latchstring.applications.errors import WrongAnswer
from latchstring.kernel import clock
from latchstring.programs import door as programs
from latchstring.programs import publication
from latchstring.rules.days import add_months

# What is asked first: danger, then what starts a clock, then what several programs need.
_DANGER, _CLOCK, _SHARED, _OWN, _LAST = range(5)
_RANKS = {"danger": _DANGER, "clock": _CLOCK}
_ANSWERS = (programs.LIKELY, programs.MAYBE, programs.NO)
_NEVER = 10**6  # hours: no clock is set


@dataclass(frozen=True)
class Outlook:
    """How one program looks for a household: first answer, round, and help it gets already.

    `letters` are the programs it gets already whose letter shows what this one asks for.
    """

    program: programs.Program
    screening: programs.Screening
    round: programs.Round
    received: str
    letters: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Say whether the household may apply today."""
        return self.round.takes_applications and not self.received


def programs_for(
    state: str, needs: Sequence[str], also: Sequence[str] = ()
) -> list[programs.Program]:
    """Return the programs of a state that answer any of these needs, and those named, newest."""
    wanted = set(needs)
    return [
        program
        for program in programs.programs(state)
        if program.slug in also
        or wanted & {need["id"] for need in program.document.get("needs", [])}
    ]


def implied(state: str, needs: Sequence[str]) -> dict[str, Any]:
    """Return the facts that naming a need says already, as the program documents declare them."""
    found: dict[str, Any] = {}
    for program in programs.programs(state):
        for need in program.document.get("needs", []):
            if need["id"] in needs:
                found |= need.get("implies", {})
    return found


def said_received(asked: Iterable[programs.Program], heard: Mapping[str, Any]) -> dict[str, str]:
    """Return the programs whose help the household said it gets already."""
    keys = {p.slug: p.document.get("screen", {}).get("received") for p in asked}
    return {slug: "said" for slug, key in keys.items() if key and heard.get(key) is True}


def opened_by(received: Mapping[str, Decimal]) -> dict[str, Any]:
    """Return the facts that help of ours settles: program -> dollars approved by us.

    `screen: received:` and `opens:` of the documents name them, so that the rules use them.
    """
    found: dict[str, Any] = {}
    for program in programs.programs():
        if program.slug not in received:
            continue
        told = program.document.get("screen", {})
        if "received" in told:
            found[told["received"]] = True
        opens = told.get("opens")
        if opens and received[program.slug] > opens["above_dollars"]:
            found |= opens["facts"]
    return found


def _supposed(program: programs.Program, heard: Mapping[str, Any]) -> dict[str, Any]:
    """Take what is heard as if they applied today, or on the day on which the program opens."""
    given = program.document.get("screen", {}).get("given", {})
    opens_on = _standing(program, heard).opens_on
    return {**given, **heard, "applied_on": opens_on or clock.today()}


def _standing(program: programs.Program, heard: Mapping[str, Any]) -> programs.Round:
    """Return the round for this household: one that opens early is open for some only."""
    found = publication.round_on(program, clock.today())
    if found.status == programs.EARLY:
        early = {**heard, "applied_on": clock.today()}
        if programs.holds(program, found.early_for, early) is not False:
            return found._replace(opens_on=None)
        return found._replace(status=programs.CLOSED)
    return found


def worth_asking(
    asked: Sequence[programs.Program],
    heard: Mapping[str, Any],
    received: Mapping[str, str] | None = None,
) -> list[programs.Question]:
    """Return the questions that can still change an answer, the one to ask first in front.

    Danger and clocks come first, then what several programs share. One that a document leaves for
    `later` is asked only where an outcome hangs on it. A program that is received already asks
    nothing.
    """
    known = {**said_received(asked, heard), **(received or {})}
    found: dict[str, programs.Question] = {}
    ranks: dict[str, int] = {}
    for program in asked:
        if program.slug in known:
            continue
        supposed = _supposed(program, heard)
        later = set(program.document.get("later", ()))
        decides = set(programs.open_facts(program, supposed, outcome_only=True)) if later else set()
        named = {e["id"]: e.get("rank", "") for e in program.document.get("questions", [])}
        for one in programs.next_questions(program, supposed):
            if one.id in later and not decides.intersection(one.facts):
                continue
            rank = _RANKS.get(named[one.id], _SHARED if one.id in found else _OWN)
            rank = _LAST if one.id in later else rank  # another answer may make it needless
            ranks[one.id] = min(rank, ranks.get(one.id, _LAST))
            found.setdefault(one.id, one)
    return sorted(found.values(), key=lambda question: ranks[question.id])


def next_open(
    asked: Sequence[programs.Program],
    heard: Mapping[str, Any],
    received: Mapping[str, str] | None = None,
) -> programs.Question | None:
    """Return the next question worth asking before an account is made, or None."""
    return next(iter(worth_asking(asked, heard, received)), None)


def hear(question: programs.Question, values: Mapping[str, str], state: str) -> dict[str, Any]:
    """Read an answer into plain values for a session; WrongAnswer in the reader's language."""
    try:
        facts = reading.facts_of(question, values, state)
    except ValueError:
        language = "es" if get_language() == "es" else "en"
        raise WrongAnswer(fields={question.id: question.error[language]}) from None
    return {
        key: str(value) if isinstance(value, Decimal) else value for key, value in facts.items()
    }


def results(
    asked: Sequence[programs.Program],
    heard: Mapping[str, Any],
    received: Mapping[str, str] | None = None,
    needs: Sequence[str] = (),
) -> list[Outlook]:
    """Return how each program looks: likely first, then where harm comes soonest, then by need."""
    known = {**said_received(asked, heard), **(received or {})}
    found = [
        Outlook(
            program,
            programs.screen(program, _supposed(program, heard)),
            _standing(program, heard),
            known.get(program.slug, ""),
            _letters(program, known),
        )
        for program in asked
    ]
    return sorted(found, key=lambda outlook: _place(outlook, needs))


def _letters(program: programs.Program, known: Mapping[str, str]) -> tuple[str, ...]:
    """Return the help received whose letter stands in for this program's papers (`categorical`).

    A help on its way (`case`) has sent no letter yet.
    """
    taken = {
        kind
        for test in program.criteria
        for kind in test.evidence.get("categorical", {}).get("programs", ())
    }
    return tuple(s for s, how in known.items() if how != "case" and s.partition("-")[2] in taken)


def _place(outlook: Outlook, needs: Sequence[str]) -> tuple[int, int, int, int]:
    soon = outlook.screening.soon
    hours = soon.hours if soon and soon.urgent else _NEVER
    own = [need["id"] for need in outlook.program.document.get("needs", [])]
    wish = min((place for place, need in enumerate(needs) if need in own), default=len(needs))
    return (not outlook.open, _ANSWERS.index(outlook.screening.answer), hours, wish)


def others(
    state: str,
    asked: Sequence[programs.Program],
    heard: Mapping[str, Any],
    received: Mapping[str, str] | None = None,
) -> list[Outlook]:
    """Return further programs of the state, open today, that the same answers do not rule out."""
    slugs = {program.slug for program in asked}
    rest = [program for program in programs.programs(state) if program.slug not in slugs]
    found = results(rest, heard, received)
    return [
        outlook for outlook in found if outlook.open and outlook.screening.answer != programs.NO
    ]


def still_helps(slug: str, approved_on: date) -> bool:
    """Say whether help approved on a day still stands, so that it is not offered again.

    The document says how long (`screen: lasts: season` or a number of months); one that says
    nothing may be asked for again as soon as its case is closed.
    """
    program = next((p for p in programs.programs() if p.slug == slug), None)
    lasts = program.document.get("screen", {}).get("lasts") if program else None
    if program is None or lasts is None:
        return False
    if lasts == "season":
        began = [
            min(day for day in (one["opens_on"], one.get("opens_early_on")) if _is_day(day))
            for one in program.document.get("rounds", [])
        ]
        begun = [day for day in began if day <= clock.today()]
        return bool(begun) and approved_on >= max(begun)
    ends = add_months(approved_on, int(lasts))
    return ends is not None and clock.today() < ends


def _is_day(value: object) -> bool:
    return isinstance(value, date)
