"""What must hold of applications: each check returns the ids that break it."""

import hashlib
import uuid

from latchstring.applications.models import Application
from latchstring.applications.queries import signature_of


def submitted_without_signature() -> list[uuid.UUID]:
    """Return submitted applications that nobody signed (and none may be)."""
    rows = Application.objects.filter(submitted_at__isnull=False, signature__isnull=True)
    return list(rows.values_list("id", flat=True))


def signed_but_not_submitted() -> list[uuid.UUID]:
    """Return signatures under applications that are still drafts."""
    rows = Application.objects.filter(submitted_at__isnull=True, signature__isnull=False)
    return list(rows.values_list("id", flat=True))


def submitted_without_unit() -> list[uuid.UUID]:
    """Return submitted applications whose program unit was not pinned."""
    rows = Application.objects.filter(submitted_at__isnull=False, unit__isnull=True)
    return list(rows.values_list("id", flat=True))


def answers_changed() -> list[uuid.UUID]:
    """Return applications whose signed answers no longer have the hash that was signed."""
    wrong = []
    rows = Application.objects.filter(signature__isnull=False).select_related("signature")
    for application in rows.iterator(chunk_size=200):
        signature = signature_of(application)
        if hashlib.sha256(signature.answers).hexdigest() != signature.answers_sha256:
            wrong.append(application.id)
    return wrong


def submitted_without_form() -> list[uuid.UUID]:
    """Return submitted applications that have no form yet."""
    rows = Application.objects.filter(submitted_at__isnull=False, forms__isnull=True)
    return list(rows.values_list("id", flat=True))
