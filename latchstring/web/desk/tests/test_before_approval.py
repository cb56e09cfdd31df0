"""Heat and food at the desk: what a person puts down, the approval, and what comes of it."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client

from latchstring.cases import door as cases
from latchstring.cases.letters import send
from latchstring.cases.models import StaffWord
from latchstring.cases.tests.wyoming import Scene
from latchstring.kernel import clock
from latchstring.kernel.errors import Invalid
from latchstring.notices import door as notices
from latchstring.payments import door as payments
from latchstring.programs import door as programs

FILED = datetime(2026, 9, 21, 17, tzinfo=UTC)  # the last month whose every table of SNAP is set
TABLE = "Row 2 of the agency's table for propane."


@pytest.fixture
def wyoming(db, settings):
    """Wyoming's desk, no second factor here."""
    settings.SECOND_FACTOR_WAIVED = True
    return Scene()


@pytest.fixture
def as_(wyoming):
    """A signed-in browser of Wyoming's staff."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(wyoming.staff[name])
        return client

    return sign_in


@pytest.fixture
def food(wyoming):
    case = wyoming.open("wy-snap", FILED)
    cases.determine(case.id)
    return case


@pytest.fixture
def heat(wyoming):
    case = wyoming.open("wy-lieap")
    cases.determine(case.id)
    return case


def page_of(browser, case, *rest):
    return browser.get("/desk/cases/" + "/".join([case.reference, *rest]) + "/")


def press(browser, case, button, **given):
    return browser.post(f"/desk/cases/{case.reference}/{button}/", given)


def rules_of(case):
    return [one.about for one in cases.before_approval(case, None) if one.kind == "looked_at"]


def released(as_, case):
    """Let the second person look at the decision and release it; returns the page's text."""
    decision = cases.decisions_of(case)[-1]
    page = as_("alex").get(f"/desk/approvals/{decision.id}/")
    done = as_("alex").post(f"/desk/approvals/{decision.id}/approve/")
    assert done.status_code == 302, done.content.decode()
    return " ".join(page.content.decode().split())


def test_food_help_from_the_desk_onto_the_card(as_, food, words):
    casey = as_("casey")
    shown = words(page_of(casey, food))
    assert "Before you approve" in shown and "For how many months?" in shown
    assert "to be confirmed by the agency" in shown
    refused = press(casey, food, "prepare-approval", months="6")
    assert refused.status_code == 422 and "put down" in words(refused)
    assert press(casey, food, "look-at", rules=rules_of(food), words="Seen.").status_code == 302
    assert (
        press(casey, food, "interview", on="2026-09-22", how="phone", words="Yes.").status_code
        == 302
    )
    assert press(casey, food, "prepare-approval", months="6").status_code == 302
    page = released(as_, food)
    assert "a month to case" in page and "Each month after" in page
    assert "goes onto the household's food card" in page and "Money left" not in page
    assert "What a person put down" in page and "By phone" in page
    assert payments.issuances_of(food.id)
    (letter,) = [one for one in notices.of_case(food.id) if one.kind == "approved"]
    assert "for September 1, 2026 to February 28, 2027. The first month is $" in letter.body
    assert "30 days" not in letter.body and "free legal help" in letter.body


def test_the_case_page_names_the_figure_that_the_agency_has_still_to_set(as_, wyoming, words):
    said = (
        "Waits for the agency to set: SNAP amounts that a state sets, dollars a month "
        "(an empty cell is set by the agency), the allowance for two other utilities, "
        "from October 1, 2026."
    )
    for filed, waits in ((datetime(2026, 10, 5, 17, tzinfo=UTC), True), (FILED, False)):
        case = wyoming.open("wy-snap", filed)
        cases.determine(case.id)
        assert (said in words(page_of(as_("casey"), case))) is waits


def test_a_letter_that_cannot_name_what_it_must_is_not_sent(wyoming, food):
    with pytest.raises(Invalid, match="must name amount"):
        send(food, "approved", "approved:test", {"reasons": "-", "appeal": "ask us."})
    assert not [one for one in notices.of_case(food.id) if one.kind == "approved"]


def test_who_is_paid_is_asked_only_where_a_bank_pays(as_, food, heat, words):
    assert "Say who is paid" in words(page_of(as_("casey"), heat))
    assert "Say who is paid" not in words(page_of(as_("casey"), food))  # it goes onto the card


@pytest.mark.parametrize("months", ["", "0", "13", "six"])
def test_months_that_cannot_be_are_refused_beside_their_field(as_, food, words, months):
    refused = press(as_("casey"), food, "prepare-approval", months=months)
    assert refused.status_code == 422
    assert "Write a whole number of months, 1 to 12." in words(refused)


