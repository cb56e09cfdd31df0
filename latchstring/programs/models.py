"""Publication of programs: which version is in force from when, and whether a round is open.

Documents ship as files; the database keeps approvals and dates, and the whole text of each version
that was published or pinned, so that no later edit of a file can leave a case without its rules.
"""

import pghistory
from django.db import models

from latchstring.kernel.ids import new_id


@pghistory.track()
class PublishedVersion(models.Model):
    """A version of a program that was approved, with the day it takes effect."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    program = models.CharField(max_length=40)
    version = models.CharField(max_length=64)  # sha256 of the canonical document
    effective_from = models.DateField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=120)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "version"], name="programs_version_once")
        ]


class KeptVersion(models.Model):
    """The whole resolved text of a version that somebody relies on, whatever its file says now."""

    version = models.CharField(primary_key=True, max_length=64)
    program = models.CharField(max_length=40)
    text = models.TextField()  # YAML
    kept_at = models.DateTimeField()


class KeptTable(models.Model):
    """A lookup table as it was when a determination rested on it, whatever its file says now."""

    digest = models.CharField(primary_key=True, max_length=64)  # sha256 of both texts
    name = models.CharField(max_length=60)
    declaration = models.TextField()  # YAML: keys, columns, versions, source
    figures = models.TextField()  # CSV
    kept_at = models.DateTimeField()


class RoundAct(models.Model):
    """An administrator opened, paused or closed a program from a day; a later act mends it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    program = models.CharField(max_length=40)
    act = models.CharField(max_length=5, choices=[(act, act) for act in ("open", "pause", "close")])
    from_day = models.DateField()
    until = models.DateField(null=True)  # an opening's last day; the day a pause is over
    note = models.JSONField()  # why, in each language: residents are told
    actor = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(act__in=["open", "pause", "close"]), name="programs_round_act"
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True)
                | (models.Q(until__gte=models.F("from_day")) & ~models.Q(act="close")),
                name="programs_round_act_ends_later",
            ),
        ]
        indexes = [models.Index(fields=["program", "from_day"], name="programs_round_acts")]


class StandingAuthorisation(models.Model):
    """Two people's signature under machine approval: favourable only, up to an amount."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    program = models.CharField(max_length=40)
    up_to_cents = models.BigIntegerField()
    first_signer = models.CharField(max_length=120)
    second_signer = models.CharField(max_length=120)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    text = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(first_signer=models.F("second_signer")),
                name="programs_two_signers",
            ),
            models.CheckConstraint(
                condition=models.Q(up_to_cents__gt=0), name="programs_capped_authorisation"
            ),
        ]
