"""Answer: one page's answer is read, kept as facts, and the application marked as saved.

Bad input raises WrongAnswer with words beside each input, and nothing changes.
"""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from latchstring.applications import reading, words
from latchstring.applications.after_filing import refuse_signed, tell_the_cases
from latchstring.applications.errors import AlreadySubmitted, NoSuchApplication, WrongAnswer
from latchstring.applications.keep_routing import keep_routing
from latchstring.applications.models import Application
from latchstring.applications.policy import draft
from latchstring.applications.showing import ToShow
from latchstring.applications.steps import REUSE_SEEN, Interview, Step, counties_here
from latchstring.kernel import clock, transactions
from latchstring.kernel.crashpoint import crashpoint
from latchstring.partners import door as partners
from latchstring.people import door as people
from latchstring.programs import door as programs

Values = Mapping[str, str]


def answer(application: Application, question: str, values: Values, actor: str) -> Application:
    """Keep one page's answer. NoSuchApplication when the application has no such page."""
    with transactions.verb():
        held = draft(application.id)
        interview = Interview(held)
        step = interview.step(question)
        if step is None:
            raise NoSuchApplication(_("We could not find that question."))
        refuse_signed(held, step)
        if step.question is not None:
            _bank(interview, step.question, values, actor)
        elif question in _PAGES:
            _PAGES[question](interview, values, actor)
        elif question.startswith("papers-"):
            _papers(interview, step, values, actor)
        kept = saved(held, question)
        if held.submitted_at is not None:
            tell_the_cases(held, question, actor)
        crashpoint("K1 page: answer kept, before commit")
    crashpoint("K2 page: committed, before the person is told")
    return kept


def saved(application: Application, answered: str = "") -> Application:
    """Mark an application as saved now; a page that is answered is no longer passed over."""
    application.saved_at = clock.now()
    application.skipped = [id for id in application.skipped if id != answered]
    application.save(update_fields=["saved_at", "skipped", "attested"])
    return application


def pass_over(application: Application, question: str) -> Application:
    """Go on without an answer to a page that allows it; it can be answered until signing."""
    with transactions.verb():
        held = draft(application.id)
        step = Interview(held).step(question)
        if step is None or not step.optional:
            raise WrongAnswer(_("We need an answer here to go on."))
        refuse_signed(held, step)
        if step.shows is not None:
            _no_paper(Interview(held), step.shows, f"account:{held.account}")
        held.skipped = [*[id for id in held.skipped if id != question], question]
        held.saved_at = clock.now()
        held.save(update_fields=["skipped", "saved_at"])
        if held.submitted_at is not None:
            tell_the_cases(held, question, f"account:{held.account}")
        return held


def _bank(interview: Interview, question: programs.Question, values: Values, actor: str) -> None:
    state = interview.household.agency.state
    try:
        facts = reading.facts_of(question, values, state)
    except ValueError:
        language = "es" if get_language() == "es" else "en"
        raise WrongAnswer(fields={question.id: question.error[language]}) from None
    began = interview.application.began_at  # what was told before is told anew
    people.state_facts(interview.household, facts, actor=actor, again_since=began)


def _read(values: Values, reads: Mapping[str, tuple[Callable[[str], Any], str]]) -> dict[str, Any]:
    """Read several inputs (name -> (reader, words)); WrongAnswer names all that do not hold."""
    found, wrong = {}, {}
    for name, (reader, message) in reads.items():
        try:
            found[name] = reader(str(values.get(name) or ""))
        except ValueError:
            wrong[name] = message
    if wrong:
        raise WrongAnswer(fields=wrong)
    return found


def _needed(raw: str) -> str:
    tidy = reading.text(raw)
    if not tidy:
        raise ValueError("missing")
    return tidy


