"""Filling the demo: the cast, the money, the programs, then people's lives with the clock run on.

1. Agencies, staff, awards, agreements, the published program and its open round.
2. The two agencies beside us learn who the people are.
3. The clock goes back some weeks. Day by day households apply, cases advance, staff decide and
   pay, all by the same verbs as real work, until the clock is back at the present.
Each part is left alone where it is there already, so that starting again only goes on.
"""

import os
from datetime import date, timedelta
from typing import Any

import httpx

from latchstring.cases import door as cases
from latchstring.demo import cast, hire, money
from latchstring.demo.population import County, Home, homes
from latchstring.demo.stories import apply
from latchstring.flow import door as flow
from latchstring.insight import door as insight
from latchstring.kernel import clock, scope, transactions
from latchstring.partners import door as partners
from latchstring.payments import door as payments
from latchstring.people import door as people
from latchstring.programs import door as programs
from latchstring.programs import publication

SEED = 20261123
DAYS = 28
STEPS = 14  # of two days each
DECIDED_AT_ONCE = 6
PROGRAM = "nm-erap"
STANDINS = ("TAX", "HUMAN_SERVICES", "BANK")
# Real figures of each county: people in 2022, share of households living alone and mean size (ACS
# 2014-18), median household income 2018 (SAIPE). Counties without a published share take the
# state's. Source: domain notes, section J.
STATE_LIVING_ALONE, STATE_MEAN_SIZE = 3_000, 260  # hundredths of a per cent, of a person


def load(households: int) -> None:
    """Fill what is not there yet."""
    scope.enter(scope.EVERY_AGENCY)
    first_time = not people.Agency.objects.exists()
    hire.make_cast()
    money.make_money()
    _programs()
    _agreements()
    hire.sign_in(cast.RESIDENT)
    if first_time and households:
        _live(households)


def _programs() -> None:
    document = programs.load_program(PROGRAM)
    publication.publish(
        PROGRAM,
        document.version,
        agency="nm-dfa",
        effective_from=clock.today() - timedelta(days=DAYS + 60),
        actor="system:demo",
    )
    publication.open_first_round(
        document, opens_on=clock.today() - timedelta(days=DAYS + 30), actor="system:demo"
    )
    publication.sign_standing_authorisation(
        PROGRAM,
        agency="nm-dfa",
        up_to_cents=250_000,
        first_signer=hire.account_of("director").actor,
        second_signer=hire.account_of("program_manager").actor,
        valid_from=clock.today() - timedelta(days=DAYS + 30),
        text=(
            "Applications in which every criterion is proven may be approved without waiting, up "
            "to $2,500. Demonstration setting: the agency sets the amount."
        ),
    )


def _agreements() -> None:
    begin = clock.today() - timedelta(days=DAYS + 60)
    asked = {
        "tax": ("annual_income", "filing_status"),
        "human_services": ("enrolments", "household_members"),
    }
    for partner, fields in asked.items():
        partners.sign_agreement(
            "nm-dfa",
            partner,
            purpose="determine eligibility for emergency rental assistance",
            legal_basis="Demonstration agreement; 15 U.S.C. 9058a and the resident's consent",
            fields=fields,
            valid_from=begin,
        )


def counties() -> list[County]:
    """Return New Mexico's counties with their real figures."""
    names = programs.counties("NM")
    found = []
    for fips, row in names.items():
        zips = tuple(
            (key[0], str(cell["city"]))
            for key, cell in programs.table("zip_county").data.cells[0].items()
            if key[1] == fips
        )
        if not zips:
            continue
        rents = {
            int(key[1]): int(cell["rent"])
            for key, cell in programs.table("hud_fair_market_rents").data.cells[-1].items()
            if key[0] == fips
        }
        figures = programs.table("county_figures").data.cells[0][(fips,)]
        found.append(
            County(
                fips=fips,
                name=str(row["name"]),
                population=int(figures["population"]),
                living_alone=(figures["living_alone"] or STATE_LIVING_ALONE) / 10_000,
                mean_size=(figures["mean_size"] or STATE_MEAN_SIZE) / 100,
                median_income=int(figures["median_income"]),
                rents=rents,
                zips=zips,
            )
        )
    return found


