"""Who may see and change an application: the accounts that act for its household."""

import uuid

from latchstring.applications.errors import AlreadySubmitted, NoSuchApplication
from latchstring.applications.models import Application
from latchstring.kernel.ids import id_from
from latchstring.kernel.references import read_reference
from latchstring.people import door as people


def application_for(account: people.Account, reference: str | uuid.UUID) -> Application:
    """Return an application by reference or id; NoSuchApplication for everybody else."""
    rows = Application.objects.filter(withdrawn_at__isnull=True)
    known = id_from(reference)
    if known is None:
        spelt = read_reference(str(reference))
        found = rows.filter(reference=spelt).first() if spelt else None
    else:
        found = rows.filter(id=known).first()
    if found is None:
        raise NoSuchApplication()
    try:
        people.household_for(account, found.household)
    except people.NoSuchHousehold:
        raise NoSuchApplication() from None
    return found


def draft(application_id: uuid.UUID) -> Application:
    """Return an application that may still change, its row held; AlreadySubmitted otherwise."""
    found = Application.objects.select_for_update().filter(id=application_id).first()
    if found is None:
        raise NoSuchApplication()
    if found.submitted_at is not None:
        raise AlreadySubmitted()
    return found
