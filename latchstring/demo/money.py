"""The demo's money: history that is closed, and an award of our own that is open today.

The closed awards carry the real figures of New Mexico's two rounds (Housing Initiative at Penn,
County ERA Spending, 2025: allocations after Treasury's reallocation). They refuse new obligations:
ERA1 obligations ended on 2022-12-29, ERA2 on 2025-09-30. The open award is invented, shaped like
the state's first one, and marked so wherever it is shown.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from latchstring.funds import door as funds
from latchstring.kernel import clock

AGENCY = "nm-dfa"


@dataclass(frozen=True)
class AwardFacts:
    """An award as the demo knows it; amounts in cents."""

    name: str
    fain: str
    amount_cents: int
    period_start: date
    period_end: date
    authority: str
    invented: bool


CLOSED = (
    AwardFacts(
        "Emergency Rental Assistance, first round (closed)",
        "ERA1-NM",
        16_148_544_300,
        date(2021, 1, 1),
        date(2022, 12, 29),
        "Consolidated Appropriations Act 2021, Div. N, sec. 501",
        False,
    ),
    AwardFacts(
        "Emergency Rental Assistance, second round (closed)",
        "ERA2-NM",
        9_644_287_105,
        date(2021, 3, 11),
        date(2025, 9, 30),
        "American Rescue Plan Act 2021, sec. 3201",
        False,
    ),
)
# What the open award gives to whom: shares of New Mexico's first award (90% help, 10% costs).
ASSISTANCE_SHARE, ADMINISTRATION_SHARE = 90, 10


def make_money() -> None:
    """Grant the awards and allocate the open one (again without harm)."""
    known = {award.fain for award in funds.awards(AGENCY)}
    today = clock.today()
    open_award = AwardFacts(
        "Demonstration Emergency Rental Assistance",
        "DEMO-NM-1",
        16_148_544_300,
        today - timedelta(days=90),
        today + timedelta(days=640),
        "Invented for this demonstration; shaped like New Mexico's award under sec. 501",
        True,
    )
    for award in (*CLOSED, open_award):
        if award.fain in known:
            continue
        made = funds.grant_award(
            agency=AGENCY,
            name=award.name,
            assistance_listing="21.023",
            fain=award.fain,
            amount_cents=award.amount_cents,
            period_start=award.period_start,
            period_end=award.period_end,
            authority=award.authority,
            invented=award.invented,
            actor="system:demo",
        )
        if award is not open_award:
            continue
        shares = (("assistance", ASSISTANCE_SHARE), ("administration", ADMINISTRATION_SHARE))
        for purpose, share in shares:
            funds.allocate(
                made.id,
                public_body="New Mexico Department of Finance and Administration",
                program="nm-erap",
                purpose=purpose,
                priority=1,
                amount_cents=award.amount_cents * share // 100,
                actor="system:demo",
            )