def _tell_the_agencies(people_of: list[Home]) -> None:
    """Give each stand-in agency the people it would know."""
    known: dict[str, list[dict[str, Any]]] = {"TAX": [], "HUMAN_SERVICES": []}
    for home in people_of:
        head = home.people[0].identity()
        if home.known_income is not None:
            known["TAX"].append(
                head | {"filing_status": "single", "annual_income": f"{home.known_income:.2f}"}
            )
        enrolments = []
        if home.enrolled:
            enrolments.append(
                {
                    "program": home.enrolled,
                    "status": "active",
                    "determined_on": (clock.today() - timedelta(days=120)).isoformat(),
                    "expires_on": (clock.today() + timedelta(days=245)).isoformat(),
                    "household_size": len(home.people),
                    "verified_income_under_80_ami": True,
                }
            )
        known["HUMAN_SERVICES"].append(head | {"enrolments": enrolments})
    for name, rows in known.items():
        if rows:
            _administer(name, "/admin/people", {"people": rows})
    for name in STANDINS:  # no waiting and no failures while weeks go by in seconds
        _administer(name, "/admin/behaviour", {"delay_ms": 0, "fail_rate": 0.0})


def _back_to_their_ways() -> None:
    """Let the agencies and the bank be slow and fail again, as real ones are."""
    for name in STANDINS:
        _administer(name, "/admin/behaviour", None)


def _administer(name: str, path: str, body: dict[str, Any] | None) -> None:
    """Speak to a stand-in as its administrator; None puts its start-up setting back."""
    url = os.environ.get(f"LATCHSTRING_{name}_URL")
    if not url:
        return
    token = os.environ.get("LATCHSTRING_STANDIN_ADMIN_TOKEN", "")
    httpx.request(
        "DELETE" if body is None else "POST",
        f"{url}{path}",
        json=body,
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
        trust_env=False,
    ).raise_for_status()


def _work_off_jobs() -> None:
    """Do every job that waits, as the worker would."""
    flow.run_worker(wait=False, listen_notify=False, concurrency=1, install_signal_handlers=False)
    scope.enter(scope.EVERY_AGENCY)


def _live(households: int) -> None:
    today: date = clock.today()
    # Everybody was born before the weeks that are lived through.
    population = list(homes(counties(), households, SEED, today - timedelta(days=DAYS + 1)))
    _tell_the_agencies(population)
    clock.turn(timedelta(days=-DAYS))
    try:
        for step in range(STEPS):
            for home in population[step * households // STEPS : (step + 1) * households // STEPS]:
                apply(home, f"resident{home.number}@resident.example")
            _work_off_jobs()
            if step % 4 == 3:  # about once a week; the last week's work is left for visitors
                _decide()
                _pay()
            with transactions.verb():
                clock.turn(timedelta(days=DAYS) / STEPS)
    finally:
        clock.turn_to_present()
        _back_to_their_ways()
    payments.try_import()
    _work_off_jobs()


def _decide() -> None:
    """Let the caseworker prepare what can be approved, and the approver approve it."""
    casey, alex = hire.account_of("caseworker"), hire.account_of("approver")
    for row in insight.queue("nm-dfa", stage="review")[:DECIDED_AT_ONCE]:
        if row["outcome"] == "eligible":
            decision = cases.prepare_approval(row["id"], casey.actor)
            cases.approve(decision.id, alex.actor)
    _work_off_jobs()


def _pay() -> None:
    """Let the payments officer give accounts, then close, seal and release a batch."""
    pat = hire.account_of("payments_officer")
    for line in payments.waiting("nm-dfa"):
        if line.account is None:
            owner = "consumer" if line.payee.kind == "tenant" else "business"
            payments.add_account(
                line.payee_id,
                routing="107000152",
                account=f"4400{line.payee_id.int % 10**7:07d}12",
                kind="checking",
                owner=owner,
                actor=pat.actor,
            )
    try:
        batch = payments.open_batch(pat, "nm-dfa")
    except payments.NothingToPay:
        return
    payments.seal_batch(pat, batch.id)
    payments.release_batch(pat, batch.id)
    _work_off_jobs()
