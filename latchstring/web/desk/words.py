"""Codes in the words of the people who work with them."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _in

from latchstring.people import door as people
from latchstring.programs import door as programs

ROLES = {
    "caseworker": _("Caseworker"),
    "approver": _("Approver"),
    "payments_officer": _("Payments officer"),
    "director": _("Director"),
    "auditor": _("Auditor"),
    "program_manager": _("Program manager"),
    "registry_reviewer": _("Registry reviewer"),
    "partner": _("Partner"),
}
STAGES = {
    "verifying": _("Checking"),
    "review": _("Review"),
    "approval": _("Second person"),
    "payment": _("Payment"),
    "closed": _("Closed"),
}
OUTCOMES = {
    "eligible": _("Eligible"),
    "ineligible": _("Not eligible"),
    "unknown": _("Not known yet"),
    "approved": _("Approved"),
    "denied": _("Denied"),
    "withdrawn": _("Withdrawn"),
    "approve": _("Approve"),
    "deny": _("Deny"),
    "matched": _("Matched"),
    "not_matched": _("No match"),
    "ambiguous": _("More than one match"),
}
SOURCES = {
    "tax": _("The tax department"),
    "human_services": _("Human services"),
    "own_records": _("Our own records"),
}
FACT_SOURCES = {
    "stated": _("Stated by the resident"),
    "attested": _("Attested by the resident"),
    "document": _("From a document"),
    "staff": _("Established by staff"),
    "system": _("Worked out"),
    "verified": _("Verified"),
}
PURPOSES = {
    "rent": _("Future rent"),
    "rental_arrears": _("Back rent"),
    "utility_arrears": _("Utilities owed"),
    "utilities": _("Utilities"),
    "home_energy": _("Heating"),
    "energy_crisis": _("Heating crisis"),
    "food": _("Food"),
    "assistance": _("Assistance"),
    "administration": _("Administration"),
    "housing_stability": _("Housing stability"),
}
# Months are claimed once as rent, whether it was owed or is coming due.
CLAIMS = {"rent": _("Rent"), "utilities": _("Utilities")}
# Who may be named as a payee; a food card is its household's, and nobody names it.
NAMED_PAYEES = {
    "landlord": _("Landlord"),
    "tenant": _("Resident"),
    "utility": _("Utility company"),
    "provider": _("Provider"),
}
PAYEES = NAMED_PAYEES | {"ebt_card": _("Food card")}
HOW_HELD = {"phone": _("By phone"), "in_person": _("In person"), "waived": _("Waived")}
PAYMENTS = {
    "waiting": _("Waits for a batch"),
    "no_account": _("Waits for a bank account"),
    "in_batch": _("In an open batch"),
    "sealed": _("Sealed"),
    "released": _("Released, going to the bank"),
    "with_bank": _("With the bank"),
    "in_doubt": _("In doubt"),
    "settled": _("Settled"),
    "returned": _("Returned"),
    "refused": _("Refused by the bank"),
    "withdrawn": _("Withdrawn"),
    "open": _in("batch", "Open"),
    "changed": _("Changed by the bank"),
}
ACCOUNTS = {
    "awarded": _("Awarded by the federal government"),
    "unallocated": _("In the award, not allocated"),
    "unobligated": _("In an allocation, free to promise"),
    "obligated": _("Promised to cases"),
    "disbursing": _("With the bank"),
    "expended": _("Settled"),
}
GAPS = {
    "no_obligation": _("This payment has no obligation behind it."),
    "sources_do_not_add_up": _("The allocations do not add up to the obligation."),
    "paid_other_than_obligated": _("What was paid differs from what was obligated."),
    "no_decision": _("No decision stands behind the obligation."),
    "not_approved": _("The decision was never approved."),
    "one_person_decided": _("The same person prepared and approved the decision."),
    "no_determination": _("The decision names no determination."),
    "paid_but_not_eligible": _("The determination did not find the household eligible."),
    "no_batch": _("The payment has a trace number and no batch."),
}
# What NACHA's return codes mean to the person who works the return.
RETURNS = {
    "R01": _("Not enough money in the account"),
    "R02": _("The account is closed"),
    "R03": _("No such account, or it belongs to someone else"),
    "R04": _("The account number is wrong"),
    "R14": _("The person who handled the account has died"),
    "R15": _("The account's owner has died"),
    "R16": _("The account is frozen"),
    "R17": _("The bank could not read the entry"),
    "R20": _("This account cannot take payments"),
    "R23": _("The payee refused the payment"),
    "R24": _("The bank says it had this entry already"),
    "R31": _("Allowed to be returned late"),
}
MEMBERS = {
    "head": _("Head of household"),
    "spouse": _("Spouse or partner"),
    "child": _("Child"),
    "other": _("Other"),
}
DELIVERIES = {
    "waiting": _("waits to be sent"),
    "sent": _("sent"),
    "bounced": _("came back"),
    "failed": _("could not be sent"),
}
KINDS = {
    "member": MEMBERS,
    "delivery": DELIVERIES,
    "role": ROLES,
    "stage": STAGES,
    "outcome": OUTCOMES,
    "source": SOURCES,
    "fact_source": FACT_SOURCES,
    "purpose": PURPOSES,
    "claim": CLAIMS,
    "payee": PAYEES,
    "payment": PAYMENTS,
    "account": ACCOUNTS,
    "gap": GAPS,
    "return": RETURNS,
}


def word(kind: str, code: str) -> str:
    """Return a code's words; a code nobody has named yet reads as itself, without underscores."""
    if kind == "document":
        return programs.paper_words(code, get_language() or "en")
    found = KINDS[kind].get(code)
    return str(found) if found is not None else str(code).replace("_", " ").capitalize()


def county_name(fips: str) -> str:
    """Return a county's name (`Doña Ana`); the code itself where it is none of ours."""
    found = programs.counties().get(fips)
    return str(found["name"]) if found else fips


@cache
def _program_names(slug: str) -> dict[str, str]:
    try:
        return dict(programs.load_program(slug).name)
    except programs.UnknownProgram:
        return {"en": slug}


def program_name(slug: str) -> str:
    """Return a program's name in the reader's language."""
    names = _program_names(slug)
    return names.get(get_language() or "en") or names["en"]


class Names(dict[str, str]):
    """Who is who on one page: each actor is looked up once, those of a list together."""

    def __missing__(self, actor: str) -> str:
        self.look_up([actor])
        return self[actor]

    def look_up(self, actors: Iterable[str]) -> None:
        """Learn many names at once."""
        unknown = set(actors) - self.keys()
        self.update(people.display_names(unknown) | {"": ""})

    def into(self, rows: list[dict[str, Any]], *columns: str) -> list[dict[str, Any]]:
        """Add `<column>_name` to each row."""
        self.look_up(row.get(column) or "" for row in rows for column in columns)
        for row in rows:
            for column in columns:
                row[f"{column}_name"] = self[row.get(column) or ""]
        return rows
