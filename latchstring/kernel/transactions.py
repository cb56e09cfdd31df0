"""One transaction per verb, with its moment held still."""

import contextlib
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from latchstring.kernel import clock, kept


@contextlib.contextmanager
def verb() -> Iterator[datetime]:
    """Run a verb: one transaction, one business moment. Yields the moment (UTC).

    A verb within a verb is part of it: it fails with it. Who wants to go on after a failed part
    puts `transaction.atomic()` around that part.
    """
    alone = not kept.in_a_change()
    with (
        kept.for_a_while(change=True),
        transaction.atomic(savepoint=alone),
        clock.frozen() as moment,
    ):
        yield moment
