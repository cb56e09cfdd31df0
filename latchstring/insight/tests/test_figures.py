"""The dashboard's numbers equal numbers counted by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from latchstring.insight import door as insight
from latchstring.insight.tests import rows
from latchstring.kernel import events, scope
from latchstring.kernel.ids import new_id

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 2)
SUNDAY = MONDAY + timedelta(days=6)
BERNALILLO, DONA_ANA = "35001", "35013"


@pytest.fixture
def week():
    """Three cases in Bernalillo, one in Doña Ana, one of another agency."""
    funds = rows.money()
    rows.paid_case(funds, BERNALILLO, MONDAY, 1_200_00, days=3)
    rows.paid_case(funds, BERNALILLO, MONDAY, 800_50, days=5)
    denied = rows.case(BERNALILLO, MONDAY + timedelta(days=1))
    rows.decide(denied, "deny", MONDAY + timedelta(days=4))
    rows.case(DONA_ANA, MONDAY + timedelta(days=2))
    rows.case("56021", MONDAY, agency="wy-dfs", program="wy-erap")
    return funds


def test_totals_by_county_and_by_day_are_those_counted_by_hand(week):
    seen = insight.dashboard("nm-dfa", MONDAY, SUNDAY)
    assert seen.total == insight.Figures(4, 2, 1, 2_000_50, 2_000_50)
    assert seen.counties == {
        BERNALILLO: insight.Figures(3, 2, 1, 2_000_50, 2_000_50),
        DONA_ANA: insight.Figures(1, 0, 0, 0, 0),
    }
    assert list(seen.days) == [MONDAY + timedelta(days=n) for n in range(7)]
    assert seen.days[MONDAY] == insight.Figures(2, 0, 0, 0, 0)
    assert seen.days[MONDAY + timedelta(days=1)] == insight.Figures(1, 2, 0, 2_000_50, 0)
    assert seen.days[MONDAY + timedelta(days=3)].paid_cents == 1_200_00
    assert seen.days[SUNDAY] == insight.Figures()


def test_medians_are_in_days_from_filing(week):
    seen = insight.dashboard("nm-dfa", MONDAY, SUNDAY)
    assert seen.median_days_to_decision == 1.0  # 1, 1 and 3
    assert seen.median_days_to_payment == 4.0  # 3 and 5


def test_a_window_leaves_out_what_happened_before_and_after(week):
    seen = insight.dashboard("nm-dfa", MONDAY + timedelta(days=2), MONDAY + timedelta(days=3))
    assert seen.total == insight.Figures(1, 0, 0, 0, 1_200_00)


def test_a_window_given_backwards_is_read_forwards(week):
    assert insight.dashboard("nm-dfa", SUNDAY, MONDAY).total.applications == 4


def test_what_is_taken_back_leaves_the_sums(week):
    case = rows.paid_case(week, DONA_ANA, MONDAY, 100_00)
    rows.move(week, "return", "expended", "obligated", case.obligation, SUNDAY)
    rows.move(week, "release", "obligated", "unobligated", case.obligation, SUNDAY)
    seen = insight.dashboard("nm-dfa", MONDAY, SUNDAY)
    assert seen.counties[DONA_ANA].obligated_cents == 0
    assert seen.counties[DONA_ANA].paid_cents == 0
    assert seen.days[SUNDAY].paid_cents == -100_00


def test_the_day_is_the_mountain_day(week):
    late = datetime(2026, 11, 3, 5, 30, tzinfo=UTC)  # 22:30 on Monday in Santa Fe
    case = rows.case(BERNALILLO, MONDAY)
    case.filed_at = late
    case.save()
    assert insight.by_day("nm-dfa", MONDAY, MONDAY)[MONDAY].applications == 3


def test_county_and_program_narrow_everything(week):
    seen = insight.dashboard("nm-dfa", MONDAY, SUNDAY, county=DONA_ANA)
    assert seen.total.applications == 1
    assert seen.stages["verifying"]["cases"] == 1
    assert insight.dashboard("nm-dfa", MONDAY, SUNDAY, program="nm-liheap").total == (
        insight.Figures()
    )
    assert insight.by_county("nm-dfa", MONDAY, SUNDAY)[BERNALILLO].applications == 3


def test_the_funnel_counts_an_application_once_per_step(week):
    rows.application("nm-dfa", MONDAY, None, "nm-erap")
    assert insight.funnel("nm-dfa", MONDAY, SUNDAY) == insight.Funnel(5, 4, 3, 3, 2, 2)
    assert insight.funnel("nm-dfa", MONDAY, SUNDAY, program="nm-snap") == insight.Funnel()


def test_open_cases_are_counted_by_stage_with_those_that_are_late(week):
    late = rows.case(DONA_ANA, date(2020, 1, 1), stage="review")
    assert insight.dashboard("nm-dfa", MONDAY, SUNDAY).stages["review"] == {
        "stage": "review",
        "cases": 1,
        "late": 1,
        "nobody": 1,
    }
    assert late.due_on < MONDAY


def test_another_agency_is_not_in_the_figures_even_when_asked_for(week):
    with scope.within("nm-dfa"):
        assert insight.dashboard("wy-dfs", MONDAY, SUNDAY).total == insight.Figures()
    assert insight.dashboard("wy-dfs", MONDAY, SUNDAY).total.applications == 1


def test_small_groups_and_what_would_give_them_away_are_hidden_from_the_public():
    def f(n):
        return insight.Figures(n, n, 0, n * 100, n * 100)

    shown = insight.publishable({"a": f(40), "b": f(7), "c": f(25), "d": f(0)})
    assert shown["b"] is None  # seven households
    # The total minus the other rows would tell; an empty county hides nothing, so it goes along
    # with the next smallest that has people in it.
    assert [place for place, figures in shown.items() if figures is None] == ["b", "c"]
    assert insight.publishable({"a": f(40), "b": f(11)}) == {"a": f(40), "b": f(11)}


def test_the_pulse_moves_with_an_event_of_the_agency_only(transactional_event):
    before = insight.pulse("nm-dfa")
    transactional_event("wy-dfs")
    assert insight.pulse("nm-dfa") == before
    transactional_event("nm-dfa")
    assert insight.pulse("nm-dfa") != before


@pytest.fixture
def transactional_event():
    """Record an event of an agency."""

    def record(agency):
        events.record("case.opened.v1", subject=new_id(), agency=agency, actor="system:test")

    return record
