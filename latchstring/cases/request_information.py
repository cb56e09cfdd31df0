"""Request information: a caseworker asks the resident for something, with the reason and a day."""

import uuid
from datetime import date
from typing import Any

from django.db.models import QuerySet

from latchstring.audit import door as audit
from latchstring.cases.letters import asked
from latchstring.cases.locks import locked_case, open_case
from latchstring.cases.models import Case, InformationRequest
from latchstring.cases.policy import account_behind, case_for, permit
from latchstring.cases.words import item_words
from latchstring.kernel import clock, events, limits, transactions
from latchstring.kernel.errors import Invalid, NotFound
from latchstring.kernel.find import find
from latchstring.kernel.ids import new_id
from latchstring.vault import door as vault


def _place(request_id: uuid.UUID) -> dict[str, Any]:
    return {"data_class": "message", "subject": request_id, "field": "request.words"}


def request_information(
    case_id: uuid.UUID, what: str, words: str, actor: str, answer_by: date
) -> InformationRequest:
    """Ask the resident for a document kind or fact. The stage stays; the case shows it waits."""
    with transactions.verb() as moment:
        case = open_case(case_id)
        permit(actor, "case.work", case)
        wrong = {}
        if not what.strip():
            wrong["what"] = "Choose what you need."
        if not words.strip() or len(words) > limits.FREE_TEXT_CHARACTERS_MAX:
            wrong["words"] = "Say in a few words what you need and why."
        if answer_by <= clock.today():
            wrong["answer_by"] = "Choose a day after today."
        if wrong:
            raise Invalid(fields=wrong)
        request_id = new_id()
        request = InformationRequest.objects.create(
            id=request_id,
            agency=case.agency,
            case=case,
            what=what.strip()[:60],
            words_sealed=vault.seal(words.strip(), agency=case.agency, **_place(request_id)),
            asked_by=actor,
            asked_at=moment,
            answer_by=answer_by,
        )
        asked(case, request, item_words(case, request.what), words.strip())
        _told("information.requested", case, request, actor)
    return request


def words_of(request: InformationRequest) -> str:
    """Open the caseworker's words. The caller has checked who asks."""
    return vault.open_text(request.words_sealed, **_place(request.id))


def answer_request(request_id: uuid.UUID, actor: str) -> InformationRequest:
    """Note that the resident (or staff for them) answered. Answering again changes nothing.

    NoSuchCase for an account that has nothing to do with the case.
    """
    with transactions.verb() as moment:
        case, request = _held(request_id)
        account = account_behind(actor)
        if account is not None:
            case_for(account, case.id)
        if request.answered_at or request.cancelled_at:
            return request
        request.answered_at = moment
        request.save(update_fields=["answered_at"])
        _told("information.answered", case, request, actor)
    return request


def cancel_request(request_id: uuid.UUID, actor: str) -> InformationRequest:
    """Take a request back: it is not needed after all."""
    with transactions.verb() as moment:
        case, request = _held(request_id)
        permit(actor, "case.work", case)
        if request.answered_at or request.cancelled_at:
            return request
        request.cancelled_at = moment
        request.save(update_fields=["cancelled_at"])
        _told("information.cancelled", case, request, actor)
    return request


def open_requests(case: Case) -> list[InformationRequest]:
    """Return what the resident was asked for and has not answered, oldest first."""
    rows = find(_open, case.id)
    for row in rows:
        row.case = case
    return rows


def _open(case_id: uuid.UUID) -> QuerySet[InformationRequest]:
    rows = InformationRequest.objects.filter(case=case_id, answered_at__isnull=True)
    return rows.filter(cancelled_at__isnull=True).order_by("asked_at", "id")


def open_requests_in_words(case: Case, language: str = "") -> list[dict[str, Any]]:
    """Return what is open: `request`, its `item`, the caseworker's `words`. The caller checked."""
    rows = open_requests(case)
    vault.fetch_keys((row.id for row in rows), data_class="message")
    return [
        {"request": row, "item": item_words(case, row.what, language), "words": words_of(row)}
        for row in rows
    ]


def _held(request_id: uuid.UUID) -> tuple[Case, InformationRequest]:
    case_id = (
        InformationRequest.objects.filter(id=request_id).values_list("case_id", flat=True).first()
    )
    if case_id is None:
        raise NotFound()
    case = locked_case(case_id)
    return case, InformationRequest.objects.select_for_update().get(id=request_id)


def _told(what: str, case: Case, request: InformationRequest, actor: str) -> None:
    audit.record(
        what,
        agency=case.agency,
        actor=actor,
        object_type="request",
        object_id=request.id,
        household=case.household,
        purpose="verification",
    )
    events.record(
        f"{what}.v1",
        subject=case.id,
        agency=case.agency,
        actor=actor,
        payload={"request": str(request.id), "what": request.what},
    )
