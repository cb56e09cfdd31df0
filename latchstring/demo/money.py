"""The demo's money: history that is closed, and an award of our own that is open today.

The closed awards carry the real figures of New Mexico's two rounds (Housing Initiative at Penn,
County ERA Spending, 2025: allocations after Treasury's reallocation). They refuse new obligations:
ERA1 obligations ended on 2022-12-29, ERA2 on 2025-09-30. The open awards are invented and marked so
wherever they are shown; that of New Mexico is shaped like the state's first one.
"""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from latchstring.funds import door as funds
from latchstring.kernel import clock


@dataclass(frozen=True)
class AwardFacts:
    """An award as the demo knows it; amounts in cents."""

    agency: str
    assistance_listing: str
    name: str
    fain: str
    amount_cents: int
    period_start: date
    period_end: date
    authority: str
    invented: bool


CLOSED = (
    AwardFacts(
        "nm-dfa",
        "21.023",
        "Emergency Rental Assistance, first round (closed)",
        "ERA1-NM",
        16_148_544_300,
        date(2021, 1, 1),
        date(2022, 12, 29),
        "Consolidated Appropriations Act 2021, Div. N, sec. 501",
        False,
    ),
    AwardFacts(
        "nm-dfa",
        "21.023",
        "Emergency Rental Assistance, second round (closed)",
        "ERA2-NM",
        9_644_287_105,
        date(2021, 3, 11),
        date(2025, 9, 30),
        "American Rescue Plan Act 2021, sec. 3201",
        False,
    ),
)
# What an open award gives to whom: 90% help, 10% costs, as New Mexico's first award did and as
# 42 U.S.C. 8624(b)(9) lets heating help have.
ASSISTANCE_SHARE, ADMINISTRATION_SHARE = 90, 10


def _open_awards(today: date) -> tuple[tuple[AwardFacts, str, str], ...]:
    """The awards that are open, each with the public body and the program that it goes to."""
    since, until = today - timedelta(days=90), today + timedelta(days=640)
    return (
        (
            AwardFacts(
                "nm-dfa",
                "21.023",
                "Demonstration Emergency Rental Assistance",
                "DEMO-NM-1",
                16_148_544_300,
                since,
                until,
                "Invented for this demonstration; shaped like New Mexico's award under sec. 501",
                True,
            ),
            "New Mexico Department of Finance and Administration",
            "nm-erap",
        ),
        (
            AwardFacts(
                "wy-dfs",
                "93.568",
                "Demonstration Low Income Home Energy Assistance",
                "DEMO-WY-1",
                1_000_000_000,
                since,
                until,
                "Invented for this demonstration",
                True,
            ),
            "Wyoming Department of Family Services",
            "wy-lieap",
        ),
    )


def make_money() -> None:
    """Grant the awards and allocate the open ones (again without harm)."""
    opened = _open_awards(clock.today())
    agencies = {award.agency for award, _, _ in opened}
    known = {award.fain for agency in agencies for award in funds.awards(agency)}
    for award in CLOSED:
        if award.fain not in known:
            _grant(award)
    for award, public_body, program in opened:
        if award.fain not in known:
            _allocate(award, _grant(award), public_body, program)


def _grant(award: AwardFacts) -> uuid.UUID:
    made = funds.grant_award(
        agency=award.agency,
        name=award.name,
        assistance_listing=award.assistance_listing,
        fain=award.fain,
        amount_cents=award.amount_cents,
        period_start=award.period_start,
        period_end=award.period_end,
        authority=award.authority,
        invented=award.invented,
        actor="system:demo",
    )
    return made.id


def _allocate(award: AwardFacts, award_id: uuid.UUID, public_body: str, program: str) -> None:
    shares = (("assistance", ASSISTANCE_SHARE), ("administration", ADMINISTRATION_SHARE))
    for purpose, share in shares:
        funds.allocate(
            award_id,
            public_body=public_body,
            program=program,
            purpose=purpose,
            priority=1,
            amount_cents=award.amount_cents * share // 100,
            actor="system:demo",
        )