def test_heating_help_of_an_amount_that_the_agency_sets(as_, wyoming, heat, words):
    casey = as_("casey")
    shown = words(page_of(casey, heat))
    assert "Heating help: the agency sets the amount" in shown
    assert "For how many months?" not in shown
    press(casey, heat, "look-at", rules=rules_of(heat), words="Seen.")
    refused = press(casey, heat, "amounts/heating", amount="6,4.00x", words=TABLE)
    assert refused.status_code == 422
    assert "Write an amount like 640.00." in words(refused)
    assert "6,4.00x" in words(refused) and "Row 2 of the agency" in words(refused)  # kept
    assert press(casey, heat, "amounts/heating", amount="640", words=TABLE).status_code == 302
    assert press(casey, heat, "prepare-approval").status_code == 302
    page = released(as_, heat)
    assert "$640.00, set by the agency" in page and "Row 2 of the agency" in page
    assert "Money left" in page
    (letter,) = [one for one in notices.of_case(heat.id) if one.kind == "approved"]
    assert "$640.00, set by the agency" in letter.body


def test_the_letter_says_so_in_spanish_too(as_, wyoming):
    heat = wyoming.open("wy-lieap", language="es")
    cases.determine(heat.id)
    wyoming.put_down(heat)
    casey = as_("casey")
    press(casey, heat, "amounts/heating", amount="640.00", words=TABLE)
    press(casey, heat, "prepare-approval")
    released(as_, heat)
    (letter,) = [one for one in notices.of_case(heat.id) if one.kind == "approved"]
    assert "$640.00, fijado por la agencia" in letter.body


NAMED_IN_SPANISH = {  # what 7 CFR 273.10(g)(1)(i) wants in it, as this household reads it
    "amount": "- Ayuda para comida cada mes, a: tarjeta de comida (EBT): $238.00",
    "first_month": "El primer mes es de $79.00",  # 238 x 10 / 30, filed on the 21st
    "certification_start": "Es para el período del 1 de septiembre de 2026",
    "certification_end": " al 28 de febrero de 2027.",
    "fair_hearing": "audiencia imparcial dentro de 90 días",
    "office_phone": "¿Preguntas? Llame al 307-555-0117.",
    "contact": "Servicios Familiares",
    "legal_aid": "Puede recibir ayuda legal gratis.",
}
LADDER = [
    "los ingresos mensuales de su hogar, al dólar: $900.00",
    "− la deducción estándar: $209.00",
    "= ingreso después de estas deducciones: $691.00",
    "− la deducción por vivienda: $494.00",  # 500 of rent and 340 above half of 691
    "= ingreso neto: $197.00",
    "la mayor ayuda para comida para su hogar: $298.00",
    "= lo máximo menos el 30% del ingreso neto: $238.00",
    "≥ lo mínimo para una o dos personas: $24.00",
    "= ayuda para comida cada mes: $238.00",
]
ENGLISH = re.compile(
    r"\b(the|and|your?|with|we|what|this|of|for|from|is|are|not|each|month|law|rule|income|if|to)\b",
    re.IGNORECASE,
)


def test_the_letter_of_food_help_in_spanish_names_what_the_law_wants_and_no_english(as_, wyoming):
    food = wyoming.open("wy-snap", FILED, language="es")
    cases.determine(food.id)
    wyoming.put_down(food)
    press(as_("casey"), food, "prepare-approval", months="6")
    released(as_, food)
    (letter,) = [one for one in notices.of_case(food.id) if one.kind == "approved"]
    template = programs.notice_template(programs.load_program("wy-snap"), "approved")
    assert set(template["must_name"]) == set(NAMED_IN_SPANISH)
    for named, said in NAMED_IN_SPANISH.items():
        assert said in letter.body, named
    lines = [line.strip() for line in letter.body.splitlines()]
    assert lines[lines.index(LADDER[0]) :][: len(LADDER)] == LADDER
    until = programs.text(clock.today() + timedelta(days=90), "es")
    assert f"El último día para pedirlo es el {until}." in letter.body
    assert f"aprobada el {programs.text(clock.today(), 'es')}." in letter.body
    resident = Client()
    resident.force_login(wyoming.nora)
    page = resident.get(f"/es/wy/messages/{letter.id}/").content.decode()
    main = unescape(page[page.index("<main") : page.index("</main>")])
    laws = re.findall(r'<span lang="en">(.*?)</span>', main)
    assert any("7 CFR 273.9(a)(1)" in law for law in laws)
    own = re.sub(r"<[^>]*>", " ", re.sub(r'<span lang="en">.*?</span>', " ", main))
    assert "CFR" not in own and not ENGLISH.findall(own)


@pytest.mark.parametrize(
    ("button", "given", "said"),
    [
        ("look-at", {"words": "Seen."}, "Check what you have looked at."),
        ("look-at", {"rules": ["citizenship"], "words": ""}, "an auditor reads this"),
        ("look-at", {"rules": ["moon"], "words": "Seen."}, "moon"),
        ("interview", {"on": "tomorrow", "how": "phone", "words": "x"}, "like 2026-11-30"),
        ("interview", {"on": "2026-09-22", "how": "phone", "words": ""}, "an auditor reads this"),
    ],
)
def test_what_is_put_down_wrongly_is_refused_and_changes_nothing(
    as_, food, words, button, given, said
):
    refused = press(as_("casey"), food, button, **given)
    assert refused.status_code == 422 and said in words(refused)
    assert not StaffWord.objects.exists()
