"""Answers: read strictly, then kept as evidence and facts beside what the resident stated.

Only the fields that the agreement names are looked at. An answer about nobody we asked for, with
fields missing or of other kinds, is no answer: it is asked for again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from latchstring.kernel import clock
from latchstring.people import door as people
from latchstring.vault import door as vault
from latchstring.verification.errors import SourceTrouble
from latchstring.verification.models import Check

UNEMPLOYMENT = "human_services.unemployment"
OUTCOMES = {"yes": "matched", "no": "not_matched", "ambiguous": "ambiguous"}
MONEY = re.compile(r"[0-9]{1,9}\.[0-9]{2}", re.ASCII)
PROGRAM = re.compile(r"[a-z0-9_]{1,20}", re.ASCII)


@dataclass(frozen=True)
class Answer:
    """What a source said: the outcome and the fields we may keep."""

    outcome: str
    content: dict[str, Any]


def read(operation: str, request_key: str, raw: Mapping[str, Any]) -> Answer:
    """Read an answer; SourceTrouble("wrong_schema") when it is not one to our question."""
    outcome = OUTCOMES.get(str(raw.get("matched")))
    if raw.get("request_key") != request_key or outcome is None:
        raise SourceTrouble("wrong_schema")
    if outcome != "matched":
        return Answer(outcome, {})
    if operation == "tax.income":
        return Answer(outcome, _income(raw))
    return Answer(outcome, {"enrolments": _enrolments(raw)})


def _income(raw: Mapping[str, Any]) -> dict[str, Any]:
    year, income = raw.get("tax_year"), raw.get("annual_income")
    if not isinstance(year, int) or isinstance(year, bool):
        raise SourceTrouble("wrong_schema")
    if income is not None and not (isinstance(income, str) and MONEY.fullmatch(income)):
        raise SourceTrouble("wrong_schema")
    if "annual_income" not in raw:
        raise SourceTrouble("wrong_schema")
    return {"tax_year": year, "annual_income": income}


def _enrolments(raw: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = raw.get("enrolments")
    if not isinstance(rows, list) or len(rows) > 50:
        raise SourceTrouble("wrong_schema")
    return [_enrolment(row) for row in rows]


def _enrolment(row: Any) -> dict[str, Any]:
    if not isinstance(row, dict) or row.get("status") not in ("active", "closed"):
        raise SourceTrouble("wrong_schema")
    program, income = row.get("program"), row.get("verified_income_under_80_ami")
    if not isinstance(program, str) or not PROGRAM.fullmatch(program):
        raise SourceTrouble("wrong_schema")
    if not isinstance(income, bool):
        raise SourceTrouble("wrong_schema")
    return {
        "program": program,
        "status": row["status"],
        "determined_on": _day(row.get("determined_on")),
        "expires_on": _day(row.get("expires_on")) if row.get("expires_on") else None,
        "verified_income_under_80_ami": income,
    }


def _day(text: Any) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except (TypeError, ValueError):
        raise SourceTrouble("wrong_schema") from None


def place(check: Check) -> dict[str, Any]:
    """Where a check's answer is sealed."""
    return {"data_class": "case", "subject": check.id, "field": "check.answer"}


def content_of(check: Check) -> dict[str, Any]:
    """Open what a source said; empty where it said nothing."""
    if check.answer_sealed is None:
        return {}
    found: dict[str, Any] = vault.open_json(check.answer_sealed, **place(check))
    return found


def becomes_fact(check: Check, answer: Answer) -> None:
    """Keep an answer as evidence and facts, inside the transaction that records it."""
    if answer.outcome != "matched":
        return
    household = people.household_by_id(check.household)
    ends = None
    if check.operation == "human_services.enrolments":
        days = [row["expires_on"] for row in answer.content["enrolments"] if row["expires_on"]]
        ends = date.fromisoformat(max(days)) if days else None
    proof = people.add_evidence(
        household,
        "agency",
        check.source,
        str(check.id),
        expires_on=ends,
        detail={"operation": check.operation, "asked_on": clock.today().isoformat()},
    )
    if check.operation == "tax.income":
        _income_fact(check, household, answer.content, proof)
        return
    if check.operation == UNEMPLOYMENT:
        _unemployment_fact(check, household, answer.content, proof)
        return
    people.state_fact(
        household,
        "enrolments",
        answer.content["enrolments"],
        actor=f"system:{check.source}",
        source=f"verified:{check.source}",
        evidence=proof,
    )


def _unemployment_fact(
    check: Check, household: people.Household, content: Mapping[str, Any], proof: people.Evidence
) -> None:
    """State that somebody qualified for unemployment benefits, now or before, where they did.

    That one adult did not says nothing of the household: what was told stands as it is.
    """
    if any(row["program"] == "unemployment" for row in content["enrolments"]):
        actor, source = f"system:{check.source}", f"verified:{check.source}"
        people.state_fact(
            household, "unemployment_benefits", True, actor=actor, source=source, evidence=proof
        )


def _income_fact(
    check: Check, household: people.Household, content: Mapping[str, Any], proof: people.Evidence
) -> None:
    """State one adult's income, and the household's once every adult's is known.

    A person who did not file has no figure here, so the household's sum stays open: no figure is
    not zero.
    """
    if content["annual_income"] is None:
        return
    actor, source = f"system:{check.source}", f"verified:{check.source}"
    people.state_fact(
        household,
        "annual_income",
        Decimal(content["annual_income"]),
        actor=actor,
        source=source,
        subject=check.person,
        subject_kind="member",
        evidence=proof,
    )
    total = Decimal("0.00")
    for other in Check.objects.filter(case=check.case, operation=check.operation):
        said = content if other.id == check.id else content_of(other)
        if said.get("annual_income") is None:
            return
        total += Decimal(said["annual_income"])
    people.state_fact(household, "annual_income", total, actor=actor, source=source, evidence=proof)
