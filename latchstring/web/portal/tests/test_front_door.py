"""From a need to a begun application, several programs at once, without scripts."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from latchstring.applications import door as applications
from latchstring.applications.models import Application, GuestDraft
from latchstring.applications.tests.test_screener import FAMILY
from latchstring.flow import jobs
from latchstring.kernel import clock
from latchstring.notices import door as notices
from latchstring.notices.models import AwaitedOpening
from latchstring.people.models import Agency
from latchstring.vault.models import DataKey
from latchstring.web.portal.check import shown
from latchstring.web.portal.tests.test_whole_way import WHO, signed_up

WINTER = datetime(2026, 1, 15, 17, tzinfo=UTC)
SUMMER = datetime(2026, 6, 1, 17, tzinfo=UTC)
NEEDS = ["cannot-pay-heat", "need-food"]


@pytest.fixture(autouse=True)
def wyoming(db, settings, tmp_path, monkeypatch):
    """Wyoming's door with every program offered, in winter."""
    settings.STORAGE = tmp_path
    cache.clear()
    names = {"en": "Family Services", "es": "Servicios Familiares"}
    Agency.objects.create(slug="wy-dfs", state="WY", names=names, phone="1", brand="wy")
    turn_to(WINTER)


def turn_to(moment):
    clock.turn(moment - clock.now())


def screened(browser, needs=NEEDS, prefix="", **other):
    """Go through the screener as the family; return its last page."""
    typed = FAMILY | other
    page = browser.post(f"{prefix}/wy/", {"needs": needs}, follow=True)
    for _ in range(30):
        found = re.search(r"/check/([a-z_0-9]+)/$", page.request["PATH_INFO"])
        if not found:
            return page
        name = found.group(1)
        page = browser.post(page.request["PATH_INFO"], {name: typed[name]}, follow=True)
    raise AssertionError("the screener never ends")


