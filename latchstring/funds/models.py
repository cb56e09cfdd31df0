"""Awards to households: a double-entry ledger in integer cents that only grows.

A posting's amount is positive for a debit and negative for a credit; the postings of one
transaction sum to zero, which the database checks at commit.
"""

import pghistory
from django.db import models
from django.db.models import F, Q

from latchstring.kernel.ids import new_id


@pghistory.track()
class Award(models.Model):
    """Federal money given to the state: Assistance Listing Number, FAIN, period of performance."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    assistance_listing = models.CharField(max_length=10)  # e.g. 21.023
    fain = models.CharField(max_length=30)
    amount_cents = models.BigIntegerField()
    period_start = models.DateField()
    period_end = models.DateField()  # no new obligation after this day
    authority = models.CharField(max_length=200)
    invented = models.BooleanField(default=False)  # the demo's own award, said on every screen
    allocated_cents = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(allocated_cents__gte=0) & Q(allocated_cents__lte=F("amount_cents")),
                name="funds_award_not_over_allocated",
            )
        ]


@pghistory.track()
class Allocation(models.Model):
    """A part of an award given to a public body for a program and purpose.

    `obligated_cents` is a balance kept under a CHECK; it is touched last in a verb, by one
    conditional UPDATE, and must equal the ledger (funds/checks.py).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="allocations")
    public_body = models.CharField(max_length=120)
    program = models.CharField(max_length=40)
    purpose = models.CharField(max_length=40)  # assistance, administration, housing_stability
    priority = models.SmallIntegerField(default=1)  # the order in which a program draws
    amount_cents = models.BigIntegerField()
    obligated_cents = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(obligated_cents__gte=0) & Q(obligated_cents__lte=F("amount_cents")),
                name="funds_allocation_not_over_obligated",
            ),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="funds_allocation_real"),
        ]


class LedgerAccount(models.Model):
    """A ledger account: a kind, of one award or allocation or obligation."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    award = models.ForeignKey(Award, on_delete=models.PROTECT)
    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=(
                        "awarded",  # promised by the federal government (credit side)
                        "unallocated",  # in the award, not yet given to a public body
                        "unobligated",  # in an allocation, free to promise
                        "obligated",  # promised to cases, not yet with the bank
                        "disbursing",  # with the bank, not yet settled
                        "expended",  # settled
                    )
                ),
                name="funds_known_account",
            ),
            models.UniqueConstraint(
                fields=["kind", "award", "allocation"],
                nulls_distinct=False,
                name="funds_account_once",
            ),
        ]


class LedgerTransaction(models.Model):
    """One movement of money. `id` is made by the caller: posting it again is the same movement."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)  # award, allocate, obligate, release, disburse, ...
    reference = models.UUIDField()  # the allocation, obligation or disbursement it is about
    at = models.DateTimeField()  # business time
    actor = models.CharField(max_length=120)
    reason = models.CharField(max_length=200, blank=True)


class Posting(models.Model):
    """A line of a ledger transaction: cents into (positive) or out of (negative) an account."""

    id = models.BigAutoField(primary_key=True)
    agency = models.CharField(max_length=20)
    transaction = models.ForeignKey(
        LedgerTransaction, on_delete=models.PROTECT, related_name="postings"
    )
    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="postings")
    obligation = models.UUIDField(null=True)
    amount_cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount_cents=0), name="funds_posting_real")
        ]


@pghistory.track()
class Obligation(models.Model):
    """Money promised to one case for one decision line. Draws on one or more allocations."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    case = models.UUIDField()
    decision_line = models.UUIDField(unique=True)
    purpose = models.CharField(max_length=30)  # rent, rental_arrears, utilities, ...
    amount_cents = models.BigIntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="funds_obligation_real")
        ]
        indexes = [models.Index(fields=["case"])]


class ObligationSource(models.Model):
    """How much of an obligation one allocation carries."""

    id = models.BigAutoField(primary_key=True)
    agency = models.CharField(max_length=20)
    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="sources")
    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, related_name="draws")
    amount_cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="funds_source_real"),
            models.UniqueConstraint(fields=["obligation", "allocation"], name="funds_source_once"),
        ]


class AssistanceClaim(models.Model):
    """One month of one purpose for one person, dwelling or meter: claimed once, by anybody.

    Arrears whose months are only counted (not named) claim month numbers before the application
    month, counted backwards.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    claimant_kind = models.CharField(max_length=10)  # person, dwelling, meter
    claimant = models.UUIDField()
    purpose = models.CharField(max_length=30)
    month = models.DateField()  # the first of the month
    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="claims")
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claimant", "purpose", "month"],
                condition=Q(released_at__isnull=True),
                name="funds_claimed_once",
            ),
            models.CheckConstraint(
                condition=Q(claimant_kind__in=("person", "dwelling", "meter")),
                name="funds_known_claimant",
            ),
        ]
