"""Rows as the verbs would leave them, for figures that can be counted by hand."""

import itertools
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.apps import apps

from latchstring.insight.next_step import next_step
from latchstring.insight.work import queue
from latchstring.kernel import clock
from latchstring.kernel.ids import new_id
from latchstring.kernel.references import new_reference

AGENCY = "nm-dfa"
COUNTER = itertools.count(1)


def _make(name: str, /, **values: Any) -> Any:
    return apps.get_model(name).objects.create(**values)


def noon(day: date) -> datetime:
    """Noon in the mountains, more or less: 19:00 UTC."""
    return datetime(day.year, day.month, day.day, 19, tzinfo=UTC)


def application(agency: str, began: date, submitted: date | None, program: str) -> Any:
    """An application for one program, perhaps never submitted."""
    made = _make(
        "applications.Application",
        agency=agency,
        reference=new_reference("A"),
        household=new_id(),
        account=new_id(),
        language="en",
        began_at=noon(began),
        saved_at=noon(began),
        submitted_at=submitted and noon(submitted),
    )
    _make(
        "applications.ApplicationProgram",
        agency=agency,
        application=made,
        program=program,
        version="v" * 64,
    )
    return made


def case(county: str, filed: date, *, agency: str = AGENCY, program: str = "nm-erap", **more: Any):
    """A submitted application and its case."""
    asked = application(agency, filed, filed, program)
    return _make(
        "cases.Case",
        agency=agency,
        reference=new_reference("NM"),
        application=asked.id,
        household=more.pop("household", asked.household),
        program=program,
        version="v" * 64,
        county=county,
        filed_at=noon(filed),
        due_on=filed + timedelta(days=30),
        due_at=clock.end_of(filed + timedelta(days=30)),
        **more,
    )


def decide(about: Any, kind: str, on: date, *, cents: int = 0) -> Any:
    """A determination and a decision about a case, approved by a second person; one line."""
    made = _make(
        "cases.Determination",
        agency=about.agency,
        case=about,
        period="2026-11",
        run=next(COUNTER),
        version=about.version,
        made_at=noon(on),
        outcome="eligible" if kind == "approve" else "ineligible",
        snapshot_sealed=b"-",
        snapshot_sha256="5" * 64,
        result={"criteria": []},
    )
    decision = _make(
        "cases.Decision",
        agency=about.agency,
        case=about,
        determination=made,
        kind=kind,
        reason="" if kind == "approve" else "Income is over the limit.",
        legal_basis="" if kind == "approve" else "Pub. L. 116-260, sec. 501(k)(3)",
        appeal_until=None if kind == "approve" else on + timedelta(days=45),
        prepared_by="account:carla",
        prepared_at=noon(on),
        approved_by="account:amos",
        approved_at=noon(on),
    )
    if cents:
        decision.line = _make(
            "cases.DecisionLine",
            agency=about.agency,
            decision=decision,
            line="arrears",
            purpose="rental_arrears",
            months=["2026-10-01"],
            amount_cents=cents,
            payee_kind="landlord",
        )
    return decision


def money(agency: str = AGENCY, cents: int = 1_000_000_00) -> dict[str, Any]:
    """An award, an allocation and their ledger accounts."""
    award = _make(
        "funds.Award",
        agency=agency,
        name="Demonstration award",
        assistance_listing="21.023",
        fain="ERADEMO01",
        amount_cents=cents,
        period_start=date(2026, 1, 1),
        period_end=date(2027, 12, 31),
        authority="Pub. L. 116-260, sec. 501",
        invented=True,
        allocated_cents=cents,
    )
    allocation = _make(
        "funds.Allocation",
        agency=agency,
        award=award,
        public_body="State of New Mexico",
        program="nm-erap",
        purpose="assistance",
        amount_cents=cents,
    )
    accounts = {
        kind: _make(
            "funds.LedgerAccount", agency=agency, kind=kind, award=award, allocation=allocation
        )
        for kind in ("unobligated", "obligated", "disbursing", "expended")
    }
    return {"award": award, "allocation": allocation, "accounts": accounts}


