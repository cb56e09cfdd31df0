"""One stored evaluation feeds every page: the same sentence and law, wherever it is read."""

from decimal import Decimal
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client

from latchstring.applications.screener import Outlook
from latchstring.cases import door as cases
from latchstring.cases.tests import scene as scenes
from latchstring.kernel import clock
from latchstring.notices import door as notices
from latchstring.programs import door as programs
from latchstring.web.portal import check

FACTS = scenes.STATED | {"months_assisted": 0}
TOO_MUCH = {"annual_income": Decimal("90000.00"), "monthly_income": Decimal("9000.00")}


@pytest.fixture
def scene(db, settings):
    """The desk's scene; no second factor here."""
    settings.SECOND_FACTOR_WAIVED = True
    cache.clear()
    return scenes.build()


def screened(language, **more):
    """What the screener says of the household's answers: (sentence, law) by criterion."""
    program = programs.load_program("nm-erap")
    screening = programs.screen(program, FACTS | {"applied_on": clock.today()} | more)
    row = check.shown(
        Outlook(program, screening, programs.round_on(program, clock.today(), []), ""), language
    )
    return {reason.id: (reason.sentence, reason.citation) for reason in row["reasons"]}


def page_of(scene, who, path):
    client = Client()
    client.force_login(scene.staff[who])
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(unescape(response.content.decode()).split())


def decided(scene, language, denied):
    case = scene.open(language=language)
    if not denied:
        decision = cases.prepare_approval(case.id, scene.actor("casey"))
    else:
        words = cases.determine(case.id) and cases.denial_words(case)
        decision = cases.prepare_denial(case.id, scene.actor("casey"), **words)
    cases.approve(decision.id, scene.actor("alex"))
    return decision


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("denied", [False, True])
def test_screener_case_approval_and_letter_say_the_same(scene, language, denied):
    more = TOO_MUCH if denied else {}
    scene.state(**more)
    decision = decided(scene, language, denied)
    expected, in_english = screened(language, **more), screened("en", **more)
    assert len(expected) == 7
    for page in (
        page_of(scene, "casey", f"/desk/cases/{decision.case.reference}/"),
        page_of(scene, "alex", f"/desk/approvals/{decision.id}/"),
    ):
        for sentence, citation in in_english.values():  # staff read English
            assert f"{sentence}</p>" in page and citation in page
    letters = [one.body for one in notices.of_case(decision.case_id) if "$" in one.body]
    (letter,) = [body for body in letters if ("90,000" in body) is denied]
    told = ["income"] if denied else list(expected)
    for sentence, citation in (expected[id] for id in told):
        assert f"- {sentence}\n" in letter and f": {citation}\n" in letter
