"""The resident's whole way, page by page, without scripts, in two languages."""

import io
import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from PIL import Image

from latchstring.documents import door as documents
from latchstring.people import door as people
from latchstring.people.models import Agency

SCREENER = {
    "renting": {"renting": "yes"},
    "where": {"where": "35001"},
    "people_in_home": {"people_in_home": "2"},
    "income_monthly": {"income_monthly": "2,000"},
    "got_unemployment": {"got_unemployment": "no"},
    "lost_income": {"lost_income": "yes"},
    "risk_of_losing_home": {"risk_of_losing_home": "yes"},
    "out_of_work_90_days": {"out_of_work_90_days": "no"},
    "other_help": {"other_help": "no"},
    "rent_each_month": {"rent_each_month": "900"},
    "rent_paper": {"rent_paper": "yes"},
    "months_owed": {"months_owed": "3"},
    "months_ahead": {"months_ahead": "0"},
    "utilities_amount_owed": {"utilities_amount_owed": "0"},
    "bedrooms_in_home": {"bedrooms_in_home": "2"},
    "income_last_year": {"income_last_year": "24000"},
}
WHO = {
    "first_name": "Ana",
    "last_name": "Baca",
    "birth_date_month": "5",
    "birth_date_day": "2",
    "birth_date_year": "1988",
    "phone": "505-555-0100",
}
PAGES = SCREENER | {
    "address": {"street": "12 Mesa Rd", "city": "Albuquerque", "zip": "87102"},
    "members": {},
    "income": {},
    "dates": {"court_date_month": "12", "court_date_day": "15", "court_date_year": "2026"},
    "landlord": {"name": "Mesa Homes", "phone": "5055550199"},
    "utility": {"later": "1"},
    "consent": {"tax": "yes", "human_services": "yes"},
    "papers-instability": {"attest": "yes"},
    "papers-hardship": {"attest": "yes"},
    "papers-income": {"later": "1"},
}


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path):
    settings.STORAGE = tmp_path
    cache.clear()  # sign-up and mail are limited by address, and tests share one


@pytest.fixture
def agencies(db):
    for state, slug in (("NM", "nm-dfa"), ("WY", "wy-dfs")):
        names = {"en": slug, "es": slug}
        Agency.objects.create(slug=slug, state=state, names=names, phone="1", brand=state.lower())


def photo():
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(out, "JPEG")
    out.seek(0)
    out.name = "lease.jpg"
    return out


def screened(browser, prefix=""):
    """Go through the screener; return its last page."""
    page = browser.post(f"{prefix}/nm/", {"needs": ["behind-on-rent"]}, follow=True)
    for _ in range(20):
        where = page.request["PATH_INFO"]
        found = re.search(r"/check/([a-z_0-9]+)/$", where)
        if not found:
            return page
        page = browser.post(where, SCREENER[found.group(1)], follow=True)
    raise AssertionError("the screener never ends")


def signed_up(browser, prefix="", email="ana@example.test", state="nm"):
    """Make an account and confirm the address by the link in the mail."""
    made = browser.post(
        f"{prefix}/account/signup/?next={prefix}/{state}/start/",
        {"email": email, "password1": "seven quiet herons"},
        follow=True,
    )
    assert made.status_code == 200
    link = re.search(r"http://testserver(\S+)", mail.outbox[-1].body).group(1)
    assert browser.get(link).status_code == 200
    return browser.post(link, follow=True)


def started(browser, prefix=""):
    """Come as far as the application's overview; return its address."""
    screened(browser, prefix)
    page = signed_up(browser, prefix)
    assert page.request["PATH_INFO"].endswith("/nm/start/"), page.request["PATH_INFO"]
    page = browser.post(f"{prefix}/nm/start/", WHO, follow=True)
    return page.request["PATH_INFO"]


