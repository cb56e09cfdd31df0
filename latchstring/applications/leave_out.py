"""Leave out: go on without the programs that have closed since the application was begun.

They wait in a draft of their own, with everything that was told, until they open again.
"""

import uuid

from latchstring.applications.errors import NotOpen
from latchstring.applications.models import Application
from latchstring.applications.open_now import closed_now
from latchstring.applications.policy import draft
from latchstring.applications.steps import Interview
from latchstring.applications.two_drafts import give_way
from latchstring.kernel import transactions


def leave_out(application_id: uuid.UUID) -> Application:
    """Return the draft for the programs that are open; the same draft where none has closed.

    NotOpen where all of them have closed.
    """
    with transactions.verb() as moment:
        held = draft(application_id)
        interview = Interview(held)
        shut = closed_now(interview.versions, interview.for_rules)
        slugs = {program.slug for program in interview.versions}
        rest = slugs - {closed.program.slug for closed in shut}
        if not rest:
            raise NotOpen(" ".join(closed.why for closed in shut))
        return give_way(held, rest, moment) if shut else held
