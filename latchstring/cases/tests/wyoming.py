"""A scene in Wyoming for tests: a desk, energy money, and a household short of heat and food."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from latchstring.cases import door as cases
from latchstring.funds import door as funds
from latchstring.kernel import clock
from latchstring.kernel.ids import new_id
from latchstring.people import door as people
from latchstring.programs import door as programs

COUNTY = "56021"  # Laramie
WINTER = datetime(2026, 1, 15, 17, tzinfo=UTC)  # in season, and every table of SNAP is set
NORA = {"first_name": "Nora", "last_name": "Reed", "birth_date": "1961-02-11", "ssn": "900-55-1234"}
STATED = {
    "state": "WY",
    "county": COUNTY,
    "size": 1,
    "monthly_income": Decimal("900.00"),
    # heat
    "pays_for_heat": True,
    "heating_fuel": "propane",
    "heat_emergency": False,
    "heat_danger_to_life": False,
    "crisis_cost": Decimal("0"),
    "heat_help_this_season": False,
    "member_60_or_older": True,
    "child_5_or_under": False,
    "member_with_disability": False,
    # food
    "food_size": 1,
    "food_help_this_month": False,
    "monthly_earned_income": Decimal("0"),
    "liquid_resources": Decimal("400"),
    "other_countable_resources": Decimal("0"),
    "rents": True,
    "monthly_rent": Decimal("500"),
    "home_owner_costs": Decimal("0"),
    "homeless_pays_for_shelter": False,
    "utility_bills": "two_others",
    "member_gets_disability_payments": False,
    "got_energy_help_12_months": False,
    "dependent_care_costs": Decimal("0"),
    "medical_costs": Decimal("0"),
    "child_support_paid": Decimal("0"),
    "all_get_cash_assistance": False,
    "migrant_without_income": False,
}
SUPPLIER = {"name": "High Plains Propane", "account_number": "HP-1", "phone": "307-555-0133"}


class Scene:
    """A household, its caseworkers, and the energy program's money."""

    def __init__(self) -> None:
        people.Agency.objects.create(
            slug="wy-dfs",
            state="WY",
            names={"en": "Department of Family Services", "es": "Servicios Familiares"},
            phone="307-555-0117",
            brand="wy",
        )
        self.staff = {
            name: self._hired(name, role)
            for name, role in (("casey", "caseworker"), ("alex", "approver"))
        }
        self._money()
        self.nora = people.Account.objects.create_user("nora@example.org", "correct horse battery")
        self.household = people.make_household("wy-dfs", self.nora, identity=NORA)
        people.set_dwelling(
            self.household,
            {"street": "4 Pine St", "city": "Cheyenne", "state": "WY", "zip": "82001"},
            COUNTY,
            self.nora.actor,
        )
        self.state(**STATED)
        people.state_fact(
            self.household, "utility_account", SUPPLIER, actor=self.nora.actor, personal=True
        )

    def _hired(self, name: str, role: str) -> people.Account:
        account = people.Account.objects.create_user(f"{name}@wy.example", "correct horse")
        people.grant_role(people.hire(account, "wy-dfs", name.title()), role, granted_by="test")
        return account

    def _money(self) -> None:
        today = clock.today()
        award = funds.grant_award(
            agency="wy-dfs",
            name="LIHEAP",
            assistance_listing="93.568",
            fain="TEST-WY",
            amount_cents=10_000_000,
            period_start=today - timedelta(days=10),
            period_end=today + timedelta(days=300),
            authority="test",
            actor="system:test",
        )
        funds.allocate(
            award.id,
            public_body="DFS",
            program="wy-lieap",
            purpose="assistance",
            amount_cents=10_000_000,
            actor="system:test",
        )

    def actor(self, who: str) -> str:
        """How the log names somebody of the cast."""
        return str(self.staff[who].actor)

    def state(self, **facts: object) -> None:
        """Let the household state facts."""
        people.state_facts(self.household, facts, actor=self.nora.actor)

    def open(self, program: str, filed_at: datetime = WINTER, **more: object) -> cases.Case:
        """Open a case as a submission would; drafts too."""
        unit = [row.person_id for row in people.memberships(self.household)]
        version = programs.load_program(program).version
        return cases.open(
            new_id(),
            self.household.id,
            program,
            version,
            **{"agency": "wy-dfs", "county": COUNTY, "filed_at": filed_at, "unit": unit} | more,
        )

    def put_down(self, case: cases.Case) -> None:
        """Put down what a person must, but for amounts: every rule looked at, the interview."""
        casey = self.actor("casey")
        for todo in cases.before_approval(case, None):
            if todo.kind == "looked_at":
                cases.look_at(case.id, [todo.about], "Nothing stands against it.", casey)
            else:
                cases.interview(case.id, clock.today(), "phone", "She told me the same.", casey)

    def prepare(self, case: cases.Case, **more: int | None) -> cases.Decision:
        """Put everything down and prepare the approval, as a caseworker does."""
        self.put_down(case)
        return cases.prepare_approval(case.id, self.actor("casey"), **more)
