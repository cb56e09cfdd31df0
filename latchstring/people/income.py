"""Income by person, source and period; the system does the sums and shows them.

Treasury ERA FAQ 4 lets a grantee take a calendar year's income or the monthly income at the time
of application, annualised. A year has 52 weeks and 26 fortnights here, as paycheck arithmetic does.
Pay that changes is told as what came in over some months, and counts at its average.
"""

import uuid
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Exists, OuterRef, QuerySet

from latchstring.kernel import clock, limits, transactions
from latchstring.kernel.errors import Invalid
from latchstring.kernel.find import find
from latchstring.kernel.ids import new_id
from latchstring.people.facts import Known, facts_of_each, state_fact, state_facts
from latchstring.people.models import Household, IncomeSource, Membership

TIMES_A_YEAR = {
    "weekly": 52,
    "every_two_weeks": 26,
    "twice_a_month": 24,
    "monthly": 12,
    "yearly": 1,
    "once": 1,
}
VARIES = "varies"  # hours, tips, a season: the amount is what came in over some months in all
PERIODS = (*TIMES_A_YEAR, VARIES)
MONTHS_MOST = 12
KINDS = (
    "job",
    "self_employment",
    "unemployment",
    "social_security",
    "ssi",
    "pension",
    "child_support",
    "cash_help",
    "rent_or_energy_help",
    "other",
)
# Listed so that nothing is hidden, and income for no program: emergency rental assistance
# (15 U.S.C. 9058a(j)) and help with energy bills (42 U.S.C. 8624(f)(1)).
NO_INCOME = ("rent_or_energy_help",)
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class IncomeView:
    """One source of one person's income, with what it comes to in a month and a year.

    `over_months` is over how many months the amount came in, for pay that changes; 1 otherwise.
    """

    id: uuid.UUID
    person_id: uuid.UUID
    kind: str
    amount: Decimal
    period: str
    employer: str
    over_months: int = 1

    @property
    def counts(self) -> bool:
        """Whether it is income at all; help with rent or energy is none."""
        return self.kind not in NO_INCOME

    @property
    def _year(self) -> Decimal:
        if self.period == VARIES:
            return self.amount * 12 / self.over_months
        return self.amount * TIMES_A_YEAR[self.period]

    @property
    def yearly(self) -> Decimal:
        """What it comes to in a year, in dollars, rounded half up to the cent."""
        return _cents(self._year)

    @property
    def monthly(self) -> Decimal:
        """A twelfth of the year, rounded half up to the cent."""
        return _cents(self._year / 12)


def _cents(dollars: Decimal) -> Decimal:
    return dollars.quantize(_CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class IncomeSums:
    """What a household's income comes to. `lines` are all sources, those left out of it too."""

    lines: tuple[IncomeView, ...]
    monthly: Decimal
    annual: Decimal


def _checked(kind: str, amount: Decimal, period: str, over_months: int) -> None:
    wrong = {}
    if kind not in KINDS:
        wrong["kind"] = "choose"
    if period not in PERIODS:
        wrong["period"] = "choose"
    if not 1 <= over_months <= (MONTHS_MOST if period == VARIES else 1):
        wrong["over_months"] = "out_of_range"
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
    over_months: int = 1,
    source_id: uuid.UUID | None = None,
) -> IncomeView:
    """Add a source of income of one member. The same `source_id` again adds nothing.

    Where the pay `varies`, the amount is what came in over the last `over_months` (1 to 12) in all.
    """
    _checked(kind, amount, period, over_months)
    with transactions.verb():
        before = IncomeSource.objects.filter(id=source_id).first() if source_id else None
        if before is not None:
            if before.household_id != household.id:
                raise Invalid("We could not find that income in this household.")
            person_id = before.person_id
            return IncomeView(before.id, person_id, kind, amount, period, employer, over_months)
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
        view = IncomeView(source.id, person_id, kind, amount, period, employer, over_months)
        _state(household, view, actor)
    return view


def change_income(
    household: Household,
    source_id: uuid.UUID,
    kind: str,
    amount: Decimal,
    period: str,
    actor: str,
    employer: str = "",
    *,
    over_months: int = 1,
) -> IncomeView:
    """Correct a source of income: new facts beside the old."""
    _checked(kind, amount, period, over_months)
    with transactions.verb():
        person_id = _source(household, source_id).person_id
        view = IncomeView(source_id, person_id, kind, amount, period, employer, over_months)
        _state(household, view, actor)
    return view


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


def _state(household: Household, view: IncomeView, actor: str) -> None:
    values = {
        "income_kind": view.kind,
        "income_amount": view.amount,
        "income_period": view.period,
        "income_over_months": view.over_months,
        "income_employer": view.employer,
    }
    state_facts(
        household,
        values,
        actor=actor,
        subject=view.id,
        subject_kind="income_source",
        personal={"income_employer"},
    )


def incomes(household: Household, known: Known | None = None) -> list[IncomeView]:
    """Return the household's present sources of income of its present members."""
    by_source = {source.id: source for source in find(_of_who_lives_there, household.id)}
    views = []
    for source_id, said in facts_of_each(household, by_source, known=known).items():
        source = by_source[source_id]
        if "income_removed" in said:
            continue
        views.append(
            IncomeView(
                source.id,
                source.person_id,
                said["income_kind"].value,
                Decimal(said["income_amount"].value),
                said["income_period"].value,
                said["income_employer"].value if "income_employer" in said else "",
                said["income_over_months"].value if "income_over_months" in said else 1,
            )
        )
    return views


def _of_who_lives_there(household_id: uuid.UUID) -> QuerySet[IncomeSource]:
    present = Membership.objects.filter(
        household=household_id, person=OuterRef("person"), valid_to__isnull=True
    )
    rows = IncomeSource.objects.filter(Exists(present), household=household_id)
    return rows.order_by("recorded_at", "id")


def income_sums(household: Household, known: Known | None = None) -> IncomeSums:
    """Sum the household's income: the years of its sources that count, a twelfth for the month."""
    lines = tuple(incomes(household, known))
    annual = sum((line.yearly for line in lines if line.counts), Decimal("0.00"))
    return IncomeSums(lines, _cents(annual / 12), annual)
