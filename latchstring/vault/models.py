"""The wrapped data keys. The rows may change (rewrapping, shredding); ciphertexts never need to."""

from django.db import models


class DataKey(models.Model):
    """One subject's data key in one class of data, wrapped by the agency's key-encryption key."""

    subject = models.UUIDField()
    data_class = models.CharField(max_length=20)
    agency = models.CharField(max_length=20)
    wrapped = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "data_class"], name="vault_one_key")
        ]
