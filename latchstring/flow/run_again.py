"""Run again: a person gives a job that failed for good another five tries."""

from django.db import connection

from latchstring.audit import door as audit
from latchstring.kernel import transactions
from latchstring.kernel.errors import Conflict, NotFound
from latchstring.people import door as people

# A job of a schedule is not needed twice: where its next is queued already, this one is done.
QUEUED = """
SELECT EXISTS (SELECT FROM procrastinate_jobs o
               WHERE o.queueing_lock = j.queueing_lock AND o.status = 'todo')
FROM procrastinate_jobs j WHERE j.id = %s
"""
AGAIN = """
UPDATE procrastinate_jobs SET status = %s, attempts = 0, scheduled_at = NULL,
       abort_requested = false, worker_id = NULL
WHERE id = %s
"""


def run_again(account: people.Account, job_id: int) -> str:
    """Let a failed job run again and return its name. Every job may run twice without harm.

    NotFound for a job of another agency; Conflict where a colleague was faster.
    """
    with transactions.verb(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, args ->> 'agency', status FROM procrastinate_jobs "
            "WHERE id = %s FOR UPDATE",
            [job_id],
        )
        found = cursor.fetchone()
        if found is None:
            raise NotFound()
        name, agency, status = found
        staff = people.require(account, "job.run_again", agency=agency)
        if status != "failed":
            raise Conflict("This job is not waiting any more. Somebody may have run it already.")
        cursor.execute(QUEUED, [job_id])
        queued = bool(cursor.fetchone()[0])
        cursor.execute(AGAIN, ["succeeded" if queued else "todo", job_id])
        audit.record(
            "job.run_again",
            agency=staff.agency_id,
            actor=account.actor,
            object_type="job",
            object_id=str(job_id),
            purpose="operations",
            detail={"job": name},
        )
    return str(name)