def answered(browser, overview, until=None):
    """Answer each page that the overview leads to; return the pages seen."""
    seen = []
    for _ in range(40):
        page = browser.get(overview)
        on = page.context["on"]
        if on is None or (until and on.endswith(f"/{until}/")):
            return seen
        step = on.rstrip("/").rsplit("/", 1)[1]
        seen.append(step)
        shown = browser.get(on)
        assert shown.status_code == 200 and len(shown.content) < 40_000
        if step == "papers-renter":
            browser.post(on, {"kind": "lease", "files": photo()}, follow=True)
        else:
            page = browser.post(on, PAGES[step], follow=True)
            assert page.status_code == 200, (step, page.context["page"].errors)
    raise AssertionError(seen)


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_from_need_to_status(agencies, prefix):
    browser = Client()
    assert browser.get(f"{prefix}/").status_code == 200
    result = screened(browser, prefix)
    text = result.content.decode()
    assert ("Likely" in text) if not prefix else ("Probable" in text)
    assert "$2,700" in text
    assert ("Your household income is within" in text) or prefix
    overview = started(browser, prefix)
    seen = answered(browser, overview)
    assert "renting" not in seen and "months_owed" not in seen and "papers-renter" in seen
    review = browser.get(f"{overview}review/").content.decode()
    assert "$900.00" in review and "Mesa Homes" in review and "?back=review" in review
    form = browser.get(f"{overview}form/nm-erap.pdf")
    assert form.content.startswith(b"%PDF") and form["X-Content-Type-Options"] == "nosniff"
    kind = browser.post(f"{overview}review/", {"name": ""})
    assert kind.status_code == 422 and b'href="#id_name"' in kind.content
    done = browser.post(f"{overview}review/", {"name": "Ana Baca", "agree": "yes"}, follow=True)
    assert done.request["PATH_INFO"].endswith("/status/") and done.status_code == 200
    again = browser.post(f"{overview}review/", {"name": "Ana Baca", "agree": "yes"}, follow=True)
    assert again.request["PATH_INFO"].endswith("/status/")
    assert browser.get(f"{prefix}/nm/home/").status_code == 200
    assert browser.get(f"{prefix}/nm/messages/").status_code == 200
    assert browser.get(f"{prefix}/nm/record/").status_code == 200


def test_the_status_page_answers_304_until_something_happens(agencies):
    browser = Client()
    overview = started(browser)
    answered(browser, overview)
    browser.post(f"{overview}review/", {"name": "Ana Baca", "agree": "yes"})
    live = {"HTTP_HX_REQUEST": "true"}
    first = browser.get(f"{overview}status/", **live)
    assert b"<html" not in first.content and first["ETag"]
    second = browser.get(f"{overview}status/", HTTP_IF_NONE_MATCH=first["ETag"], **live)
    assert second.status_code == 304
    assert b"<html" in browser.get(f"{overview}status/").content


def test_what_was_typed_is_kept_and_the_summary_leads_to_it(agencies):
    browser = Client()
    overview = started(browser)
    address = f"{overview}address/"
    page = browser.post(address, {"street": "12 <Mesa>", "city": "", "zip": "8710"})
    text = page.content.decode()
    assert page.status_code == 422
    assert 'value="12 &lt;Mesa&gt;"' in text and 'href="#id_city"' in text
    assert 'value="8710"' in text and 'aria-invalid="true"' in text
    assert "<title>Error:" in text.replace("\n", "")


def test_on_another_device_the_application_goes_on(agencies):
    phone, library = Client(), Client()
    overview = started(phone)
    phone.post(f"{overview}address/", PAGES["address"])
    library.post("/account/login/", {"login": "Ana@Example.test", "password": "seven quiet herons"})
    assert library.get(overview).context["on"].endswith("/members/")


def test_people_and_their_income_are_added_corrected_and_summed(agencies):
    browser = Client()
    overview = started(browser)
    answered(browser, overview, until="members")
    leo = WHO | {"first_name": "Leo", "birth_date_year": "1990", "role": "spouse"}
    assert browser.post(f"{overview}people/add/", leo | {"role": ""}).status_code == 422
    page = browser.post(f"{overview}people/add/", leo, follow=True)
    assert b"Leo Baca" in page.content
    browser.post(f"{overview}members/", {})
    member = people.members(_household())[1]
    job = {"kind": "job", "amount": "450", "period": "weekly", "employer": "Cafe"}
    page = browser.post(f"{overview}income/{member.person_id}/add/", job, follow=True)
    text = page.content.decode()
    assert "$450.00 every week × 52 ÷ 12 = $1,950.00 a month ($23,400.00 a year)" in text
    assert "$23,400.00 a year ÷ 12 = $1,950.00 a month" in text and "by its own rules" in text
    assert browser.get(f"{overview}income/{member.person_id}/add/").status_code == 200
    line = people.incomes(_household())[0]
    one = f"{overview}income/{member.person_id}/{line.id}/"
    browser.post(one, job | {"amount": "500"})
    assert people.income_sums(_household()).annual == 26_000
    tips = job | {"period": "varies", "amount": "2700", "over_months": "many"}
    page = browser.post(one, tips)
    assert page.status_code == 422 and 'value="many"' in page.content.decode()
    assert "Write over how many months you got this" in page.content.decode()
    page = browser.post(one, tips | {"over_months": "3"}, follow=True)
    assert "$2,700.00 over 3 months ÷ 3 = $900.00 a month" in page.content.decode()
    assert 'name="over_months" type="text" inputmode="numeric" maxlength="2" value="3"' in (
        browser.get(one).content.decode()
    )
    browser.post(f"{one}remove/")
    assert people.incomes(_household()) == []
    browser.post(f"{overview}people/{member.person_id}/remove/")
    assert len(people.members(_household())) == 1


