"""Routing is not eligibility: one question where the county does not say, a hand-off, a choice."""

import pytest
from django.core.cache import cache
from django.test import Client

from latchstring.applications import door as applications
from latchstring.applications.models import Application
from latchstring.cases.models import Case
from latchstring.people.models import Agency
from latchstring.programs.grantees import grantees
from latchstring.web.desk.who_serves import who_serves
from latchstring.web.portal.tests.test_whole_way import WHO, signed_up

CITY, TRIBE = "/nm/serves/in_albuquerque/", "/nm/serves/on_tribal_land/"
ALBUQUERQUE, DONA_ANA, TAOS = "35001", "35013", "35055"


@pytest.fixture(autouse=True)
def doors(db, settings, tmp_path, monkeypatch):
    """Both states' doors with every program offered."""
    settings.STORAGE = tmp_path
    cache.clear()
    for state, slug in (("NM", "nm-dfa"), ("WY", "wy-dfs")):
        names = {"en": slug, "es": slug}
        phone = "505-555-0111"
        Agency.objects.create(slug=slug, state=state, names=names, phone=phone, brand="nm")


def heard(county, needs="behind-on-rent", state="nm", prefix="", **more):
    """Return a browser that has told of its need and its county."""
    browser = Client()
    browser.post(f"{prefix}/{state}/", {"needs": needs})
    session = browser.session
    session["screener"] = session["screener"] | {"facts": {"county": county}} | more
    session.save()
    return browser


def goes_on(browser, state="nm", prefix=""):
    """Follow the way on from the choice of programs; return the page it ends at."""
    return browser.get(f"{prefix}/{state}/serves/", follow=True)


def answers(browser, path, said):
    """Answer one question; return the page one comes to."""
    return browser.post(path, {path.rstrip("/").rsplit("/", 1)[1]: said}, follow=True)


def where(page):
    return page.request["PATH_INFO"]


def test_the_county_alone_hands_over_where_it_settles_who_serves():
    browser = heard(DONA_ANA)
    page = goes_on(browser)
    assert where(page) == TRIBE  # the county has its own help, and land in it may be a tribe's
    page = answers(browser, TRIBE, "no")
    said = page.content.decode()
    assert where(page) == "/nm/office/" and "Doña Ana County" in said
    assert "Your tribe" not in said and "Lease or rental agreement" in said
    # No telephone is known: none is made up, and the page says what to do.
    assert "Ask at the county" in said and "call us at 505-555-0111" in said
    assert "tel:" not in said
    assert said.count('class="ls-button" name="chose"') == 2  # two ways, neither louder


@pytest.mark.parametrize(
    ("city", "tribe", "named"),
    [
        ("yes", None, ["City of Albuquerque"]),
        ("no", "no", ["Bernalillo County"]),
        ("unsure", "no", ["Bernalillo County", "City of Albuquerque"]),
        ("no", "unsure", ["Bernalillo County", "Your tribe or pueblo"]),
    ],
)
def test_where_it_hangs_on_city_limits_one_question_is_asked_and_no_more(city, tribe, named):
    browser = heard(ALBUQUERQUE)
    page = goes_on(browser)
    assert where(page) == CITY and page.content.count(b"<h1>") == 1  # the question is the heading
    page = answers(browser, CITY, city)
    if tribe:
        assert where(page) == TRIBE
        page = answers(browser, TRIBE, tribe)
    assert where(page) == "/nm/office/"
    assert [office["name"] for office in page.context["offices"]] == named


def test_where_nobody_else_serves_one_goes_straight_to_the_account():
    browser = heard(TAOS)
    goes_on(browser)
    page = answers(browser, TRIBE, "no")
    assert where(page) == "/account/signup/" and page.request["QUERY_STRING"].endswith("start%2F")
    assert where(browser.get("/nm/serves/?way=have", follow=True)) == "/account/login/"
    assert where(browser.get("/nm/office/", follow=True)) == "/account/signup/"


def test_who_asks_for_food_is_asked_nothing_of_it():
    browser = heard("56021", needs="need-food", state="wy")
    assert where(goes_on(browser, "wy")) == "/account/signup/"


def test_no_answer_is_said_kindly_and_a_question_of_nobody_is_not_there():
    browser = heard(ALBUQUERQUE)
    page = browser.post(CITY, {})
    assert page.status_code == 422 and "I am not sure" in page.content.decode()
    assert browser.get("/nm/serves/in_paris/").status_code == 404
    assert where(Client().get(CITY, follow=True)) == "/nm/"


