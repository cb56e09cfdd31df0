"""Prepare: a caseworker proposes to approve or to deny; a second person decides."""

import uuid
from datetime import date, timedelta

from latchstring.audit import door as audit
from latchstring.cases.before_approval import AMOUNT, INTERVIEW, LOOKED_AT, still_to_do
from latchstring.cases.claims import month_from, months_of
from latchstring.cases.determine import determination_of, determine
from latchstring.cases.errors import (
    AlreadyDecided,
    IncompleteDenial,
    NotEligible,
    NothingToPay,
    NotPutDown,
    StillWaiting,
)
from latchstring.cases.gather import filed_on
from latchstring.cases.letters import appeal_day
from latchstring.cases.locks import open_case
from latchstring.cases.models import Case, Decision, DecisionLine, Determination
from latchstring.cases.policy import permit
from latchstring.cases.twin import tell
from latchstring.kernel import clock, events, transactions
from latchstring.kernel.errors import Invalid
from latchstring.kernel.ids import new_id
from latchstring.programs import door as programs
from latchstring.programs import publication
from latchstring.verification import door as verification

NOT_PUT_DOWN = {
    LOOKED_AT: "what you saw of the rules that only a person can check",
    INTERVIEW: "the interview",
    AMOUNT: "the amount that the agency sets",
}


def prepare_approval(case_id: uuid.UUID, actor: str, *, months: int | None = None) -> Decision:
    """Propose to approve what the rules say now, line by line. NotEligible when they do not.

    Help by the month is granted for some `months`, at most what the program's document allows.
    """
    with transactions.verb():
        case = open_case(case_id)
        permit(actor, "case.decide", case)
        _nothing_open(case)
        found = determine(case.id, actor)
        if found.outcome != "eligible":
            raise NotEligible()
        if open_ones := still_to_do(case, found.result):
            names = "; ".join(dict.fromkeys(NOT_PUT_DOWN[todo.kind] for todo in open_ones))
            raise NotPutDown(f"Before you prepare the approval, put down {names}.")
        decision = propose(case, found, actor, months)
        case.stage = "approval"
        case.save(update_fields=["stage"])
        _told(case, decision, actor)
    return decision


def propose(case: Case, found: Determination, actor: str, months: int | None = None) -> Decision:
    """Write a proposal to approve with its lines, inside the caller's transaction."""
    if not found.result["lines"]:
        raise NothingToPay()
    program = publication.program_by_hash(case.version)
    monthly = any("recurs" in line for line in found.result["lines"])
    since = month_from(filed_on(case), 0) if monthly else None
    until = _certified(program, since, months) if since else None
    decision = Decision.objects.create(
        id=new_id(),
        agency=case.agency,
        case=case,
        determination=found,
        kind="approve",
        appeal_until=appeal_day(program, clock.today()),
        certified_from=since,
        certified_until=until,
        prepared_by=actor,
        prepared_at=clock.now(),
    )
    for line in found.result["lines"]:
        stands_for = months_of(program, line["id"], line["months"], filed_on(case))
        DecisionLine.objects.create(
            id=new_id(),
            agency=case.agency,
            decision=decision,
            line=line["id"],
            purpose=line["purpose"],
            months=[month.isoformat() for month in stands_for],
            amount_cents=line["amount_cents"],
            first_cents=line.get("first_cents"),
            payee_kind=line["payee"],
        )
    return decision


def months_to_choose(case: Case) -> int | None:
    """Return for how many months help may be granted at most; None where nobody chooses."""
    document = publication.program_by_hash(case.version).document
    monthly = any("recurs" in one for one in document["benefits"])
    said = document.get("recertify", {})
    if not monthly or isinstance(said.get("every_months"), int):
        return None
    return int(said.get("at_most_months", 12))


def _certified(program: programs.Program, since: date, months: int | None) -> date:
    """Return the last day of so many months; Invalid unless the document allows that many."""
    said = program.document.get("recertify", {})
    given = said["every_months"] if isinstance(said.get("every_months"), int) else months
    most = int(said.get("at_most_months", 12))
    if given is None or not 1 <= given <= most:
        raise Invalid(fields={"months": f"Say for how many months: 1 to {most}."})
    return month_from(since, given) - timedelta(days=1)


def prepare_denial(
    case_id: uuid.UUID,
    actor: str,
    reason: str,
    legal_basis: str,
    appeal_until: date | None = None,
) -> Decision:
    """Propose to deny. Only a person can, with reason, legal basis and the last day to appeal.

    The day is computed from the program's appeal rule; where the program leaves it to the agency
    the caller names it. IncompleteDenial says what is missing. While another agency's answer is
    still open nobody is denied (StillWaiting): it could speak for the household.
    """
    with transactions.verb() as moment:
        case = open_case(case_id)
        permit(actor, "case.decide", case)
        _nothing_open(case)
        if any(not (c.answered_at or c.given_up_at) for c in verification.of_case(case.id)):
            raise StillWaiting()
        program = publication.program_by_hash(case.version)
        until = appeal_until or appeal_day(program, clock.today())
        missing = _missing(reason, legal_basis, until)
        if missing:
            raise IncompleteDenial(" ".join(missing.values()), missing)
        decision = Decision.objects.create(
            id=new_id(),
            agency=case.agency,
            case=case,
            determination=determine(case.id, actor),
            kind="deny",
            reason=reason.strip(),
            legal_basis=legal_basis.strip(),
            appeal_until=until,
            prepared_by=actor,
            prepared_at=moment,
        )
        case.stage = "approval"
        case.save(update_fields=["stage"])
        _told(case, decision, actor)
    return decision


def _missing(reason: str, legal_basis: str, until: date | None) -> dict[str, str]:
    wrong = {}
    if not reason.strip():
        wrong["reason"] = "Say why in words the resident will understand."
    if not legal_basis.strip():
        wrong["legal_basis"] = "Name the statute, regulation or program rule it rests on."
    if until is None or until <= clock.today():
        wrong["appeal_until"] = "Set the last day to appeal; it must be after today."
    return wrong


def denial_words(case: Case, language: str = "") -> dict[str, str]:
    """Return reason and legal basis prefilled from the failed criteria; empty where none failed."""
    found = determination_of(case)
    if found is None:
        return {"reason": "", "legal_basis": ""}
    failed = tell(found, language or case.language).failed
    rules = dict.fromkeys(reason.citation for reason in failed)
    words = " ".join(reason.sentence for reason in failed)
    return {"reason": words, "legal_basis": "; ".join(rules)}


def _nothing_open(case: Case) -> None:
    if case.decisions.filter(approved_at__isnull=True, returned_at__isnull=True).exists():
        raise AlreadyDecided("A decision on this case is waiting for approval already.")
    if case.stage == "payment":
        raise AlreadyDecided()


def _told(case: Case, decision: Decision, actor: str) -> None:
    audit.record(
        "decision.prepared",
        agency=case.agency,
        actor=actor,
        object_type="decision",
        object_id=decision.id,
        household=case.household,
        purpose="decision",
        detail={"kind": decision.kind, "case": case.reference},
    )
    events.record(
        "decision.prepared.v1",
        subject=case.id,
        agency=case.agency,
        actor=actor,
        payload={"decision": str(decision.id), "kind": decision.kind},
    )
