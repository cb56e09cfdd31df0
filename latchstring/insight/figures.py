"""What leaders watch: applications, decisions and dollars, by county and by day; funnel; waits."""

from dataclasses import dataclass, fields, replace
from datetime import date, timedelta

from latchstring.insight import queries
from latchstring.insight.read import Row, first, rows
from latchstring.kernel import clock

DAYS_MAX = 732  # two years: a page, not an archive
STAGES = ("verifying", "review", "approval", "payment")


@dataclass(frozen=True)
class Figures:
    """Sums over a day, a county or a window. Applications count one per program asked for."""

    applications: int = 0
    approved: int = 0
    denied: int = 0
    obligated_cents: int = 0
    paid_cents: int = 0

    @property
    def decisions(self) -> int:
        """Approvals and denials together."""
        return self.approved + self.denied

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            *(getattr(self, field.name) + getattr(other, field.name) for field in fields(self))
        )


@dataclass(frozen=True)
class Dashboard:
    """Everything on the director's page for one window, county and program (empty: all)."""

    since: date
    until: date
    county: str
    program: str
    total: Figures
    counties: dict[str, Figures]  # FIPS code -> figures, largest first
    days: dict[date, Figures]  # every day of the window, quiet ones too
    funnel: "Funnel"
    median_days_to_decision: float | None
    median_days_to_payment: float | None
    stages: dict[str, Row]  # stage -> {cases, late, nobody}


@dataclass(frozen=True)
class Funnel:
    """How far the applications begun in a window have come by now."""

    begun: int = 0
    submitted: int = 0
    determined: int = 0
    decided: int = 0
    approved: int = 0
    paid: int = 0


def _window(since: date, until: date) -> tuple[date, date]:
    """A window in order and no longer than DAYS_MAX, ending where it was asked to end."""
    since, until = min(since, until), max(since, until)
    return max(since, until - timedelta(days=DAYS_MAX - 1)), until


def dashboard(
    agency: str, since: date, until: date, *, county: str = "", program: str = ""
) -> Dashboard:
    """Return the figures of an agency between two days, both included (Mountain days)."""
    since, until = _window(since, until)
    given = {"agency": agency, "county": county, "program": program}
    window = given | {"since": since, "until": until}
    total, counties = Figures(), dict[str, Figures]()
    days = {since + timedelta(days=n): Figures() for n in range((until - since).days + 1)}
    for row in rows(queries.FIGURES, **window):
        day, place = row.pop("day"), row.pop("county")
        moved = Figures(**row)
        total += moved
        days[day] += moved
        counties[place] = counties.get(place, Figures()) + moved
    waits = {row["what"]: float(row["days"]) for row in rows(queries.WAITS, **window)}
    return Dashboard(
        since=since,
        until=until,
        county=county,
        program=program,
        total=total,
        counties=_largest_first(counties),
        days=days,
        funnel=funnel(agency, since, until, program=program),
        median_days_to_decision=waits.get("decided"),
        median_days_to_payment=waits.get("paid"),
        stages={row["stage"]: row for row in rows(queries.STAGES, now=clock.now(), **given)},
    )


def _largest_first(counties: dict[str, Figures]) -> dict[str, Figures]:
    return dict(sorted(counties.items(), key=lambda item: (-item[1].applications, item[0])))


def by_county(agency: str, since: date, until: date, *, program: str = "") -> dict[str, Figures]:
    """Return the figures of each county (FIPS), the most applications first."""
    since, until = _window(since, until)
    counties: dict[str, Figures] = {}
    for row in rows(
        queries.FIGURES, agency=agency, since=since, until=until, county="", program=program
    ):
        row.pop("day")
        place = row.pop("county")
        counties[place] = counties.get(place, Figures()) + Figures(**row)
    return _largest_first(counties)


def by_day(
    agency: str, since: date, until: date, *, county: str = "", program: str = ""
) -> dict[date, Figures]:
    """Return the figures of each day of a window, days on which nothing happened included."""
    since, until = _window(since, until)
    days = {since + timedelta(days=n): Figures() for n in range((until - since).days + 1)}
    for row in rows(
        queries.FIGURES, agency=agency, since=since, until=until, county=county, program=program
    ):
        day = row.pop("day")
        row.pop("county")
        days[day] += Figures(**row)
    return days


def funnel(agency: str, since: date, until: date, *, program: str = "") -> Funnel:
    """Return how far the applications begun between two days have come."""
    row = first(queries.FUNNEL, agency=agency, since=since, until=until, program=program)
    return replace(Funnel(), **(row or {}))


def programs(agency: str) -> list[str]:
    """Return the programs that have cases."""
    return [row["program"] for row in rows(queries.PROGRAMS, agency=agency)]


def pulse(agency: str) -> str:
    """Return a mark that changes whenever anything happens in an agency (for ETags)."""
    row = first(queries.PULSE, agency=agency)
    assert row is not None
    return str(row["mark"])