def test_another_county_asks_again():
    browser = heard(ALBUQUERQUE)
    answers(browser, CITY, "yes")
    browser.post("/nm/check/where/", {"where": DONA_ANA})
    assert "routing" not in browser.session["screener"]


def test_who_applies_here_all_the_same_brings_the_choice_and_staff_read_it_in_one_line():
    browser = heard(ALBUQUERQUE)
    answers(browser, CITY, "yes")
    page = browser.post("/nm/office/", {"chose": "here"}, follow=True)
    assert where(page) == "/account/signup/"
    signed_up(browser)
    browser.post("/nm/start/", WHO)
    made = Application.objects.get()
    assert made.routing == {
        "county": ALBUQUERQUE,
        "answered": {"in_albuquerque": "yes"},
        "named": ["nm-albuquerque"],
        "chose": "here",
    }
    assert who_serves(Case(application=made.id, program="nm-erap")) == (
        "Told of another office for this address: City of Albuquerque. "
        "Is your home inside the city of Albuquerque? Yes. Chose to apply here."
    )


def test_nobody_else_named_no_line():
    browser = heard(TAOS)
    answers(browser, TRIBE, "no")
    signed_up(browser)
    browser.post("/nm/start/", WHO)
    assert who_serves(Case(application=Application.objects.get().id)) == ""


def test_who_goes_there_keeps_the_page_and_may_come_back():
    browser = heard(DONA_ANA)
    answers(browser, TRIBE, "no")
    page = browser.post("/nm/office/", {"chose": "there"}, follow=True)
    assert where(page) == "/nm/office/" and b"Take this page with you." in page.content
    code = browser.post("/nm/later/")
    assert b"Your answers are kept" in code.content
    page = browser.post("/nm/office/", {"chose": "here"}, follow=True)
    assert where(page) == "/account/signup/"


def test_who_goes_there_for_rent_applies_here_for_the_rest():
    browser = heard("56013", ["behind-on-rent", "need-food"], "wy", chosen=["wy-erap", "wy-snap"])
    assert where(goes_on(browser, "wy")) == "/wy/serves/on_tribal_land/"
    page = answers(browser, "/wy/serves/on_tribal_land/", "yes")
    assert "You apply here for the rest either way" in page.content.decode()
    page = browser.post("/wy/office/", {"chose": "there"}, follow=True)
    assert where(page) == "/account/signup/"
    kept = browser.session["screener"]
    assert kept["chosen"] == ["wy-snap"] and kept["routing"]["chose"] == "there"


def test_a_known_number_and_page_are_links(monkeypatch):
    other = next(row for row in grantees() if row.id == "nm-dona-ana")
    known = type(other)(**{**vars(other), "phone": "555-0100", "web": "https://office.example/"})
    monkeypatch.setattr("latchstring.programs.grantees.grantees", lambda: (known,))
    page = goes_on(heard(DONA_ANA)).content.decode()
    assert '<a href="tel:555-0100">' in page and '<a href="https://office.example/">' in page
    assert "Ask at the county" not in page


def test_the_same_in_spanish():
    browser = heard(DONA_ANA, prefix="/es")
    page = goes_on(browser, prefix="/es")
    assert "¿Está su vivienda en una reserva o en tierras tribales?" in page.content.decode()
    page = answers(browser, f"/es{TRIBE}", "no")
    said = page.content.decode()
    assert "Solicitar aquí de todos modos" in said and "Condado de Doña Ana" in said


def test_a_draft_that_is_open_already_takes_the_newer_choice():
    browser = heard(ALBUQUERQUE)
    signed_up(browser)
    browser.post("/nm/start/", WHO)
    made = Application.objects.get()
    told = {"answered": {}, "named": ["nm-bernalillo"], "chose": "here"}
    account = browser.get("/nm/home/").context["user"]
    household = applications.Interview(made).household
    applications.begin(household, account, ["nm-erap"], "en", {}, told)
    assert Application.objects.get().routing == told


def applying(county, needs="behind-on-rent", state="nm", **kept):
    """A signed-in person with a draft, who told the screener of a county or of none."""
    browser = heard(county, needs, state, **kept)
    signed_up(browser, state=state)
    browser.post(f"/{state}/start/", WHO)
    return browser, Application.objects.get()


def moves_to(browser, made, zip_code, prefix="", back="", street="1 Mesa Rd"):
    """Tell the home's address in the interview; return the page one comes to."""
    home = {"street": street, "city": "Town", "zip": zip_code}
    path = f"{prefix}/{made.agency[:2]}/applications/{made.reference}/address/{back}"
    return browser.post(path, home, follow=True)


