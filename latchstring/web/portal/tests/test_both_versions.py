"""A page saved in one window and then in another that was opened before: nothing is lost."""

import html
import re

import pytest
from django.core.cache import cache
from django.test import Client

from latchstring.people import door as people
from latchstring.people.models import Agency
from latchstring.web.portal.tests.test_whole_way import started


@pytest.fixture
def resident(db):
    cache.clear()
    Agency.objects.create(slug="nm-dfa", state="NM", names={"en": "A"}, phone="1", brand="nm")
    browser = Client()
    browser.overview = started(browser)
    return browser


def opened(browser, step):
    """Open a page in a window; return its address and the mark it carries."""
    address = f"{browser.overview}{step}/"
    page = browser.get(address).content.decode()
    return address, re.search(r'name="saved_as" value="([0-9a-f]+)"', page).group(1)


def said(key):
    household = people.household_of(people.Account.objects.get(email="ana@example.test"), "nm-dfa")
    return people.facts(household)[key].value


def words(answer):
    return html.unescape(answer.content.decode())


LANDLORD = {"name": "Mesa Homes", "phone": "5055550199", "state": "NM"}


def test_the_second_window_sees_both_and_may_save_its_own(resident):
    address, early = opened(resident, "landlord")
    assert resident.post(address, {**LANDLORD, "saved_as": early}).status_code == 302
    late = resident.post(address, {**LANDLORD, "name": "Luna Homes", "saved_as": early})
    assert late.status_code == 409
    assert "This was changed in another window" in words(late)
    assert "Mesa Homes" in words(late) and 'value="Luna Homes"' in words(late)
    assert said("landlord")["name"] == "Mesa Homes"
    mark = re.search(r'name="saved_as" value="([0-9a-f]+)"', words(late)).group(1)
    again = resident.post(address, {**LANDLORD, "name": "Luna Homes", "saved_as": mark})
    assert again.status_code == 302 and said("landlord")["name"] == "Luna Homes"


def test_both_windows_of_one_mind_are_no_trouble(resident):
    address, early = opened(resident, "landlord")
    for _press in range(2):
        assert resident.post(address, {**LANDLORD, "saved_as": early}).status_code == 302


@pytest.mark.parametrize(
    "step,first,second,shown",
    [
        ("renting", {"renting": "yes"}, {"renting": "no"}, "Yes"),
        ("months_owed", {"months_owed": "2"}, {"months_owed": "5"}, "2"),
        ("dates", {"court_date_month": "12", "court_date_day": "05", "court_date_year": "2026"},
         {"court_date_month": "12", "court_date_day": "6", "court_date_year": "2026"},
         "December 5, 2026"),
        ("consent", {"tax": "yes"}, {"human_services": "yes"}, "Yes"),
    ],
)  # fmt: skip
def test_every_kind_of_answer_is_told_as_a_person_says_it(resident, step, first, second, shown):
    address, early = opened(resident, step)
    other = {key: "no" if value == "yes" else value for key, value in second.items()}
    if step == "renting":  # what the screener heard is saved already
        assert resident.post(address, {**other, "renting": "no", "saved_as": early}).status_code
        address, early = opened(resident, step)
    assert resident.post(address, {**first, "saved_as": early}).status_code == 302
    late = resident.post(address, {**second, "saved_as": early})
    assert late.status_code == 409
    saved = re.search(r"Saved now:.*?</dl>", words(late), re.S).group(0)
    assert f"<dd>{shown}</dd>" in saved, saved


def test_in_spanish_too(resident):
    address, early = opened(resident, "landlord")
    resident.post(address, {**LANDLORD, "saved_as": early})
    late = resident.post(f"/es{address}", {**LANDLORD, "name": "Luna", "saved_as": early})
    assert late.status_code == 409 and "otra ventana" in words(late)
