"""Letters: the program's own notice texts, filled in with what was decided and why.

A decision's letter holds what due process asks for (42 CFR 431.210 as a good universal minimum):
the action and its day, each reason with the facts used and the rule behind it, how and until when
to appeal, and whom to call. Words between the program's come from here, in both languages.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from latchstring.cases.models import Case, Decision, DecisionLine, InformationRequest
from latchstring.cases.twin import Reason, tell
from latchstring.kernel import clock, money
from latchstring.kernel.errors import Invalid
from latchstring.notices import door as notices
from latchstring.people import door as people
from latchstring.programs import door as programs
from latchstring.programs import publication

WORDS = {
    "en": {
        "rule": "The rule",
        "facts": "What we went by",
        "until": "The last day to ask is {day}.",
        "call": "Questions? Call {phone}.",
        "number": "Your case number is {reference}.",
        "paid_to": "to your {payee}",
        "your": "your {payee}",
        "landlord": "landlord",
        "utility": "utility company",
        "tenant": "household",
        "provider": "provider",
        "months": "for {months}",
        "note": "From your caseworker",
        "returned_next": "We will ask for the account again and send it to the right place. "
        "You do not lose your place.",
    },
    "es": {
        "rule": "La regla",
        "facts": "En qué nos basamos",
        "until": "El último día para pedirlo es el {day}.",
        "call": "¿Preguntas? Llame al {phone}.",
        "number": "Su número de caso es {reference}.",
        "paid_to": "a: {payee}",
        "your": "su {payee}",
        "landlord": "arrendador",
        "utility": "compañía de servicios",
        "tenant": "hogar",
        "provider": "proveedor",
        "months": "por {months}",
        "note": "De su trabajador del caso",
        "returned_next": "Volveremos a pedir la cuenta y lo enviaremos al lugar correcto. "
        "Usted no pierde su lugar.",
    },
}
RULE_LINE = re.compile(rf"^ *(?:{'|'.join(own['rule'] for own in WORDS.values())}): (.+)$", re.M)
PLAIN = ("applied_on", "county", "state")  # the letter's head says them


def _program(case: Case) -> programs.Program:
    return publication.program_by_hash(case.version)


def _frame(case: Case, name: str | None) -> dict[str, str]:
    """What every letter may name: who, which program, when, whom to call."""
    language = case.language
    agency = people.agency(case.agency)
    words = WORDS[language]
    closing = [
        agency.names.get(language) or agency.names["en"],
        words["call"].format(phone=agency.phone),
        words["number"].format(reference=case.reference),
    ]
    return {
        "name": people.head_name(case.household) if name is None else name,
        "program": _program(case).name[language],
        "date": programs.text(clock.today(), language),
        "reference": case.reference,
        "agency": "\n".join(closing),
    }


def send(
    case: Case, kind: str, dedupe: str, values: Mapping[str, str], name: str | None = None
) -> notices.Notice:
    """Write a notice of a kind to the case's household, once per `dedupe`.

    `name` is the head's, where the caller has read it already. Invalid for a letter that would
    leave out what its program says it must name.
    """
    template = programs.notice_template(_program(case), kind)
    language = case.language
    said = {key: words[language] for key, words in _program(case).document.get("words", {}).items()}
    filling = {**said, **_frame(case, name), **values}
    for required in template.get("must_name", ()):
        if not filling.get(programs.named_by(required)):
            raise Invalid(f"This letter cannot be sent: it must name {required}.")
    return notices.write(
        case.household,
        None,
        case.id,
        kind,
        language,
        dedupe,
        template["subject"][language].format_map(filling),
        template["body"][language].format_map(filling),
        agency=case.agency,
    )


def received(case: Case, name: str | None = None) -> notices.Notice:
    """Tell that the application arrived."""
    return send(case, "received", f"received:{case.id}", {}, name)


def asked(case: Case, request: InformationRequest, item: str, words: str) -> notices.Notice:
    """Tell what is asked for, why, and by when."""
    values = {
        "items": f"- {item}\n\n{WORDS[case.language]['note']}: {words}",
        "due_date": programs.text(request.answer_by, case.language),
    }
    return send(case, "request_for_information", f"request:{request.id}", values)


def decided(case: Case, decision: Decision) -> notices.Notice:
    """Tell a decision: amounts or reasons, facts used, citations, appeal rights with their day."""
    language = case.language
    until = decision.appeal_until or appeal_day(_program(case), clock.today())
    values = {
        "reasons": reasons(case, decision),
        "appeal": appeal_text(_program(case), until, language),
    }
    if decision.kind == "approve":
        lines = list(decision.lines.order_by("id"))
        values["amounts"] = "\n".join(f"- {_amount(case, decision, line)}" for line in lines)
        if decision.certified_from and decision.certified_until:
            values["certification_start"] = programs.text(decision.certified_from, language)
            values["certification_end"] = programs.text(decision.certified_until, language)
            first = sum(
                line.amount_cents if line.first_cents is None else line.first_cents
                for line in lines
            )
            values["first_month"] = money.shown(first)
        values["total"] = money.shown(sum(line.amount_cents for line in lines))
        return send(case, "approved", f"decision:{decision.id}", values)
    return send(case, "denied", f"decision:{decision.id}", values)


def reasons(case: Case, decision: Decision) -> str:
    """Return each criterion's sentence with its rule; of a denial what the state says first."""
    words, denied = WORDS[case.language], decision.kind == "deny"
    twin = tell(decision.determination, case.language)
    parts = []
    if denied:
        parts.append(f"- {decision.reason}\n  {words['rule']}: {decision.legal_basis}")
    told = twin.failed if denied else twin.reasons
    for reason in told:
        parts += [f"- {reason.sentence}", f"  {words['rule']}: {reason.citation}"]
    if twin.letter and not denied:
        parts.append(f"- {twin.letter}")
    parts += ["", f"{words['facts']}:", *_facts_used(told)]
    return "\n".join(parts)


