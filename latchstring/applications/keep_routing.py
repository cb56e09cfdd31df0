"""Keep routing: which other office was named for the home, what was answered and chosen.

What a person asks that office for first waits in a draft of its own, with everything that was
told, so that they can come back to it.
"""

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from latchstring.applications.models import Application
from latchstring.applications.policy import draft
from latchstring.applications.two_drafts import give_way
from latchstring.kernel import transactions


def keep_routing(
    application_id: uuid.UUID, routing: Mapping[str, Any], asked_there: Collection[str] = ()
) -> Application:
    """Keep it with a draft; returns the draft to go on with, for what is not `asked_there`.

    `asked_there` are programs; where they are all of them, or it was sent already, it stays one.
    """
    with transactions.verb() as moment:
        held = draft(application_id)
        held.routing = dict(routing)
        held.save(update_fields=["routing"])
        every = {row.program for row in held.programs.all()}
        rest = every.difference(asked_there)
        if held.submitted_at is None and rest and rest != every:
            return give_way(held, rest, moment)
    return held
