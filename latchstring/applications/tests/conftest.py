"""A household on its way through the interview."""

import io

import pytest
from PIL import Image

from latchstring.applications import door as applications
from latchstring.people import door as people
from latchstring.people.models import Agency

ANA = {"first_name": "Ana", "last_name": "Baca", "birth_date": "1988-05-02", "phone": "5055550100"}
HEARD = {"rents": True, "housing_instability": True, "county": "35001", "state": "NM"}
ANSWERS = {
    "address": {"street": "12 Mesa Rd", "city": "Albuquerque", "zip": "87102"},
    "members": {},
    "income": {},
    "got_unemployment": {"got_unemployment": "no"},
    "lost_income": {"lost_income": "yes"},
    "risk_of_losing_home": {"risk_of_losing_home": "yes"},
    "out_of_work_90_days": {"out_of_work_90_days": "no"},
    "other_help": {"other_help": "no"},
    "rent_each_month": {"rent_each_month": "$1,200.00"},
    "months_owed": {"months_owed": "3"},
    "months_ahead": {"months_ahead": "1"},
    "utilities_amount_owed": {"utilities_amount_owed": "150"},
    "bedrooms_in_home": {"bedrooms_in_home": "2"},
    "income_last_year": {"income_last_year": "24000"},
    "dates": {"court_date_month": "12", "court_date_day": "1", "court_date_year": "2026"},
    "landlord": {"name": "Mesa Homes", "phone": "505 555 0199", "email": "pay@mesa.example"},
    "utility": {"name": "PNM", "account_number": "123-9"},
    "consent": {"tax": "yes", "human_services": "yes"},
    "papers-renter": {"attest": "yes"},
    "papers-instability": {"attest": "yes"},
    "papers-hardship": {"attest": "yes"},
    "papers-income": {"attest": "yes"},
}


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path):
    settings.STORAGE = tmp_path


@pytest.fixture
def ana(db):
    Agency.objects.create(slug="wy-dfs", state="WY", names={"en": "DFS"}, phone="1", brand="wy")
    Agency.objects.create(
        slug="nm-dfa", state="NM", names={"en": "DFA", "es": "DFA"}, phone="1", brand="nm"
    )
    return people.Account.objects.create_user("ana@example.test", "correct horse battery")


@pytest.fixture
def household(ana):
    return people.make_household("nm-dfa", ana, identity=ANA)


@pytest.fixture
def application(household, ana):
    return applications.begin(household, ana, ["nm-erap"], "en", HEARD)


def go_on(application, actor, until=None, most=40):
    """Answer each next page with ANSWERS until there is none left, or a page of that name."""
    asked = []
    for _ in range(most):
        application.refresh_from_db()
        step = applications.next_question(application)
        if step is None or step.id == until:
            return asked
        asked.append(step.id)
        applications.answer(application, step.id, ANSWERS[step.id], actor)
    raise AssertionError(f"never ends: {asked}")


def photo():
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(out, "JPEG")
    return out.getvalue()