def _household():
    account = people.Account.objects.get(email="ana@example.test")
    return people.household_of(account, "nm-dfa")


def test_a_file_we_cannot_take_is_said_beside_the_field(agencies):
    browser = Client()
    overview = started(browser)
    answered(browser, overview, until="papers-renter")
    bad = io.BytesIO(b"MZ not a picture")
    bad.name = "lease.jpg"
    page = browser.post(f"{overview}papers-renter/", {"kind": "lease", "files": bad})
    assert page.status_code == 422 and b'id="id_files_error"' in page.content
    assert documents.of_household(_household().id) == []
    page = browser.post(
        f"{overview}papers-renter/", {"kind": "lease", "files": [photo(), photo()]}, follow=True
    )
    paper = documents.of_household(_household().id)[0]
    assert len(paper.uploads) == 2 and page.status_code == 200
    documents.inspect_document(paper.id)
    shown = browser.get(f"/nm/papers/{paper.uploads[0].id}/1/")
    assert shown.content.startswith(b"\xff\xd8") and "sandbox" in shown["Content-Security-Policy"]
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert b"<img" in browser.get(f"{overview}papers-renter/").content


def test_a_stranger_gets_404_everywhere(agencies):
    ana, eve = Client(), Client()
    overview = started(ana)
    answered(ana, overview, until="landlord")
    upload = documents.of_household(_household().id)[0].uploads[0].id
    signed_up(eve, email="eve@example.test")
    pages = ["", "address/", "review/", "status/", "form/nm-erap.pdf", "people/add/"]
    for address in [overview + page for page in pages] + [f"/nm/papers/{upload}/1/"]:
        assert eve.get(address).status_code == 404, address
        assert Client().get(address).status_code == 302, address
    assert eve.post(f"{overview}address/", PAGES["address"]).status_code == 404
    assert ana.get(overview.replace("/nm/", "/wy/")).status_code == 404


def test_the_interview_needs_no_script(agencies):
    browser = Client()
    overview = started(browser)
    for page in ("/", "/nm/", overview, f"{overview}address/", f"{overview}landlord/"):
        shown = browser.get(page).content
        # It asks before the sign-in ends; the page does not wait for it and does without it.
        asks = re.findall(rb'<script src="/static/js/stay[^"]*" defer></script>', shown)
        assert shown.count(b"<script") == len(asks) <= 1, page


def test_looking_at_the_start_page_again_begins_nothing(agencies):
    browser = Client()
    first = started(browser)
    answered(browser, first)
    screened(browser)
    assert browser.get("/nm/start/").status_code == 200
    assert b"/nm/start/" in browser.get("/nm/home/").content
    again = browser.post("/nm/start/", {}, follow=True).request["PATH_INFO"]
    assert again == first and browser.get(again).status_code == 200  # the draft that is open


def test_a_program_with_an_open_case_is_not_offered_and_the_page_says_so(agencies):
    browser = Client()
    first = started(browser)
    answered(browser, first)
    browser.post(f"{first}review/", {"name": "Ana Baca", "agree": "yes"})
    page = browser.post("/nm/", {"needs": ["behind-on-rent"]}, follow=True)
    assert page.request["PATH_INFO"] == "/nm/check/"  # nothing is asked for it
    assert b"Your application for it is on its way." in page.content
    assert b"/nm/start/" not in page.content
    refused = browser.post("/nm/start/", {}, follow=True)
    assert refused.request["PATH_INFO"] == "/nm/check/"


def test_the_other_states_door_asks_its_own_programs(agencies):
    browser = Client()
    page = browser.post("/wy/", {"needs": ["internet-bill"]}, follow=True)
    assert "/wy/check/" in page.request["PATH_INFO"]
    assert b"Wyoming Emergency Rental Assistance" in browser.get("/wy/").content
    assert browser.get("/nm/check/", follow=True).request["PATH_INFO"] == "/nm/"
    assert browser.get("/zz/").status_code == 404
