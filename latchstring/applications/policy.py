"""Who may see and change an application: the accounts that act for its household."""

import uuid

from latchstring.applications.errors import AlreadySubmitted, NoSuchApplication
from latchstring.applications.models import Application
from latchstring.applications.two_drafts import went_on_as
from latchstring.kernel.ids import id_from
from latchstring.kernel.references import read_reference
from latchstring.people import door as people


def application_for(account: people.Account, reference: str | uuid.UUID) -> Application:
    """Return an application by reference or id; NoSuchApplication for everybody else.

    Of one that gave way to two it is the one that was gone on with: another tab finds its way.
    """
    rows = Application.objects.all()
    known = id_from(reference)
    if known is None:
        spelt = read_reference(str(reference))
        found = rows.filter(reference=spelt).first() if spelt else None
    else:
        found = rows.filter(id=known).first()
    found = went_on_as(found) if found else None
    if found is None:
        raise NoSuchApplication()
    try:
        people.household_for(account, found.household)
    except people.NoSuchHousehold:
        raise NoSuchApplication() from None
    return found


def draft(application_id: uuid.UUID) -> Application:
    """Return an application that may still change, its row held; AlreadySubmitted otherwise.

    One that was filed early may: after_filing.py says which of its pages.
    """
    found = Application.objects.select_for_update().filter(id=application_id).first()
    if found is None:
        raise NoSuchApplication()
    if found.withdrawn_at is not None and (onward := went_on_as(found)):
        return draft(onward.id)  # it gave way while somebody waited for its row
    if found.submitted_at is not None and not found.asked_later:
        raise AlreadySubmitted()
    return found
