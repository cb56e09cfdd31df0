"""Households over time: who lives together, where, and which accounts act for them."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from latchstring.kernel import clock, limits, transactions
from latchstring.kernel.errors import Invalid
from latchstring.kernel.find import find
from latchstring.kernel.ids import new_id
from latchstring.kernel.references import new_reference
from latchstring.people.errors import NoSuchHousehold
from latchstring.people.facts import FactView, Known, facts, facts_of_each
from latchstring.people.identity import change_identity, identity, make_person, opened
from latchstring.people.models import (
    Account,
    Dwelling,
    Household,
    HouseholdAccess,
    Membership,
    Person,
)
from latchstring.vault import door as vault

MEMBER_ROLES = ("head", "spouse", "child", "other")


@dataclass(frozen=True)
class Member:
    """A person in a household, opened for someone who may see it.

    `buys_food_together` says whether they buy and cook food with the head; None while not said.
    """

    person_id: uuid.UUID
    role: str
    identity: dict[str, str]
    buys_food_together: bool | None = None

    @property
    def name(self) -> str:
        """First and last name as given."""
        return f"{self.identity['first_name']} {self.identity['last_name']}"

    def age(self, on: date) -> int:
        """Whole years on a day."""
        born = date.fromisoformat(self.identity["birth_date"])
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


@dataclass(frozen=True)
class DwellingView:
    """A home as its household gave it: address opened, county as FIPS."""

    id: uuid.UUID
    address: dict[str, str]
    county: str
    recorded_at: datetime


def make_household(
    agency: str, account: Account, *, identity: Mapping[str, Any], language: str = "en"
) -> Household:
    """Make a household with the account's person as its head, and let the account act for it."""
    with transactions.verb() as moment:
        household = Household.objects.create(
            id=new_id(), agency_id=agency, reference=new_reference("H"), made_at=moment
        )
        person = make_person(agency, identity)
        _join(household, person, "head")
        HouseholdAccess.objects.create(
            agency_id=agency,
            household=household,
            account=account,
            person=person,
            kind="adult",
            valid_from=moment,
        )
        if account.language != language:
            Account.objects.filter(id=account.id).update(language=language)
    return household


def household_of(account: Account, agency: str) -> Household | None:
    """Return the household this account belongs to in an agency's state, if there is one."""
    access = (
        HouseholdAccess.objects.filter(
            account=account, agency_id=agency, valid_to__isnull=True, kind="adult"
        )
        .select_related("household")
        .first()
    )
    return access.household if access else None


def household_for(account: Account, household_id: uuid.UUID) -> Household:
    """Return a household that this account may act for; NoSuchHousehold for everybody else."""
    for access in find(_access, account.id, household_id):
        return access.household
    raise NoSuchHousehold()


def _access(account_id: uuid.UUID, household_id: uuid.UUID) -> QuerySet[HouseholdAccess]:
    rows = HouseholdAccess.objects.filter(account=account_id, household=household_id)
    return rows.filter(valid_to__isnull=True).select_related("household")


def accounts_of(household_id: uuid.UUID) -> list[Account]:
    """Return the accounts of the adults of a household: whom notices go to."""
    access = HouseholdAccess.objects.filter(
        household_id=household_id, valid_to__isnull=True, kind="adult"
    ).select_related("account")
    return [row.account for row in access.order_by("valid_from")]


def _join(household: Household, person: Person, role: str) -> None:
    Membership.objects.create(
        agency_id=household.agency_id,
        household=household,
        person=person,
        role=role,
        valid_from=clock.today(),
    )


def memberships(household: Household, on: date | None = None) -> list[Membership]:
    """Return the memberships on a day (today): head first, then in the order they were added."""
    day = on or clock.today()
    return _head_first(_on(Membership.objects.filter(household=household), day))


def _on(rows: QuerySet[Membership], day: date) -> QuerySet[Membership]:
    return rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)


def _head_first(rows: Iterable[Membership]) -> list[Membership]:
    return sorted(rows, key=lambda row: (row.role != "head", row.id))


