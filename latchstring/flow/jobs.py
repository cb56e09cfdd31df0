"""The jobs. Each loads, calls verbs, and may run twice without harm; steps are in its docstring.

Queues: `cases` (one case at a time each, by lock), `notices`, `money`, `bulk`, `schedule`.
Jobs see only the rows of their `agency`; those on a schedule see all and change nothing by hand.
"""

import uuid
from datetime import UTC, datetime

from django.conf import settings
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from psycopg.errors import RaiseException

from latchstring.applications import door as applications
from latchstring.audit import door as audit
from latchstring.cases import door as cases
from latchstring.documents import door as documents
from latchstring.flow import due, sweep
from latchstring.kernel import scope
from latchstring.kernel.crashpoint import crashpoint
from latchstring.notices import door as notices
from latchstring.payments import door as payments
from latchstring.verification import door as verification

TRIES = RetryStrategy(max_attempts=5, exponential_wait=3)
OFTEN = "* * * * * */10" if settings.DEMO else "* * * * *"
STALLED_SECONDS = 30


@app.task(name="advance", queue="cases", retry=TRIES)
def advance(case_id: str, agency: str) -> None:
    """Do every step of a case that is due. Lock: the case.

    1. Write the questions to other agencies that the program asks for (once each).
    2. Ask those that are due, outside any transaction; trouble sets the next try.
    3. Take papers that answer what the resident was asked for.
    4. Determine; decide by policy where all is proven; else wait for agencies or a person.
    5. Follow the payments: instruct, tell what arrived or came back, close when all is settled.
    6. Set a timer for the next try of each question that is still open, and for the next month
       of help on a card.
    """
    case = uuid.UUID(case_id)
    with scope.within(agency):
        for check in cases.want_checks(case):
            verification.ask(check.id)
        cases.take_papers(case)
        cases.consider(case)
        cases.follow_payments(case)
        if (next_month := cases.next_issuance_at(case)) is not None:
            due.set_timer("advance", case, agency, next_month)
        for check in cases.open_checks(case):
            if check.next_try_at is not None:
                due.set_timer("advance", case, agency, check.next_try_at)
    crashpoint("K11 case: advanced, before the worker says so")


@app.task(name="advance_household", queue="cases", retry=TRIES)
def advance_household(household_id: str, agency: str) -> None:
    """Wake every open case of a household: a paper was given, read or taken back.

    1. Find its cases that are not closed. 2. Defer `advance` for each.
    """
    with scope.within(agency):
        for case in cases.cases_of_household(uuid.UUID(household_id)):
            if case.stage != "closed":
                wake(case.id, agency)


@app.task(name="take_answers", queue="cases", retry=TRIES)
def take_answers(application_id: str, agency: str) -> None:
    """Bring what was told after an early filing to the application's cases.

    1. Each takes in who joined the unit and what was attested. 2. Defer `advance` for each.
    """
    with scope.within(agency):
        found = applications.application_by_id(uuid.UUID(application_id))
        for case in cases.cases_of_application(found.id):
            unit = applications.unit_of(found, case.program)
            cases.take_answers(case.id, unit, found.attested)
            wake(case.id, agency)


def wake(case_id: uuid.UUID, agency: str) -> None:
    """Defer `advance` for a case, in the caller's transaction where there is one."""
    advance.configure(lock=f"case:{case_id}").defer(case_id=str(case_id), agency=agency)


@app.task(name="deliver_notice", queue="notices", retry=TRIES)
def deliver_notice(delivery_id: str, agency: str) -> None:
    """Send one letter by email.

    1. Send it, unless it was. 2. Where the mail server has trouble, defer the next try.
    """
    with scope.within(agency):
        wait = notices.deliver(uuid.UUID(delivery_id))
    if wait is not None:
        later = deliver_notice.configure(schedule_in={"seconds": int(wait.total_seconds())})
        later.defer(delivery_id=delivery_id, agency=agency)


@app.task(name="confirm_address", queue="notices", retry=TRIES)
def confirm_address(awaited_id: str, agency: str) -> None:
    """Ask an address whether it wants to be told when a program opens.

    1. Send the link, unless it is confirmed or gone.
    """
    with scope.within(agency):
        notices.confirm_by_mail(uuid.UUID(awaited_id))


@app.task(name="tell_opening", queue="notices", retry=TRIES)
def tell_opening(awaited_id: str, agency: str) -> None:
    """Tell somebody that a program is open, once.

    1. Send the letter and forget the address, unless that was done.
    """
    with scope.within(agency):
        notices.tell(uuid.UUID(awaited_id))


