"""Agreements and consents."""

from django.db import models

from latchstring.kernel.ids import new_id


class Agreement(models.Model):
    """What may be asked of, or shown to, another agency, for which purpose, until when."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    partner = models.CharField(max_length=40)  # `tax`, `human_services`
    purpose = models.CharField(max_length=200)
    legal_basis = models.CharField(max_length=200)
    fields = models.JSONField()
    consent_needed = models.BooleanField(default=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)


class Consent(models.Model):
    """A resident's consent to an exchange: text version, language, moment; withdrawn by a row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.CharField(max_length=20)
    household = models.UUIDField()
    partner = models.CharField(max_length=40)
    text_version = models.CharField(max_length=64)
    language = models.CharField(max_length=2)
    given_by = models.CharField(max_length=120)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["household", "partner"])]
