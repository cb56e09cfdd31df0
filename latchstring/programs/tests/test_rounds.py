"""Rounds: the document's days, its pauses, and what administrators open, pause and close."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.db.utils import ProgrammingError

from latchstring.audit.models import Entry
from latchstring.kernel import clock
from latchstring.kernel.errors import Invalid
from latchstring.programs import door, publication
from latchstring.programs.models import RoundAct
from latchstring.programs.rounds import CLOSE, CLOSED, EARLY, OPEN, OPENED, PAUSE, PAUSED, Act

LIEAP = door.load_program("wy-lieap")
WHY = {"en": "The money is spent.", "es": "El dinero se agotó."}


@pytest.mark.parametrize(
    ("day", "status", "opens_on"),
    [
        (date(2025, 9, 1), CLOSED, date(2025, 10, 1)),
        (date(2025, 9, 2), EARLY, date(2025, 10, 1)),
        (date(2025, 9, 30), EARLY, date(2025, 10, 1)),
        (date(2025, 10, 1), OPEN, None),
        (date(2025, 10, 14), OPEN, None),
        (date(2025, 10, 15), PAUSED, date(2025, 12, 1)),
        (date(2025, 11, 30), PAUSED, date(2025, 12, 1)),
        (date(2025, 12, 1), OPEN, None),
        (date(2026, 4, 30), OPEN, None),
        (date(2026, 5, 1), CLOSED, date(2026, 10, 1)),
        (date(2026, 10, 1), OPEN, None),  # without a last day as yet
    ],
)
def test_the_heating_season_by_its_document(day: date, status: str, opens_on: date | None) -> None:
    found = door.round_on(LIEAP, day)
    assert (found.status, found.opens_on) == (status, opens_on)
    assert found.takes_applications is (status in (OPEN, EARLY))
    assert found.early_for == ("vulnerable" if status == EARLY else "")
    assert bool(found.note) is (status == PAUSED)


def test_a_program_without_rounds_is_open_and_one_that_ended_names_no_day() -> None:
    assert door.round_on(replace(LIEAP, document={}), date(2020, 1, 1)).status == OPEN
    ended = {"rounds": [{"opens_on": date(2020, 1, 1), "closes_on": date(2020, 2, 1)}]}
    assert door.round_on(replace(LIEAP, document=ended), date(2026, 1, 1)) == (
        CLOSED, None, None, "", {},
    )  # fmt: skip


def test_what_an_administrator_did_comes_after_the_document() -> None:
    closed = Act(CLOSE, date(2026, 1, 10), note=WHY)
    pause = Act(PAUSE, date(2026, 1, 5), date(2026, 1, 8), WHY)
    opened = Act(OPENED, date(2026, 6, 1), date(2026, 6, 30))

    def standing(day: date, *acts: Act) -> tuple[str, date | None, date | None]:
        return door.round_on(LIEAP, day, acts)[:3]

    acts = (opened, pause, closed)
    assert standing(date(2026, 1, 4), *acts) == (OPEN, None, date(2026, 1, 9))
    assert standing(date(2026, 1, 5), *acts) == (PAUSED, date(2026, 1, 8), None)
    assert standing(date(2026, 1, 8), *acts) == (OPEN, None, date(2026, 1, 9))
    assert standing(date(2026, 1, 10), *acts) == (CLOSED, date(2026, 6, 1), None)
    assert door.round_on(LIEAP, date(2026, 1, 10), acts).note == WHY
    assert standing(date(2026, 6, 1), *acts) == (OPEN, None, date(2026, 6, 30))
    assert standing(date(2026, 7, 1), *acts) == (CLOSED, date(2026, 10, 1), None)
    assert standing(date(2026, 10, 1), *acts) == (OPEN, None, None)  # the document's next round
    without_end = Act(PAUSE, date(2026, 10, 2))
    assert standing(date(2027, 10, 2), without_end)[0] == PAUSED
    assert standing(date(2026, 10, 2), without_end, Act(OPENED, date(2026, 10, 2)))[0] == OPEN


def test_acts_are_rows_with_reason_and_actor_that_nobody_changes(db: None) -> None:
    program, today = door.load_program("nm-erap"), clock.today()
    assert publication.round_on(program, today).status == OPEN
    row = publication.change_round(program, PAUSE, actor="command:a@dfa.test", note=WHY)
    assert publication.round_on(program, today)[:2] == (PAUSED, None)
    entry = Entry.objects.get(action="program.round", object_id=str(row.id))
    assert (entry.actor, entry.detail["act"], entry.detail["es"]) == (
        "command:a@dfa.test", "pause", WHY["es"],
    )  # fmt: skip
    publication.change_round(program, OPENED, actor="command:a@dfa.test", note=WHY)
    assert publication.round_on(program, today).status == OPEN
    assert RoundAct.objects.filter(program="nm-erap").count() == 2
    with pytest.raises((IntegrityError, InternalError, ProgrammingError)), transaction.atomic():
        RoundAct.objects.filter(id=row.id).update(actor="nobody")


@pytest.mark.parametrize(
    "wrong",
    [
        {"act": "reopen"},
        {"from_day": date(2020, 1, 1)},
        {"until": date(2020, 1, 1)},
        {"act": CLOSE, "until": date(2099, 1, 1)},
        {"note": {"en": "The money is spent."}},
    ],
)
def test_an_act_that_cannot_be_is_refused(db: None, wrong: dict) -> None:
    act = {"act": OPENED, "actor": "command:a@dfa.test", "note": WHY} | wrong
    with pytest.raises(Invalid):
        publication.change_round(LIEAP, act.pop("act"), **act)
    assert not publication.acts_of("wy-lieap")
