"""The screener: questions asked of made-up households against all questions, none answered wrongly.

Each household answers what it is asked; then the same household answers everything. What it is told
(likely, maybe or no; amounts; how soon) must be the same for every program.
"""

import os
import random
import time
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from unittest import mock

import django

from latchstring.kernel import clock
from latchstring.programs import door as programs
from tests.bench.table import Row, row

HOUSEHOLDS = 10_000
DAY = date(2026, 1, 15)  # in season, and every table is set


def bench() -> Iterator[Row]:
    """Yield the questions asked, those that differ (none may), and the time for one answer."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "latchstring.settings")
    django.setup()
    publication = import_module("latchstring.programs.publication")  # only now: it has models
    by_document = mock.patch.object(publication, "round_on", programs.round_on)
    with by_document, mock.patch.object(clock, "today", lambda: DAY):
        yield from _measured(random.Random(20261123))  # noqa: S311 - the same each time


def _measured(chance: random.Random) -> Iterator[Row]:
    screener = import_module("latchstring.applications.screener")
    made_up = import_module("latchstring.applications.tests.answers")
    needs = [need["id"] for need in programs.needs("WY")]
    put_all = everything_all = differing = 0
    began, taken = 0.0, 0.0
    for _ in range(HOUSEHOLDS):
        named = chance.sample(needs, chance.choice((1, 2, 2, 3)))
        asked = screener.programs_for("WY", named)
        truth = made_up.answers("WY", asked, chance)
        said = screener.implied("WY", named)
        began = time.perf_counter()
        heard, put = made_up.adaptive(asked, truth, said)
        taken += time.perf_counter() - began
        full, count = made_up.everything(asked, truth, said)
        few = [made_up.told(outlook) for outlook in screener.results(asked, heard, needs=named)]
        many = [made_up.told(outlook) for outlook in screener.results(asked, full, needs=named)]
        differing += few != many
        put_all, everything_all = put_all + len(put), everything_all + count
    yield row(
        f"the screener, {HOUSEHOLDS:,} households: questions asked of each",
        put_all / HOUSEHOLDS,
        "questions",
        f"all questions: {everything_all / HOUSEHOLDS:.1f}",
        put_all / everything_all,
        "< 1",
    )
    yield row("  households told anything else than after all questions", differing, "", goal="0")
    yield row("  choosing the next question", 1000 * taken / max(put_all, 1), "ms")
