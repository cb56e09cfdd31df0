"""Sign and submit: one transaction pins every answer, signs it and tells of it.

1. The application's row is held; one that is submitted already gives the same receipt again.
2. Every page must be answered or passed over, and every program take applications today.
3. What is attested is recorded as such; the program unit is pinned; the answers are hashed.
4. The signature is kept, the day of application is stated, and the event written.
"""

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from latchstring.applications import words
from latchstring.applications.errors import NotReady, WrongAnswer
from latchstring.applications.file_now import may_file_now
from latchstring.applications.models import (
    Application,
    ApplicationProgram,
    Signature,
    UnitMember,
)
from latchstring.applications.open_now import refuse_closed
from latchstring.applications.policy import held
from latchstring.applications.review import answers_as_signed
from latchstring.applications.steps import Interview
from latchstring.audit import door as audit
from latchstring.kernel import clock, events, transactions
from latchstring.kernel.crashpoint import crashpoint
from latchstring.kernel.find import find, put_beside
from latchstring.kernel.ids import new_id
from latchstring.kernel.insert import insert
from latchstring.people import door as people
from latchstring.programs import door as programs
from latchstring.vault import door as vault


@dataclass(frozen=True)
class Receipt:
    """Proof of submission: the same however often it is asked for."""

    application: uuid.UUID
    reference: str
    household: uuid.UUID
    agency: str
    submitted_at: datetime
    answers_sha256: str
    programs: tuple[tuple[str, str], ...]  # (slug, version)


def sign_and_submit(
    application_id: uuid.UUID, name: str, language: str, actor: str, *, agreed: bool = True
) -> Receipt:
    """Sign with a typed name and submit; NotReady names open pages, NotOpen a closed program.

    Twice is the same as once.
    """
    return receipt(sign(application_id, name, language, actor, agreed=agreed).application)


def sign(
    application_id: uuid.UUID,
    name: str,
    language: str,
    actor: str,
    *,
    agreed: bool = True,
    as_it_stands: bool = False,
) -> Interview:
    """Do what `sign_and_submit` does; returns what was read, for what follows in the same verb.

    `as_it_stands` needs only the pages that its programs name in `file_with` (see file_now).
    """
    with transactions.verb() as moment:
        application = held(application_id)
        put_beside(application, "programs", find(_pinned, application.id))
        interview = Interview(application)
        if application.submitted_at is not None:
            return interview
        typed = _checked(interview, name, agreed, as_it_stands)
        crashpoint("K7 submit: validated")
        people.state_facts(
            interview.household,
            {"applied_on": clock.today()},
            actor=actor,
            known=interview.known,
        )
        attest(interview, actor, application.attested)
        application.asked_later = [step.id for step in interview.steps if step.open]
        interview.read_again()
        pin_unit(interview)
        application.submitted_at = application.saved_at = moment
        application.language = language
        application.save(update_fields=["submitted_at", "saved_at", "language", "asked_later"])
        signed = _sign(interview, typed, language, actor, moment)
        audit.record(
            "application.submitted",
            agency=application.agency,
            actor=actor,
            object_type="application",
            object_id=application.id,
            household=application.household,
        )
        events.record(
            "application.submitted.v1",
            subject=application.id,
            agency=application.agency,
            actor=actor,
            payload={
                "household": application.household,
                "programs": [program.slug for program in interview.versions],
                "answers_sha256": signed.answers_sha256,
                "language": language,
            },
        )
    return interview


def _pinned(application_id: uuid.UUID) -> QuerySet[ApplicationProgram]:
    return ApplicationProgram.objects.filter(application=application_id)


def _checked(interview: Interview, name: str, agreed: bool, as_it_stands: bool) -> str:
    typed = " ".join(name.split())
    wrong = {}
    if not typed or len(typed) > 120:
        wrong["name"] = _("Type your full name to sign.")
    if not agreed:
        wrong["agree"] = _("Check the box to say that you agree.")
    if wrong:
        raise WrongAnswer(fields=wrong)
    open_steps = [step.id for step in interview.steps if step.open]
    if as_it_stands and may_file_now(interview) == interview.versions:
        open_steps = []
    if open_steps:
        raise NotReady(open_steps)
    refuse_closed(interview.versions, interview.for_rules)
    return typed


def attest(interview: Interview, actor: str, stated: Iterable[str]) -> None:
    """Record the facts stated in place of papers, with the attestation as their evidence."""
    keys = [key for key in stated if key in interview.views]
    if not keys:
        return
    evidence = people.add_evidence(
        interview.household, "attestation", "resident", str(interview.application.id)
    )
    said = {key: interview.views[key].value for key in keys}
    people.state_facts(
        interview.household,
        said,
        actor=actor,
        source="attested",
        evidence=evidence,
        known=interview.known,
    )


def pin_unit(interview: Interview) -> None:
    """Pin whom each program counts in: caps and history follow persons. Nobody is taken out."""
    application = interview.application
    signed = application.submitted_at is not None
    pinned = set(application.unit.values_list("program", "person")) if signed else set()
    insert(
        UnitMember(
            agency=application.agency,
            application=application,
            program=program.slug,
            person=member.person_id,
            role=member.role,
        )
        for program in interview.versions
        for member in interview.members
        if (program.slug, member.person_id) not in pinned
    )


def _sign(
    interview: Interview, typed: str, language: str, actor: str, moment: datetime
) -> Signature:
    application = interview.application
    answers = programs.canonical(
        answers_as_signed(interview) | {"text": words.SIGNATURE_VERSION, "language": language}
    )
    place: dict[str, Any] = {
        "agency": application.agency,
        "data_class": "case",
        "subject": application.id,
    }
    vault.make_key(application.id, agency=application.agency, data_class="case")
    signature = Signature(
        id=new_id(),
        agency=application.agency,
        application=application,
        name_sealed=vault.seal(typed, field="signature.name", **place),
        text_version=words.SIGNATURE_VERSION,
        language=language,
        signed_at=moment,
        signed_by=actor,
        answers_sha256=hashlib.sha256(answers).hexdigest(),
        answers_sealed=vault.seal(answers, field="signature.answers", **place),
    )
    insert([signature])
    return signature


def receipt(application: Application) -> Receipt:
    """Return the receipt of a submitted application; NotReady for one that is not."""
    if application.submitted_at is None:
        raise NotReady([])
    return Receipt(
        application=application.id,
        reference=application.reference,
        household=application.household,
        agency=application.agency,
        submitted_at=application.submitted_at,
        answers_sha256=application.signature.answers_sha256,
        programs=tuple(sorted((row.program, row.version) for row in application.programs.all())),
    )
