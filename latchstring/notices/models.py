"""Notices and their deliveries."""

from django.db import models

from latchstring.kernel.ids import new_id


class Notice(models.Model):
    """One message to a household about a case. Subject line and body are sealed as sent."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    household = models.UUIDField()
    account = models.UUIDField(null=True)
    case = models.UUIDField(null=True)
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=2)
    dedupe = models.CharField(max_length=120, unique=True)  # one notice per cause
    title_sealed = models.BinaryField()
    body_sealed = models.BinaryField()
    written_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["household", "written_at"])]


class Delivery(models.Model):
    """One way a notice goes out. Its state is derived from its dates."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=10)  # email, letter, text
    wanted_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=80, blank=True)


class AwaitedOpening(models.Model):
    """Somebody who wants to be told when a program opens. Gone once told, stopped or too old."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    program = models.CharField(max_length=40)
    language = models.CharField(max_length=2)
    address = models.BinaryField()  # keyed hash: one row for an address and program
    email_sealed = models.BinaryField()
    consent = models.CharField(max_length=40)  # the version of the words agreed to
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "program", "address"], name="notices_awaited_once"
            )
        ]
