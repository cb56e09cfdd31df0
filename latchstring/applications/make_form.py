"""Make the form: the application as a tagged PDF, generated from the answers.

The same answers give the same bytes, so a form can be made again and compared by hash.
"""

import hashlib
import uuid
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from latchstring.applications import words
from latchstring.applications.models import Application, Form
from latchstring.applications.review import review
from latchstring.applications.steps import Interview
from latchstring.kernel import clock, events, transactions, typeset
from latchstring.kernel.ids import new_id
from latchstring.people import door as people
from latchstring.programs import door as programs
from latchstring.programs import publication
from latchstring.vault import door as vault

TEMPLATE = Path(__file__).with_name("form.typ")


def form_pdf(application: Application, program: str, language: str) -> bytes:
    """Return the form of one program as PDF/UA-1, signed or still to be signed."""
    with translation.override(language):
        content = _content(application, program, language)
    return typeset.pdf(TEMPLATE, content)


def _content(application: Application, slug: str, language: str) -> dict[str, Any]:
    row = application.programs.get(program=slug)
    interview = Interview(application, slug)  # only what this program asks
    program = publication.program_by_hash(row.version)
    moment = application.submitted_at or application.saved_at
    day = moment.astimezone(clock.MOUNTAIN).date()
    name = program.name[language]
    return {
        "title": _("Application: %(program)s") % {"program": name},
        "agency": people.agency(application.agency).names.get(language, application.agency),
        "language": language,
        "day": typeset.day_parts(day),
        "footer": f"{application.reference} · {name} · {row.version[:12]}",
        "asked": _("Question"),
        "answered": _("Answer"),
        "parts": [
            {
                "title": part.title,
                "lines": [[line.label, line.value or _("Not answered")] for line in part.lines],
            }
            for part in review(application, language, interview)
        ],
        "signature": _signature(application, language, interview),
    }


def _signature(application: Application, language: str, interview: Interview) -> dict[str, Any]:
    block: dict[str, Any] = {
        "title": _("Signature"),
        "text": str(words.SIGNATURE_TEXT),
        "statements": [one for _name, own in interview.statements(language) for one in own],
        "rows": [[_("Reference"), application.reference]],
    }
    if application.submitted_at is None:
        block["rows"].append([_("Signed by"), _("not signed yet")])
        return block
    signature = application.signature
    name = vault.open_text(
        signature.name_sealed, data_class="case", subject=application.id, field="signature.name"
    )
    at = signature.signed_at.astimezone(clock.MOUNTAIN)
    block["rows"] += [
        [_("Signed by"), name],
        [_("Signed on"), f"{programs.text(at.date(), language)}, {at:%H:%M}"],
        [_("Text version"), signature.text_version],
        [_("Fingerprint of the answers (SHA-256)"), signature.answers_sha256],
    ]
    return block


def make_form(application_id: uuid.UUID, program: str, language: str) -> Form:
    """Make and keep the signed form of one program, once (a job; safe to repeat)."""
    application = Application.objects.get(id=application_id)
    kept = Form.objects.filter(application=application, program=program, language=language).first()
    if kept is not None:
        return kept
    raw = form_pdf(application, program, language)
    with transactions.verb() as moment:
        form, made = Form.objects.get_or_create(
            application=application,
            program=program,
            language=language,
            defaults={
                "id": new_id(),
                "agency": application.agency,
                "pdf_sealed": vault.seal(
                    raw,
                    agency=application.agency,
                    data_class="case",
                    subject=application.id,
                    field=f"form.{program}.{language}",
                ),
                "sha256": hashlib.sha256(raw).hexdigest(),
                "made_at": moment,
            },
        )
        if made:
            events.record(
                "form.made.v1",
                subject=application.id,
                agency=application.agency,
                actor="system:applications",
                payload={"program": program, "language": language, "sha256": form.sha256},
            )
    return form


def form_bytes(application: Application, program: str, language: str) -> bytes:
    """Return the kept form, or one made now where none is kept (a draft, or before the job ran)."""
    kept = Form.objects.filter(application=application, program=program, language=language).first()
    if kept is None:
        return form_pdf(application, program, language)
    return vault.open_bytes(
        kept.pdf_sealed,
        data_class="case",
        subject=application.id,
        field=f"form.{program}.{language}",
    )
