"""The sweep: every state in which work can get stuck has a finder here, with no upper age bound.

What a finder names and no job is about to do gets a job. In good order nothing is ever found: the
route has deferred the job with the change.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from latchstring.applications import door as applications
from latchstring.cases import door as cases
from latchstring.documents import door as documents
from latchstring.kernel import clock
from latchstring.notices import door as notices
from latchstring.payments import door as payments
from latchstring.verification import door as verification

MONTHS_AHEAD = 2


@dataclass(frozen=True)
class Stuck:
    """Work that nobody is about to do: what kind of thing, which, of which agency, and why."""

    kind: str
    id: uuid.UUID
    agency: str
    why: str


def stuck() -> Iterator[Stuck]:
    """Yield the work that stands still and has no job."""
    for found in _standing():
        if not _has_job(str(found.id)):
            yield found


def _standing() -> Iterator[Stuck]:
    for case_id, agency in cases.cases_verifying_for_nothing():
        yield Stuck("case", case_id, agency, "verifies while no question is open")
    for check in verification.open_checks():
        yield Stuck("case", check.case, check.agency, "a question to an agency is due")
    for case_id, agency in cases.cases_settled_but_open():
        yield Stuck("case", case_id, agency, "its money moved and nobody followed it")
    for case_id, agency in cases.cases_with_papers_untaken():
        yield Stuck("case", case_id, agency, "a paper that was asked for was not taken")
    for delivery_id, agency in notices.deliveries_waiting():
        yield Stuck("delivery", delivery_id, agency, "a letter was not sent")
    for awaited_id, agency in notices.openings_due():
        yield Stuck("opening", awaited_id, agency, "a program opened and somebody waits to hear")
    for batch in payments.released_batches():
        yield Stuck("batch", batch.id, batch.agency, "a released batch was not handed over")
    for case_id, agency in cases.cases_with_a_month_unissued():
        yield Stuck("case", case_id, agency, "a month of help was not issued")
    for issuance in payments.issuances_waiting() if settings.CARD["url"] else ():
        yield Stuck("issuance", issuance.id, issuance.agency, "a month's help is on no card")
    for upload_id in documents.waiting():
        agency = documents.document_of(upload_id).agency
        yield Stuck("upload", upload_id, agency, "an upload was not inspected")


def _has_job(subject: str) -> bool:
    """Whether a job about this thing waits or runs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE status IN ('todo', 'doing') "
            "AND %(id)s IN (args->>'case_id', args->>'delivery_id', args->>'batch_id', "
            "args->>'issuance_id', args->>'upload_id', args->>'application_id', "
            "args->>'awaited_id'))",
            {"id": subject},
        )
        return bool(cursor.fetchone()[0])


def forms_missing() -> list[dict[str, str]]:
    """Return the arguments of `make_form` for submitted applications without their form."""
    found = []
    for application_id, program in applications.submitted_without_form():
        if _has_job(str(application_id)):
            continue
        application = applications.application_by_id(application_id)
        found.append(
            {
                "application_id": str(application_id),
                "program": program,
                "language": application.language,
                "agency": application.agency,
            }
        )
    return found


def make_event_months() -> None:
    """Make the event log's partitions for this month and those ahead, by real time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kernel_event_month((date_trunc('month', now()) + n * interval '1 month')::date)"
            " FROM generate_series(0, %s) n",
            [MONTHS_AHEAD],
        )


def timers_late(minutes: int = 10) -> list[dict[str, Any]]:
    """Return timers that should have fired long ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, kind, subject FROM kernel_timer WHERE done_at IS NULL AND due_at < %s",
            [clock.now() - timedelta(minutes=minutes)],
        )
        return [{"id": row[0], "kind": row[1], "subject": row[2]} for row in cursor.fetchall()]
