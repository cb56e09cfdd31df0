"""The route: which event wakes which job. One table; a step can be found by its event's name.

The router runs inside the transaction of the change that the event tells of, so the job is there
exactly when the change is.
"""

from collections.abc import Callable
from typing import Any

from latchstring.cases import door as cases
from latchstring.documents import door as documents
from latchstring.flow import jobs
from latchstring.kernel.events import Event


def route(event: Event) -> None:
    """Defer the jobs that an event wakes."""
    for step in ROUTE.get(event.type, ()):
        step(event)


def _advance(event: Event) -> None:
    jobs.wake(event.subject, event.agency)


def _advance_others(event: Event) -> None:
    """What one program grants can change another's: heating help counts in food help."""
    for case in cases.others_open(event.subject):
        jobs.wake(case.id, case.agency)


def _take_answers(event: Event) -> None:
    jobs.take_answers.defer(application_id=str(event.subject), agency=event.agency)


def _advance_household(event: Event) -> None:
    household: Any = event.payload.get("household")
    if household is None and event.type.startswith("document."):
        household = documents.Document.objects.values_list("household", flat=True).get(
            id=event.subject
        )
    jobs.advance_household.defer(household_id=str(household or event.subject), agency=event.agency)


def _make_forms(event: Event) -> None:
    for program in event.payload["programs"]:
        jobs.make_form.defer(
            application_id=str(event.subject),
            program=program,
            language=event.payload["language"],
            agency=event.agency,
        )


def _inspect(event: Event) -> None:
    jobs.inspect_upload.defer(upload_id=str(event.subject), agency=event.agency)


def _deliver(event: Event) -> None:
    jobs.deliver_notice.defer(delivery_id=event.payload["delivery"], agency=event.agency)


def _confirm_address(event: Event) -> None:
    if not event.payload["confirmed"]:
        jobs.confirm_address.defer(awaited_id=str(event.subject), agency=event.agency)


def _hand_over(event: Event) -> None:
    jobs.hand_over_batch.configure(lock=f"batch:{event.subject}").defer(
        batch_id=str(event.subject), agency=event.agency
    )


def _hand_to_contractor(event: Event) -> None:
    jobs.hand_to_contractor.defer(issuance_id=str(event.subject), agency=event.agency)


ROUTE: dict[str, tuple[Callable[[Event], None], ...]] = {
    "application.submitted.v1": (_make_forms,),
    "application.answered.v1": (_take_answers,),
    "case.opened.v1": (_advance,),
    "check.given_up.v1": (_advance,),
    "information.answered.v1": (_advance,),
    "information.cancelled.v1": (_advance,),
    "consent.given.v1": (_advance_household,),
    "upload.quarantined.v1": (_inspect,),
    "document.given.v1": (_advance_household,),
    "document.accepted.v1": (_advance_household,),
    "document.refused.v1": (_advance_household,),
    "document.removed.v1": (_advance_household,),
    "decision.approved.v1": (_advance, _advance_others),
    "payee.named.v1": (_advance,),
    "notice.written.v1": (_deliver,),
    "opening.asked.v1": (_confirm_address,),
    "batch.released.v1": (_hand_over,),
    "benefit.wanted.v1": (_hand_to_contractor,),
    "benefit.issued.v1": (_advance,),
    "payment.settled.v1": (_advance,),
    "payment.returned.v1": (_advance,),
}
