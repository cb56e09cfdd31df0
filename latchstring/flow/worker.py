"""The worker: does the jobs, with a connection of its own for taking them.

Jobs defer other jobs on Django's connection, inside the transaction of what they change. That is
why the worker is an app beside the tasks' own (`with_connector`) and does not replace the tasks'
connector, as the library's own command does: then a job's children would be deferred outside its
transaction, and a kill in between would lose or repeat them.
"""

import copy
import warnings
from typing import Any

from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicRegistry

GRACEFUL_SECONDS = 20.0


def run(**options: Any) -> None:
    """Do jobs until told to stop (or, with `wait=False`, until none is left)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        beside = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    beside.periodic_registry = _schedule_of(beside)
    beside.run_worker(
        shutdown_graceful_timeout=GRACEFUL_SECONDS, delete_jobs="successful", **options
    )


def _schedule_of(worker: App) -> PeriodicRegistry:
    """Return the schedule, deferred on the worker's own connection.

    Through Django's it would use a thread whose connection nobody ever renews: after a restart of
    the database, or in the next test, every worker would stop at its first scheduled job.
    """
    schedule = PeriodicRegistry()
    for planned in app.periodic_registry.periodic_tasks.values():
        task = copy.copy(planned.task)
        task.blueprint = worker
        kwargs = copy.copy(planned.configure_kwargs)
        schedule.register_task(task, planned.cron, planned.periodic_id, kwargs)
    return schedule
