"""The worker: does the jobs, with a connection of its own for taking them.

Jobs defer other jobs on Django's connection, inside the transaction of what they change. That is
why the worker is an app beside the tasks' own (`with_connector`) and does not replace the tasks'
connector, as the library's own command does: then a job's children would be deferred outside its
transaction, and a kill in between would lose or repeat them.

Lanes: money, letters and the schedule have places of their own, cases theirs, bulk work (forms,
uploads) one. However many uploads wait, a payment or a letter never waits behind them.
"""

import asyncio
import concurrent.futures
import contextlib
import copy
import logging
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Awaitable, Callable
from typing import Any

from procrastinate import App, JobContext
from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicRegistry
from procrastinate.worker import Worker

from latchstring.kernel import log as lines
from latchstring.kernel import metrics

GRACEFUL_SECONDS = 20.0  # a job under way has this long; the supervisor's patience is 25
SPARE_SECONDS = 2.0
log = logging.getLogger("latchstring.job")


def lanes(concurrency: int) -> dict[str, tuple[tuple[str, ...], int]]:
    """Return each lane's queues and places. At least one place each, `concurrency` in all from 3.

    Cases have the most: they wait for other agencies.
    """
    return {
        "prompt": (("money", "notices", "schedule"), max(1, concurrency // 3)),
        "cases": (("cases",), max(1, concurrency - concurrency // 3 - 1)),
        "bulk": (("bulk",), 1),
    }


def run(*, concurrency: int = 4, **options: Any) -> None:
    """Do jobs until told to stop (or, with `wait=False`, until none is left).

    With `queues` it does those alone; else every lane has its own places. Told to stop, it takes
    no more and finishes what is under way; what is not done after GRACEFUL_SECONDS is left, and
    another worker takes it up when this one's heart has not beaten for thirty seconds. Told twice,
    it ends at once.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        beside = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    beside.periodic_registry = _schedule_of(beside)
    options = {
        "shutdown_graceful_timeout": GRACEFUL_SECONDS,
        "delete_jobs": "successful",
        "worker_middleware": [one_line_per_job],
        **options,
    }
    if "queues" in options or not options.get("wait", True):
        beside.run_worker(concurrency=concurrency, **options)
        return
    asyncio.run(_run_lanes(beside, concurrency, options))


async def _run_lanes(beside: App, concurrency: int, options: dict[str, Any]) -> None:
    """Run one worker per lane on one connection pool; the first that ends ends the others."""
    loop = asyncio.get_running_loop()
    shares = lanes(concurrency)
    places = sum(share for _, share in shares.values())
    loop.set_default_executor(concurrent.futures.ThreadPoolExecutor(places + 2))
    async with beside.open_async():
        tasks = [
            asyncio.create_task(
                beside.run_worker_async(
                    name=name,
                    queues=list(queues),
                    concurrency=share,
                    install_signal_handlers=False,
                    **options,
                )
            )
            for name, (queues, share) in shares.items()
        ]
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, _told_to_stop, loop, tasks)
        done, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in others:
            if not task.cancelling():  # told twice, a lane would drop the job it is finishing
                task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
    for end in ends:
        if isinstance(end, Exception):
            raise end


def _told_to_stop(loop: asyncio.AbstractEventLoop, tasks: list["asyncio.Task[None]"]) -> None:
    """First signal: finish what is under way. Second: end at once (the jobs are taken up again)."""
    log.info("stopping")
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.remove_signal_handler(number)
        signal.signal(number, signal.SIG_DFL)
    for task in tasks:
        task.cancel()
    threading.Thread(target=_leave_in_time, daemon=True).start()


def _leave_in_time() -> None:
    """Leave what does not end: a thread cannot be stopped, and the library would wait for ever."""
    time.sleep(GRACEFUL_SECONDS + SPARE_SECONDS)
    log.warning("left", extra={"why": "jobs under way did not end in time; another takes them up"})
    with contextlib.suppress(OSError):
        sys.stderr.flush()
    os._exit(0)


async def one_line_per_job(
    call_next: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker
) -> Any:
    """Write one line per job: task, queue, outcome (done, again, failed), ms and attempt."""
    job = context.job
    queue, task = job.queue, job.task_name
    began = time.perf_counter()
    with lines.about(job=job.id):
        outcome, problem = "done", None
        try:
            return await call_next()
        except BaseException as trouble:
            problem = trouble
            outcome = "again" if _runs_again(worker, context, trouble) else "failed"
            raise
        finally:
            seconds = time.perf_counter() - began
            metrics.jobs.labels(queue, task, outcome).inc()
            metrics.job_seconds.labels(queue, task).observe(seconds)
            log.log(
                logging.ERROR if outcome == "failed" else logging.INFO,
                "job",
                extra={
                    "task": task,
                    "queue": queue,
                    "outcome": outcome,
                    "ms": round(seconds * 1000, 1),
                    "attempt": job.attempts + 1,
                    **_subject(job.task_kwargs),
                },
                exc_info=problem,
            )


def _subject(arguments: dict[str, Any]) -> dict[str, str]:
    """What a job is about: the case's id, where it is about one."""
    return {"case": arguments["case_id"]} if "case_id" in arguments else {}


def _runs_again(worker: Worker, context: JobContext, trouble: BaseException) -> bool:
    task = worker.app.tasks.get(context.job.task_name)
    return bool(task and task.get_retry_exception(exception=trouble, job=context.job))


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
