"""Status: what a resident is told about a case, in the language they read: what happened, what
happens next, who acts, and by when.

It is derived from the same rows that staff see (never kept), so the two cannot disagree.
"""

import uuid
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from latchstring.cases.advance import open_checks
from latchstring.cases.issue import granted
from latchstring.cases.models import Case, Decision
from latchstring.cases.queries import lines_of
from latchstring.cases.request_information import open_requests
from latchstring.cases.words import item_words
from latchstring.kernel import clock, money
from latchstring.kernel.find import find
from latchstring.payments import door as payments
from latchstring.programs import door as programs
from latchstring.verification import door as verification

WORDS = {
    "verifying": (
        (
            "We have your application and are checking it.",
            "We ask other agencies for you, as you agreed.",
        ),
        (
            "Tenemos su solicitud y la estamos revisando.",
            "Preguntamos a otras agencias por usted, como nos permitió.",
        ),
    ),
    "looking": (
        (
            "We have your application and are checking it.",
            "We look at what you told us and at your papers.",
        ),
        (
            "Tenemos su solicitud y la estamos revisando.",
            "Vemos lo que nos dijo y sus documentos.",
        ),
    ),
    "agency_down": (
        (
            "Another agency has not answered us yet.",
            "We keep asking. You lose nothing, and you do not need to do anything.",
        ),
        (
            "Otra agencia todavía no nos responde.",
            "Seguimos preguntando. Usted no pierde nada y no tiene que hacer nada.",
        ),
    ),
    "request": (
        ("We need something from you: {item}.", "Send it, or tell us if you cannot get it."),
        ("Necesitamos algo de usted: {item}.", "Envíelo, o díganos si no puede conseguirlo."),
    ),
    "review": (
        (
            "A caseworker is looking at your application.",
            "They decide, or ask you if something is missing.",
        ),
        (
            "Un trabajador del caso está revisando su solicitud.",
            "Decidirá, o le preguntará si falta algo.",
        ),
    ),
    "approval": (
        ("A decision is prepared.", "A second person looks at it, so that no one decides alone."),
        (
            "Hay una decisión preparada.",
            "Una segunda persona la revisa, para que nadie decida solo.",
        ),
    ),
    "payment": (
        ("Your application was approved: {amount}.", "The payment is being prepared and sent."),
        ("Su solicitud fue aprobada: {amount}.", "El pago se está preparando y enviando."),
    ),
    "issuing": (
        (
            "Your application was approved: {amount} each month.",
            "It is being put on your card.",
        ),
        (
            "Su solicitud fue aprobada: {amount} cada mes.",
            "Se está cargando en su tarjeta.",
        ),
    ),
    "on_card": (
        (
            "Your help is on your card: {amount} each month.",
            "It comes again each month until {until}. We write to you before it ends.",
        ),
        (
            "Su ayuda está en su tarjeta: {amount} cada mes.",
            "Llega cada mes hasta el {until}. Le escribiremos antes de que termine.",
        ),
    ),
    "no_account": (
        (
            "Your application was approved: {amount}.",
            "We are asking the one we pay for a bank account.",
        ),
        (
            "Su solicitud fue aprobada: {amount}.",
            "Estamos pidiendo una cuenta de banco a quien le pagaremos.",
        ),
    ),
    "with_bank": (
        ("The payment is with the bank: {amount}.", "It arrives in one or two business days."),
        ("El pago está en el banco: {amount}.", "Llega en uno o dos días hábiles."),
    ),
    "returned": (
        ("The bank sent a payment back to us.", "We find the right account and send it again."),
        ("El banco nos devolvió un pago.", "Buscamos la cuenta correcta y lo enviamos de nuevo."),
    ),
    "paid": (
        ("Your help was paid: {amount}.", "There is nothing more to do."),
        ("Su ayuda fue pagada: {amount}.", "No hay nada más que hacer."),
    ),
    "denied": (
        (
            "We could not approve your application.",
            "Our letter says why, and how to ask us to look again.",
        ),
        (
            "No pudimos aprobar su solicitud.",
            "Nuestra carta dice por qué y cómo pedirnos que la revisemos.",
        ),
    ),
    "withdrawn": (
        ("You took your application back.", "You can apply again at any time."),
        ("Usted retiró su solicitud.", "Puede solicitar de nuevo cuando quiera."),
    ),
}
WHO = {
    "us": ("We do", "Nosotros"),
    "you": ("You do", "Usted"),
    "bank": ("The bank", "El banco"),
    "agency": ("Another agency", "Otra agencia"),
    "nobody": ("Nobody", "Nadie"),
}