def identity_from(values: Values) -> dict[str, Any]:
    """Read a person's identity from inputs; WrongAnswer says what to do about each."""
    tidy: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name in ("first_name", "middle_name", "last_name"):
        try:
            tidy[name] = reading.text(str(values.get(name) or ""), 120)
        except ValueError:
            wrong[name] = words.wrong_identity(name, "too_long")
        else:
            if not tidy[name] and name != "middle_name":
                wrong[name] = words.wrong_identity(name, "missing")
    try:
        born = reading.day(values, "birth_date")
    except ValueError:
        born = None
    tidy["birth_date"] = born.isoformat() if born else ""
    if born is None:
        wrong["birth_date"] = words.wrong_identity("birth_date", "not_a_date")
    elif born > clock.today() or born.year < 1900:
        wrong["birth_date"] = words.wrong_identity("birth_date", "not_in_past")
    tidy["ssn"] = "".join(c for c in str(values.get("ssn") or "") if c.isascii() and c.isdigit())
    if str(values.get("ssn") or "").strip() and len(tidy["ssn"]) != 9:
        wrong["ssn"] = words.wrong_identity("ssn", "nine_digits")
    try:
        tidy["phone"] = reading.phone(str(values.get("phone") or ""))
    except ValueError:
        wrong["phone"] = _("Write a phone number with ten digits, such as 505-555-0100.")
    if wrong:
        raise WrongAnswer(fields=wrong)
    return tidy


def _name(interview: Interview, values: Values, actor: str) -> None:
    head = interview.members[0]
    given = identity_from(values)
    if not given["ssn"]:
        given["ssn"] = head.identity["ssn"]  # never shown again, so never wiped by an empty box
    people.change_member(interview.household, head.person_id, given, actor)


def _address(interview: Interview, values: Values, actor: str) -> None:
    found = _read(
        values,
        {
            "street": (_needed, _("Write your street and number, or describe where you live.")),
            "unit": (reading.text, _("This is too long. Please shorten it.")),
            "city": (_needed, _("Write your city or town.")),
            "zip": (reading.zip_code, _("Write your ZIP code with five digits, such as 87102.")),
        },
    )
    state = interview.household.agency.state
    found["state"] = state
    here = [c for c in programs.counties_of_zip(found["zip"]) if c in programs.counties(state)]
    if not here:
        raise WrongAnswer(
            fields={"zip": _("This ZIP code is not in this state. Check it, or choose your state.")}
        )
    heard = interview.said("county")
    county = here[0] if len(here) == 1 else heard if heard in here else ""
    if _moved(interview, found):  # who serves a home hangs on the home
        keep_routing(interview.application.id, {})
    people.set_dwelling(interview.household, found, county, actor)
    if county:
        _settle_county(interview, county, actor)


def _moved(interview: Interview, address: Mapping[str, Any]) -> bool:
    """Say whether another home was told of before, in this same interview."""
    home = interview.dwelling
    if home is None or home.recorded_at < interview.application.began_at:
        return False
    return any(home.address[key] != address[key] for key in ("street", "city", "zip"))


def _settle_county(interview: Interview, county: str, actor: str) -> None:
    state = programs.counties()[county]["state"]
    people.state_fact(interview.household, "county", county, actor=actor)
    people.state_fact(interview.household, "state", state, actor=actor)


def _county(interview: Interview, values: Values, actor: str) -> None:
    home = interview.dwelling
    county = str(values.get("county") or "")
    if home is None or county not in counties_here(home):
        raise WrongAnswer(fields={"county": _("Choose your county from the list.")})
    people.set_dwelling(interview.household, home.address, county, actor)
    _settle_county(interview, county, actor)


def _before(interview: Interview, values: Values, actor: str) -> None:
    told = str(interview.application.id)
    people.state_fact(interview.household, REUSE_SEEN, told, actor=actor)


def _members(interview: Interview, values: Values, actor: str) -> None:
    if interview.open_members:
        names = ", ".join(member.name for member in interview.open_members)
        raise WrongAnswer(
            _("Tell us if you buy and cook food together with: %(names)s.") % {"names": names}
        )
    _listed(interview, "members_listed", actor)


def _income(interview: Interview, values: Values, actor: str) -> None:
    _listed(interview, "income_listed", actor)


def _listed(interview: Interview, key: str, actor: str) -> None:
    began = interview.application.began_at
    people.state_fact(interview.household, key, True, actor=actor, again_since=began)
    work_out(interview.household, actor)


def work_out(household: people.Household, actor: str) -> None:
    """State what the lists of people and incomes come to for everybody: how many, how much.

    How a program's law counts them is its document's own (`from_lists:`).
    """
    said = people.facts(household)
    found: dict[str, Any] = {}
    if "members_listed" in said:
        found["size"] = len(people.memberships(household))
    if "income_listed" in said:
        found["monthly_income"] = people.income_sums(household).monthly
    people.state_facts(household, found, actor=actor)


