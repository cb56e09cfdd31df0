"""Add, change and remove: the people of the household and each one's income."""

import uuid
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from latchstring.applications import reading
from latchstring.applications.answer import change_people, identity_from
from latchstring.applications.errors import WrongAnswer
from latchstring.applications.models import Application
from latchstring.applications.steps import Interview
from latchstring.people import door as people

Values = Mapping[str, str]


def keep_member(
    application: Application, person_id: uuid.UUID | None, values: Values, actor: str
) -> None:
    """Add a member, or correct one; WrongAnswer says what to do about each input."""
    wrong: dict[str, str] = {}
    given: dict[str, Any] = {}
    try:
        given = identity_from(values)
    except WrongAnswer as found:
        wrong |= found.fields
    role = str(values.get("role") or "")
    if role not in people.MEMBER_ROLES[1:]:
        wrong["role"] = _("Choose how this person belongs to your home.")
    asked = Interview(application).member_questions
    answers = {key: {"yes": True, "no": False}.get(str(values.get(key))) for key in asked}
    wrong |= {
        key: _("Choose yes or no: do you buy and cook food with this person?")
        for key, said in answers.items()
        if said is None
    }
    if wrong:
        raise WrongAnswer(fields=wrong)

    def change(household: people.Household) -> None:
        there = people.members(household)
        if person_id is None:  # sent again because a line swallowed the answer, it adds nobody
            same = _the_same(there, given) or people.add_member(household, given, role, actor)
            _tell(household, same.person_id, answers, actor)
            return
        before = {member.person_id: member for member in there}.get(person_id)
        if before is not None and not given["ssn"]:
            given["ssn"] = before.identity["ssn"]
        people.change_member(household, person_id, given | {"role": role}, actor)
        _tell(household, person_id, answers, actor)

    change_people(application.id, "members", actor, change)


def _the_same(there: Iterable[people.Member], given: Values) -> people.Member | None:
    """Return the member of this very name and birth date."""
    same = ("first_name", "middle_name", "last_name", "birth_date")
    wanted = [str(given.get(key) or "").casefold() for key in same]
    found = (
        member
        for member in there
        if [str(member.identity.get(key) or "").casefold() for key in same] == wanted
    )
    return next(found, None)


def _tell(
    household: people.Household, person_id: uuid.UUID, answers: Mapping[str, Any], actor: str
) -> None:
    """State what was answered about one member."""
    about: dict[str, Any] = {"subject": person_id, "subject_kind": "member", "personal": True}
    people.state_facts(household, answers, actor=actor, **about)


def drop_member(application: Application, person_id: uuid.UUID, actor: str) -> None:
    """Take a member out of the household."""

    def change(household: people.Household) -> None:
        people.remove_member(household, person_id, actor)

    change_people(application.id, "members", actor, change)


def keep_income(
    application: Application,
    person_id: uuid.UUID,
    source_id: uuid.UUID | None,
    values: Values,
    actor: str,
    new_id: uuid.UUID | None = None,
) -> None:
    """Add a source of one member's income, or correct one.

    A form that brings its `new_id` may come twice and adds one source.
    """
    wrong: dict[str, str] = {}
    kind, period = str(values.get("kind") or ""), str(values.get("period") or "")
    if kind not in people.KINDS:
        wrong["kind"] = _("Choose what kind of income this is.")
    if period not in people.PERIODS:
        wrong["period"] = _("Choose how often it is paid.")
    amount, employer, over_months = Decimal(0), "", 1
    if period == people.VARIES:
        try:
            over_months = _months(str(values.get("over_months") or ""))
        except ValueError:
            wrong["over_months"] = _("Write over how many months you got this, from 1 to 12.")
    try:
        amount = reading.money(str(values.get("amount") or ""))
    except ValueError:
        wrong["amount"] = _("Write dollars before taxes, such as 450 or 450.50.")
    try:
        employer = reading.text(str(values.get("employer") or ""), 120)
    except ValueError:
        wrong["employer"] = _("This is too long. Please shorten it.")
    if wrong:
        raise WrongAnswer(fields=wrong)

    def change(household: people.Household) -> None:
        if source_id is None:
            people.add_income(
                household,
                person_id,
                *(kind, amount, period, actor, employer),
                over_months=over_months,
                source_id=new_id,
            )
        else:
            people.change_income(
                household,
                source_id,
                *(kind, amount, period, actor, employer),
                over_months=over_months,
            )

    change_people(application.id, "income", actor, change)


def _months(raw: str) -> int:
    months = reading.whole(raw)
    if not 1 <= months <= people.MONTHS_MOST:
        raise ValueError("not within a year")
    return months


def drop_income(application: Application, source_id: uuid.UUID, actor: str) -> None:
    """Say that a source of income is none."""

    def change(household: people.Household) -> None:
        people.remove_income(household, source_id, actor)

    change_people(application.id, "income", actor, change)
