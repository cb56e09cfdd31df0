"""A form sent again, because a broken line swallowed the answer, keeps one of everything."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from latchstring.people import door as people
from latchstring.people.models import Agency
from latchstring.web.portal.tests.test_whole_way import started

LEO = {
    "first_name": "Leo",
    "last_name": "Baca",
    "birth_date_month": "11",
    "birth_date_day": "30",
    "birth_date_year": "1990",
    "role": "spouse",
}
JOB = {"kind": "wages", "employer": "Cafe", "amount": "450", "period": "weekly"}


@pytest.fixture
def resident(db):
    cache.clear()
    Agency.objects.create(slug="nm-dfa", state="NM", names={"en": "A"}, phone="1", brand="nm")
    browser = Client()
    browser.overview = started(browser)
    return browser


def household():
    return people.household_of(people.Account.objects.get(email="ana@example.test"), "nm-dfa")


def test_a_person_sent_twice_is_one_person(resident):
    for _ in range(2):
        assert resident.post(f"{resident.overview}people/add/", LEO).status_code == 302
    assert [m.name for m in people.members(household())] == ["Ana Baca", "Leo Baca"]
    twin = {**LEO, "first_name": "Lea"}
    resident.post(f"{resident.overview}people/add/", twin)
    assert len(people.members(household())) == 3


def test_an_income_sent_twice_is_one_and_two_alike_are_two(resident):
    ana = people.members(household())[0].person_id
    page = f"{resident.overview}income/{ana}/add/"
    for _form in range(2):
        once = re.search(r'name="once" value="([^"]+)"', resident.get(page).content.decode())
        job = {**JOB, "kind": next(iter(people.KINDS)), "once": once.group(1)}
        job["period"] = next(iter(people.TIMES_A_YEAR))
        wrong = resident.post(page, {**job, "amount": "much"})
        assert wrong.status_code == 422 and once.group(1) in wrong.content.decode()
        for _sending in range(2):
            assert resident.post(page, job).status_code == 302
    assert len(people.incomes(household())) == 2
