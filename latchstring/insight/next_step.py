"""The one next step of a case, as a code, from its row of the queue: who takes it, and what with.

What unblocks the case comes first. The words for it are the desk's.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

TRIES_BEFORE_GOING_ON = 3  # after so many unanswered tries a caseworker may go on with documents


class NextStep(NamedTuple):
    """A step's code, who takes it (caseworker, approver, resident, agency, bank, nobody), values.

    `values` are the figures that the words name.
    """

    code: str
    who: str
    values: Mapping[str, Any] = {}


def next_step(row: Mapping[str, Any], today: date) -> NextStep:
    """Return the next step of a row of `queue`."""
    if row["stage"] == "closed":
        return NextStep("none", "nobody")
    if row["stage"] == "payment":
        return _paying(row)
    if row["decision_waits"]:
        return NextStep("approve", "approver")
    return _papers(row) or _resident(row, today) or _agencies(row) or _deciding(row)


def _paying(row: Mapping[str, Any]) -> NextStep:
    if row["on_card"]:
        return NextStep("wait_for_card", "nobody")
    if row["no_account"]:
        return NextStep("ask_account", "caseworker")
    if row["payments"]:
        return NextStep("wait_for_payment", "bank")
    return NextStep("pay_again" if row["payments_voided"] else "name_payee", "caseworker")


def _papers(row: Mapping[str, Any]) -> NextStep | None:
    if row["returned_why"] and row["returned_at"]:
        return NextStep("mend_decision", "caseworker", {"why": row["returned_why"]})
    if row["papers_unread"]:
        return NextStep("look_at_papers", "caseworker", {"n": row["papers_unread"]})
    return None


def _resident(row: Mapping[str, Any], today: date) -> NextStep | None:
    if not row["requests_open"]:
        return None
    late = row["answer_by"] < today
    code, who = ("call_resident", "caseworker") if late else ("wait_for_resident", "resident")
    return NextStep(code, who, {"day": row["answer_by"]})


def _agencies(row: Mapping[str, Any]) -> NextStep | None:
    if not row["checks_open"]:
        return None
    values = {"sources": row["sources"] or [], "n": row["checks_tries"]}
    if row["checks_tries"] >= TRIES_BEFORE_GOING_ON:
        return NextStep("go_on_without", "caseworker", values)
    return NextStep("wait_for_agency", "agency", values)


def _deciding(row: Mapping[str, Any]) -> NextStep:
    match row["outcome"]:
        case "eligible":
            return NextStep("prepare_approval", "caseworker")
        case "ineligible":
            return NextStep("look_at_reasons", "caseworker")
        case None:
            return NextStep("wait_for_rules", "nobody")
    return NextStep("request_information", "caseworker", {"n": len(row["missing"] or [])})
