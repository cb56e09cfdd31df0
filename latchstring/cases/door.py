"""The cases room's door."""

from latchstring.cases.advance import (
    consider,
    follow_payments,
    open_checks,
    take_papers,
    want_checks,
)
from latchstring.cases.approve import approve
from latchstring.cases.assign import assign
from latchstring.cases.before_approval import (
    Todo,
    before_approval,
    interview,
    look_at,
    set_amount,
)
from latchstring.cases.checks import (
    CHECKS,
    cases_settled_but_open,
    cases_verifying_for_nothing,
    cases_with_a_month_unissued,
    cases_with_papers_untaken,
    requests_overdue,
)
from latchstring.cases.clocks import clock_words
from latchstring.cases.decide_by_policy import decide_by_policy, why_not
from latchstring.cases.determine import (
    Replay,
    determination_of,
    determine,
    opened,
    replay,
    replays,
)
from latchstring.cases.errors import (
    AlreadyDecided,
    FactsHaveChanged,
    IncompleteDenial,
    NoSuchCase,
    NotEligible,
    NothingToPay,
    NotPutDown,
    SamePerson,
    StillWaiting,
)
from latchstring.cases.go_on_without import go_on_without
from latchstring.cases.issue import CARD, next_issuance_at
from latchstring.cases.letters import appeal_text, laws_in, payee_words
from latchstring.cases.models import (
    STAGES,
    Case,
    CasePayee,
    Decision,
    DecisionLine,
    Determination,
    InformationRequest,
)
from latchstring.cases.note import note, notes_of
from latchstring.cases.open import open  # noqa: A004 - named as the step is
from latchstring.cases.pay import name_payee, pay_again, payee_of
from latchstring.cases.policy import case_for
from latchstring.cases.prepare import (
    denial_words,
    months_to_choose,
    prepare_approval,
    prepare_denial,
)
from latchstring.cases.queries import (
    cases_of_application,
    cases_of_household,
    decided,
    decision_of,
    decisions_of,
    lines_of,
    others_open,
)
from latchstring.cases.request_information import (
    answer_request,
    cancel_request,
    open_requests,
    open_requests_in_words,
    request_information,
    words_of,
)
from latchstring.cases.send_back import send_back
from latchstring.cases.status import Status, approved_cents, status_of
from latchstring.cases.take_answers import take_answers
from latchstring.cases.timeline import Entry, timeline
from latchstring.cases.twin import FactUsed, Origin, Reason, TableUsed, Twin, tell
from latchstring.cases.withdraw import withdraw

__all__ = [
    "CARD",
    "CHECKS",
    "STAGES",
    "AlreadyDecided",
    "Case",
    "CasePayee",
    "Decision",
    "DecisionLine",
    "Determination",
    "Entry",
    "FactUsed",
    "FactsHaveChanged",
    "IncompleteDenial",
    "InformationRequest",
    "NoSuchCase",
    "NotEligible",
    "NotPutDown",
    "NothingToPay",
    "Origin",
    "Reason",
    "Replay",
    "SamePerson",
    "Status",
    "StillWaiting",
    "TableUsed",
    "Todo",
    "Twin",
    "answer_request",
    "appeal_text",
    "approve",
    "approved_cents",
    "assign",
    "before_approval",
    "cancel_request",
    "case_for",
    "cases_of_application",
    "cases_of_household",
    "cases_settled_but_open",
    "cases_verifying_for_nothing",
    "cases_with_a_month_unissued",
    "cases_with_papers_untaken",
    "clock_words",
    "consider",
    "decide_by_policy",
    "decided",
    "decision_of",
    "decisions_of",
    "denial_words",
    "determination_of",
    "determine",
    "follow_payments",
    "go_on_without",
    "interview",
    "laws_in",
    "lines_of",
    "look_at",
    "months_to_choose",
    "name_payee",
    "next_issuance_at",
    "note",
    "notes_of",
    "open",
    "open_checks",
    "open_requests",
    "open_requests_in_words",
    "opened",
    "others_open",
    "pay_again",
    "payee_of",
    "payee_words",
    "prepare_approval",
    "prepare_denial",
    "replay",
    "replays",
    "request_information",
    "requests_overdue",
    "send_back",
    "set_amount",
    "status_of",
    "take_answers",
    "take_papers",
    "tell",
    "timeline",
    "want_checks",
    "why_not",
    "withdraw",
    "words_of",
]
