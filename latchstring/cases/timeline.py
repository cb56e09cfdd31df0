"""Timeline: what happened in a case as dated lines with words in both languages.

Lines for the resident leave out what only staff need (who was assigned, notes, failed calls).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from latchstring.cases.models import Case
from latchstring.cases.words import agency_words
from latchstring.documents import door as documents
from latchstring.kernel import events, money
from latchstring.payments import door as payments
from latchstring.programs import door as programs

# type -> (English, Spanish, for the resident too)
WORDS: dict[str, tuple[str, str, bool]] = {
    "case.opened.v1": ("Application received", "Solicitud recibida", True),
    "check.wanted.v1": ("We ask {source}", "Preguntamos a {source}", True),
    "check.answered.v1": ("Answer from {source}", "Respuesta de {source}", True),
    "check.failed.v1": (
        "{source} did not answer ({status}); we ask again",
        "{source} no respondió ({status}); preguntamos de nuevo",
        False,
    ),
    "check.given_up.v1": (
        "We go on without {source}",
        "Seguimos sin la respuesta de {source}",
        True,
    ),
    "case.determined.v1": ("Rules applied: {outcome}", "Reglas aplicadas: {outcome}", False),
    "case.ready.v1": ("With a caseworker", "Con un trabajador del caso", True),
    "information.requested.v1": (
        "We asked you for something",
        "Le pedimos algo",
        True,
    ),
    "information.answered.v1": ("You answered", "Usted respondió", True),
    "information.cancelled.v1": ("A request was taken back", "Se retiró una petición", True),
    "decision.prepared.v1": ("A decision was prepared", "Se preparó una decisión", True),
    "decision.returned.v1": ("The decision was sent back", "La decisión fue devuelta", False),
    "decision.approved.v1": ("Decided: {kind}", "Decidido: {kind}", True),
    "money.obligated.v1": ("Money set aside", "Dinero apartado", True),
    "notice.written.v1": ("Letter: {kind}", "Carta: {kind}", True),
    "benefit.issued.v1": ("Help put on the card", "Ayuda cargada en la tarjeta", True),
    "payment.settled.v1": ("Payment arrived", "El pago llegó", True),
    "payment.returned.v1": ("The bank sent a payment back", "El banco devolvió un pago", True),
    "payment.repeated.v1": ("Payment sent again", "Pago enviado de nuevo", True),
    "payee.named.v1": ("Payee named", "Se nombró a quién pagar", False),
    "case.assigned.v1": ("Assigned", "Asignado", False),
    "staff_word.put_down.v1": (
        "Put down by staff: {kind}",
        "Anotado por el personal: {kind}",
        False,
    ),
    "case.noted.v1": ("Note written", "Nota escrita", False),
    "case.withdrawn.v1": ("Application taken back", "Solicitud retirada", True),
    "case.closed.v1": ("Case closed", "Caso cerrado", True),
    "case.reopened.v1": ("Case opened again", "Caso abierto de nuevo", True),
}
CODES = {
    "eligible": ("eligible", "elegible"),
    "ineligible": ("a test is not met", "no se cumple un requisito"),
    "unknown": ("something is not known yet", "falta saber algo"),
    "approve": ("approved", "aprobada"),
    "deny": ("not approved", "no aprobada"),
    "received": ("we have your application", "recibimos su solicitud"),
    "request_for_information": ("we need something", "necesitamos algo"),
    "approved": ("approved", "aprobada"),
    "denied": ("our decision", "nuestra decisión"),
    "paid": ("paid", "pagado"),
    "withdrawn": ("taken back", "retirada"),
    "amount": ("an amount set by the agency", "una cantidad fijada por la agencia"),
    "looked_at": ("a rule that a person checks", "una regla que revisa una persona"),
    "interview": ("the interview", "la entrevista"),
    "payment_returned": ("a payment came back", "un pago fue devuelto"),
}


@dataclass(frozen=True)
class Entry:
    """A dated line of a timeline."""

    at: datetime
    kind: str
    words: dict[str, str]
    actor: str
    for_resident: bool
    reference: str = ""
    amount_cents: int | None = None

    @property
    def en(self) -> str:
        """In English."""
        return self.words["en"]

    @property
    def es(self) -> str:
        """In Spanish."""
        return self.words["es"]


def timeline(case: Case, *, for_resident: bool = False) -> list[Entry]:
    """Return what happened, oldest first: events, papers, payments."""
    found = [_of_event(event) for event in events.of_subject(case.id) if event.type in WORDS]
    found += _papers(case)
    found += _payments(case)
    found.sort(key=lambda entry: entry.at)
    return [entry for entry in found if entry.for_resident or not for_resident]


def _of_event(event: events.Event) -> Entry:
    english, spanish, public = WORDS[event.type]
    return Entry(
        at=event.business_at,
        kind=event.type,
        words={
            "en": _filled(english, event.payload, 0),
            "es": _filled(spanish, event.payload, 1),
        },
        actor=event.actor,
        for_resident=public,
        reference=str(
            event.payload.get("decision")
            or event.payload.get("determination")
            or event.payload.get("notice")
            or event.payload.get("check")
            or event.payload.get("request")
            or ""
        ),
    )


def _filled(words: str, payload: dict[str, Any], tongue: int) -> str:
    source = str(payload.get("operation", "")).partition(".")[0]
    filling = {
        "source": agency_words(source, ("en", "es")[tongue]),
        "status": str(payload.get("status", "")),
    }
    for key in ("outcome", "kind"):
        code = str(payload.get(key, ""))
        filling[key] = CODES.get(code, (code.replace("_", " "),) * 2)[tongue]
    text = words.format(**filling)
    if tongue:  # Spanish draws these together: «del departamento», «al departamento»
        text = text.replace(" de el ", " del ").replace(" a el ", " al ")
    return text[:1].upper() + text[1:]


def _papers(case: Case) -> list[Entry]:
    return [
        Entry(
            at=paper.given_at,
            kind="document.given",
            words={
                "en": f"Paper received: {programs.paper_words(paper.kind, 'en')}",
                "es": f"Documento recibido: {programs.paper_words(paper.kind, 'es')}",
            },
            actor="",
            for_resident=True,
            reference=str(paper.id),
        )
        for paper in documents.given_by(case.household)
        if paper.application in (None, case.application)
    ]


def _payments(case: Case) -> list[Entry]:
    return [
        Entry(
            at=row.wanted_at,
            kind="payment.wanted",
            words={
                "en": f"Payment prepared: {money.shown(row.amount_cents)}",
                "es": f"Pago preparado: {money.shown(row.amount_cents)}",
            },
            actor=row.prepared_by,
            for_resident=True,
            reference=str(row.id),
            amount_cents=row.amount_cents,
        )
        for row in payments.of_case(case.id)
    ]
