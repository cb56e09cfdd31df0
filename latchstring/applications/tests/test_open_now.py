"""A closed program is neither begun nor sent, and the refusal says when it opens."""

from datetime import date

import pytest
from django.utils import translation

from latchstring.applications import door as applications
from latchstring.applications.open_now import refuse_closed
from latchstring.applications.tests.conftest import HEARD, go_on
from latchstring.kernel import clock
from latchstring.programs import door as programs
from latchstring.programs import publication

WHY = {"en": "The money is spent.", "es": "El dinero se agotó."}


def close(act: str = "close", **days: date) -> None:
    publication.change_round(
        programs.load_program("nm-erap"), act, actor="command:a@dfa.test", note=WHY, **days
    )


def test_a_closed_program_is_not_begun(household, ana):
    close()
    with pytest.raises(applications.NotOpen) as refused:
        applications.begin(household, ana, ["nm-erap"], "en", HEARD)
    assert refused.value.message == (
        "New Mexico Emergency Rental Assistance takes no applications now. The money is spent. "
        "Nobody has set the day yet on which it opens again. What you told us is kept."
    )
    assert not applications.of_account(ana, "nm-dfa")


def test_a_program_that_closed_meanwhile_is_not_sent_and_says_when_it_opens(application, ana):
    go_on(application, ana.actor)
    close("pause", until=date(2099, 3, 4))
    with translation.override("es"), pytest.raises(applications.NotOpen) as refused:
        applications.sign_and_submit(application.id, "Ana Baca", "es", ana.actor)
    assert refused.value.message == (
        "Asistencia de emergencia para la renta de Nuevo México está en pausa. "
        "El dinero se agotó. Abre el 4 de marzo de 2099. Lo que nos contó queda guardado."
    )
    close("open")
    assert applications.sign_and_submit(application.id, "Ana Baca", "es", ana.actor).reference


def test_who_is_not_among_those_it_opens_early_for_waits(db, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: date(2025, 9, 10))
    young = {"member_60_or_older": False, "child_5_or_under": False}
    heat = [programs.load_program("wy-lieap")]
    refuse_closed(heat, young)  # a disability would do, and nobody has asked yet
    refuse_closed(heat, {"member_60_or_older": True})
    with pytest.raises(applications.NotOpen, match=r"not open for your home yet. It opens on Oct"):
        refuse_closed(heat, young | {"member_with_disability": False})
