"""`/healthz` (the process answers) and `/readyz` (database, migrations, workers)."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from latchstring.web.who import who_may

HEARTBEAT_SECONDS_MAX = 30


@who_may("anyone")
def healthz(request: HttpRequest) -> JsonResponse:
    """Say that this process answers."""
    return JsonResponse({"alive": True})


@who_may("anyone")
def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether work can be done: 200 when every part is ready, 503 otherwise."""
    parts = {"database": False, "migrations": False, "workers": 0}
    try:
        executor = MigrationExecutor(connection)
        parts["database"] = True
        parts["migrations"] = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM procrastinate_workers "
                "WHERE last_heartbeat > now() - make_interval(secs => %s)",
                [HEARTBEAT_SECONDS_MAX],
            )
            parts["workers"] = cursor.fetchone()[0]
    except DatabaseError:
        pass
    ready = bool(parts["database"] and parts["migrations"] and parts["workers"])
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)
