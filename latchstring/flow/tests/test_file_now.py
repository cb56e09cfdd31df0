"""Food help is filed with name, address and signature; what else was begun stays a draft."""

import pytest

from latchstring.applications import door as applications
from latchstring.applications.models import Application
from latchstring.applications.tests.conftest import ANA
from latchstring.cases.models import Case
from latchstring.flow.submit import submit
from latchstring.people import door as people
from latchstring.people.models import Agency

HOME = {"street": "4 Elk St", "city": "Casper", "zip": "82601"}


@pytest.fixture
def ana(db, monkeypatch):
    Agency.objects.create(slug="wy-dfs", state="WY", names={"en": "DFS"}, phone="1", brand="wy")
    return people.Account.objects.create_user("ana@example.test", "correct horse battery")


@pytest.fixture
def draft(ana):
    home = people.make_household("wy-dfs", ana, identity=ANA)
    return applications.begin(home, ana, ["wy-lieap", "wy-snap"], "en")


def send(draft, ana, name="Ana Baca"):
    return submit(draft.id, name, "en", ana.actor, as_it_stands=True)


def test_with_an_address_food_help_goes_at_once_and_heat_stays_a_draft(draft, ana):
    with pytest.raises(applications.NotReady):
        send(draft, ana)  # nobody knows where she lives
    applications.answer(draft, "address", HOME, ana.actor)
    assert [p.slug for p in applications.may_file_now(applications.Interview(draft))] == ["wy-snap"]
    receipt = send(draft, ana)
    assert [slug for slug, _version in receipt.programs] == ["wy-snap"]
    case = Case.objects.get()
    assert case.program == "wy-snap" and case.due_clock and case.filed_at == receipt.submitted_at
    assert send(draft, ana) == receipt and Case.objects.count() == 1
    [left] = [one for one in applications.of_account(ana, "wy-dfs") if not one.submitted_at]
    assert left.submitted_at is None and left.reference != receipt.reference
    assert [row.program for row in left.programs.all()] == ["wy-lieap"]
    assert applications.may_file_now(applications.Interview(left)) == []


def test_what_no_program_takes_so_is_not_sent_and_not_set_apart(draft, ana):
    home = people.household_by_id(draft.household)
    heat = applications.begin(home, ana, ["wy-lieap"], "en")
    applications.answer(heat, "address", HOME, ana.actor)
    with pytest.raises(applications.NotReady):
        send(heat, ana)
    assert not Case.objects.exists() and Application.objects.count() == 2


def test_without_a_name_nothing_is_set_apart(draft, ana):
    applications.answer(draft, "address", HOME, ana.actor)
    with pytest.raises(applications.WrongAnswer):
        send(draft, ana, " ")
    assert Application.objects.count() == 1