def words(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def test_from_need_to_a_begun_application_for_heat_and_food():
    browser = Client()
    page = screened(browser, heat_stopping="yes")
    said = words(page)
    assert page.request["PATH_INFO"] == "/wy/check/"
    assert said.index("(LIEAP)") < said.index("(SNAP)")  # 18 hours before 30 days
    assert "We act within 18 hours of your application." in said
    assert "How much: set by the agency" in said and "$732 on average" in said
    assert re.search(r"About \$\d+ each month", said)
    page = browser.get("/wy/choose/")
    assert page.content.count(b" checked") == 2
    page = browser.post("/wy/choose/", {"programs": ["wy-lieap", "wy-snap"]}, follow=True)
    assert page.request["PATH_INFO"] == "/account/signup/"
    assert signed_up(browser, email="n@example.test", state="wy").status_code == 200
    page = browser.post("/wy/start/", WHO, follow=True)
    made = Application.objects.get()
    assert [p.program for p in made.programs.order_by("program")] == ["wy-lieap", "wy-snap"]
    assert made.reference in page.request["PATH_INFO"]


@pytest.mark.parametrize(
    ("prefix", "summary", "lines"),
    [
        (
            "",
            "How we worked this out",
            [
                ("Your household's income each month, to the dollar", "$1,400.00"),
                ("− 20% of pay from work", "$280.00"),
                ("− the standard deduction", "$209.00"),
                ("= income after these deductions", "$911.00"),
            ],
        ),
        (
            "/es",
            "Cómo lo calculamos",
            [
                ("Los ingresos mensuales de su hogar, al dólar", "$1,400.00"),
                ("− 20% del pago por trabajo", "$280.00"),
                ("− la deducción estándar", "$209.00"),
                ("= ingreso después de estas deducciones", "$911.00"),
            ],
        ),
    ],
)
def test_an_estimate_shows_the_arithmetic_that_comes_out_at_it(prefix, summary, lines):
    page = screened(Client(), ["need-food"], prefix)
    (row,) = page.context["rows"]
    (ladder,) = row["ladders"]
    told = [(line["label"], line["amount"]) for line in ladder["lines"]]
    assert told[:4] == lines
    assert told[-1][1].removesuffix(".00") in row["amount"]  # the last line is what is estimated
    said = unescape(words(page))
    assert summary in said and all(f"{label} {amount}" in said for label, amount in told)


def test_who_is_not_likely_to_get_it_reads_no_sum_of_it():
    browser = Client()
    screened(browser, ["need-food"])
    heard = browser.session["screener"]["facts"] | {"food_help_this_month": True}
    asked = applications.screener.programs_for("WY", ["need-food"])
    (outlook,) = applications.screener.results(asked, heard)
    assert outlook.screening.answer == "no" and shown(outlook, "en")["ladders"] == []


def test_a_no_can_be_chosen_and_nothing_chosen_is_said_kindly():
    browser = Client()
    screened(browser, heat_help_before="no", income_monthly="9000", pay_from_work="9000")
    page = browser.get("/wy/choose/")
    assert b"Not likely" in page.content
    page = browser.post("/wy/choose/", {})
    assert page.status_code == 422 and b"Choose at least one program" in page.content
    browser.post("/wy/choose/", {"programs": ["wy-snap"]})
    assert browser.session["screener"]["chosen"] == ["wy-snap"]


def test_a_closed_program_cannot_be_chosen_and_says_when_it_opens():
    turn_to(SUMMER)
    browser = Client()
    page = screened(browser)
    assert "Opens on Oct. 1, 2026" in words(page)
    browser.post("/wy/choose/", {"programs": ["wy-lieap"]})
    assert "chosen" not in browser.session["screener"]


@pytest.mark.parametrize(
    ("prefix", "said"),
    [
        (
            "",
            "The agency has not set a figure yet that this needs: the heating and cooling "
            "allowance, from October 1, 2026. You do not have to do anything about it",
        ),
        (
            "/es",
            "La agencia todavía no ha fijado una cifra que esto necesita: la cantidad por "
            "calefacción y enfriamiento, desde el 1 de octubre de 2026.",
        ),
    ],
)
def test_a_figure_that_the_agency_has_still_to_set_is_named_and_not_asked_about(prefix, said):
    turn_to(datetime(2026, 11, 23, 17, tzinfo=UTC))
    page = screened(Client(), ["need-food"], prefix)
    assert page.request["PATH_INFO"] == f"{prefix}/wy/check/" and said in words(page)
    turn_to(WINTER)
    assert said[:30] not in words(screened(Client(), ["need-food"], prefix))


def test_what_is_received_is_said_and_the_rest_is_offered():
    browser = Client()
    page = screened(browser, food_help_now="yes")
    assert "You told us that you get it already" in words(page)
    page = browser.post("/wy/choose/", {"programs": ["wy-snap"]})
    assert page.status_code in (302, 422) and "chosen" not in browser.session["screener"]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Its letter can stand in for papers on your income here."),
        ("es", "Su carta puede servir aquí en lugar de documentos de sus ingresos."),
    ],
)
def test_what_is_received_opens_rent_help_by_its_letter(language, said):
    asked = applications.screener.programs_for("WY", ["behind-on-rent", "need-food"])
    heard = {"food_help_this_month": True}
    rows = [shown(one, language) for one in applications.screener.results(asked, heard)]
    with translation.override(language):
        pages = {
            row["slug"]: render_to_string("portal/_outlook.html", {"row": row, "state": "wy"})
            for row in rows
        }
    assert said in pages["wy-erap"] and "(SNAP)" in pages["wy-erap"]
    assert said not in pages["wy-snap"]


def test_another_program_of_the_state_is_looked_at_with_the_same_answers():
    browser = Client()
    page = screened(browser, needs=["need-food"])
    assert "You may also get" in words(page)
    page = browser.post("/wy/check/", {"also": "wy-lieap"}, follow=True)
    assert re.search(r"/wy/check/[a-z_]+/$", page.request["PATH_INFO"])
    assert browser.session["screener"]["also"] == ["wy-lieap"]
    browser.post("/wy/check/", {"also": "nm-erap"})
    assert browser.session["screener"]["also"] == ["wy-lieap"]


def test_the_same_in_spanish():
    browser = Client()
    page = screened(browser, prefix="/es", heat_stopping="yes")
    assert "Actuamos en un plazo de 18 horas" in words(page)
    assert "¿Qué quiere solicitar?" in words(browser.get("/es/wy/choose/"))


def confirmation(browser, email="ana@example.test"):
    """Ask to be told as a visitor; return the link that came by mail."""
    page = browser.post("/wy/tell/wy-lieap/", {"email": email})
    assert page.status_code == 200 and b"Look at your mail now" in page.content
    run_jobs("confirm_address")
    return re.search(r"(/wy/tell/link/\S+)", mail.outbox[-1].body).group(1)