def move(
    funds: dict[str, Any], kind: str, source: str, target: str, obligation: Any, on: date
) -> None:
    """Move an obligation's amount from one ledger account to another."""
    made = _make(
        "funds.LedgerTransaction",
        agency=obligation.agency,
        kind=kind,
        reference=obligation.id,
        at=noon(on),
        actor="account:amos",
    )
    for account, sign in ((source, -1), (target, 1)):
        _make(
            "funds.Posting",
            agency=obligation.agency,
            transaction=made,
            account=funds["accounts"][account],
            obligation=obligation.id,
            amount_cents=sign * obligation.amount_cents,
        )


def obligate(funds: dict[str, Any], decision: Any, on: date) -> Any:
    """An obligation for a decision's line, from one allocation, with its posting."""
    made = _make(
        "funds.Obligation",
        agency=decision.agency,
        case=decision.case_id,
        decision_line=decision.line.id,
        purpose=decision.line.purpose,
        amount_cents=decision.line.amount_cents,
        made_at=noon(on),
        made_by="account:amos",
    )
    _make(
        "funds.ObligationSource",
        agency=decision.agency,
        obligation=made,
        allocation=funds["allocation"],
        amount_cents=made.amount_cents,
    )
    move(funds, "obligate", "unobligated", "obligated", made, on)
    return made


def disburse(obligation: Any, on: date, **more: Any) -> Any:
    """A disbursement to a landlord, in a sealed and released batch that the bank has taken."""
    payee = _make(
        "payments.Payee", agency=obligation.agency, kind="landlord", sealed=b"-", made_at=noon(on)
    )
    batch = _make(
        "payments.Batch",
        agency=obligation.agency,
        reference=new_reference("B"),
        opened_at=noon(on),
        opened_by="account:paula",
        sealed_at=noon(on),
        sealed_by="account:paula",
        released_at=noon(on),
        released_by="account:pete",
        handed_over_at=noon(on),
        entries=1,
        total_cents=obligation.amount_cents,
    )
    return _make(
        "payments.Disbursement",
        agency=obligation.agency,
        case=obligation.case,
        obligation=obligation.id,
        payee=payee,
        amount_cents=obligation.amount_cents,
        remittance="RENT NM",
        wanted_at=noon(on),
        prepared_by="account:carla",
        approved_by="account:amos",
        released_by="account:pete",
        batch=batch,
        trace=f"10700215{next(COUNTER):07d}",
        **more,
    )


def report(payment: Any, kind: str, on: date, code: str = "") -> Any:
    """What the bank said about a payment."""
    return _make(
        "payments.BankReport",
        agency=payment.agency,
        trace=payment.trace,
        kind=kind,
        code=code,
        amount_cents=payment.amount_cents,
        on=on,
        source=f"bank-{uuid.uuid4()}",
        received_at=noon(on),
    )


def paid_case(funds: dict[str, Any], county: str, filed: date, cents: int, days: int = 3) -> Any:
    """A case approved the next day, obligated, disbursed, and settled `days` after filing."""
    about = case(county, filed)
    decision = decide(about, "approve", filed + timedelta(days=1), cents=cents)
    obligation = obligate(funds, decision, filed + timedelta(days=1))
    payment = disburse(obligation, filed + timedelta(days=2))
    move(funds, "disburse", "obligated", "disbursing", obligation, filed + timedelta(days=2))
    move(funds, "settle", "disbursing", "expended", obligation, filed + timedelta(days=days))
    report(payment, "settled", filed + timedelta(days=days))
    about.payment, about.obligation = payment, obligation
    return about


def next_code(about: Any) -> str:
    """The code of a case's next step, as the queue tells it."""
    (row,) = queue(about.agency, q=about.reference)
    return next_step(row, clock.today()).code
