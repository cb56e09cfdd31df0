"""Payees, disbursements, batches and what the bank said."""

import pghistory
from django.db import models
from django.db.models import F, Q

from latchstring.kernel.ids import new_id


@pghistory.track()
class Payee(models.Model):
    """Who may be paid: a tenant, landlord, utility or provider. Name and contact are sealed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    kind = models.CharField(max_length=12)  # tenant, landlord, utility, provider
    sealed = models.BinaryField()  # name, address, email, phone, TIN as JSON
    w9_received_on = models.DateField(null=True)
    made_at = models.DateTimeField()


@pghistory.track()
class PayeeAccount(models.Model):
    """A bank account of a payee: routing and account number sealed; the last four shown."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    payee = models.ForeignKey(Payee, on_delete=models.PROTECT, related_name="accounts")
    sealed = models.BinaryField()  # {"routing": ..., "account": ...}
    last_four = models.CharField(max_length=4)
    kind = models.CharField(max_length=8)  # checking, savings
    owner = models.CharField(max_length=8)  # consumer (PPD), business (CCD)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=120)
    closed_at = models.DateTimeField(null=True)  # replaced, or returned by the bank
    closed_why = models.CharField(max_length=40, blank=True)


@pghistory.track()
class Batch(models.Model):
    """Disbursements that go to the bank together. Its state is derived from its dates."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    reference = models.CharField(max_length=20, unique=True)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=120)
    effective_on = models.DateField(null=True)
    sealed_at = models.DateTimeField(null=True)
    sealed_by = models.CharField(max_length=120, blank=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=120, blank=True)
    handed_over_at = models.DateTimeField(null=True)  # the bank has acknowledged
    in_doubt_at = models.DateTimeField(null=True)  # sent, no answer: a person must look
    refused_at = models.DateTimeField(null=True)
    refused_why = models.CharField(max_length=200, blank=True)
    entries = models.IntegerField(default=0)
    total_cents = models.BigIntegerField(default=0)
    file_sealed = models.BinaryField(null=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_number = models.IntegerField(null=True)  # of the day: gives the file id modifier

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(sealed_at__isnull=False),
                name="payments_release_only_sealed",
            )
        ]


@pghistory.track()
class Disbursement(models.Model):
    """An instruction to pay one obligation to one payee. At most one is live per obligation.

    The people behind the money are kept beside it so that the database can hold them apart.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    case = models.UUIDField()
    obligation = models.UUIDField()
    payee = models.ForeignKey(Payee, on_delete=models.PROTECT, related_name="disbursements")
    account = models.ForeignKey(PayeeAccount, on_delete=models.PROTECT, null=True)
    amount_cents = models.BigIntegerField()
    remittance = models.CharField(max_length=80)  # case reference and purpose, for the payee
    wanted_at = models.DateTimeField()
    prepared_by = models.CharField(max_length=120)
    approved_by = models.CharField(max_length=120)
    released_by = models.CharField(max_length=120, blank=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, related_name="lines")
    trace = models.CharField(max_length=15, blank=True)
    voided_at = models.DateTimeField(null=True)  # returned, refused or withdrawn

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0), name="payments_disbursement_real"
            ),
            models.CheckConstraint(
                condition=~Q(approved_by=F("prepared_by")), name="payments_two_people"
            ),
            models.CheckConstraint(
                condition=Q(released_by="")
                | (~Q(released_by=F("prepared_by")) & ~Q(released_by=F("approved_by"))),
                name="payments_third_person_releases",
            ),
            models.UniqueConstraint(
                fields=["obligation"],
                condition=Q(voided_at__isnull=True),
                name="payments_one_live_disbursement",
            ),
            models.UniqueConstraint(
                fields=["trace"], condition=~Q(trace=""), name="payments_trace_once"
            ),
        ]


@pghistory.track()
class Issuance(models.Model):
    """A month of help for a household's card: told to the state's card contractor, once.

    Nothing is owed for it in our ledger: the contractor draws on the federal account itself.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    case = models.UUIDField()
    decision_line = models.UUIDField()
    payee = models.ForeignKey(Payee, on_delete=models.PROTECT, related_name="issuances")
    month = models.DateField()  # its first day
    amount_cents = models.BigIntegerField()
    wanted_at = models.DateTimeField()
    prepared_by = models.CharField(max_length=120)
    approved_by = models.CharField(max_length=120)
    issued_at = models.DateTimeField(null=True)  # the contractor has it on the card
    contractor_reference = models.CharField(max_length=40, blank=True)
    refused_why = models.CharField(max_length=200, blank=True)  # the last refusal; sent again

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="payments_issuance_real"),
            models.CheckConstraint(
                condition=~Q(approved_by=F("prepared_by")), name="payments_issuance_two_people"
            ),
            models.UniqueConstraint(
                fields=["decision_line", "month"], name="payments_issued_once_a_month"
            ),
        ]
        indexes = [models.Index(fields=["case"])]


class BankReport(models.Model):
    """One thing the bank said about one trace: settled, returned, changed. Kept as dated rows."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    trace = models.CharField(max_length=15)
    kind = models.CharField(max_length=10)  # settled, returned, changed
    code = models.CharField(max_length=4, blank=True)
    amount_cents = models.BigIntegerField()
    on = models.DateField()
    source = models.CharField(max_length=120)  # the bank's own id of the report line
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source"], name="payments_report_once"),
            models.CheckConstraint(
                condition=Q(kind__in=("settled", "returned", "changed")),
                name="payments_known_report",
            ),
        ]


class BankCursor(models.Model):
    """How far we have read the bank's settlements and returns."""

    name = models.CharField(primary_key=True, max_length=30)
    cursor = models.CharField(max_length=60, default="")
