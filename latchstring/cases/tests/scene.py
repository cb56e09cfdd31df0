"""A scene for tests: two agencies, a desk of staff, money, and a household that is behind."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from latchstring.cases import door as cases
from latchstring.funds import door as funds
from latchstring.kernel import clock
from latchstring.kernel.ids import new_id
from latchstring.partners import door as partners
from latchstring.people import door as people
from latchstring.programs import door as programs
from latchstring.programs.models import StandingAuthorisation

ANA = {
    "first_name": "Ana",
    "last_name": "Baca",
    "birth_date": "1988-05-02",
    "ssn": "900-12-3456",
}
LEO = {"first_name": "Leo", "last_name": "Baca", "birth_date": "2015-01-09"}
COUNTY = "35049"  # Santa Fe
STATED = {
    "rents": True,
    "state": "NM",
    "county": COUNTY,
    "size": 2,
    "annual_income": Decimal("21000.00"),
    "monthly_income": Decimal("1800.00"),
    "unemployment_benefits": False,
    "financial_hardship": True,
    "housing_instability": True,
    "unemployed_90_days": False,
    "monthly_rent": Decimal("1000.00"),
    "rent_documented": True,
    "months_behind": 2,
    "future_months": 1,
    "utilities_owed": Decimal("85.00"),
    "other_federal_rent_help": False,
}
LANDLORD = {"name": "Mesa Homes", "phone": "505-555-0188", "street": "1 Mesa Rd"}
SNAP = {
    "program": "snap",
    "status": "active",
    "determined_on": "2026-03-01",
    "expires_on": "2027-02-28",
    "verified_income_under_80_ami": True,
}


@dataclass
class Scene:
    """Everybody in the story. Built by `build`."""

    ana: people.Account = field(init=False)
    household: people.Household = field(init=False)
    staff: dict[str, people.Account] = field(default_factory=dict)

    def actor(self, who: str) -> str:
        """How the log names somebody of the cast."""
        return self.staff[who].actor

    def state(self, **facts: object) -> None:
        """Let the household state facts."""
        for key, value in facts.items():
            people.state_fact(self.household, key, value, actor=self.ana.actor)

    def open(self, **more: object) -> cases.Case:
        """Open a case as a submission would."""
        unit = [row.person_id for row in people.memberships(self.household)]
        given = {
            "agency": "nm-dfa",
            "county": COUNTY,
            "filed_at": clock.now(),
            "unit": unit,
            "attested": [],
        } | more
        program = programs.load_program("nm-erap")
        return cases.open(new_id(), self.household.id, "nm-erap", program.version, **given)

    def enrol(self, **more: object) -> None:
        """Let human services have said that the household has SNAP."""
        proof = people.add_evidence(self.household, "agency", "human_services", str(new_id()))
        people.state_fact(
            self.household,
            "enrolments",
            [SNAP | more],
            actor="system:human_services",
            source="verified:human_services",
            evidence=proof,
        )

    def authorise(self, up_to_cents: int = 1_000_000) -> StandingAuthorisation:
        """Two people sign that the rules may approve alone up to an amount."""
        return StandingAuthorisation.objects.create(
            agency="nm-dfa",
            program="nm-erap",
            up_to_cents=up_to_cents,
            first_signer=self.actor("dana"),
            second_signer=self.actor("manny"),
            valid_from=clock.today(),
            text="Approve what every fact proves.",
        )

    def prepared(self) -> cases.Decision:
        """A case with a prepared approval."""
        return cases.prepare_approval(self.open().id, self.actor("casey"))


def build(money_cents: int = 10_000_000) -> Scene:
    """Set the scene."""
    scene = Scene()
    for slug, state, phone in (("nm-dfa", "NM", "505-555-0142"), ("wy-dfs", "WY", "307-555-0117")):
        people.Agency.objects.create(
            slug=slug,
            state=state,
            names={"en": f"Department of {state}", "es": f"Departamento de {state}"},
            phone=phone,
            brand=state.lower(),
        )
    _hire(scene, "casey", "nm-dfa", "caseworker")
    _hire(scene, "both", "nm-dfa", "caseworker", "approver")
    _hire(scene, "alex", "nm-dfa", "approver")
    _hire(scene, "elsewhere", "nm-dfa", "caseworker", counties=["35001"])
    _hire(scene, "willa", "wy-dfs", "caseworker", "approver")
    _hire(scene, "dana", "nm-dfa", "director")
    _hire(scene, "manny", "nm-dfa", "program_manager")
    _money(money_cents)
    scene.ana = people.Account.objects.create_user("ana@example.org", "correct horse battery")
    scene.household = people.make_household("nm-dfa", scene.ana, identity=ANA)
    people.add_member(scene.household, LEO, "child", scene.ana.actor)
    people.set_dwelling(
        scene.household,
        {"street": "12 Luna Ln", "city": "Santa Fe", "state": "NM", "zip": "87501"},
        COUNTY,
        scene.ana.actor,
    )
    scene.state(**STATED)
    people.state_fact(scene.household, "landlord", LANDLORD, actor=scene.ana.actor, personal=True)
    return scene


def _hire(scene: Scene, name: str, agency: str, *roles: str, counties: list[str] | None = None):
    account = people.Account.objects.create_user(f"{name}@{agency}.example", "correct horse")
    staff = people.hire(account, agency, name.title())
    for role in roles:
        people.grant_role(staff, role, granted_by="system:test", counties=counties or ())
    scene.staff[name] = account


def _money(cents: int) -> None:
    today = clock.today()
    award = funds.grant_award(
        agency="nm-dfa",
        name="Award",
        assistance_listing="21.023",
        fain="TEST-1",
        amount_cents=cents,
        period_start=today - timedelta(days=10),
        period_end=today + timedelta(days=300),
        authority="test",
        actor="system:test",
    )
    funds.allocate(
        award.id,
        public_body="DFA",
        program="nm-erap",
        purpose="assistance",
        amount_cents=cents,
        actor="system:test",
    )


def agree(scene: Scene, *sources: str, consent: bool = True) -> None:
    """Sign agreements with sources and, where asked, give the household's consent."""
    for source in sources:
        partners.sign_agreement(
            "nm-dfa",
            source,
            purpose="determine eligibility for emergency rental assistance",
            legal_basis="15 U.S.C. 9058a",
            fields=["annual_income", "enrolments"],
            valid_from=date(2020, 1, 1),
        )
        if consent:
            partners.give_consent(
                scene.household.id,
                source,
                agency="nm-dfa",
                text_version="v1",
                language="en",
                actor=scene.ana.actor,
            )
