"""One of several programs closes before the signature: the rest goes on, and nothing is lost."""

import re
from datetime import date

import pytest

from latchstring.applications import door as applications
from latchstring.applications.models import Application
from latchstring.applications.tests.conftest import ANA
from latchstring.applications.tests.test_heat_and_food import walk
from latchstring.cases.models import Case
from latchstring.people import door as people
from latchstring.programs import door as programs
from latchstring.programs import publication

SIGNED = {"name": "Ana Baca", "agree": "yes"}


@pytest.fixture
def both(ana):
    """An application for heat and food, answered to the end."""
    home = people.make_household("wy-dfs", ana, identity=ANA)
    draft = applications.begin(home, ana, ["wy-lieap", "wy-snap"], "en", {"pays_for_heat": True})
    walk(draft, ana)
    return draft


def close(*slugs, act="pause", until=date(2099, 3, 4)):
    note = {"en": "The money is spent.", "es": "El dinero se agotó."}
    for slug in slugs:
        program = programs.load_program(slug)
        publication.change_round(program, act, actor="command:a@x.test", note=note, until=until)


def at(draft, page="review/", prefix=""):
    return f"{prefix}/wy/applications/{draft.reference}/{page}"


def test_the_one_that_closed_is_named_and_the_rest_is_signed(both, browser, ana):
    assert b"Sign and send" in browser.get(at(both)).content
    close("wy-lieap")  # while she reads the page
    page = browser.post(at(both), SIGNED)
    said = page.content.decode()
    assert page.status_code == 409 and not Case.objects.exists()
    assert "(LIEAP) is paused now. The money is spent. It opens on March 4, 2099." in said
    assert "/wy/tell/wy-lieap/" in said and "/wy/tell/wy-snap/" not in said
    assert re.search(r"You can go on now with the rest: [^:]*\(SNAP\)\.", said)
    assert 'name="agree"' not in said  # nobody signs for what cannot be sent
    page = browser.post(at(both), {"leave": "1", "name": "Ana Baca"}, follow=True)
    assert page.context["next"] is None and not page.context["closed"]
    assert 'value="Ana Baca"' in page.content.decode()
    browser.post(page.request["PATH_INFO"], SIGNED)
    assert [case.program for case in Case.objects.all()] == ["wy-snap"]
    [kept] = [one for one in applications.of_account(ana, "wy-dfs") if not one.submitted_at]
    assert [row.program for row in kept.programs.all()] == ["wy-lieap"]
    # Nothing is lost: once it opens, the signature is all that is missing.
    close("wy-lieap", act="open", until=None)
    assert browser.get(at(kept)).context["next"] is None
    browser.post(at(kept), SIGNED)
    assert Case.objects.count() == 2


def test_the_button_pressed_twice_and_another_tab_find_the_same_draft(both, browser):
    close("wy-lieap")
    first = browser.post(at(both), {"leave": "1"}, follow=True).request["PATH_INFO"]
    assert browser.post(at(both), {"leave": "1"}, follow=True).request["PATH_INFO"] == first
    assert applications.leave_out(both.id).reference in first  # both at once: one waits its turn
    assert Application.objects.filter(withdrawn_at__isnull=True).count() == 2
    page = browser.get(at(both, ""))
    assert page.status_code == 200 and page.context["reference"] in first


def test_the_overview_says_so_too_and_in_spanish(both, browser):
    close("wy-lieap")
    said = browser.get(at(both, "", "/es")).content.decode()
    assert "está en pausa. El dinero se agotó. Abre el 4 de marzo de 2099." in said
    assert "Seguir con lo demás" in said and "Lo que nos contó queda guardado." in said


def test_where_all_have_closed_there_is_no_rest_to_go_on_with(both, browser):
    close("wy-lieap", "wy-snap")
    page = browser.get(at(both))
    assert b"Go on with the rest" not in page.content
    assert page.content.count(b"/wy/tell/") == 2 and b'name="agree"' not in page.content
    with pytest.raises(applications.NotOpen):
        applications.leave_out(both.id)


def test_where_nothing_has_closed_nothing_is_set_apart(both):
    assert applications.leave_out(both.id) == both
    assert Application.objects.count() == 1
