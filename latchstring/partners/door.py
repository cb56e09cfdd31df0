"""The partners room's door."""

from latchstring.partners.agreements import agreement_for, sign_agreement
from latchstring.partners.consents import (
    consent_for,
    consents_of,
    give_consent,
    withdraw_consent,
)
from latchstring.partners.errors import NoAgreement, NoConsent
from latchstring.partners.models import Agreement, Consent

__all__ = [
    "Agreement",
    "Consent",
    "NoAgreement",
    "NoConsent",
    "agreement_for",
    "consent_for",
    "consents_of",
    "give_consent",
    "sign_agreement",
    "withdraw_consent",
]