def laws_in(body: str) -> Iterator[tuple[str, str]]:
    """Return a letter in parts: words, and the law that follows them ("" after the last)."""
    start = 0
    for found in RULE_LINE.finditer(body):
        yield body[start : found.start(1)], found[1]
        start = found.end(1)
    yield body[start:], ""


def _facts_used(told: Iterable[Reason]) -> list[str]:
    """Return the raw facts behind the reasons in plain words, with their source, each once."""
    used = {fact.told.key: fact for reason in told for fact in reason.facts}
    return [
        f"- {fact.line}"
        for key, fact in used.items()
        if fact.told.raw and fact.told.known and key not in PLAIN
    ]


def _amount(case: Case, decision: Decision, line: DecisionLine) -> str:
    language = case.language
    words = WORDS[language]
    amounts = tell(decision.determination, language).amounts
    told = next(amount for amount in amounts if amount.id == line.line)
    program = _program(case)
    payee = words["paid_to"].format(payee=payee_words(program, line.payee_kind, language))
    first = f"{told.label}, {payee}: {told.arithmetic}"
    return "\n".join([first, *(f"    {step.line}" for step in told.steps)])


def payee_words(program: programs.Program, kind: str, language: str) -> str:
    """Return who is paid in words: the program's own where it has some."""
    said = program.document.get("payees", {}).get(kind, {}).get("label", {})
    return str(said.get(language) or WORDS[language].get(kind, kind))


def appeal_day(program: programs.Program, decided_on: date) -> date | None:
    """Return the last day to appeal; None where the program leaves it to the agency."""
    days = program.document.get("appeal", {}).get("days")
    if not isinstance(days, int):
        return None
    return date.fromordinal(decided_on.toordinal() + days)


def appeal_text(program: programs.Program, until: date | None, language: str) -> str:
    """Return the program's appeal words with the computed last day."""
    text = str(program.document["appeal"]["text"][language])
    if until is None:
        return text
    return f"{text} {WORDS[language]['until'].format(day=programs.text(until, language))}"


def paid(case: Case, disbursement_id: Any, amount_cents: int, kind: str, purpose: str) -> None:
    """Tell that a payment arrived."""
    _payment(case, "paid", disbursement_id, amount_cents, kind, purpose)


def came_back(case: Case, disbursement_id: Any, amount_cents: int, kind: str, purpose: str) -> None:
    """Tell that the bank sent a payment back, and what happens next."""
    _payment(case, "payment_returned", disbursement_id, amount_cents, kind, purpose)


def _payment(
    case: Case, notice: str, disbursement_id: Any, amount_cents: int, kind: str, purpose: str
) -> None:
    words, language = WORDS[case.language], case.language
    label = next(
        (b.label[language].lower() for b in _program(case).benefits if b.purpose == purpose),
        purpose,
    )
    values = {
        "amount": money.shown(amount_cents),
        "payee": words["your"].format(payee=payee_words(_program(case), kind, language)),
        "purpose": label,
        "next_step": words["returned_next"],
    }
    send(case, notice, f"{notice}:{disbursement_id}", values)
