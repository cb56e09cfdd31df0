"""How one household of the population applies: the interview, page by page, then the signature."""

import uuid
from datetime import timedelta
from decimal import Decimal

from latchstring.applications import door as applications
from latchstring.demo.hire import sign_in
from latchstring.demo.paper import picture
from latchstring.demo.population import Home
from latchstring.documents import door as documents
from latchstring.flow import door as flow
from latchstring.kernel import clock
from latchstring.people import door as people

STEPS_MAX = 60
YES_NO = {True: "yes", False: "no"}


def _bank(home: Home) -> dict[str, str]:
    """What the household answers to each question of the bank, by the question's id."""
    return {
        "renting": "yes",
        "income_last_year": str(home.monthly_income * 12),
        "got_unemployment": YES_NO[home.number % 4 == 0],
        "lost_income": "yes",
        "risk_of_losing_home": "yes",
        "out_of_work_90_days": YES_NO[home.number % 5 == 0],
        "other_help": YES_NO[home.number % 13 == 6],
        "rent_each_month": str(home.rent),
        "bedrooms_in_home": str(home.bedrooms),
        "months_owed": str(home.months_behind),
        "months_ahead": str(home.future_months),
        "utilities_amount_owed": str(home.utilities_owed),
    }


def _pages(home: Home) -> dict[str, dict[str, str]]:
    """What it enters on the pages that every form has."""
    soon = home.eviction_in_days
    court = clock.today() + timedelta(days=soon) if soon is not None else None
    return {
        "address": {key: home.address[key] for key in ("street", "unit", "city", "zip")},
        "county": {"county": home.county.fips},
        "members": {},
        "income": {},
        "landlord": {"name": home.landlord, "phone": "505-555-0188", "email": "office@example.com"},
        "utility": {"name": "Mesa Power", "account_number": f"77{home.number:06d}"},
        "dates": {"court_date": court.isoformat() if court else ""},
        "consent": {"tax": "yes", "human_services": "yes"},
    }


def apply(home: Home, email: str) -> uuid.UUID:
    """Let a household make its account, answer everything and submit; returns the application."""
    application = fill_in(home, email)
    head = home.people[0]
    actor = f"account:{application.account}"
    flow.submit(application.id, f"{head.first_name} {head.last_name}", home.language, actor)
    return application.id


def fill_in(home: Home, email: str) -> applications.Application:
    """Let a household make its account and answer everything; returns what it can now sign."""
    account = sign_in(email, home.language)
    head, *others = home.people
    household = people.make_household(
        "nm-dfa", account, identity=head.identity(), language=home.language
    )
    for person in others:
        age = (clock.today() - person.birth_date).days // 365
        people.add_member(
            household, person.identity(), "other" if age >= 18 else "child", account.actor
        )
    people.add_income(
        household,
        people.members(household)[0].person_id,
        "job" if home.number % 3 else "unemployment",
        Decimal(home.monthly_income),
        "monthly",
        account.actor,
    )
    application = applications.begin(household, account, ["nm-erap"], home.language)
    _answer_all(home, household, application, account.actor)
    return application


def _answer_all(
    home: Home,
    household: people.Household,
    application: applications.Application,
    actor: str,
) -> None:
    bank, pages = _bank(home), _pages(home)
    for _ in range(STEPS_MAX):
        step = applications.next_question(application)
        if step is None:
            return
        if step.id.startswith("papers-"):
            application = _paper(home, household, application, step.id, actor)
        elif step.id in pages:
            application = applications.answer(application, step.id, pages[step.id], actor)
        else:
            application = applications.answer(application, step.id, {step.id: bank[step.id]}, actor)
    raise AssertionError("the interview does not end")


def _paper(
    home: Home,
    household: people.Household,
    application: applications.Application,
    step: str,
    actor: str,
) -> applications.Application:
    """Give the lease where there is one; state the rest in place of papers, or leave it open."""
    if step == "papers-renter" and home.lease:
        lines = [f"Tenant: {home.people[0].last_name}", f"Rent: ${home.rent} a month"]
        documents.give(
            household,
            "lease",
            [("lease.jpg", picture("Residential lease", lines))],
            actor,
            application=application.id,
            proves=["rents", "monthly_rent", "rent_documented"],
        )
        return applications.Application.objects.get(id=application.id)
    # Some leave a paper for later; those cases wait for a caseworker.
    if step == "papers-instability" and home.number % 2 == 0:
        return applications.pass_over(application, step)
    try:
        return applications.answer(application, step, {"attest": "yes"}, actor)
    except applications.WrongAnswer:  # nothing was said that could be stated here
        return applications.pass_over(application, step)
