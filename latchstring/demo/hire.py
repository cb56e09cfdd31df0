"""Making the cast: agencies, staff accounts and roles, through the people room's door."""

from datetime import timedelta

from allauth.account.models import EmailAddress

from latchstring.demo.cast import AGENCIES, PASSWORD, STAFF
from latchstring.kernel import clock
from latchstring.people import door as people


def sign_in(email: str, language: str = "en") -> people.Account:
    """Make an account that can sign in at once: its address counts as confirmed."""
    account = people.Account.objects.filter(email=email).first()
    if account is None:
        account = people.Account.objects.create_user(email, PASSWORD, language=language)
        EmailAddress.objects.create(user=account, email=email, verified=True, primary=True)
    return account


def make_cast() -> None:
    """Make the agencies, the staff and their roles (again without harm)."""
    for agency in AGENCIES:
        people.Agency.objects.get_or_create(slug=agency["slug"], defaults=agency)
    for part in STAFF:
        account = sign_in(part.email)
        staff = people.hire(account, part.agency, part.name)
        held = people.roles_of(account)
        for role in part.roles:
            if role not in held:
                # Before the weeks that the demo lives through.
                begin = clock.today() - timedelta(days=120)
                people.grant_role(staff, role, granted_by="system:demo", valid_from=begin)


def account_of(role: str, agency: str = "nm-dfa") -> people.Account:
    """Return the account of the first member of the cast with a role."""
    part = next(p for p in STAFF if role in p.roles and p.agency == agency)
    return people.Account.objects.get(email=part.email)
