"""The words for a case's next step: what to do, and why, in one line. Never a score."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latchstring.insight import door as insight
from latchstring.web.desk.words import word


class Told(NamedTuple):
    """What to do, why, and whether it is the desk's turn (or the case waits for someone else)."""

    action: str
    reason: str
    ours: bool


def next_step(row: Mapping[str, Any], today: date) -> Told:
    """Say the next step of a row of `insight.queue`."""
    step = insight.next_step(row, today)
    action, reason = _words(step)
    return Told(action, reason, step.who == "caseworker")


def _words(step: insight.NextStep) -> tuple[str, str]:
    values = step.values
    match step.code:
        case "ask_account":
            return _("Get the payee's bank account"), _("money is promised and cannot go out yet")
        case "name_payee":
            return _("Say who is paid"), _("money is promised and we do not know to whom")
        case "pay_again":
            return _("Get a new account and pay again"), _("the bank sent the payment back")
        case "wait_for_card":
            return _("Wait"), _("it is being put on their card")
        case "wait_for_payment":
            return _("Wait"), _("the payment is on its way")
        case "approve":
            return _("Wait"), _("a second person has to release the decision")
        case "mend_decision":
            return _("Mend the decision"), _("sent back: %(why)s") % values
        case "look_at_papers":
            return _papers(values["n"])
        case "call_resident":
            return _("Call the resident, or go on"), _("the answer was due %(day)s") % _day(values)
        case "wait_for_resident":
            return _("Wait for the resident"), _("asked to answer by %(day)s") % _day(values)
        case "go_on_without" | "wait_for_agency":
            return _agencies(step)
        case "prepare_approval":
            return _("Prepare the approval"), _("every rule is met")
        case "look_at_reasons":
            return _("Look at the failed rule, then prepare a denial"), _("a rule is not met")
        case "wait_for_rules":
            return _("Wait"), _("the rules are being asked")
        case "request_information":
            missing = ngettext("%(n)s fact is not known", "%(n)s facts are not known", values["n"])
            return _("Ask the resident for what is missing"), missing % values
    return _("Nothing"), _("the case is closed")


def _papers(count: int) -> tuple[str, str]:
    return (
        ngettext("Look at %(n)s paper", "Look at %(n)s papers", count) % {"n": count},
        ngettext("nobody has read it yet", "nobody has read them yet", count),
    )


def _agencies(step: insight.NextStep) -> tuple[str, str]:
    who = ", ".join(word("source", source) for source in step.values["sources"])
    if step.code == "wait_for_agency":
        return _("Wait"), _("%(who)s is being asked") % {"who": who}
    reason = _("%(who)s did not answer, tried %(n)s times")
    return _("Go on with papers, or wait"), reason % {"who": who, "n": step.values["n"]}


def _day(values: Mapping[str, Any]) -> dict[str, str]:
    return {"day": f"{values['day']:%b} {values['day'].day}"}
