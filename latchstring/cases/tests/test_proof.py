"""Proof lasts as long as the program's document says, and no longer."""

import pytest

from latchstring.cases.proof import proven
from latchstring.cases.tests.wyoming import STATED
from latchstring.cases.typed import tagged
from latchstring.programs import door as programs

HEAT = {key: STATED[key] for key in ("pays_for_heat", "heating_fuel")}


def snapshot(on: str, **more: object) -> dict[str, object]:
    """What is known on a day of a home that stated how it heats and gave a bill in February."""
    facts = {key: {"value": tagged(value), "source": "stated"} for key, value in HEAT.items()}
    paper = {"id": "1", "kind": "heating_bill", "given_on": "2026-02-01"}
    return {
        "on": on,
        "facts": {key: entry | {"evidence": None} for key, entry in facts.items()},
        "attested": [],
        "enrolments": [],
        "papers": [paper],
    } | more


@pytest.mark.parametrize(
    ("on", "holds"), [("2026-02-01", True), ("2026-09-30", True), ("2026-10-01", False)]
)
def test_a_paper_that_lasts_a_season_proves_nothing_in_the_next(on, holds):
    found = proven(programs.load_program("wy-lieap"), snapshot(on))
    assert ("pays_heat" in found) is holds


def test_without_a_paper_a_statement_alone_does_not_prove_who_pays_for_heat():
    found = proven(programs.load_program("wy-lieap"), snapshot("2026-02-01", papers=[]))
    assert "pays_heat" not in found
