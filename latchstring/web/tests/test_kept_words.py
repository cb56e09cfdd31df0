"""A sign-in that ended loses no word: they are kept for their writer alone, ready to send."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client

from latchstring.cases.tests import scene as scenes
from latchstring.documents import door as documents
from latchstring.people import door as people
from latchstring.web import kept_words
from latchstring.web.portal.tests.test_whole_way import photo, signed_up, started
from latchstring.web.refill import refilled

PASSWORD = "seven quiet herons"  # noqa: S105 - of a test
WORDS = "Mesa <Vista> Homes & Söhne"


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path):
    settings.STORAGE = tmp_path
    settings.SECOND_FACTOR_WAIVED = True
    cache.clear()


class Browser(Client):
    """Sends a form as a browser does: what the page has, and what is typed over it."""

    def fills(self, address, **typed):
        page = self.get(address)
        hidden = {kept_words.MARK: kept_words.mark(page.wsgi_request)}
        return {"csrfmiddlewaretoken": str(page.context["csrf_token"]), **hidden, **typed}

    def expires(self):
        del self.cookies["sessionid"]

    def signs_in(self, email, password=PASSWORD, to=""):
        return self.post(
            "/account/login/", {"login": email, "password": password, "next": to}, follow=True
        )


@pytest.fixture
def resident(db):
    people.Agency.objects.create(
        slug="nm-dfa", state="NM", names={"en": "A", "es": "A"}, phone="1", brand="nm"
    )
    browser = Browser()
    browser.overview = started(browser)
    browser.landlord = f"{browser.overview}landlord/"
    return browser


def landlord(browser, address=None):
    form = browser.fills(address or browser.landlord, name=WORDS, phone="505-555-0199")
    browser.expires()
    return browser.post(address or browser.landlord, form)


def test_a_resident_finds_her_words_where_she_wrote_them(resident):
    answer = landlord(resident)
    assert answer.status_code == 302 and answer["Location"].startswith("/account/login/?next=")
    assert "Mesa" not in answer["Location"]
    login = resident.get(answer["Location"]).content.decode()
    assert "what you typed is kept for you" in login and "Mesa" not in login
    page = resident.signs_in("ana@example.test", to=resident.landlord)
    shown = page.content.decode()
    assert page.request["PATH_INFO"] == resident.landlord
    assert 'value="Mesa &lt;Vista&gt; Homes &amp; Söhne"' in shown
    assert 'value="505-555-0199"' in shown and "What you typed is back." in shown
    assert resident.get(resident.landlord).content.decode().count("505-555-0199") == 1  # a reload
    sent = resident.fills(resident.landlord, name=WORDS, phone="505-555-0199", state="NM")
    assert resident.post(resident.landlord, sent).status_code == 302
    assert "What you typed is back." not in resident.get(resident.landlord).content.decode()


def test_in_spanish_and_with_where_to_go_back_to(resident):
    address = f"/es{resident.landlord}?back=review"
    landlord(resident, address)
    page = resident.signs_in("ana@example.test", to=address).content.decode()
    assert "Lo que escribió está aquí de nuevo." in page and "505-555-0199" in page


def test_another_person_who_signs_in_here_never_sees_them(resident):
    landlord(resident)
    eve = Client()
    signed_up(eve, email="eve@example.test")
    page = resident.signs_in("eve@example.test", to=resident.landlord)
    assert page.status_code == 404 and "505-555-0199" not in page.content.decode()
    assert kept_words.KEPT not in resident.session
    resident.post("/account/logout/")
    again = resident.signs_in("ana@example.test", to=resident.landlord)
    assert "505-555-0199" not in again.content.decode()


def test_a_form_left_open_in_another_persons_session_gives_them_nothing(resident):
    """Ana's page stands in a tab, Eve signs in in another, and Ana's form is sent."""
    strict = Browser(enforce_csrf_checks=True)
    strict.cookies = resident.cookies
    form = strict.fills(resident.landlord, name=WORDS, phone="505-555-0199")
    eve = Client()
    signed_up(eve, email="eve@example.test")
    strict.cookies = eve.cookies
    answer = strict.post(resident.landlord, form)
    assert answer.status_code == 403 and "505-555-0199" not in answer.content.decode()
    assert kept_words.KEPT not in strict.session


def test_a_form_from_before_a_new_sign_in_comes_back_with_its_words_and_is_not_carried_out(
    resident,
):
    strict = Browser(enforce_csrf_checks=True)
    strict.cookies = resident.cookies
    form = strict.fills(resident.landlord, name=WORDS, phone="505-555-0199")
    form["csrfmiddlewaretoken"] = "x" * 64
    answer = strict.post(resident.landlord, form)
    assert (answer.status_code, answer["Location"]) == (302, resident.landlord)
    page = strict.get(resident.landlord).content.decode()
    assert "505-555-0199" in page and "It was not sent yet." in page
    strict.expires()
    assert strict.post(resident.landlord, form)["Location"].startswith("/account/login/?next=/nm/")


def test_a_strangers_page_cannot_put_words_into_a_form(resident):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = resident.cookies
    for mark in ("", "forged", kept_words.MARK):
        answer = strict.post(resident.landlord, {"name": "Evil", kept_words.MARK: mark})
        assert answer.status_code == 403
    assert "Evil" not in resident.get(resident.landlord).content.decode()


def test_what_lies_in_the_session_is_sealed_and_holds_no_password_and_not_too_much(resident):
    form = resident.fills(resident.landlord, name=WORDS, password="hunter22 hunter22")
    form["long"] = "x" * kept_words.BYTES_MAX
    resident.expires()
    resident.post(resident.landlord, form)
    assert kept_words.KEPT not in resident.session
    del form["long"]
    resident.post(resident.landlord, form)
    kept = resident.session[kept_words.KEPT]
    assert "Mesa" not in str(kept) and "hunter22" not in str(kept)
    account = people.Account.objects.get(email="ana@example.test")
    assert kept["account"] == str(account.id)


def test_after_half_a_day_they_are_gone(resident, monkeypatch):
    landlord(resident)
    later = time.time() + kept_words.HOURS_MAX * 3600 + 60
    monkeypatch.setattr(kept_words.time, "time", lambda: later)
    page = resident.signs_in("ana@example.test", to=resident.landlord).content.decode()
    assert "505-555-0199" not in page


def test_a_photo_cannot_be_kept_and_that_is_said(resident):
    address = f"{resident.overview}papers-renter/"
    form = resident.fills(address, kind="bank_statement", files=photo())
    resident.expires()
    resident.post(address, form)
    page = resident.signs_in("ana@example.test", to=address).content.decode()
    assert "Choose the photo or file again" in page
    assert '<option value="bank_statement" selected>' in page
    assert documents.of_household(household().id) == []


def household():
    return people.household_of(people.Account.objects.get(email="ana@example.test"), "nm-dfa")


@pytest.fixture
def caseworker(db):
    scene = scenes.build()
    scene.case = scene.open()
    casey = scene.staff["casey"]
    casey.set_password(PASSWORD)
    casey.save()
    EmailAddress.objects.create(user=casey, email=casey.email, verified=True, primary=True)
    browser = Browser()
    browser.force_login(casey)
    browser.email, browser.case = casey.email, f"/desk/cases/{scene.case.reference}/"
    return browser


def test_a_caseworkers_note_and_denial_come_back_on_the_case_page(caseworker):
    for button, typed in (
        ("note", {"words": "She called.\nThe <boiler> is out."}),
        ("prepare-denial", {"reason": "No lease & no rent", "legal_basis": "15 USC 9058a"}),
    ):
        form = caseworker.fills(caseworker.case, **typed)
        caseworker.expires()
        answer = caseworker.post(f"{caseworker.case}{button}/", form)
        assert answer["Location"] == f"/account/login/?next={caseworker.case}"
        page = caseworker.signs_in(caseworker.email, to=caseworker.case)
        shown = page.content.decode()
        assert page.status_code == 200 and "What you typed is back." in shown
        for words in typed.values():
            assert words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in shown


def test_a_refused_form_still_knows_its_page(caseworker):
    form = caseworker.fills(caseworker.case, words="")
    refused = caseworker.post(f"{caseworker.case}note/", form)
    assert refused.status_code == 422
    form[kept_words.MARK] = kept_words.mark(refused.wsgi_request)
    caseworker.expires()
    answer = caseworker.post(f"{caseworker.case}note/", {**form, "words": "Now said."})
    assert answer["Location"] == f"/account/login/?next={caseworker.case}"


@pytest.fixture
def at(monkeypatch):
    """Real time, turned by hand: `at(minutes=31)` from now on."""
    begin = datetime.now(UTC)

    def turn(**by):
        moment = (begin + timedelta(**by)).timestamp()
        monkeypatch.setattr("latchstring.web.sign_in_ends.time.time", lambda: moment)

    return turn


def test_a_sign_in_that_nobody_used_ends_and_its_form_is_kept(resident, at):
    form = resident.fills(resident.landlord, name=WORDS, phone="505-555-0199")
    at(minutes=29)
    assert resident.get(resident.overview).status_code == 200
    at(minutes=58)
    assert resident.get(resident.overview).status_code == 200  # used in between
    at(minutes=89)
    answer = resident.post(resident.landlord, form)
    assert answer["Location"].startswith("/account/login/?next=/nm/applications/")
    page = resident.signs_in("ana@example.test", to=resident.landlord).content.decode()
    assert "505-555-0199" in page


def test_staying_lets_it_go_on_but_no_longer_than_half_a_day(resident, at):
    resident.get(resident.overview)
    for minutes in range(25, 12 * 60, 25):
        at(minutes=minutes)
        assert resident.post("/stay/").status_code == 204
    at(minutes=12 * 60 + 1)
    assert resident.post("/stay/").status_code == 302


def test_a_page_that_looks_again_by_itself_keeps_nobody_signed_in(resident, at):
    resident.get(resident.overview)
    for minutes in (10, 20, 29):
        at(minutes=minutes)
        resident.get(resident.overview, headers={"HX-Request": "true"})
    at(minutes=31)
    assert resident.get(resident.overview).status_code == 302


def test_every_signed_in_page_asks_before_the_end_and_the_door_does_not(resident):
    page = resident.get(resident.overview).content.decode()
    assert 'role="alertdialog"' in page and 'data-seconds="1800"' in page
    assert "Sí, seguir" in resident.get(f"/es{resident.overview}").content.decode()
    assert "alertdialog" not in Client().get("/nm/").content.decode()


PAGE = """<main id="main"><div class="w">
<form method="post"><input type="hidden" name="t" value="1"><button name="later">x</button></form>
<details class="d"><summary>s</summary><form method="post" action="/a/?q=1">
<input name="one" value="old"><input type="radio" name="pick" value="a" checked>
<input type="radio" name="pick" value="b"><input type="checkbox" name="tick" value="yes" checked>
<input type="hidden" name="h" value="1"><select name="s"><option value="">-</option>
<option value="2" selected>2</option><option value="3">3</option></select>
<textarea name="long">before</textarea></form></details></div></main>"""


def test_words_go_into_every_kind_of_input_of_the_right_form():
    words = {"one": ['"new"'], "pick": ["b"], "s": ["3"], "long": ["</textarea>x"], "h": ["9"]}
    page = refilled(PAGE, "/p/", "/a/", words, "<p>NOTICE</p>")
    assert '<div class="w"><p>NOTICE</p>' in page and '<details class="d" open>' in page
    assert 'name="one" value="&quot;new&quot;"' in page
    assert 'value="a">' in page and 'value="b" checked>' in page
    assert 'name="tick" value="yes">' in page and 'name="h" value="1"' in page
    assert '<form id="kept-words" method="post" action="/a/' in page
    assert '<option value="2">' in page and '<option value="3" selected>' in page
    assert "&lt;/textarea&gt;x</textarea>" in page
    assert refilled(PAGE, "/p/", "/elsewhere/", words, "NOTICE") == PAGE
