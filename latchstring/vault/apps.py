from django.apps import AppConfig


class VaultConfig(AppConfig):
    """The vault room."""

    name = "latchstring.vault"
    label = "vault"
