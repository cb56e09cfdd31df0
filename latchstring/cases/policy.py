"""Who may see a case and who may act on it. The way to a case is `case_for`, and only that."""

import uuid

from latchstring.cases.errors import NoSuchCase
from latchstring.cases.models import Case
from latchstring.kernel.errors import NotAllowed, NotFound
from latchstring.kernel.ids import id_from
from latchstring.kernel.references import read_reference
from latchstring.people import door as people


def _found(reference: str | uuid.UUID) -> Case | None:
    if (identifier := id_from(reference)) is not None:
        return Case.objects.filter(id=identifier).first()
    issued = read_reference(str(reference))
    return Case.objects.filter(reference=issued).first() if issued else None


def case_for(account: people.Account, reference: str | uuid.UUID) -> Case:
    """Return a case to a resident of its household or to staff of its agency and county.

    NoSuchCase for everybody else: they may not learn that it exists.
    """
    case = _found(reference)
    if case is None:
        raise NoSuchCase()
    staff = people.staff_of(account)
    if staff is not None:
        seen, _ = people.may(account, "case.see", agency=case.agency, county=case.county)
        if seen:
            return case
    try:
        people.household_for(account, case.household)
    except NotFound as stranger:
        raise NoSuchCase() from stranger
    return case


def account_behind(actor: str) -> people.Account | None:
    """Return the account that an actor string names, if it names one."""
    kind, _, rest = actor.partition(":")
    identifier = id_from(rest) if kind == "account" else None
    if identifier is None:
        return None
    return people.Account.objects.filter(id=identifier, is_active=True).first()


def permit(actor: str, act: str, case: Case) -> people.StaffMember:
    """Return the staff member behind an actor when they may act on a case; never for a machine.

    Roles are read again here, after the case is locked: one taken away a moment ago counts.
    """
    account = account_behind(actor)
    if account is None:
        raise NotAllowed("Only a person can do this.")
    return people.require(account, act, agency=case.agency, county=case.county)
