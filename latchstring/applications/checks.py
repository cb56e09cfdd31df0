"""What must hold of applications: each check returns the ids that break it."""

import hashlib
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef

from latchstring.applications.models import Application, ApplicationProgram, Form
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


def submitted_without_form() -> list[tuple[uuid.UUID, str]]:
    """Return (application, program) of each submission whose form is not made yet."""
    made = Form.objects.filter(application=OuterRef("application"), program=OuterRef("program"))
    rows = ApplicationProgram.objects.filter(~Exists(made), application__submitted_at__isnull=False)
    return list(rows.order_by("application_id", "program").values_list("application", "program"))


def receipts_not_kept(journal: Mapping[str, str]) -> list[tuple[str, str]]:
    """I1: hold a journal of receipts (number -> hash of the answers) that were shown to people.

    Each number has one submission with that hash. Rows: the number, and what is wrong.
    """
    rows = Application.objects.filter(reference__in=journal).select_related("signature")
    kept = {
        row.reference: row.signature.answers_sha256 if hasattr(row, "signature") else ""
        for row in rows.filter(submitted_at__isnull=False)
    }
    return [
        (number, "is no submission" if number not in kept else "was signed otherwise")
        for number, digest in journal.items()
        if kept.get(number) != digest
    ]


CHECKS: dict[str, Callable[[], list[Any]]] = {
    "I1 every submission is signed": submitted_without_signature,
    "I1 no draft is signed": signed_but_not_submitted,
    "I1 every submission has its unit": submitted_without_unit,
    "I1 the answers are those that were signed": answers_changed,
}
