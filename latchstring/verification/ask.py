"""Ask: put one question to its source, outside any transaction, and record what came of it.

1. Leave alone what was answered, given up, or is not due yet.
2. No agreement or consent any more: give the check up, and say so.
3. Breaker open: come back when it closes.
4. Call with the check's own request key: the source gives the same answer to the same key.
5. Record the exchange; an answer becomes evidence and facts; trouble sets the next try.
"""

import time
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from latchstring.audit import door as audit
from latchstring.kernel import clock, events, transactions
from latchstring.kernel.crashpoint import crashpoint
from latchstring.kernel.errors import Invalid
from latchstring.kernel.ids import new_id
from latchstring.partners import door as partners
from latchstring.people import door as people
from latchstring.vault import door as vault
from latchstring.verification import answers, breaker
from latchstring.verification.call import call
from latchstring.verification.errors import NoSuchCheck, SourceTrouble
from latchstring.verification.models import Check, Exchange
from latchstring.verification.want import may_ask

WAIT_SECONDS = 15
WAIT_SECONDS_MAX = 900


def ask(check_id: uuid.UUID) -> Check:
    """Ask once if it is due. Never raises for the source's trouble: the check says how it went."""
    check = Check.objects.filter(id=check_id).first()
    if check is None:
        raise NoSuchCheck()
    if check.answered_at or check.given_up_at:
        return check
    if check.next_try_at and check.next_try_at > clock.now():
        return check
    if not may_ask(check.household, check.agency, check.source):
        return _give_up(check_id, "system:verification", "no_agreement_or_consent")
    pause = breaker.opened_until(check.source)
    if pause is not None:
        return _later(check_id, pause - timezone.now())
    moment = clock.now()
    began = time.monotonic()
    crashpoint("K12 check: before the call")
    try:
        raw = call(check.source, check.operation, _question(check), moment)
        answer = answers.read(check.operation, check.request_key, raw)
    except SourceTrouble as trouble:
        breaker.note(check.source, worked=False)
        return _failed(check_id, trouble.status, moment, began)
    breaker.note(check.source, worked=True)
    crashpoint("K13 check: answered, nothing saved")
    kept = _answered(check_id, answer, moment, began)
    crashpoint("K14 check: answer saved, before the worker says so")
    return kept


def _question(check: Check) -> dict[str, Any]:
    """Build the question: the least that the source needs to find the person."""
    who = people.identity(check.person)
    agreement = partners.agreement_for(check.agency, check.source, clock.today())
    consent = partners.consent_for(check.household, check.source)
    assert agreement is not None
    person = {key: who[key] for key in ("first_name", "last_name", "birth_date")}
    if who.get("ssn"):
        person["ssn"] = who["ssn"]
    body: dict[str, Any] = {
        "request_key": check.request_key,
        "person": person,
        "purpose": agreement.purpose,
        "consent_reference": str(consent.id) if consent else "not required",
    }
    if check.operation == "tax.income":
        body["tax_year"] = check.wanted_at.astimezone(clock.MOUNTAIN).year - 1
    if check.operation == answers.UNEMPLOYMENT:
        body["programs"] = ["unemployment"]  # and of nothing else
    return body


def _exchange(check: Check, moment: datetime, began: float, status: str) -> None:
    agreement = partners.agreement_for(check.agency, check.source, clock.today())
    consent = partners.consent_for(check.household, check.source)
    if agreement is None:
        return
    Exchange.objects.create(
        id=new_id(),
        agency=check.agency,
        check_asked=check,
        agreement=agreement.id,
        consent=consent.id if consent else None,
        began_at=moment,
        took_ms=int((time.monotonic() - began) * 1000),
        status=status[:20],
    )


def _answered(check_id: uuid.UUID, answer: answers.Answer, moment: datetime, began: float) -> Check:
    with transactions.verb() as now:
        check = Check.objects.select_for_update().get(id=check_id)
        _exchange(check, moment, began, "ok")
        check.attempts += 1
        if check.answered_at is None:  # a second worker may have asked with the same key
            check.answered_at, check.outcome, check.next_try_at = now, answer.outcome, None
            check.given_up_at = None
            check.answer_sealed = vault.seal_json(
                answer.content, agency=check.agency, **answers.place(check)
            )
            answers.becomes_fact(check, answer)
            _told(check, "check.answered", f"system:{check.source}", outcome=answer.outcome)
        check.save()
    return check


def _failed(check_id: uuid.UUID, status: str, moment: datetime, began: float) -> Check:
    with transactions.verb() as now:
        check = Check.objects.select_for_update().get(id=check_id)
        _exchange(check, moment, began, status)
        check.attempts += 1
        if status == "http_409":  # our key was used with other content: the person was corrected
            check.request_key = f"{check.id}-{check.attempts}"
        if check.answered_at is None and check.given_up_at is None:
            check.next_try_at = now + wait_after(check.attempts)
            events.record(
                "check.failed.v1",
                subject=check.case,
                agency=check.agency,
                actor=f"system:{check.source}",
                payload={"check": str(check.id), "status": status, "attempts": check.attempts},
            )
        check.save()
    return check


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after some failed attempts: 15 s, doubling, at most 15 minutes."""
    return timedelta(seconds=min(WAIT_SECONDS * 2 ** min(attempts - 1, 10), WAIT_SECONDS_MAX))


def _later(check_id: uuid.UUID, wait: timedelta) -> Check:
    with transactions.verb() as now:
        check = Check.objects.select_for_update().get(id=check_id)
        if check.answered_at is None and check.given_up_at is None:
            check.next_try_at = now + max(wait, timedelta(seconds=1))
            check.save(update_fields=["next_try_at"])
    return check


def go_on_without(check_id: uuid.UUID, actor: str, reason: str) -> Check:
    """Let a case go on with documents instead of an agency's answer; the reason is kept.

    The caller has checked that the actor may work on the case.
    """
    if not reason.strip():
        raise Invalid(fields={"reason": "Say what you go by instead: an auditor reads this."})
    return _give_up(check_id, actor, reason.strip())


def _give_up(check_id: uuid.UUID, actor: str, reason: str) -> Check:
    with transactions.verb() as now:
        check = Check.objects.select_for_update().filter(id=check_id).first()
        if check is None:
            raise NoSuchCheck()
        if check.answered_at or check.given_up_at:
            return check
        check.given_up_at, check.next_try_at = now, None
        check.save(update_fields=["given_up_at", "next_try_at"])
        audit.record(
            "check.given_up",
            agency=check.agency,
            actor=actor,
            object_type="check",
            object_id=check.id,
            household=check.household,
            purpose=reason[:200],
        )
        _told(check, "check.given_up", actor)
    return check


def _told(check: Check, what: str, actor: str, **more: str) -> None:
    events.record(
        f"{what}.v1",
        subject=check.case,
        agency=check.agency,
        actor=actor,
        payload={"check": str(check.id), "operation": check.operation, **more},
    )
