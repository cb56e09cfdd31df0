"""The trail. Entries are written where the act happens; links are added by the sealer afterwards,
so that a busy hour does not queue behind one chain head."""

import uuid

from django.db import models


class Entry(models.Model):
    """One act or one look: identifiers and codes only, never what was seen."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.CharField(max_length=20)
    at = models.DateTimeField()  # business time
    recorded_at = models.DateTimeField(auto_now_add=True)  # real time
    actor = models.CharField(max_length=120)
    action = models.CharField(max_length=80)  # `case.seen`, `decision.approved`
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    household = models.UUIDField(null=True)  # whose record it was, for the resident's receipt
    purpose = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id"]),
            models.Index(fields=["household", "at"]),
            models.Index(fields=["actor", "at"]),
        ]


class Link(models.Model):
    """An entry's place in the chain: hash = sha256(previous hash + canonical entry)."""

    seq = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT)
    previous = models.BinaryField()
    hash = models.BinaryField()
    linked_at = models.DateTimeField(auto_now_add=True)
