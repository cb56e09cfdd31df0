"""The lists that rules read: the people of a household, and what each of them is paid.

The fields are those of `lists:` in catalog/facts.yaml. A list that the household has not finished
is known so far: `{"so_far": [...]}`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from latchstring.people.facts import FactView
from latchstring.people.household import Member
from latchstring.people.income import IncomeView


@dataclass(frozen=True)
class Listed:
    """One list as rules take it, and when the household said that it is whole (None: not yet)."""

    value: Any
    said_at: datetime | None


def lists(
    members: Sequence[Member], incomes: Sequence[IncomeView], facts: Mapping[str, FactView]
) -> dict[str, Listed]:
    """Return the lists of a household by their keys."""
    return {
        "members": _listed([_member(one) for one in members], facts.get("members_listed")),
        "incomes": _listed([_income(one) for one in incomes], facts.get("income_listed")),
    }


def _listed(records: list[dict[str, Any]], said: FactView | None) -> Listed:
    if said is None or said.value is not True:
        return Listed({"so_far": records}, None)
    return Listed(records, said.recorded_at)


def _member(one: Member) -> dict[str, Any]:
    return {
        "id": str(one.person_id),
        "birth_date": date.fromisoformat(one.identity["birth_date"]),
        "relation": one.role,
        "buys_food_together": one.buys_food_together,
    }


def _income(one: IncomeView) -> dict[str, Any]:
    return {
        "earner": str(one.person_id),
        "kind": one.kind,
        "amount": one.amount,
        "period": one.period,
        "over_months": one.over_months,
    }
