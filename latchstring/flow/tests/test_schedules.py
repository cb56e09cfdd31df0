"""What runs on a schedule runs as often as it says: seconds are the last cron field."""

from datetime import UTC, datetime

import croniter
import pytest
from procrastinate.contrib.django import app

from latchstring.flow import jobs

NO_LONGER_THAN_SECONDS = {"import_bank_reports": 10, "tick": 60, "sweep_stuck": 60, "rescue": 15}


@pytest.mark.parametrize("name", NO_LONGER_THAN_SECONDS)
def test_a_scheduled_job_is_due_again_soon(name):
    assert jobs
    found = [t for t in app.periodic_registry.periodic_tasks.values() if t.task.name == name]
    assert len(found) == 1
    begin = datetime(2026, 11, 23, 12, 0, 7, tzinfo=UTC)
    times = croniter.croniter(found[0].cron, begin)
    first = times.get_next(datetime)
    assert (times.get_next(datetime) - first).total_seconds() <= NO_LONGER_THAN_SECONDS[name]
