"""Add, change and remove: the people of the household and each one's income."""

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from latchstring.applications import reading
from latchstring.applications.answer import change_people, identity_from
from latchstring.applications.errors import WrongAnswer
from latchstring.applications.models import Application
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
    if wrong:
        raise WrongAnswer(fields=wrong)

    def change(household: people.Household) -> None:
        if person_id is None:
            if not _is_there(household, given):  # sent again because a line swallowed the answer
                people.add_member(household, given, role, actor)
            return
        before = {m.person_id: m for m in people.members(household)}.get(person_id)
        if before is not None and not given["ssn"]:
            given["ssn"] = before.identity["ssn"]
        people.change_member(household, person_id, given | {"role": role}, actor)

    change_people(application.id, "members", actor, change)


def _is_there(household: people.Household, given: Values) -> bool:
    """Whether a member has this very name and birth date."""
    same = ("first_name", "middle_name", "last_name", "birth_date")
    wanted = [str(given.get(key) or "").casefold() for key in same]
    return any(
        [str(member.identity.get(key) or "").casefold() for key in same] == wanted
        for member in people.members(household)
    )


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
    said, over = (kind, amount, period, actor, employer), {"over_months": over_months}

    def change(household: people.Household) -> None:
        if source_id is None:
            people.add_income(household, person_id, *said, **over, source_id=new_id)
        else:
            people.change_income(household, source_id, *said, **over)

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