def members(
    household: Household, on: date | None = None, known: Known | None = None
) -> list[Member]:
    """Return the people of a household on a day (today), opened: head first."""
    rows = _head_first(find(_living_there, household.id, on or clock.today()))
    who = opened(row.person for row in rows)
    others = [row.person_id for row in rows if row.role != "head"]
    said = facts_of_each(household, others, known=known) if others else {}
    return [_member(row, who[row.person_id], said.get(row.person_id, {})) for row in rows]


def _member(row: Membership, who: dict[str, str], said: Mapping[str, FactView]) -> Member:
    food = said.get("buys_food_together")
    together = True if row.role == "head" else food.value if food else None
    return Member(row.person_id, row.role, who, together)


def _living_there(household_id: uuid.UUID, day: date) -> QuerySet[Membership]:
    rows = Membership.objects.filter(household=household_id).select_related("person")
    return _on(rows, day)


def head_name(household_id: uuid.UUID) -> str:
    """Return the name of the person who applies; empty where the household has no head."""
    for row in find(_heads, household_id):
        return _member(row, opened([row.person])[row.person_id], {}).name
    return ""


def _heads(household_id: uuid.UUID) -> QuerySet[Membership]:
    rows = Membership.objects.filter(household=household_id, role="head").select_related("person")
    return rows.order_by("id")[:1]


def add_member(household: Household, given: Mapping[str, Any], role: str, actor: str) -> Member:
    """Add a person to a household from today."""
    if role not in MEMBER_ROLES[1:]:
        raise Invalid(fields={"role": "choose"})
    with transactions.verb():
        if len(memberships(household)) >= limits.HOUSEHOLD_MEMBERS_MAX:
            raise Invalid(f"A household can have {limits.HOUSEHOLD_MEMBERS_MAX} people here.")
        person = make_person(household.agency_id, given)
        _join(household, person, role)
    return Member(person.id, role, identity(person.id))


def change_member(
    household: Household, person_id: uuid.UUID, given: Mapping[str, Any], actor: str
) -> Member:
    """Correct a member's identity, and role where one is given (the head stays the head)."""
    with transactions.verb():
        row = _membership(household, person_id)
        tidy = change_identity(row.person, given)
        role = given.get("role")
        if role and row.role != "head" and role in MEMBER_ROLES[1:]:
            row.role = role
            row.save(update_fields=["role"])
    return _member(row, tidy, facts(household, subject=person_id))


def remove_member(household: Household, person_id: uuid.UUID, actor: str) -> None:
    """End a person's membership today; the head cannot be removed."""
    with transactions.verb():
        row = _membership(household, person_id)
        if row.role == "head":
            raise Invalid("The person who applies stays in the household.")
        row.valid_to = clock.today()
        row.save(update_fields=["valid_to"])


def _membership(household: Household, person_id: uuid.UUID) -> Membership:
    row = (
        Membership.objects.filter(household=household, person_id=person_id, valid_to__isnull=True)
        .select_related("person")
        .first()
    )
    if row is None:
        raise NoSuchHousehold("We could not find that person in this household.")
    return row


def set_dwelling(
    household: Household, address: Mapping[str, str], county: str, actor: str
) -> DwellingView:
    """Record where the household lives now: a new row each time, sealed but for the county."""
    with transactions.verb() as moment:
        dwelling_id = new_id()
        kept = {
            key: str(address.get(key) or "").strip()
            for key in ("street", "unit", "city", "state", "zip")
        }
        Dwelling.objects.create(
            id=dwelling_id,
            agency_id=household.agency_id,
            household=household,
            county=county,
            recorded_at=moment,
            sealed=vault.seal_json(
                kept,
                agency=household.agency_id,
                data_class="person",
                subject=household.id,
                field="dwelling.address",
            ),
        )
        Household.objects.filter(id=household.id).update(county=county)
        household.county = county
    return DwellingView(dwelling_id, kept, county, moment)


def dwelling(household: Household) -> DwellingView | None:
    """Return the household's present home, or None where it has not said."""
    for row in find(_dwelling, household.id):
        address = vault.open_json(
            row.sealed, data_class="person", subject=household.id, field="dwelling.address"
        )
        return DwellingView(row.id, address, row.county, row.recorded_at)
    return None


def _dwelling(household_id: uuid.UUID) -> QuerySet[Dwelling]:
    return Dwelling.objects.filter(household=household_id).order_by("-recorded_at", "-id")[:1]
