"""A household's consent to an exchange: given once, taken back by a day, never deleted."""

import uuid

from latchstring.audit import door as audit
from latchstring.kernel import events, transactions
from latchstring.kernel.ids import new_id
from latchstring.partners.models import Consent


def give_consent(
    household_id: uuid.UUID,
    partner: str,
    *,
    agency: str,
    text_version: str,
    language: str,
    actor: str,
) -> Consent:
    """Record consent to ask a partner. The same text again while it stands changes nothing."""
    with transactions.verb() as moment:
        standing = consent_for(household_id, partner)
        if standing is not None and standing.text_version == text_version:
            return standing
        consent = Consent.objects.create(
            id=new_id(),
            agency=agency,
            household=household_id,
            partner=partner,
            text_version=text_version,
            language=language,
            given_by=actor,
            given_at=moment,
        )
        _told("consent.given", consent, actor)
    return consent


def consent_for(household_id: uuid.UUID, partner: str) -> Consent | None:
    """Return the household's standing consent to ask a partner, if there is one."""
    rows = Consent.objects.filter(
        household=household_id, partner=partner, withdrawn_at__isnull=True
    )
    return rows.order_by("-given_at", "-id").first()


def consents_of(household_id: uuid.UUID) -> list[Consent]:
    """Return every consent a household gave, newest first, withdrawn ones too."""
    return list(Consent.objects.filter(household=household_id).order_by("-given_at", "-id"))


def withdraw_consent(household_id: uuid.UUID, partner: str, actor: str) -> int:
    """Take consent back from now on; returns how many were standing. What was asked stays."""
    with transactions.verb() as moment:
        standing = Consent.objects.select_for_update().filter(
            household=household_id, partner=partner, withdrawn_at__isnull=True
        )
        rows = list(standing)
        for consent in rows:
            consent.withdrawn_at = moment
            consent.save(update_fields=["withdrawn_at"])
            _told("consent.withdrawn", consent, actor)
    return len(rows)


def _told(what: str, consent: Consent, actor: str) -> None:
    audit.record(
        what,
        agency=consent.agency,
        actor=actor,
        object_type="consent",
        object_id=consent.id,
        household=consent.household,
        detail={"partner": consent.partner},
    )
    events.record(
        f"{what}.v1",
        subject=consent.household,
        agency=consent.agency,
        actor=actor,
        payload={"consent": str(consent.id), "partner": consent.partner},
    )
