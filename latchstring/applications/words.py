"""Words of the interview that no program document holds: texts signed, sections, lists.

A text that people sign or consent to has a version; change the words, change the version.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

Words = str | Promise

SIGNATURE_VERSION = "signature-2026-1"
SIGNATURE_TEXT: Words = _(
    "What I have told you is true and complete as far as I know. I understand that the state may "
    "check it, and that I may have to pay back money I got with answers I knew were false. I will "
    "use the help only for what it is given for."
)
CONSENT_VERSION = "consent-2026-1"
CONSENT_TEXT: dict[str, Words] = {
    "tax": _(
        "I let this agency ask the state tax department for the income that the adults in my home "
        "reported. It may use the answer only for this application."
    ),
    "human_services": _(
        "I let this agency ask the human services department which help my household gets, such "
        "as food help, and about unemployment benefits. It may use the answer only for this "
        "application."
    ),
}
PARTNER_NAMES: dict[str, Words] = {
    "tax": _("The tax department"),
    "human_services": _("The human services department"),
}

INCOME_KINDS: dict[str, Words] = {
    "job": _("A job"),
    "self_employment": _("Working for yourself"),
    "unemployment": _("Unemployment benefits"),
    "social_security": _("Social Security"),
    "ssi": _("SSI"),
    "pension": _("A pension"),
    "child_support": _("Child support or alimony"),
    "cash_help": _("Cash help, such as TANF"),
    "rent_or_energy_help": _(
        "Help with rent or energy bills, such as emergency rental assistance or LIEAP"
    ),
    "other": _("Other income"),
}
PERIODS: dict[str, Words] = {
    "weekly": _("every week"),
    "every_two_weeks": _("every two weeks"),
    "twice_a_month": _("twice a month"),
    "monthly": _("every month"),
    "yearly": _("once a year"),
    "once": _("only once"),
    "varies": _("it changes from month to month (hours, tips, seasons)"),
}
OWN_RULES: Words = _("Each program counts income by its own rules; your decision shows how.")
ROLES: dict[str, Words] = {
    "head": _("You"),
    "spouse": _("Husband, wife or partner"),
    "child": _("Child"),
    "other": _("Someone else"),
}
FOOD: dict[bool | None, Words] = {
    True: _("buys food with you"),
    False: _("buys food apart"),
    None: _("with whom they buy food is still open"),
}
SECTIONS: dict[str, Words] = {
    "urgent": _("What cannot wait"),
    "you": _("You and your home"),
    "people": _("The people in your home"),
    "rent": _("Your rent and bills"),
    "heat": _("Your heat"),
    "costs": _("Your food, money and costs"),
    "situation": _("What happened"),
    "landlord": _("Who is paid"),
    "papers": _("Permission and papers"),
}


def wrong_identity(field: str, code: str) -> str:
    """Say what to do about a name, birth date or Social Security number."""
    return {
        ("first_name", "missing"): _now("Write the first name."),
        ("last_name", "missing"): _now("Write the last name."),
        ("birth_date", "not_a_date"): _now(
            "Write the birth date with month, day and year, such as 5 2 1988."
        ),
        ("birth_date", "not_in_past"): _now("The birth date must be in the past."),
        ("ssn", "nine_digits"): _now(
            "A Social Security number has nine digits. You may also leave it empty."
        ),
    }.get((field, code), _now("This is too long. Please shorten it."))
