"""Review: every answer on one page, in words, each with the page where it can be changed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from latchstring.applications import words
from latchstring.applications.income_in_words import source_in_words, together_in_words
from latchstring.applications.models import Application
from latchstring.applications.steps import Interview, Step
from latchstring.people import door as people
from latchstring.programs import door as programs


@dataclass(frozen=True)
class Line:
    """One answer: what was asked, what was said, where to change it.

    `told_on` is when it was told, if that was for something else, before this application.
    """

    label: str
    value: str
    step: str
    open: bool = False
    told_on: datetime | None = None


@dataclass(frozen=True)
class Part:
    """One section of the review."""

    id: str
    title: str
    lines: tuple[Line, ...]


def review(
    application: Application, language: str, interview: Interview | None = None
) -> list[Part]:
    """Return every answer by section, in a language, in the order of the interview."""
    interview = interview or Interview(application)
    parts: dict[str, list[Line]] = {}
    for step in interview.steps:
        parts.setdefault(step.section, []).extend(_lines(interview, step, language))
    return [
        Part(id, str(words.SECTIONS[id]), tuple(parts[id])) for id in words.SECTIONS if id in parts
    ]


def told_before(interview: Interview, language: str) -> list[Line]:
    """Return the answers that this application took over from what was told before it."""
    told = [step for step in interview.steps if step.told_on and not step.open]
    return [line for step in told for line in _lines(interview, step, language)]


def _lines(interview: Interview, step: Step, language: str) -> Iterator[Line]:
    for line in _lines_of(interview, step, language):
        yield replace(line, told_on=step.told_on) if step.told_on and not step.open else line


def _lines_of(interview: Interview, step: Step, language: str) -> Iterator[Line]:
    if step.question is not None:
        value = _said(interview, step.question, language) if step.answered else ""
        yield Line(step.question.label[language], value, step.id, step.open)
    elif step.id.startswith("papers-"):
        yield _paper_line(interview, step, language)
    elif step.id in _OWN:
        yield from _OWN[step.id](interview, step, language)


def _said(interview: Interview, question: programs.Question, language: str) -> str:
    known = interview.facts.get(question.facts[-1])
    for choice in question.choices:
        if str(choice["value"]) == known:
            return str(choice[language])
    value = programs.text(known, language)
    return value[:1].upper() + value[1:]  # "Yes", not "yes"


def _paper_line(interview: Interview, step: Step, language: str) -> Line:
    assert step.shows
    kinds = step.shows.kinds(interview.facts)
    given = [paper.kind for paper in interview.papers if paper.kind in kinds]
    if given:
        value = ", ".join(programs.paper_words(kind, language) for kind in dict.fromkeys(given))
    elif step.answered:
        value = _("I state this in place of a paper")
    else:
        value = _("Not added")
    return Line(step.shows.page.title[language], value, step.id, step.open)


def _name(interview: Interview, step: Step, language: str) -> Iterator[Line]:
    head = interview.members[0]
    who = head.identity
    full = " ".join(p for p in (who["first_name"], who["middle_name"], who["last_name"]) if p)
    yield Line(_("Your name"), full, step.id)
    yield Line(_("Your birth date"), _day(who["birth_date"], language), step.id)
    yield Line(_("Your phone"), who["phone"] or _("Not given"), step.id)
    yield Line(_("Social Security number"), _masked(who["ssn"]), step.id)


def _masked(ssn: str) -> str:
    return _("Ends in %(four)s") % {"four": ssn[-4:]} if ssn else _("Not given")


def _day(value: str | date | None, language: str) -> str:
    if not value:
        return _("None")
    return programs.text(date.fromisoformat(value) if isinstance(value, str) else value, language)


def address_line(address: dict[str, str]) -> str:
    """Write an address on one line."""
    street = " ".join(p for p in (address.get("street"), address.get("unit")) if p)
    place = " ".join(p for p in (address.get("state"), address.get("zip")) if p)
    return ", ".join(p for p in (street, address.get("city"), place) if p)


def _address(interview: Interview, step: Step, language: str) -> Iterator[Line]:
    home = interview.dwelling
    yield Line(_("Your address"), address_line(home.address) if home else "", step.id, step.open)
    if home and home.county:
        yield Line(_("Your county"), programs.counties()[home.county]["name"], step.id)


def _county(interview: Interview, step: Step, language: str) -> Iterator[Line]:
    if step.open:
        yield Line(_("Your county"), "", step.id, True)


def _members(interview: Interview, step: Step, language: str) -> Iterator[Line]:
    yield Line(
        _("People in your home"),
        "; ".join(
            f"{m.name} ({words.ROLES[m.role]}, {_day(m.identity['birth_date'], language)}"
            f"{_food(interview, m)})"
            for m in interview.members
        ),
        step.id,
        step.open,
    )


def _food(interview: Interview, member: people.Member) -> str:
    """Say with whom a member buys food, where that is asked."""
    if "buys_food_together" not in interview.member_questions or member.role == "head":
        return ""
    return f", {words.FOOD[member.buys_food_together]}"


def _income(interview: Interview, step: Step, language: str) -> Iterator[Line]:
    names = {m.person_id: m.name for m in interview.members}
    for line in interview.sums.lines:
        yield Line(
            f"{names[line.person_id]}: {words.INCOME_KINDS[line.kind]}",
            source_in_words(line, language),
            step.id,
        )
    together = f"{together_in_words(interview.sums, language)}. {words.OWN_RULES}"
    yield Line(_("Everyone's income together"), together, step.id, step.open)


def _landlord(interview: Interview, step: Step, language: str) -> Iterator[Line]:
    who: dict[str, str] = interview.said("landlord") or {}
    yield Line(_("Your landlord"), who.get("name", ""), step.id, step.open)
    if who:
        where = address_line(who) if who.get("street") else ""
        ways = [where, who.get("phone"), who.get("email")]
        yield Line(_("How to reach them"), "; ".join(w for w in ways if w), step.id)


def _utility(interview: Interview, step: Step, language: str) -> Iterator[Line]:
    who: dict[str, str] = interview.said("utility_account") or {}
    value = f"{who['name']}, {who['account_number']}" if who else _("Not given")
    yield Line(_("Your utility company and account"), value, step.id, step.open)


def _dates(interview: Interview, step: Step, language: str) -> Iterator[Line]:
    labels = {
        "court_date": _("Your court date"),
        "shutoff_date": _("The day your power, gas or water may be cut off"),
    }
    for name in interview.dates:
        yield Line(labels[name], _day(interview.said(name), language), step.id, step.open)


def _consent(interview: Interview, step: Step, language: str) -> Iterator[Line]:
    given: dict[str, Any] = interview.said("consents") or {}
    for partner in interview.partners:
        value = "" if not given else _("You may ask") if given.get(partner) else _("Do not ask")
        yield Line(str(words.PARTNER_NAMES[partner]), value, step.id, step.open)


_OWN = {
    "name": _name,
    "address": _address,
    "county": _county,
    "members": _members,
    "income": _income,
    "landlord": _landlord,
    "utility": _utility,
    "dates": _dates,
    "consent": _consent,
}


def answers_as_signed(interview: Interview) -> dict[str, Any]:
    """Return everything that a signature stands under, as plain values for the canonical form."""
    application = interview.application
    home = interview.dwelling
    return {
        "application": str(application.id),
        "reference": application.reference,
        "programs": {row.program: row.version for row in application.programs.all()},
        "household": str(application.household),
        "members": [
            {
                "person": str(m.person_id),
                "role": m.role,
                "buys_food_together": m.buys_food_together,
                **m.identity,
            }
            for m in interview.members
        ],
        "dwelling": {"county": home.county, **home.address} if home else None,
        "incomes": [_income_as_signed(line) for line in interview.sums.lines],
        "facts": {
            key: {"value": view.value, "source": view.source}
            for key, view in interview.views.items()
        },
        "papers": [{"id": str(p.id), "kind": p.kind} for p in interview.papers],
        "attested": application.attested,
    }


def _income_as_signed(line: people.IncomeView) -> dict[str, Any]:
    return {
        "person": str(line.person_id),
        "kind": line.kind,
        "amount": line.amount,
        "period": line.period,
        "over_months": line.over_months,
        "employer": line.employer,
    }
