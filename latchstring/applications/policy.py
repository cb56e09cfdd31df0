"""Who may see and change an application: the accounts that act for its household."""

import uuid

from django.db.models import QuerySet

from latchstring.applications.errors import AlreadySubmitted, NoSuchApplication
from latchstring.applications.models import Application
from latchstring.applications.two_drafts import went_on_as
from latchstring.kernel.find import find
from latchstring.kernel.ids import id_from
from latchstring.kernel.references import read_reference
from latchstring.people import door as people


def application_for(account: people.Account, reference: str | uuid.UUID) -> Application:
    """Return an application by reference or id; NoSuchApplication for everybody else.

    Of one that gave way to two it is the one that was gone on with: another tab finds its way.
    """
    known = id_from(reference)
    if known is None:
        spelt = read_reference(str(reference))
        rows = find(_of_reference, spelt) if spelt else []
    else:
        rows = find(_of_id, known)
    found = went_on_as(rows[0]) if rows else None
    if found is None:
        raise NoSuchApplication()
    try:
        people.household_for(account, found.household)
    except people.NoSuchHousehold:
        raise NoSuchApplication() from None
    return found


def _of_reference(reference: str) -> QuerySet[Application]:
    return Application.objects.filter(reference=reference)


def _of_id(application_id: uuid.UUID) -> QuerySet[Application]:
    return Application.objects.filter(id=application_id)


def held(application_id: uuid.UUID) -> Application:
    """Return an application, its row held; NoSuchApplication when there is none."""
    for found in find(_held, application_id):
        return found
    raise NoSuchApplication()


def _held(application_id: uuid.UUID) -> QuerySet[Application]:
    return Application.objects.select_for_update().filter(id=application_id)


def draft(application_id: uuid.UUID) -> Application:
    """Return an application that may still change, its row held; AlreadySubmitted otherwise.

    One that was filed early may: after_filing.py says which of its pages.
    """
    found = held(application_id)
    if found.withdrawn_at is not None and (onward := went_on_as(found)):
        return draft(onward.id)  # it gave way while somebody waited for its row
    if found.submitted_at is not None and not found.asked_later:
        raise AlreadySubmitted()
    return found
