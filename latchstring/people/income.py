"""Income by person, source and period; the system does the sums and shows them.

Treasury ERA FAQ 4 lets a grantee take a calendar year's income or the monthly income at the time
of application, annualised. A year has 52 weeks and 26 fortnights here, as paycheck arithmetic does.
"""

import uuid
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from latchstring.kernel import clock, limits, transactions
from latchstring.kernel.errors import Invalid
from latchstring.kernel.ids import new_id
from latchstring.people.facts import Known, facts_of_each, state_fact, state_facts
from latchstring.people.models import Household, IncomeSource

TIMES_A_YEAR = {
    "weekly": 52,
    "every_two_weeks": 26,
    "twice_a_month": 24,
    "monthly": 12,
    "yearly": 1,
    "once": 1,
}
KINDS = (
    "job",
    "self_employment",
    "unemployment",
    "social_security",
    "ssi",
    "pension",
    "child_support",
    "cash_help",
    "other",
)
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class IncomeView:
    """One source of one person's income, with what it comes to in a month and a year."""

    id: uuid.UUID
    person_id: uuid.UUID
    kind: str
    amount: Decimal
    period: str
    employer: str

    @property
    def times(self) -> int:
        """How often a year it is paid."""
        return TIMES_A_YEAR[self.period]

    @property
    def yearly(self) -> Decimal:
        """The amount times its payments in a year, in dollars."""
        return (self.amount * self.times).quantize(_CENT)

    @property
    def monthly(self) -> Decimal:
        """A twelfth of the year, rounded half up to the cent."""
        return (self.yearly / 12).quantize(_CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class IncomeSums:
    """What a household's income comes to. `lines` are the sources the sums are made of."""

    lines: tuple[IncomeView, ...]
    monthly: Decimal
    annual: Decimal


def _checked(kind: str, amount: Decimal, period: str) -> None:
    wrong = {}
    if kind not in KINDS:
        wrong["kind"] = "choose"
    if period not in TIMES_A_YEAR:
        wrong["period"] = "choose"
    if not Decimal(0) <= amount <= Decimal("10000000"):
        wrong["amount"] = "out_of_range"
    if amount != amount.quantize(_CENT):
        wrong["amount"] = "two_decimals"
    if wrong:
        raise Invalid(fields=wrong)


def add_income(
    household: Household,
    person_id: uuid.UUID,
    kind: str,
    amount: Decimal,
    period: str,
    actor: str,
    employer: str = "",
    *,
    source_id: uuid.UUID | None = None,
) -> IncomeView:
    """Add a source of income of one member. The same `source_id` again adds nothing."""
    _checked(kind, amount, period)
    with transactions.verb():
        before = IncomeSource.objects.filter(id=source_id).first() if source_id else None
        if before is not None:
            if before.household_id != household.id:
                raise Invalid("We could not find that income in this household.")
            return IncomeView(before.id, before.person_id, kind, amount, period, employer)
        if not household.memberships.filter(person_id=person_id, valid_to__isnull=True).exists():
            raise Invalid("We could not find that person in this household.")
        known = IncomeSource.objects.filter(household=household, person_id=person_id).count()
        if known >= limits.INCOME_SOURCES_PER_PERSON_MAX * 4:  # removed ones count too
            raise Invalid("That is more sources of income than we can take here.")
        source = IncomeSource.objects.create(
            id=source_id or new_id(),
            agency_id=household.agency_id,
            household=household,
            person_id=person_id,
            recorded_at=clock.now(),
        )
        _state(household, source.id, kind, amount, period, employer, actor)
    return IncomeView(source.id, person_id, kind, amount, period, employer)


def change_income(
    household: Household,
    source_id: uuid.UUID,
    kind: str,
    amount: Decimal,
    period: str,
    actor: str,
    employer: str = "",
) -> IncomeView:
    """Correct a source of income: new facts beside the old."""
    _checked(kind, amount, period)
    with transactions.verb():
        source = _source(household, source_id)
        _state(household, source_id, kind, amount, period, employer, actor)
    return IncomeView(source_id, source.person_id, kind, amount, period, employer)


def remove_income(household: Household, source_id: uuid.UUID, actor: str) -> None:
    """Say that a source of income is none: it stays in the history and leaves the sums."""
    with transactions.verb():
        _source(household, source_id)
        state_fact(
            household,
            "income_removed",
            True,
            actor=actor,
            subject=source_id,
            subject_kind="income_source",
        )


def _source(household: Household, source_id: uuid.UUID) -> IncomeSource:
    source = IncomeSource.objects.filter(household=household, id=source_id).first()
    if source is None:
        raise Invalid("We could not find that income.")
    return source


def _state(
    household: Household,
    source_id: uuid.UUID,
    kind: str,
    amount: Decimal,
    period: str,
    employer: str,
    actor: str,
) -> None:
    values = {
        "income_kind": kind,
        "income_amount": amount,
        "income_period": period,
        "income_employer": employer,
    }
    state_facts(
        household,
        values,
        actor=actor,
        subject=source_id,
        subject_kind="income_source",
        personal={"income_employer"},
    )


def incomes(household: Household, known: Known | None = None) -> list[IncomeView]:
    """Return the household's present sources of income of its present members."""
    sources = IncomeSource.objects.filter(household=household).order_by("recorded_at", "id")
    by_source = {source.id: source for source in sources}
    if not by_source:
        return []
    present = set(
        household.memberships.filter(valid_to__isnull=True).values_list("person_id", flat=True)
    )
    views = []
    for source_id, said in facts_of_each(household, by_source, known=known).items():
        source = by_source[source_id]
        if source.person_id not in present or "income_removed" in said:
            continue
        views.append(
            IncomeView(
                source.id,
                source.person_id,
                said["income_kind"].value,
                Decimal(said["income_amount"].value),
                said["income_period"].value,
                said["income_employer"].value if "income_employer" in said else "",
            )
        )
    return views


def income_sums(household: Household, known: Known | None = None) -> IncomeSums:
    """Sum the household's income: exact for the year, its twelfth for the month."""
    lines = tuple(incomes(household, known))
    annual = sum((line.yearly for line in lines), Decimal("0.00"))
    monthly = (annual / 12).quantize(_CENT, rounding=ROUND_HALF_UP)
    return IncomeSums(lines, monthly, annual)
