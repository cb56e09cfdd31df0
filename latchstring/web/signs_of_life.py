"""`/healthz` (the process answers) and `/readyz` (database, migrations, workers, not stopping)."""

import os
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from latchstring.web.who import who_may

HEARTBEAT_SECONDS_MAX = 30
_migrated = False  # a schema that was complete once stays so for the life of a process


@who_may("anyone")
def healthz(request: HttpRequest) -> JsonResponse:
    """Say that this process answers. Touches no database."""
    return JsonResponse({"alive": True})


@who_may("anyone")
def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether work can be done: 200 when every part is ready, 503 otherwise.

    A server that is about to stop says so first, so that a load balancer takes it out in time.
    """
    stopping = _is_stopping()
    parts = {"database": False, "migrations": False, "workers": 0, "stopping": stopping}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            parts["database"] = True
        parts["migrations"] = _is_migrated()
        if parts["migrations"]:
            parts["workers"] = _workers()
    except DatabaseError:
        connection.close()  # the next asking begins anew
    ready = bool(parts["database"] and parts["migrations"] and parts["workers"] and not stopping)
    answer = JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)
    answer["Cache-Control"] = "no-store"
    return answer


def _is_migrated() -> bool:
    """Whether every migration is applied: the plan is worked out until it was empty once."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def _workers() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_workers "
            "WHERE last_heartbeat > now() - make_interval(secs => %s)",
            [HEARTBEAT_SECONDS_MAX],
        )
        return int(cursor.fetchone()[0])


def _is_stopping() -> bool:
    """Whether this server's own process was told to stop (serve.py leaves a mark)."""
    mark = os.environ.get(settings.STOPPING_MARK)
    return bool(mark) and Path(mark).exists()
