"""Decide by policy: at once, where every criterion is proven and two people signed for it.

Favourable and capped only: the rules prepare (`policy:<program>@<version>`), the standing
authorisation approves. Anything else waits for people, and a machine never denies.
"""

import uuid

from django.db import transaction

from latchstring.cases.approve import take_effect
from latchstring.cases.before_approval import still_to_do
from latchstring.cases.determine import determine
from latchstring.cases.locks import locked_case
from latchstring.cases.models import Case, Decision, Determination
from latchstring.cases.prepare import propose
from latchstring.documents import door as documents
from latchstring.funds import door as funds
from latchstring.kernel import clock, transactions
from latchstring.kernel.errors import Conflict
from latchstring.programs import publication


def decide_by_policy(case_id: uuid.UUID) -> Decision | None:
    """Approve a case under its standing authorisation; None, and nothing changed, where not."""
    with transactions.verb():
        case = locked_case(case_id)
        if case.stage not in ("verifying", "review") or case.decisions.exists():
            return None  # once a person has touched a decision it is theirs
        found = determine(case.id)
        if why_not(case, found):
            return None
        signed = publication.standing_authorisation(case.program, clock.today())
        assert signed is not None
        try:
            with transaction.atomic():
                decision = propose(case, found, f"policy:{case.program}@{case.version[:12]}")
                take_effect(case, decision, f"authorisation:{signed.id}")
        except (funds.NotEnoughMoney, funds.AlreadyHelped, funds.AwardClosed, Conflict):
            return None  # a person looks at it and sees why
    return decision


def why_not(case: Case, found: Determination) -> str:
    """Return why the rules may not decide this alone, as a code; empty when they may."""
    if found.outcome != "eligible":
        return "not_eligible" if found.outcome == "ineligible" else "unknown"
    if not found.result["lines"]:
        return "no_amount"
    program = publication.program_by_hash(case.version)
    if set(found.proven) != {criterion.id for criterion in program.criteria}:
        return "not_proven"
    if case.requests.filter(answered_at__isnull=True, cancelled_at__isnull=True).exists():
        return "waiting_for_resident"
    if _paper_unseen(case):
        return "paper_unseen"
    policy = program.document.get("approval", {}).get("standing_authorisation", {})
    signed = publication.standing_authorisation(case.program, clock.today())
    if not policy.get("allowed") or signed is None or signed.agency != case.agency:
        return "nobody_signed"
    if still_to_do(case, found.result):
        return "person_needed"
    if found.result["total_cents"] > signed.up_to_cents:
        return "above_cap"
    return ""


def _paper_unseen(case: Case) -> bool:
    """Whether a paper was given that nobody has looked at: a photo alone proves nothing."""
    given = documents.of_household(case.household, application=case.application)
    return any(paper.status == "received" for paper in given)
