"""The applications room's door."""

from latchstring.applications import screener, words
from latchstring.applications.after_filing import may_answer, unit_of
from latchstring.applications.answer import answer, identity_from, pass_over
from latchstring.applications.begin import begin
from latchstring.applications.checks import (
    answers_changed,
    receipts_not_kept,
    signed_but_not_submitted,
    submitted_without_form,
    submitted_without_signature,
    submitted_without_unit,
)
from latchstring.applications.errors import (
    AlreadySubmitted,
    NoSuchApplication,
    NotOpen,
    NotReady,
    WrongAnswer,
)
from latchstring.applications.file_now import may_file_now, set_apart
from latchstring.applications.household_pages import (
    drop_income,
    drop_member,
    keep_income,
    keep_member,
)
from latchstring.applications.income_in_words import source_in_words, together_in_words
from latchstring.applications.keep_for_later import claim, forget_guest_drafts, keep_for_later
from latchstring.applications.keep_routing import keep_routing
from latchstring.applications.leave_out import leave_out
from latchstring.applications.make_form import form_bytes, form_pdf, make_form
from latchstring.applications.models import Application
from latchstring.applications.next_question import Progress, next_question, progress
from latchstring.applications.open_now import Closed, closed_now
from latchstring.applications.policy import application_for
from latchstring.applications.queries import (
    SignatureView,
    application_by_id,
    of_account,
    signature_of,
)
from latchstring.applications.reading import email as read_email
from latchstring.applications.review import address_line, review, told_before
from latchstring.applications.showing import OTHER, ToShow
from latchstring.applications.sign_and_submit import Receipt, receipt, sign, sign_and_submit
from latchstring.applications.steps import Interview, Step, counties_here

__all__ = [
    "OTHER",
    "AlreadySubmitted",
    "Application",
    "Closed",
    "Interview",
    "NoSuchApplication",
    "NotOpen",
    "NotReady",
    "Progress",
    "Receipt",
    "SignatureView",
    "Step",
    "ToShow",
    "WrongAnswer",
    "address_line",
    "answer",
    "answers_changed",
    "application_by_id",
    "application_for",
    "begin",
    "claim",
    "closed_now",
    "counties_here",
    "drop_income",
    "drop_member",
    "forget_guest_drafts",
    "form_bytes",
    "form_pdf",
    "identity_from",
    "keep_for_later",
    "keep_income",
    "keep_member",
    "keep_routing",
    "leave_out",
    "make_form",
    "may_answer",
    "may_file_now",
    "next_question",
    "of_account",
    "pass_over",
    "progress",
    "read_email",
    "receipt",
    "receipts_not_kept",
    "review",
    "screener",
    "set_apart",
    "sign",
    "sign_and_submit",
    "signature_of",
    "signed_but_not_submitted",
    "source_in_words",
    "submitted_without_form",
    "submitted_without_signature",
    "submitted_without_unit",
    "together_in_words",
    "told_before",
    "unit_of",
    "words",
]
