"""A household of the population applies as a person would: every question that matters is asked."""

from datetime import date

import pytest

from latchstring.applications import door as applications
from latchstring.applications.models import Application
from latchstring.demo import hire, load
from latchstring.demo.population import homes
from latchstring.demo.stories import apply
from latchstring.kernel import clock
from latchstring.people import door as people


@pytest.fixture
def population(db):
    load.load(0)
    return list(homes(load.counties(), 4, 7, clock.today()))


def test_the_population_is_the_same_for_the_same_seed(db):
    first = list(homes(load.counties(), 20, 7, date(2026, 11, 1)))
    assert first == list(homes(load.counties(), 20, 7, date(2026, 11, 1)))
    assert first != list(homes(load.counties(), 20, 8, date(2026, 11, 1)))
    assert {home.county.fips[:2] for home in first} == {"35"}


def test_a_household_answers_everything_and_submits(population):
    for home in population:
        application_id = apply(home, f"r{home.number}@resident.example")
        application = Application.objects.get(id=application_id)
        interview = applications.Interview(application)
        asked = [step.id for step in interview.steps]
        assert application.submitted_at is not None
        assert {"risk_of_losing_home", "other_help", "months_owed"} <= set(asked), asked
        facts = people.facts(interview.household)
        assert {"monthly_rent", "months_behind", "housing_instability"} <= set(facts)


def test_loading_twice_changes_nothing(db):
    load.load(0)
    before = people.Account.objects.count()
    load.load(0)
    assert people.Account.objects.count() == before
    assert hire.account_of("director").email == "dana@nm.example"
