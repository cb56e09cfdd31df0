"""The next best action on a case: one line and its reason, never a score."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latchstring.web.desk.words import word

TRIES_BEFORE_GOING_ON = 3  # after so many unanswered tries a caseworker may go on with documents


class NextStep(NamedTuple):
    """What to do, why, and whether it is the desk's turn (or the case waits for someone else)."""

    action: str
    reason: str
    ours: bool


def next_step(row: Mapping[str, Any], today: date) -> NextStep:
    """Say the next step of a row of `insight.queue`, the step that unblocks it first."""
    if row["stage"] == "closed":
        return NextStep(_("Nothing"), _("the case is closed"), False)
    if row["stage"] == "payment":
        return _paying(row)
    if row["decision_waits"]:
        return NextStep(_("Wait"), _("a second person has to release the decision"), False)
    return _papers(row) or _others(row, today) or _deciding(row)


def _paying(row: Mapping[str, Any]) -> NextStep:
    if row["no_account"]:
        return NextStep(
            _("Get the payee's bank account"), _("money is promised and cannot go out yet"), True
        )
    return NextStep(_("Wait"), _("the payment is on its way"), False)


def _papers(row: Mapping[str, Any]) -> NextStep | None:
    if row["returned_why"] and row["returned_at"]:
        return NextStep(
            _("Mend the decision"), _("sent back: %(why)s") % {"why": row["returned_why"]}, True
        )
    unread = row["papers_unread"]
    if unread:
        words = ngettext("Look at %(n)s paper", "Look at %(n)s papers", unread) % {"n": unread}
        return NextStep(words, _("nobody has accepted or refused it yet"), True)
    return None


def _others(row: Mapping[str, Any], today: date) -> NextStep | None:
    """What the case waits for from the resident or another agency."""
    if row["requests_open"]:
        if row["answer_by"] and row["answer_by"] < today:
            return NextStep(
                _("Call the resident, or go on"),
                _("the answer was due %(day)s") % {"day": f"{row['answer_by']:%b} "
                                                         f"{row['answer_by'].day}"},
                True,
            )  # fmt: skip
        return NextStep(
            _("Wait for the resident"),
            _("asked to answer by %(day)s")
            % {"day": f"{row['answer_by']:%b} {row['answer_by'].day}"},
            False,
        )
    if row["checks_open"]:
        who = ", ".join(word("source", source) for source in row["sources"] or [])
        if row["checks_tries"] >= TRIES_BEFORE_GOING_ON:
            reason = _("%(who)s did not answer, tried %(n)s times")
            return NextStep(
                _("Go on with papers, or wait"),
                reason % {"who": who, "n": row["checks_tries"]},
                True,
            )
        return NextStep(_("Wait"), _("%(who)s is being asked") % {"who": who}, False)
    return None


def _deciding(row: Mapping[str, Any]) -> NextStep:
    if row["outcome"] == "eligible":
        return NextStep(_("Prepare the approval"), _("every rule is met"), True)
    if row["outcome"] == "ineligible":
        return NextStep(
            _("Look at the failed rule, then prepare a denial"), _("a rule is not met"), True
        )
    if row["outcome"] is None:
        return NextStep(_("Wait"), _("the rules are being asked"), False)
    missing = row["missing"] or []
    reason = ngettext("%(n)s fact is not known", "%(n)s facts are not known", len(missing))
    return NextStep(_("Ask the resident for what is missing"), reason % {"n": len(missing)}, True)
