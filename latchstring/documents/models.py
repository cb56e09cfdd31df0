"""Documents and their pages. Bytes lie sealed in files; rows say what and where."""

import pghistory
from django.db import models

from latchstring.kernel.ids import new_id


@pghistory.track()
class Document(models.Model):
    """One paper with a purpose (a lease, a notice), given as one or more uploads."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    household = models.UUIDField()
    application = models.UUIDField(null=True)
    kind = models.CharField(max_length=40)  # as the program document names it
    proves = models.JSONField(default=list)  # fact keys
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=120)
    accepted_at = models.DateTimeField(null=True)  # a caseworker's word
    refused_at = models.DateTimeField(null=True)
    refused_reason = models.CharField(max_length=300, blank=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["household", "kind"])]


@pghistory.track()
class Upload(models.Model):
    """One file as it came: quarantined, then inspected, then readable as pages."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="uploads")
    name_sealed = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    given_at = models.DateTimeField()
    inspected_at = models.DateTimeField(null=True)
    media_type = models.CharField(max_length=40, blank=True)  # from the bytes, not the name
    pages = models.IntegerField(null=True)
    problem = models.CharField(max_length=40, blank=True)  # locked, damaged, too_large, ...


class Sending(models.Model):
    """A file that is on its way in pieces, until it is given as (part of) a paper or forgotten."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    household = models.UUIDField()
    given_by = models.CharField(max_length=120)  # the account that sends it; nobody else may
    name_sealed = models.BinaryField()
    size_bytes = models.BigIntegerField()
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    document = models.UUIDField(null=True)  # the paper that it became

    class Meta:
        indexes = [
            models.Index(fields=["household", "given_by"]),
            models.Index(fields=["expires_at"]),
        ]
