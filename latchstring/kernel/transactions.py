"""One transaction per verb, with its moment held still."""

import contextlib
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from latchstring.kernel import clock, kept


@contextlib.contextmanager
def verb() -> Iterator[datetime]:
    """Run a verb: one transaction, one business moment. Yields the moment (UTC)."""
    with kept.for_a_while(change=True), transaction.atomic(), clock.frozen() as moment:
        yield moment