def _landlord(interview: Interview, values: Values, actor: str) -> None:
    long = _("This is too long. Please shorten it.")
    found = _read(
        values,
        {
            "name": (_needed, _("Write the name of your landlord or the company you pay.")),
            "street": (reading.text, long),
            "city": (reading.text, long),
            "state": (lambda raw: reading.text(raw, 20), long),
            "zip": (
                lambda raw: reading.zip_code(raw) if raw.strip() else "",
                _("Write the ZIP code with five digits, or leave it empty."),
            ),
            "phone": (
                reading.phone,
                _("Write a phone number with ten digits, such as 505-555-0100."),
            ),
            "email": (
                reading.email,
                _("Write an email address such as name@example.com, or leave it empty."),
            ),
        },
    )
    if not found["phone"] and not found["email"] and not found["street"]:
        raise WrongAnswer(
            fields={"phone": _("Give us one way to reach them: phone, email or address.")}
        )
    _tell(interview, "landlord", found, actor, personal=True)


def _tell(interview: Interview, key: str, value: Any, actor: str, *, personal: bool) -> None:
    """State what a page says; said before this application, it is said again."""
    began = interview.application.began_at
    people.state_fact(
        interview.household, key, value, actor=actor, personal=personal, again_since=began
    )


def _utility(interview: Interview, values: Values, actor: str) -> None:
    found = _read(
        values,
        {
            "name": (_needed, _("Write the name of the company on your bill.")),
            "account_number": (
                _needed,
                _("Write the account number on your bill, or choose to do this later."),
            ),
        },
    )
    _tell(interview, "utility_account", found, actor, personal=True)


def _dates(interview: Interview, values: Values, actor: str) -> None:
    found, wrong = {}, {}
    for name in interview.dates:
        try:
            found[name] = reading.day(values, name)
        except ValueError:
            wrong[name] = _("Write month, day and year, such as 12 1 2026, or leave it empty.")
    if wrong:
        raise WrongAnswer(fields=wrong)
    people.state_facts(interview.household, found, actor=actor)
    _tell(interview, "dates_said", True, actor, personal=False)


def _consent(interview: Interview, values: Values, actor: str) -> None:
    given: dict[str, Any] = dict(interview.said("consents") or {})
    given |= {partner: values.get(partner) == "yes" for partner in interview.partners}
    given["text_version"] = words.CONSENT_VERSION
    given["language"] = "es" if get_language() == "es" else "en"
    for partner in interview.partners:
        if given[partner]:
            partners.give_consent(
                interview.household.id,
                partner,
                agency=interview.household.agency_id,
                text_version=given["text_version"],
                language=given["language"],
                actor=actor,
            )
        else:
            partners.withdraw_consent(interview.household.id, partner, actor)
    _tell(interview, "consents", given, actor, personal=False)


def _papers(interview: Interview, step: Step, values: Values, actor: str) -> None:
    """State in place of a paper: kept with the application and recorded when it is signed."""
    if values.get("attest") != "yes":
        message = _("Add a photo or file, or state that you cannot get one.")
        raise WrongAnswer(fields={"files": message})
    keys = interview.attestable(step.shows) if step.shows else []
    if not step.shows or not keys:
        raise WrongAnswer(fields={"files": _("The rules ask for a paper here.")})
    _no_paper(interview, step.shows, actor)
    held = interview.application
    held.attested = sorted({*held.attested, *keys})


def _no_paper(interview: Interview, shows: ToShow, actor: str) -> None:
    """Answer by the lack of a paper the question that the paper would have answered."""
    key = shows.page.settles
    if key and interview.facts.get(key) is not True:
        people.state_fact(interview.household, key, False, actor=actor)


_PAGES: dict[str, Callable[[Interview, Values, str], None]] = {
    "name": _name,
    "before": _before,
    "address": _address,
    "county": _county,
    "members": _members,
    "income": _income,
    "landlord": _landlord,
    "utility": _utility,
    "dates": _dates,
    "consent": _consent,
}


def change_people(
    application_id: uuid.UUID, page: str, actor: str, change: Callable[[Any], None]
) -> None:
    """Change members or incomes (the page's list) of a household and work out what follows."""
    with transactions.verb():
        held = draft(application_id)
        if held.submitted_at is not None and page not in held.asked_later:
            raise AlreadySubmitted()
        household = people.household_by_id(held.household)
        change(household)
        work_out(household, actor)
        saved(held)
        if held.submitted_at is not None:
            tell_the_cases(held, page, actor)
