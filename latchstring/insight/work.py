"""Work lists: what waits for an approver, a payments officer, an auditor. Reads only."""

import uuid

from latchstring.insight import queries
from latchstring.insight.read import Row, first, rows
from latchstring.kernel.errors import NotFound
from latchstring.kernel.references import read_reference

PAGE_ROWS = 25


def queue(
    agency: str,
    *,
    counties: list[str] | None = None,
    stage: str = "",
    county: str = "",
    program: str = "",
    staff: uuid.UUID | None = None,
    q: str = "",
    page: int = 1,
) -> list[Row]:
    """Return a page of cases by harm to the household, then the law's day. `found` counts all.

    `counties` is the reach of whoever asks (None: the whole agency).
    """
    return rows(
        queries.QUEUE,
        agency=agency,
        counties=counties,
        stage=stage,
        county=county,
        program=program,
        staff=staff,
        reference=(read_reference(q) or q.strip()) if q else "",
        limit=PAGE_ROWS,
        offset=PAGE_ROWS * (max(page, 1) - 1),
    )


def decisions_of_case(agency: str, case_id: uuid.UUID) -> list[Row]:
    """Return a case's decisions, the newest first."""
    return rows(queries.DECISIONS_OF_CASE, agency=agency, id=case_id)


def decisions_waiting(agency: str) -> list[Row]:
    """Return the decisions that wait for a second person, the most urgent household first."""
    return rows(queries.DECISIONS_WAITING, agency=agency)


def decision(agency: str, decision_id: uuid.UUID) -> Row:
    """Return a decision with its case and lines; NotFound in another agency."""
    found = first(queries.DECISION, agency=agency, id=decision_id)
    if found is None:
        raise NotFound()
    found["lines"] = rows(queries.DECISION_LINES, agency=agency, id=decision_id)
    found["amount_cents"] = sum(line["amount_cents"] for line in found["lines"])
    return found


def allocations(agency: str, program: str = "") -> list[Row]:
    """Return the allocations with their award, what is obligated and what is free (cents)."""
    return rows(queries.ALLOCATIONS, agency=agency, program=program)


def payments_waiting(agency: str) -> list[Row]:
    """Return the disbursements that are in no batch yet."""
    return rows(queries.PAYMENTS_WAITING, agency=agency)


def payments_returned(agency: str) -> list[Row]:
    """Return the payments the bank sent back and that nobody has paid again or released."""
    return rows(queries.PAYMENTS_RETURNED, agency=agency)


def payments_of_case(agency: str, case_id: uuid.UUID) -> list[Row]:
    """Return a case's disbursements with their status, in order."""
    return rows(queries.PAYMENTS_OF_CASE, agency=agency, id=case_id)


def batches(agency: str) -> list[Row]:
    """Return the fifty latest batches with their state and counts."""
    return rows(queries.BATCHES, agency=agency, id=None)


def batch(agency: str, batch_id: uuid.UUID) -> Row:
    """Return a batch with its payments; NotFound in another agency."""
    found = first(queries.BATCHES, agency=agency, id=batch_id)
    if found is None:
        raise NotFound()
    found["payments"] = rows(queries.PAYMENTS_OF_BATCH, agency=agency, id=batch_id)
    return found


def bank_reports(agency: str) -> list[Row]:
    """Return the hundred latest things the bank said."""
    return rows(queries.REPORTS, agency=agency, trace="")


def payment_search(agency: str, text: str = "") -> list[Row]:
    """Find payments by case, application or batch reference, trace number, remittance or id.

    Nothing to search for returns the fifty latest.
    """
    wanted = text.strip()[:80]
    like = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return rows(
        queries.PAYMENT_SEARCH,
        agency=agency,
        text=wanted,
        reference=read_reference(wanted) or wanted,
        like=f"%{like}%",
    )


def trial_balance(agency: str) -> list[Row]:
    """Return every ledger account with debits, credits and balance; the balances sum to zero."""
    return rows(queries.TRIAL_BALANCE, agency=agency)


def trail(agency: str, text: str = "") -> list[Row]:
    """Return the hundred latest entries of the trail; `text` is an object, actor or action."""
    wanted = text.strip()[:120]
    like = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return rows(queries.TRAIL_RECENT, agency=agency, text=wanted, like=f"{like}%")


def trail_head() -> Row | None:
    """Return the last link of the audit chain and how many entries wait for a link."""
    return first(queries.TRAIL_HEAD)