def test_an_address_told_first_in_the_interview_is_asked_about_once_and_kept_for_staff():
    told = {"routing": {"county": "", "answered": {"on_tribal_land": "no"}}}
    browser, made = applying(None, **told)
    page = moves_to(browser, made, "87102")
    pages = f"/nm/applications/{made.reference}/"
    assert where(page) == f"{pages}serves/in_albuquerque/"  # the county says what to ask
    page = answers(browser, where(page), "no")
    assert where(page) == f"{pages}office/"  # on tribal land: answered before the account
    said = page.content.decode()
    assert "Bernalillo County" in said and said.count('class="ls-button" name="chose"') == 2
    page = browser.post(where(page), {"chose": "here"}, follow=True)
    assert where(page).startswith(pages) and "office" not in where(page)
    made.refresh_from_db()
    assert made.routing == {
        "county": "35001",
        "answered": {"on_tribal_land": "no", "in_albuquerque": "no"},
        "named": ["nm-bernalillo"],
        "chose": "here",
    }
    assert "Chose to apply here." in who_serves(Case(application=made.id, program="nm-erap"))
    assert "serves" not in where(moves_to(browser, made, "87102"))  # nothing new: not again


def test_what_was_answered_before_the_account_is_not_asked_again():
    told = {"county": ALBUQUERQUE, "answered": {"in_albuquerque": "yes"}}
    told |= {"named": ["nm-albuquerque"], "chose": "here"}
    browser, made = applying(ALBUQUERQUE, routing=told)
    assert "/serves/" not in where(moves_to(browser, made, "87102"))


def test_another_street_of_the_same_county_is_asked_of_again():
    """One may lie in the city and the other not; the office that was chosen was the old home's."""
    told = {"county": ALBUQUERQUE, "answered": {"in_albuquerque": "yes"}}
    told |= {"named": ["nm-albuquerque"], "chose": "here"}
    browser, made = applying(ALBUQUERQUE, routing=told)
    assert "/serves/" not in where(moves_to(browser, made, "87102"))
    page = moves_to(browser, made, "87102", street="90 Tijeras Rd")
    assert where(page).endswith("/serves/in_albuquerque/")
    made.refresh_from_db()
    assert made.routing == {}


def test_who_moves_to_another_county_is_asked_of_the_new_home_and_comes_back_to_the_review():
    told = {"county": TAOS, "answered": {"on_tribal_land": "yes"}}
    told |= {"named": ["nm-tribes"], "chose": "here"}
    browser, made = applying(TAOS, routing=told)
    page = moves_to(browser, made, "88005", prefix="/es", back="?back=review")
    assert "¿Está su vivienda en una reserva o en tierras tribales?" in page.content.decode()
    page = browser.post(
        f"{where(page)}?{page.request['QUERY_STRING']}", {"on_tribal_land": "no"}, follow=True
    )
    assert "Condado de Doña Ana" in page.content.decode()
    page = browser.post(
        f"{where(page)}?{page.request['QUERY_STRING']}", {"chose": "here"}, follow=True
    )
    assert where(page).endswith("/review/")


def test_who_asks_that_office_for_rent_goes_on_here_with_the_rest_and_may_come_back():
    needs, chosen = ["behind-on-rent", "need-food"], ["wy-erap", "wy-snap"]
    browser, made = applying(None, needs, "wy", chosen=chosen)
    page = answers(browser, where(moves_to(browser, made, "82001")), "yes")
    assert where(page) == f"/wy/applications/{made.reference}/office/"
    page = browser.post(where(page), {"chose": "there"}, follow=True)
    rest = Application.objects.get(withdrawn_at=None, programs__program="wy-snap")
    assert rest.reference in where(page) and rest.routing["chose"] == "there"
    waits = Application.objects.get(withdrawn_at=None, programs__program="wy-erap")
    assert waits.id != rest.id and waits.submitted_at is None


def test_a_strangers_application_asks_nobody():
    browser, made = applying(None)
    moves_to(browser, made, "87102")
    eve = Client()
    for page in ("serves/in_albuquerque/", "office/"):
        path = f"/nm/applications/{made.reference}/{page}"
        assert eve.get(path).status_code == 302
    signed_up(eve, email="eve@example.test")
    assert eve.get(f"/nm/applications/{made.reference}/office/").status_code == 404


def test_who_asks_for_food_is_asked_nothing_of_the_address_either():
    browser, made = applying(None, "need-food", "wy")
    assert "serves" not in where(moves_to(browser, made, "82001"))
