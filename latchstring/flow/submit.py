"""Submit: sign an application and open a case for each program, in one transaction.

1. The application is signed and submitted, or its receipt found again.
2. A case is opened for each program asked for; each tells the resident and wakes its first step.
Killed before the commit nothing happened; after it everything did, and the same receipt is shown.
"""

import uuid
from datetime import date

from latchstring.applications import door as applications
from latchstring.cases import door as cases
from latchstring.kernel import transactions
from latchstring.kernel.crashpoint import crashpoint
from latchstring.people import door as people

HARM = ("court_date", "shutoff_date")


def submit(
    application_id: uuid.UUID, name: str, language: str, actor: str, *, agreed: bool = True
) -> applications.Receipt:
    """Submit under a typed signature. Twice gives the same receipt and the same cases.

    Raises NotReady with the open pages, WrongAnswer with the field.
    """
    with transactions.verb():
        signed = applications.sign(application_id, name, language, actor, agreed=agreed)
        application, household, home = signed.application, signed.household, signed.dwelling
        receipt = applications.receipt(application)
        for program, version in receipt.programs:
            cases.open(
                application.id,
                household.id,
                program,
                version,
                agency=receipt.agency,
                county=home.county if home else household.county,
                filed_at=receipt.submitted_at,
                urgent_on=_harm_on(signed.views, receipt.submitted_at.date()),
                language=application.language,
                unit=[member.person_id for member in signed.members],
                attested=application.attested,
                actor=actor,
            )
        crashpoint("K8 submit: before commit")
    crashpoint("K9 submit: committed, before the receipt is shown")
    return receipt


def _harm_on(known: dict[str, people.FactView], filed: date) -> date | None:
    """Return the first day still ahead on which the household would be harmed."""
    days = [known[key].value for key in HARM if key in known]
    ahead = [day for day in days if isinstance(day, date) and day >= filed]
    return min(ahead, default=None)
