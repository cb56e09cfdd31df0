"""Reading applications, for those who may."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from latchstring.applications.errors import NoSuchApplication
from latchstring.applications.models import Application
from latchstring.kernel.find import find
from latchstring.people import door as people
from latchstring.vault import door as vault


@dataclass(frozen=True)
class SignatureView:
    """A signature, opened: who typed which name under which text, when, over which answers."""

    name: str
    text_version: str
    language: str
    signed_at: Any
    signed_by: str
    answers_sha256: str
    answers: bytes


def of_account(account: people.Account, agency: str) -> list[Application]:
    """Return the applications of an account's household in one state, newest first."""
    household = people.household_of(account, agency)
    if household is None:
        return []
    rows = Application.objects.filter(household=household.id, withdrawn_at__isnull=True)
    return list(rows.order_by("-began_at").prefetch_related("programs"))


def application_by_id(application_id: uuid.UUID) -> Application:
    """Return an application, for rooms that have checked access by their own object."""
    for found in find(_by_id, application_id):
        return found
    raise NoSuchApplication()


def _by_id(application_id: uuid.UUID) -> QuerySet[Application]:
    # The signature, if there is one, is read with it.
    return Application.objects.select_related("signature").filter(id=application_id)


def signature_of(application: Application) -> SignatureView:
    """Open an application's signature and the answers that were signed."""
    row = application.signature
    place: dict[str, Any] = {"data_class": "case", "subject": application.id}
    return SignatureView(
        name=vault.open_text(row.name_sealed, field="signature.name", **place),
        text_version=row.text_version,
        language=row.language,
        signed_at=row.signed_at,
        signed_by=row.signed_by,
        answers_sha256=row.answers_sha256,
        answers=vault.open_bytes(row.answers_sealed, field="signature.answers", **place),
    )