@app.task(name="hand_over_batch", queue="money", retry=TRIES)
def hand_over_batch(batch_id: str, agency: str) -> None:
    """Hand a released batch to the bank, once. Lock: the batch.

    1. Payments sends the file; without an answer the batch is in doubt and a person settles it.
       A job that runs again after that finds it so and sends nothing.
    """
    with scope.within(agency):
        payments.hand_over(uuid.UUID(batch_id))


@app.task(name="hand_to_contractor", queue="money", retry=TRIES)
def hand_to_contractor(issuance_id: str, agency: str) -> None:
    """Put a month's help on a household's card.

    1. The contractor gets it under its own id: again is the same. The sweep sends what it refused
       or never answered.
    """
    if not settings.CARD["url"]:
        return
    with scope.within(agency):
        payments.hand_to_contractor(uuid.UUID(issuance_id))


@app.task(name="make_form", queue="bulk", retry=TRIES)
def make_form(application_id: str, program: str, language: str, agency: str) -> None:
    """Make the signed form of one program.

    1. Make and keep it, unless it is there.
    """
    with scope.within(agency):
        applications.make_form(uuid.UUID(application_id), program, language)


@app.task(name="inspect_upload", queue="bulk", retry=TRIES)
def inspect_upload(upload_id: str, agency: str) -> None:
    """Look an upload over in a process of its own.

    1. Inspect it, unless it was. 2. A wake of the household's cases follows by its event.
    """
    with scope.within(agency):
        documents.inspect(uuid.UUID(upload_id))


@app.periodic(cron="* * * * * */10")
@app.task(name="import_bank_reports", queue="money", queueing_lock="import_bank_reports")
def import_bank_reports(timestamp: int) -> None:
    """Take in what the bank reports. Every ten seconds; all of an answer or nothing of it.

    1. Ask the bank for settlements and returns after the last ones. 2. Post them once each.
    """
    if not settings.BANK["url"]:
        return
    with scope.within(scope.EVERY_AGENCY):
        payments.try_import()


@app.periodic(cron=OFTEN)
@app.task(name="tick", queue="schedule", queueing_lock="tick")
def tick(timestamp: int) -> None:
    """Do what time brings. Every minute, in the demo every ten seconds.

    1. Fire the timers that are due by business time. 2. Give audit entries their place in the
    chain.
    """
    with scope.within(scope.EVERY_AGENCY):
        due.fire(_fired)
        audit.link_new_entries()


def _fired(kind: str, subject: uuid.UUID, agency: str) -> None:
    if kind == "advance":
        wake(subject, agency)


@app.periodic(cron="* * * * * 30")
@app.task(name="sweep_stuck", queue="schedule", queueing_lock="sweep_stuck")
def sweep_stuck(timestamp: int) -> None:
    """Find stuck work of whatever age and wake it. Every minute.

    1. Each finder of flow/sweep.py names what should be moving. 2. What has no job yet gets one.
    3. Make the partitions of the event log for the months ahead. 4. Forget files that were on
    their way and never came whole, addresses that waited too long for a program to open, and
    answers that a visitor kept and did not come back for.
    """
    with scope.within(scope.EVERY_AGENCY):
        wakers = {
            "case": wake,
            "delivery": lambda id, agency: deliver_notice.defer(delivery_id=str(id), agency=agency),
            "batch": lambda id, agency: hand_over_batch.configure(lock=f"batch:{id}").defer(
                batch_id=str(id), agency=agency
            ),
            "opening": lambda id, agency: tell_opening.defer(awaited_id=str(id), agency=agency),
            "issuance": lambda id, agency: hand_to_contractor.defer(
                issuance_id=str(id), agency=agency
            ),
            "upload": lambda id, agency: inspect_upload.defer(upload_id=str(id), agency=agency),
        }
        for found in sweep.stuck():
            wakers[found.kind](found.id, found.agency)
        for form in sweep.forms_missing():
            make_form.defer(**form)
        sweep.make_event_months()
        documents.forget_abandoned()
        notices.forget_old()
        applications.forget_guest_drafts()


@app.periodic(cron="* * * * * */15")
@app.task(name="rescue", queue="schedule", queueing_lock="rescue", pass_context=True)
async def rescue(context: JobContext, timestamp: int) -> None:
    """Give back jobs whose worker died. Every fifteen seconds; never under a lock of its own.

    1. Find jobs whose worker has not been heard of for thirty seconds. 2. Let them run again.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        crashpoint("K34 rescue: found, not given back")
        if job.id == context.job.id:
            continue
        try:
            await manager.retry_job(job, retry_at=datetime.now(UTC))
        except ConnectorException as problem:
            # Another rescue was faster, or the job has just ended: the others still need us.
            if not isinstance(problem.__cause__, RaiseException):
                raise
