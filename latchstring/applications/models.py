"""Applications. Answers are facts (people); what is here pins and signs them."""

import pghistory
from django.db import models

from latchstring.kernel.ids import new_id


@pghistory.track()
class Application(models.Model):
    """One sitting of a household, for one or more programs: draft, then submitted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    reference = models.CharField(max_length=20, unique=True)
    household = models.UUIDField()
    account = models.UUIDField()
    language = models.CharField(max_length=2)
    began_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    skipped = models.JSONField(default=list)  # question keys the resident passed over for now
    attested = models.JSONField(default=list)  # fact keys attested instead of proven
    # Pages that were open when it was filed with little more than a name, and those told since.
    asked_later = models.JSONField(default=list)
    # Who else serves the address: `county`, `answered` (question -> yes, no, unsure), `named`
    # (offices) and `chose` (here, there); empty where nobody else does.
    routing = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["account"]), models.Index(fields=["household"])]


class ApplicationProgram(models.Model):
    """A program asked for, pinned to the version in force when it was begun."""

    id = models.BigAutoField(primary_key=True)
    agency = models.CharField(max_length=20)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="programs")
    program = models.CharField(max_length=40)
    version = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "program"], name="applications_once")
        ]


class UnitMember(models.Model):
    """A person in the program unit as it was submitted: caps and history follow persons."""

    id = models.BigAutoField(primary_key=True)
    agency = models.CharField(max_length=20)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="unit")
    program = models.CharField(max_length=40)
    person = models.UUIDField()
    role = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "program", "person"], name="applications_member_once"
            )
        ]


class Signature(models.Model):
    """A typed signature under a text: version, language, moment, hash of what was signed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, related_name="signature"
    )
    name_sealed = models.BinaryField()
    text_version = models.CharField(max_length=64)
    language = models.CharField(max_length=2)
    signed_at = models.DateTimeField()
    signed_by = models.CharField(max_length=120)
    answers_sha256 = models.CharField(max_length=64)
    answers_sealed = models.BinaryField()  # canonical JSON of every answer as signed


class Form(models.Model):
    """The generated application form (PDF), sealed; made by a job, the same bytes every time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="forms")
    program = models.CharField(max_length=40)
    language = models.CharField(max_length=2)
    pdf_sealed = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "program", "language"], name="applications_form_once"
            )
        ]


class GuestDraft(models.Model):
    """What the screener heard from a visitor without an account, kept under a code for 30 days."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    code = models.BinaryField(unique=True)  # keyed hash of the code
    sealed = models.BinaryField()
    kept_at = models.DateTimeField()
