"""Submit: sign an application and open a case for each program, in one transaction.

1. The application is signed and submitted, or its receipt found again.
2. A case is opened for each program asked for; each tells the resident and wakes its first step.
Killed before the commit nothing happened; after it everything did, and the same receipt is shown.
"""

import uuid

from latchstring.applications import door as applications
from latchstring.cases import door as cases
from latchstring.kernel import transactions
from latchstring.kernel.crashpoint import crashpoint


def submit(
    application_id: uuid.UUID,
    name: str,
    language: str,
    actor: str,
    *,
    agreed: bool = True,
    as_it_stands: bool = False,
) -> applications.Receipt:
    """Submit under a typed signature. Twice gives the same receipt and the same cases.

    `as_it_stands` submits, with pages still open, only the programs that take it so. Raises
    NotReady with the open pages, WrongAnswer with the field.
    """
    with transactions.verb():
        if as_it_stands:
            application_id = applications.set_apart(application_id).id
        signed = applications.sign(
            application_id, name, language, actor, agreed=agreed, as_it_stands=as_it_stands
        )
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
                language=application.language,
                unit=[member.person_id for member in signed.members],
                attested=application.attested,
                read=signed.read,
                actor=actor,
            )
        crashpoint("K8 submit: before commit")
    crashpoint("K9 submit: committed, before the receipt is shown")
    return receipt
