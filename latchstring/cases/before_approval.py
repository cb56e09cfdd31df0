"""Before approval: what a person must put down because no rule says it.

The program's document names each: an amount that the agency sets, a rule that is not covered
(`not_covered`), an interview (a stage of that name). What is put down is inserted and never
changed; the newest of its kind counts. An amount becomes part of the snapshot that a determination
rests on, so that it can be derived again.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from latchstring.audit import door as audit
from latchstring.cases.determine import determine, opened
from latchstring.cases.errors import AlreadyDecided
from latchstring.cases.gather import filed_on
from latchstring.cases.locks import open_case
from latchstring.cases.models import Case, StaffWord
from latchstring.cases.policy import permit
from latchstring.cases.typed import untagged
from latchstring.kernel import clock, events, limits, money, transactions
from latchstring.kernel.errors import Invalid
from latchstring.kernel.find import find
from latchstring.kernel.ids import new_id
from latchstring.programs import door as programs
from latchstring.programs import publication
from latchstring.vault import door as vault

AMOUNT, LOOKED_AT, INTERVIEW = "amount", "looked_at", "interview"
HOW = ("phone", "in_person", "waived")
CENT = Decimal("0.01")
AMOUNT_MOST = Decimal(25_000)  # a mistyped amount is caught here; the law's caps are the document's


@dataclass(frozen=True)
class Todo:
    """One thing to put down before a case can be approved, and what was put down last."""

    kind: str
    about: str  # the line, the rule; empty for the interview
    words: Mapping[str, str]
    citation: str
    given: StaffWord | None
    said: str  # the words put down, opened


def before_approval(
    case: Case, result: Mapping[str, Any] | None, *, at: datetime | None = None
) -> list[Todo]:
    """Return what a person must put down before a case is approved, done or not, in order.

    `at` leaves out what was put down later: for a decision of that moment.
    """
    program = publication.program_by_hash(case.version)
    rows = find(_said_by_then, case.id, at or clock.now())
    last = {(row.kind, row.about): row for row in rows}
    vault.fetch_keys((row.id for row in last.values()), data_class="message")

    def todo(kind: str, about: str, words: Mapping[str, str], citation: str = "") -> Todo:
        row = last.get((kind, about))
        return Todo(kind, about, dict(words), citation, row, words_of(row) if row else "")

    found = [
        todo(LOOKED_AT, one["id"], {"en": one["en"], "es": one["es"]}, _cited(one))
        for one in program.document.get("not_covered", [])
    ]
    for stage in program.document.get("stages", []):
        if stage["id"] == INTERVIEW:
            found.append(todo(INTERVIEW, "", stage["label"], _cited(stage)))
    unset = {line["id"] for line in (result or {}).get("unset", [])}
    for line in program.benefits:
        if line.id in unset or (AMOUNT, line.id) in last:
            found.append(todo(AMOUNT, line.id, line.label))
    return found


def _said_by_then(case_id: uuid.UUID, moment: datetime) -> QuerySet[StaffWord]:
    return StaffWord.objects.filter(case=case_id, said_at__lte=moment).order_by("said_at", "id")


def _cited(entry: Mapping[str, Any]) -> str:
    return programs.citation_text(entry.get("citation", {}))


def still_to_do(case: Case, result: Mapping[str, Any]) -> list[Todo]:
    """Return what is not put down yet."""
    return [one for one in before_approval(case, result) if one.given is None]


def set_amount(case_id: uuid.UUID, line: str, amount: Decimal, words: str, actor: str) -> StaffWord:
    """Set the amount of a line that the rules leave to the agency, with where it comes from."""
    if not amount.is_finite() or not 0 <= amount <= AMOUNT_MOST or amount % CENT:
        message = "Write an amount in dollars and cents, at most $25,000.00."
        raise Invalid(fields={"amount": message})
    with transactions.verb():
        case = _open(case_id, actor)
        found = determine(case.id, actor)
        open_ones = before_approval(case, found.result)
        if (AMOUNT, line) not in {(todo.kind, todo.about) for todo in open_ones}:
            raise Invalid("The rules do not leave this amount to the agency.")
        most = _most(case, line, opened(found))
        if most is not None and amount > most:
            raise Invalid(fields={"amount": f"At most {money.shown(money.cents(most))}: the cost."})
        row = _put_down(case, AMOUNT, line, words, actor, amount_cents=money.cents(amount))
        determine(case.id, actor)
    return row


def _most(case: Case, line: str, snapshot: Mapping[str, Any]) -> Decimal | None:
    """Return what an amount may not be above, as the document and the household's facts say."""
    benefits = publication.program_by_hash(case.version).document["benefits"]
    fact = next(one for one in benefits if one["id"] == line).get("set_at_most")
    known = snapshot["facts"].get(fact)
    return Decimal(untagged(known["value"])) if known else None


def look_at(case_id: uuid.UUID, rules: Sequence[str], words: str, actor: str) -> list[StaffWord]:
    """Put down what a person saw about rules that are not covered."""
    with transactions.verb():
        case = _open(case_id, actor)
        document = publication.program_by_hash(case.version).document
        known = {one["id"] for one in document.get("not_covered", [])}
        if not rules or not known.issuperset(rules):
            raise Invalid(fields={"rules": "Check what you have looked at."})
        return [_put_down(case, LOOKED_AT, rule, words, actor) for rule in rules]


def interview(case_id: uuid.UUID, on: date, how: str, words: str, actor: str) -> StaffWord:
    """Put down that the interview was held (by phone, in person), or waived and why."""
    with transactions.verb():
        case = _open(case_id, actor)
        wrong = {}
        if how not in HOW:
            wrong["how"] = "Choose how the interview was held."
        if not filed_on(case) <= on <= clock.today():
            wrong["on"] = "Choose a day from the filing day to today."
        if wrong:
            raise Invalid(fields=wrong)
        return _put_down(case, INTERVIEW, "", words, actor, day=on, how=how)


def _open(case_id: uuid.UUID, actor: str) -> Case:
    case = open_case(case_id)
    permit(actor, "case.decide", case)
    if case.stage in ("approval", "payment"):
        raise AlreadyDecided()
    return case


def _put_down(case: Case, kind: str, about: str, words: str, actor: str, **more: Any) -> StaffWord:
    if not words.strip() or len(words) > limits.FREE_TEXT_CHARACTERS_MAX:
        raise Invalid(fields={"words": "Please write a few words: an auditor reads this."})
    word_id = new_id()
    row = StaffWord.objects.create(
        id=word_id,
        agency=case.agency,
        case=case,
        kind=kind,
        about=about,
        words_sealed=vault.seal(words.strip(), agency=case.agency, **_place(word_id)),
        said_by=actor,
        said_at=clock.now(),
        **more,
    )
    audit.record(
        f"staff_word.{kind}",
        agency=case.agency,
        actor=actor,
        object_type="case",
        object_id=case.id,
        household=case.household,
        purpose="decision",
        detail={"about": about},
    )
    events.record(
        "staff_word.put_down.v1",
        subject=case.id,
        agency=case.agency,
        actor=actor,
        payload={"kind": kind, "about": about, "word": str(row.id)},
    )
    return row


def words_of(row: StaffWord) -> str:
    """Return what was put down, opened. For staff only."""
    return str(vault.open_text(row.words_sealed, **_place(row.id)))


def _place(word_id: uuid.UUID) -> dict[str, Any]:
    return {"data_class": "message", "subject": word_id, "field": "staff_word.words"}
