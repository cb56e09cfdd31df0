"""Where allauth asks us: addresses in lower case, where a person goes after signing in."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):
    """Residents and staff sign in at one door and go on where they belong."""

    def clean_email(self, email: str) -> str:
        """Addresses are compared in lower case, whatever a phone's keyboard made of them."""
        return super().clean_email(email).lower()

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Anyone may make an account: a resident is never asked to prove something first."""
        return True
