"""Checks and the calls made for them."""

import pghistory
from django.db import models

from latchstring.kernel.ids import new_id


@pghistory.track()
class Check(models.Model):
    """One question to one source about one person, for one case."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    case = models.UUIDField()
    household = models.UUIDField()
    person = models.UUIDField()
    source = models.CharField(max_length=40)
    operation = models.CharField(max_length=40)
    request_key = models.CharField(max_length=80, unique=True)
    wanted_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    answered_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)  # a caseworker goes on with documents
    outcome = models.CharField(max_length=20, blank=True)  # matched, not_matched, ambiguous
    answer_sealed = models.BinaryField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case"])]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person", "operation"], name="verification_asked_once"
            )
        ]


class Exchange(models.Model):
    """One call to a source: when, how long, how it went. No content."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    check_asked = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="exchanges")
    agreement = models.UUIDField()
    consent = models.UUIDField(null=True)
    began_at = models.DateTimeField()
    took_ms = models.IntegerField()
    status = models.CharField(max_length=20)  # ok, http_503, timeout, garbled, wrong_schema


class Breaker(models.Model):
    """A source's circuit breaker: after several failures in a row nobody calls for a while."""

    source = models.CharField(primary_key=True, max_length=40)
    failures = models.IntegerField(default=0)  # in a row
    open_until = models.DateTimeField(null=True)  # real time: the partner's trouble is real