@dataclass(frozen=True)
class Status:
    """`code` is for pictures and tests; the rest is what the resident reads."""

    code: str
    happened: str
    next: str
    who: str
    who_code: str
    by: date | None
    by_words: str


def code_of(case: Case) -> tuple[str, str, date | None]:
    """Return (code, who acts, by when) of a case, derived from the same rows as staff see."""
    if case.stage == "closed":
        code = {"approved": "paid", "denied": "denied"}.get(case.outcome, "withdrawn")
        if code == "paid" and granted(case) is not None:
            return "on_card", "nobody", None
        last = _appeal_until(case) if code == "denied" else None
        return code, "you" if last else "nobody", last
    asked = open_requests(case)
    if asked and case.stage in ("verifying", "review"):
        return "request", "you", asked[0].answer_by
    if case.stage == "verifying":
        trouble = any(check.attempts for check in open_checks(case.id))
        return ("agency_down", "agency", None) if trouble else ("verifying", "us", case.due_on)
    if case.stage == "payment":
        return _payment(case)
    return case.stage, "us", case.due_on


def _payment(case: Case) -> tuple[str, str, date | None]:
    if granted(case) is not None:
        return "issuing", "us", None
    rows = payments.of_case(case.id)
    live = {payments.status(row) for row in rows if row.voided_at is None}
    if not live and rows:
        return "returned", "us", None
    if "with_bank" in live:
        return "with_bank", "bank", None
    return ("no_account" if "no_account" in live or not live else "payment"), "us", None


def _appeal_until(case: Case) -> date | None:
    row = case.decisions.filter(kind="deny", approved_at__isnull=False).first()
    until = row.appeal_until if row else None
    return until if until and until >= clock.today() else None


def status_of(case: Case, language: str = "") -> Status:
    """Return a case's status in words."""
    tongue = language or case.language
    spanish = tongue == "es"
    code, who, by = code_of(case)
    nobody_is_asked = code == "verifying" and not verification.of_case(case.id)
    happened, following = WORDS["looking" if nobody_is_asked else code][spanish]
    asked = open_requests(case)
    by_month = granted(case)
    filling = {
        "until": programs.text(by_month.certified_until, tongue) if by_month else "",
        "amount": money.shown(approved_cents(case)),
        "item": item_words(case, asked[0].what, tongue) if asked else "",
    }
    return Status(
        code=code,
        happened=happened.format(**filling),
        next=following.format(**filling),
        who=WHO[who][spanish],
        who_code=who,
        by=by,
        by_words=_by_words(case, by, tongue),
    )


def _by_words(case: Case, by: date | None, tongue: str) -> str:
    """The day; of a clock that counts hours, the hour too."""
    if by is None:
        return ""
    words = programs.text(by, tongue)
    if by != case.due_on or clock.is_end_of_day(case.due_at):
        return words
    return f"{words}, {case.due_at.astimezone(clock.MOUNTAIN):%H:%M}"


def approved_cents(case: Case) -> int:
    """Return the cents of the approved decision; 0 where there is none."""
    for row in find(_approved, case.id):
        return sum(line.amount_cents for line in lines_of(row))
    return 0


def _approved(case_id: uuid.UUID) -> QuerySet[Decision]:
    rows = Decision.objects.filter(case=case_id, kind="approve", approved_at__isnull=False)
    return rows.order_by("id")[:1]
