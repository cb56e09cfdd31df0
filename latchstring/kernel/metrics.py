"""Figures for whoever runs this, counted in each process and summed when somebody asks.

Every process of a home writes to memory-mapped files in one folder (`run/metrics`), so that the
answer of any web process holds the counts of all of them and of the worker. Labels are names from
this source (routes, queues, event types), never a path, an id or anything that a person typed.
"""

import os
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

from latchstring.kernel.metrics_folder import FOLDER, drop_dead

REQUEST_SECONDS = (0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4)
JOB_SECONDS = (0.05, 0.2, 1, 5, 20, 60)

requests = Counter(
    "latchstring_requests",
    "Requests answered, by the route's name, method and class of status.",
    ["route", "method", "status"],
)
request_seconds = Histogram(
    "latchstring_request_seconds",
    "How long an answer took, in seconds, waiting for a place included.",
    ["route", "method"],
    buckets=REQUEST_SECONDS,
)
turned_away = Counter(
    "latchstring_turned_away",
    "Requests answered 'busy, please again' by lane and reason.",
    ["lane", "reason"],
)
place_seconds = Counter(
    "latchstring_place_wait_seconds", "Seconds that requests waited for a place, by lane.", ["lane"]
)
jobs = Counter(
    "latchstring_jobs_done",
    "Jobs run, by queue, task and outcome (done, again, failed).",
    ["queue", "task", "outcome"],
)
job_seconds = Histogram(
    "latchstring_job_seconds",
    "How long a job ran, in seconds.",
    ["queue", "task"],
    buckets=JOB_SECONDS,
)
events = Counter("latchstring_events", "Events recorded, by type.", ["type"])
pool_connections = Gauge(
    "latchstring_pool_connections",
    "Database connections of the web processes, by state (idle, busy).",
    ["state"],
    multiprocess_mode="livesum",
)
pool_waiting = Gauge(
    "latchstring_pool_waiting",
    "Requests that wait for a database connection.",
    multiprocess_mode="livesum",
)
_COUNTED = (
    requests,
    request_seconds,
    turned_away,
    place_seconds,
    jobs,
    job_seconds,
    events,
    pool_connections,
    pool_waiting,
)


def registry() -> CollectorRegistry:
    """Return a registry with the counts of every process that shares the folder (or of this)."""
    found = CollectorRegistry()
    folder = os.environ.get(FOLDER)
    if folder and Path(folder).is_dir():
        drop_dead(Path(folder), "gauge_live*.db")
        MultiProcessCollector(found, folder)  # type: ignore[no-untyped-call]
    else:
        for counted in _COUNTED:
            found.register(counted)
    return found
