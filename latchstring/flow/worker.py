"""The worker: does the jobs, with a connection of its own for taking them.

Jobs defer other jobs on Django's connection, inside the transaction of what they change. That is
why the worker is an app beside the tasks' own (`with_connector`) and does not replace the tasks'
connector, as the library's own command does: then a job's children would be deferred outside its
transaction, and a kill in between would lose or repeat them.
"""

import warnings
from typing import Any

from procrastinate.contrib.django import app

GRACEFUL_SECONDS = 20.0


def run(**options: Any) -> None:
    """Do jobs until told to stop (or, with `wait=False`, until none is left)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        beside = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    beside.run_worker(
        shutdown_graceful_timeout=GRACEFUL_SECONDS, delete_jobs="successful", **options
    )
