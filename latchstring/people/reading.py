"""A reading: what is known of one household, each part read once, when it is first asked for.

For a verb that holds a lock of its own, and for those who go on in the same verb: one page of an
interview, the submission and the cases that it opens.
"""

from collections.abc import Mapping
from functools import cached_property

from latchstring.people.facts import FactView, Known, facts
from latchstring.people.household import DwellingView, Member, dwelling, members
from latchstring.people.income import IncomeSums, income_sums
from latchstring.people.lists import Listed, lists
from latchstring.people.models import Household


class Reading:
    """A household as it was read; what is stated through `known` since is known to `facts`."""

    def __init__(self, household: Household) -> None:
        self.household = household

    @cached_property
    def known(self) -> Known:
        """The rows behind every fact of the household."""
        return Known(self.household)

    def facts(self) -> dict[str, FactView]:
        """Every current fact about the household."""
        return facts(self.household, known=self.known)

    @cached_property
    def dwelling(self) -> DwellingView | None:
        """Where the household lives."""
        return dwelling(self.household)

    @cached_property
    def members(self) -> list[Member]:
        """The people of the household, head first."""
        return members(self.household, known=self.known)

    @property
    def head_name(self) -> str:
        """The name of the person who applies; empty where the household has no head."""
        return next((member.name for member in self.members if member.role == "head"), "")

    def lists(self, facts: Mapping[str, FactView] | None = None) -> dict[str, Listed]:
        """The lists that rules read, by their keys: members and incomes."""
        return lists(self.members, self.sums.lines, self.facts() if facts is None else facts)

    @cached_property
    def sums(self) -> IncomeSums:
        """The household's income, summed."""
        return income_sums(self.household, self.known)
