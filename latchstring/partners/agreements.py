"""Agreements: what may be asked of another agency, for which purpose, until when."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from latchstring.kernel import transactions
from latchstring.kernel.ids import new_id
from latchstring.partners.models import Agreement


def agreement_for(agency: str, partner: str, on: date) -> Agreement | None:
    """Return the agreement in force with a partner (`tax`, `human_services`) on a day."""
    rows = Agreement.objects.filter(agency=agency, partner=partner, valid_from__lte=on)
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    return rows.order_by("-valid_from", "-id").first()


def sign_agreement(
    agency: str,
    partner: str,
    *,
    purpose: str,
    legal_basis: str,
    fields: Sequence[str],
    valid_from: date,
    valid_to: date | None = None,
    consent_needed: bool = True,
) -> Agreement:
    """Record an agreement; the same one again (agency, partner, first day) changes nothing."""
    with transactions.verb():
        row, _ = Agreement.objects.get_or_create(
            agency=agency,
            partner=partner,
            valid_from=valid_from,
            defaults={
                "id": new_id(),
                "purpose": purpose,
                "legal_basis": legal_basis,
                "fields": list(fields),
                "consent_needed": consent_needed,
                "valid_to": valid_to,
            },
        )
    return row
