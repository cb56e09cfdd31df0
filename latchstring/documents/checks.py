"""What must hold of papers: each check returns the rows or files that break it."""

import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from latchstring.documents import store
from latchstring.documents.models import Upload
from latchstring.kernel import clock

_HOUR = 3600
STUCK = timedelta(minutes=15)


def files_without_a_row(older_than_seconds: int = _HOUR) -> list[Path]:
    """Return sealed files that no row tells of: left by a request that never committed."""
    if not store.folder().is_dir():
        return []
    before = time.time() - older_than_seconds
    known = {str(id) for id in Upload.objects.values_list("id", flat=True)}
    files = [path for path in store.folder().glob("*/*") if path.stat().st_mtime < before]
    return [path for path in files if path.name.lstrip(".").split(".")[0] not in known]


def rows_without_a_file() -> list[uuid.UUID]:
    """Return uploads whose original is not on disk."""
    ids = Upload.objects.values_list("id", flat=True).iterator()
    return [id for id in ids if not store.path_of(id, store.ORIGINAL).exists()]


def never_inspected() -> list[uuid.UUID]:
    """Return uploads that have waited for inspection longer than fifteen minutes."""
    before = clock.now() - STUCK
    late = Upload.objects.filter(inspected_at__isnull=True, given_at__lt=before)
    return list(late.values_list("id", flat=True))


def pages_missing() -> list[uuid.UUID]:
    """Return inspected uploads of which a promised page is not on disk."""
    rows = Upload.objects.filter(pages__gt=0).values_list("id", "pages").iterator()
    return [
        id
        for id, pages in rows
        if not all(store.path_of(id, f"page-{n}").exists() for n in range(1, (pages or 0) + 1))
    ]


def shown_uninspected() -> list[uuid.UUID]:
    """Return uploads that have pages to show and were never inspected (or failed inspection)."""
    rows = Upload.objects.filter(pages__gt=0).exclude(inspected_at__isnull=False, problem="")
    return list(rows.values_list("id", flat=True))


CHECKS: dict[str, Callable[[], list[Any]]] = {
    "I1 every upload's file is there": rows_without_a_file,
    "I1 every page that is promised is there": pages_missing,
    "I1 no file lies for an hour without its row": files_without_a_row,
    "I11 nothing is shown that was not inspected": shown_uninspected,
}
