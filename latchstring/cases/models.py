"""Cases and what is decided in them."""

import pghistory
from django.db import models
from django.db.models import F, Q

from latchstring.kernel.ids import new_id

STAGES = ("verifying", "review", "approval", "payment", "closed")


@pghistory.track()
class Case(models.Model):
    """One household's asking for one program, under the version it was filed under."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    reference = models.CharField(max_length=20, unique=True)
    application = models.UUIDField()
    household = models.UUIDField()
    program = models.CharField(max_length=40)
    version = models.CharField(max_length=64)
    county = models.CharField(max_length=5)
    stage = models.CharField(max_length=12, default="verifying")
    filed_at = models.DateTimeField()
    due_at = models.DateTimeField()  # the clock that ends first (cases/clocks.py)
    due_on = models.DateField()  # its Mountain day
    due_clock = models.CharField(max_length=40, default="decide")  # as the document names it
    alert_at = models.DateTimeField(null=True)  # from then on it is soon
    urgent_on = models.DateField(null=True)  # a hearing, a shutoff, or a shorter clock's end
    clocks = models.JSONField(default=dict)  # those that run: id -> since when
    priority = models.BooleanField(default=False)
    assigned_to = models.UUIDField(null=True)  # staff member
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)  # approved, denied, withdrawn
    language = models.CharField(max_length=2, default="en")  # of the application
    unit = models.JSONField(default=list)  # person ids as submitted: caps follow persons
    attested = models.JSONField(default=list)  # fact keys attested instead of proven

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="cases_known_stage"),
            models.UniqueConstraint(fields=["application", "program"], name="cases_one_each"),
            models.CheckConstraint(
                condition=Q(stage="closed", closed_at__isnull=False)
                | (~Q(stage="closed") & Q(closed_at__isnull=True)),
                name="cases_closed_has_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "stage", "due_at"]),
            models.Index(fields=["household"]),
        ]


class Determination(models.Model):
    """What the rules say about a case, from exactly these facts. Inserted, never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="determinations")
    period = models.CharField(max_length=10)  # benefit period; the filing month where there is one
    run = models.IntegerField()
    version = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    outcome = models.CharField(max_length=12)  # eligible, ineligible, unknown
    snapshot_sealed = models.BinaryField()  # canonical JSON of the facts used
    snapshot_sha256 = models.CharField(max_length=64)
    result = models.JSONField()  # criteria with operands, missing, amount lines, tables used
    proven = models.JSONField(default=list)  # ids of criteria whose every fact has evidence

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "period", "run"], name="cases_run_once")
        ]


@pghistory.track()
class Decision(models.Model):
    """What the state says. Favourable ones wait for a second person; denials name everything."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    determination = models.ForeignKey(Determination, on_delete=models.PROTECT)
    kind = models.CharField(max_length=8)  # approve, deny
    reason = models.TextField(blank=True)
    legal_basis = models.TextField(blank=True)
    appeal_until = models.DateField(null=True)
    certified_from = models.DateField(null=True)  # of help by the month: its first month
    certified_until = models.DateField(null=True)  # and the last day it was granted for
    prepared_by = models.CharField(max_length=120)
    prepared_at = models.DateTimeField()
    approved_by = models.CharField(max_length=120, blank=True)
    approved_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)  # the approver sent it back
    returned_why = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("prepared_by")),
                name="cases_approver_is_another",
            ),
            models.CheckConstraint(
                condition=~Q(kind="deny")
                | (~Q(reason="") & ~Q(legal_basis="") & Q(appeal_until__isnull=False)),
                name="cases_denial_is_complete",
            ),
            models.CheckConstraint(condition=Q(kind__in=("approve", "deny")), name="cases_kind"),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(approved_at__isnull=True, returned_at__isnull=True),
                name="cases_one_open_decision",
            ),
        ]


class DecisionLine(models.Model):
    """An amount of a decision: what for, which months, who is paid."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="lines")
    line = models.CharField(max_length=30)  # as the program document names it
    purpose = models.CharField(max_length=30)
    months = models.JSONField(default=list)  # first days of the months, ISO
    amount_cents = models.BigIntegerField()  # of help by the month: a month's
    first_cents = models.BigIntegerField(null=True)  # of its first month, where it is another
    payee_kind = models.CharField(max_length=12)
    payee = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="cases_line_real")
        ]


@pghistory.track()
class InformationRequest(models.Model):
    """Something a caseworker asks of the resident, with the reason; sealed words."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="requests")
    what = models.CharField(max_length=60)  # a document kind or question id
    words_sealed = models.BinaryField()
    asked_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    answer_by = models.DateField()
    answered_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)


@pghistory.track()
class CasePayee(models.Model):
    """Who is paid in a case for lines of one kind (landlord, utility, tenant)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="payees")
    kind = models.CharField(max_length=12)
    payee = models.UUIDField()
    named_at = models.DateTimeField()
    named_by = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], name="cases_payee_once_a_kind")
        ]


class StaffWord(models.Model):
    """What a person put down because no rule says it (before_approval.py). Never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="staff_words")
    kind = models.CharField(max_length=10)  # amount, looked_at, interview
    about = models.CharField(max_length=60, blank=True)  # the line, the rule
    amount_cents = models.BigIntegerField(null=True)  # of an amount
    day = models.DateField(null=True)  # of an interview
    how = models.CharField(max_length=10, blank=True)  # phone, in_person, waived
    words_sealed = models.BinaryField()
    said_by = models.CharField(max_length=120)
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="amount", amount_cents__gte=0)
                | Q(kind="looked_at", amount_cents__isnull=True)
                | Q(kind="interview", amount_cents__isnull=True, day__isnull=False),
                name="cases_staff_word_whole",
            )
        ]


class Note(models.Model):
    """A caseworker's own words about a case, sealed. Inserted, never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    words_sealed = models.BinaryField()
    written_by = models.CharField(max_length=120)
    written_at = models.DateTimeField()