def run_jobs(name):
    """Run what was deferred under this name, as the worker would."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = %s", [name])
        for (args,) in cursor.fetchall():
            getattr(jobs, name)(**(args if isinstance(args, dict) else json.loads(args)))
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = %s", [name])


def test_who_asks_is_told_once_when_it_opens_and_then_forgotten():
    turn_to(SUMMER)
    browser = Client()
    page = screened(browser)
    assert b"/wy/tell/wy-lieap/" in page.content
    link = confirmation(browser)
    kept = AwaitedOpening.objects.get()
    assert b"ana@" not in bytes(kept.email_sealed) and kept.consent
    assert b"Yes, tell me" in browser.get(link).content  # opening the link alone says nothing
    assert AwaitedOpening.objects.get().confirmed_at is None
    assert b"once" in browser.post(link, {"yes": "1"}).content
    jobs.sweep_stuck(0)
    run_jobs("tell_opening")
    assert len(mail.outbox) == 1  # still closed
    turn_to(datetime(2026, 10, 1, 17, tzinfo=UTC))
    jobs.sweep_stuck(0)
    jobs.sweep_stuck(0)
    run_jobs("tell_opening")
    assert [m.subject.endswith("is open") for m in mail.outbox] == [False, True]
    assert not AwaitedOpening.objects.exists()
    assert not DataKey.objects.filter(subject=kept.id).exists()
    jobs.tell_opening(str(kept.id), "wy-dfs")
    assert len(mail.outbox) == 2
    assert browser.get(link).status_code == 404


def test_an_address_is_forgotten_when_stopped_unconfirmed_or_old():
    turn_to(SUMMER)
    browser = Client()
    link = confirmation(browser)
    browser.post("/wy/tell/wy-lieap/", {"email": "ANA@example.test"})
    assert AwaitedOpening.objects.count() == 1
    assert b"forgotten your address" in browser.post(link, {"stop": "1"}).content
    assert not AwaitedOpening.objects.exists()
    confirmation(browser)
    turn_to(SUMMER + timedelta(days=3))
    assert notices.forget_old() == 1
    notices.await_opening("wy-dfs", "wy-lieap", "b@example.test", "es", confirmed=True)
    assert notices.forget_old() == 0
    turn_to(SUMMER + timedelta(days=560))
    assert notices.forget_old() == 1


def test_a_wrong_address_or_program_is_answered_kindly():
    browser = Client()
    page = browser.post("/wy/tell/wy-lieap/", {"email": "ana"})
    assert page.status_code == 422 and b"Write an email address" in page.content
    assert browser.get("/wy/tell/nm-erap/").status_code == 404
    assert browser.get("/wy/tell/link/abc/").status_code == 404
    for _ in range(10):
        browser.post("/wy/tell/wy-lieap/", {"email": "ana@example.test"})
    often = browser.post("/wy/tell/wy-lieap/", {"email": "ana@example.test"})
    assert often.status_code == 422 and b"That was often" in often.content


CODE = re.compile(rb"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}")


def kept_code(browser):
    screened(browser)
    return CODE.search(browser.post("/wy/later/").content).group(0).decode()


def test_answers_kept_under_a_code_go_on_on_another_device_with_an_account_there():
    code = kept_code(Client())
    row = GuestDraft.objects.get()
    assert b"need-food" not in bytes(row.sealed) and code.encode() not in bytes(row.code)
    other = Client()
    typed = code.lower().replace("-", " ").replace("0", "o")
    page = other.post("/wy/code/", {"kept_code": typed}, follow=True)
    assert page.request["PATH_INFO"] == "/wy/check/" and "(SNAP)" in words(page)
    other.post("/wy/choose/", {"programs": ["wy-snap"]})
    signed_up(other, email="n@example.test", state="wy")
    other.post("/wy/start/", WHO)
    assert [p.program for p in Application.objects.get().programs.all()] == ["wy-snap"]


def test_a_wrong_code_is_answered_kindly_and_cannot_be_tried_for_long():
    code = kept_code(Client())
    guess = Client()
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    for _ in range(10):
        page = guess.post("/wy/code/", {"kept_code": wrong})
        assert page.status_code == 422 and b"That code opens nothing here." in page.content
    page = guess.post("/wy/code/", {"kept_code": code})
    assert page.status_code == 422 and b"That was tried often." in page.content
    assert "screener" not in guess.session


def test_a_code_lasts_thirty_days_and_nothing_is_left_of_it():
    code = kept_code(Client())
    kept = GuestDraft.objects.get().id
    turn_to(WINTER + timedelta(days=29))
    assert applications.claim("wy-dfs", code) and applications.forget_guest_drafts() == 0
    assert applications.claim("nm-dfa", code) is None
    turn_to(WINTER + timedelta(days=31))
    assert applications.claim("wy-dfs", code) is None
    jobs.sweep_stuck(0)
    assert not GuestDraft.objects.exists() and not DataKey.objects.filter(subject=kept).exists()


def test_looking_at_the_page_alone_keeps_nothing():
    browser = Client()
    assert browser.post("/wy/later/", follow=True).request["PATH_INFO"] == "/wy/"
    screened(browser)
    browser.get("/wy/later/")
    assert not GuestDraft.objects.exists()
