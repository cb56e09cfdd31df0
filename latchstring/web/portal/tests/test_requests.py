"""A caseworker asks for something; the resident answers with a file or in words, once."""

import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from latchstring.cases import door as cases
from latchstring.documents import door as documents
from latchstring.kernel import clock
from latchstring.notices import door as notices
from latchstring.people import door as people
from latchstring.people.models import Agency
from latchstring.web.portal.tests.test_whole_way import (
    answered,
    photo,
    signed_up,
    started,
)


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path):
    settings.STORAGE = tmp_path
    cache.clear()


@pytest.fixture
def resident(db):
    Agency.objects.create(
        slug="nm-dfa", state="NM", names={"en": "DFA", "es": "DFA"}, phone="1", brand="nm"
    )
    browser = Client()
    overview = started(browser)
    answered(browser, overview)
    browser.post(f"{overview}review/", {"name": "Ana Baca", "agree": "yes"})
    browser.overview = overview
    return browser


@pytest.fixture
def asked(resident):
    account = people.Account.objects.create_user("cruz@example.test", "correct horse battery")
    staff = people.hire(account, "nm-dfa", "Cruz")
    people.grant_role(staff, "caseworker", granted_by="system:test")
    case = _case()
    return cases.request_information(
        case.id,
        "pay_stub",
        "Please send your last pay stub.",
        account.actor,
        clock.today() + timedelta(days=10),
    )


def _household():
    account = people.Account.objects.get(email="ana@example.test")
    return people.household_of(account, "nm-dfa")


def _case():
    return cases.cases_of_household(_household().id)[0]


def test_the_request_stands_on_the_status_page_with_a_way_to_answer(resident, asked):
    page = resident.get(f"{resident.overview}status/").content.decode()
    assert "Please send your last pay stub." in page and f"/nm/requests/{asked.id}/" in page


def test_nothing_sent_is_said_kindly_and_changes_nothing(resident, asked):
    page = resident.post(f"/nm/requests/{asked.id}/", {"words": "  "})
    assert page.status_code == 422 and b'href="#id_files"' in page.content
    assert cases.open_requests(_case())


def test_a_file_answers_and_is_kept_with_the_case(resident, asked):
    address = f"/nm/requests/{asked.id}/"
    done = resident.post(address, {"files": photo()}, follow=True)
    assert done.request["PATH_INFO"].endswith("/status/")
    assert cases.open_requests(_case()) == []
    assert "pay_stub" in [paper.kind for paper in documents.of_household(_household().id)]
    assert resident.get(address).status_code == 404


def test_words_answer_too_and_are_sealed(resident, asked):
    resident.post(f"/nm/requests/{asked.id}/", {"words": "My boss will not write one."})
    fact = people.all_facts(_household(), f"answer.{asked.id}")[0]
    assert fact.value == "My boss will not write one."
    row = people.Fact.objects.get(id=fact.id)
    assert row.value is None and b"boss" not in bytes(row.sealed)


def test_strangers_see_no_request_and_no_message(resident, asked):
    eve = Client()
    signed_up(eve, email="eve@example.test")
    assert eve.get(f"/nm/requests/{asked.id}/").status_code == 404
    assert eve.post(f"/nm/requests/{asked.id}/", {"words": "x"}).status_code == 404
    letter = notices.of_household(_household().id)[0]
    assert resident.get(f"/nm/messages/{letter.id}/").status_code == 200
    assert eve.get(f"/nm/messages/{letter.id}/").status_code in (302, 404)
    assert resident.get(f"/nm/messages/{uuid.uuid4()}/").status_code == 404


def test_a_message_is_new_until_it_is_opened(resident, asked):
    assert b"2 new" in resident.get("/nm/home/").content
    letter = notices.of_household(_household().id)[0]
    resident.get(f"/nm/messages/{letter.id}/")
    assert b"1 new" in resident.get("/nm/home/").content
