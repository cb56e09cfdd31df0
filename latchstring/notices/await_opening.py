"""Tell me when it opens: an address is kept for one letter about one program, then forgotten.

1. `await_opening`: somebody asks. A job sends a link, unless the address is known to be theirs.
2. `confirm`: who opens the link and says yes is told.
3. `tell`: when the program is open, one letter goes out and the row and its key are destroyed.
4. `stop` destroys them at once; `forget_old` does after 18 months, and after two days for an
   address that nobody confirmed.
"""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction

from latchstring.kernel import clock, events, transactions
from latchstring.kernel.environment import text
from latchstring.kernel.ids import new_id
from latchstring.notices.models import AwaitedOpening
from latchstring.programs import door as programs
from latchstring.programs import publication
from latchstring.vault import door as vault

CONSENT_VERSION = "opening-2026-1"
KEPT_DAYS_MAX = 548  # 18 months
UNCONFIRMED_DAYS_MAX = 2
AT_ONCE_MAX = 500
_CLASS, _FIELD, _SALT = "awaited", "awaited.email", "latchstring.notices.opening"
_WORDS = {
    "confirm": {
        "en": (
            "Shall we tell you when {program} opens?",
            "You asked us to write to this address when {program} opens. Open this link to say yes:"
            "\n\n{link}\n\nIf it was not you, do nothing: we forget the address in two days.",
        ),
        "es": (
            "¿Le avisamos cuando abra {program}?",
            "Usted nos pidió escribir a esta dirección cuando abra {program}. Abra este enlace "
            "para decir que sí:\n\n{link}\n\nSi no fue usted, no haga nada: olvidamos la dirección "
            "en dos días.",
        ),
    },
    "open": {
        "en": (
            "{program} is open",
            "You asked us to tell you: {program} takes applications now. Apply here:\n\n{link}\n\n"
            "This is the only letter about it. We have forgotten your address.",
        ),
        "es": (
            "{program} ya está abierto",
            "Usted nos pidió avisarle: {program} ya recibe solicitudes. Solicite aquí:\n\n"
            "{link}\n\nEsta es la única carta sobre esto. Ya olvidamos su dirección.",
        ),
    },
}


def await_opening(
    agency: str, program: str, email: str, language: str, *, confirmed: bool = False
) -> AwaitedOpening:
    """Keep an address until a program opens; the same again changes nothing but the language.

    `confirmed` says that the address is known to belong to who asks.
    """
    address = vault.token(f"{program}|{email.lower()}", agency=agency, kind="awaited")
    with transactions.verb() as moment:
        known = AwaitedOpening.objects.filter(agency=agency, program=program, address=address)
        row = known.select_for_update().first()
        if row is None:
            row = _kept(agency, program, address, email, language, moment)
        if confirmed and row.confirmed_at is None:
            row.confirmed_at = moment
        row.language = language
        row.save()
        _told(row, "opening.asked.v1", confirmed=row.confirmed_at is not None)
    return row


def _kept(
    agency: str, program: str, address: bytes, email: str, language: str, moment: datetime
) -> AwaitedOpening:
    found = new_id()
    place: dict[str, Any] = {
        "agency": agency,
        "data_class": _CLASS,
        "subject": found,
        "field": _FIELD,
    }
    try:
        with transaction.atomic():
            return AwaitedOpening.objects.create(
                id=found,
                agency=agency,
                program=program,
                language=language,
                address=address,
                email_sealed=vault.seal(email.lower(), **place),
                consent=CONSENT_VERSION,
                asked_at=moment,
            )
    except IntegrityError:  # asked twice at the same moment
        return AwaitedOpening.objects.get(agency=agency, program=program, address=address)


def confirm_by_mail(awaited_id: uuid.UUID) -> None:
    """Send the link that confirms an address, unless it is confirmed or gone."""
    row = AwaitedOpening.objects.filter(id=awaited_id, confirmed_at__isnull=True).first()
    if row is not None:
        token = signing.dumps(str(row.id), salt=_SALT)
        link = f"/{row.agency.partition('-')[0]}/tell/link/{token}/"
        _send(row, "confirm", link)


def awaited_by(token: str) -> AwaitedOpening | None:
    """Return what a link is about; None when it is wrong, told already or stopped."""
    try:
        found = signing.loads(token, salt=_SALT, max_age=timedelta(days=KEPT_DAYS_MAX))
    except signing.BadSignature:
        return None
    return AwaitedOpening.objects.filter(id=found).first()


def confirm(awaited_id: uuid.UUID) -> None:
    """Say yes to being told."""
    with transactions.verb() as moment:
        row = AwaitedOpening.objects.select_for_update().filter(id=awaited_id).first()
        if row is not None and row.confirmed_at is None:
            row.confirmed_at = moment
            row.save()
            _told(row, "opening.confirmed.v1")


def stop(awaited_id: uuid.UUID) -> None:
    """Forget an address at once."""
    with transactions.verb():
        row = AwaitedOpening.objects.select_for_update().filter(id=awaited_id).first()
        if row is not None:
            _told(row, "opening.stopped.v1")
            _forget(row)


def openings_due(today: date | None = None) -> list[tuple[uuid.UUID, str]]:
    """Return (id, agency) of who waits for a program that takes applications today."""
    rows = AwaitedOpening.objects.filter(confirmed_at__isnull=False)
    offered = {program.slug: program for program in programs.programs()}
    waited = rows.order_by("program").values_list("program", flat=True).distinct()
    day = today or clock.today()
    now_open = [
        slug
        for slug in waited
        if slug in offered and publication.round_on(offered[slug], day).status == programs.OPEN
    ]
    due = rows.filter(program__in=now_open).order_by("asked_at")
    return list(due.values_list("id", "agency")[:AT_ONCE_MAX])


def tell(awaited_id: uuid.UUID) -> None:
    """Send the one letter and forget the address; nothing where that was done already.

    A letter sent just before a crash goes out again with the same message id.
    """
    with transactions.verb():
        row = AwaitedOpening.objects.select_for_update().filter(id=awaited_id).first()
        if row is None or row.confirmed_at is None:
            return
        _send(row, "open", f"/{row.agency.partition('-')[0]}/")
        _told(row, "opening.told.v1")
        _forget(row)


def forget_old() -> int:
    """Forget addresses kept too long; returns how many."""
    now = clock.now()
    old = AwaitedOpening.objects.filter(asked_at__lt=now - timedelta(days=KEPT_DAYS_MAX))
    unconfirmed = AwaitedOpening.objects.filter(
        confirmed_at__isnull=True, asked_at__lt=now - timedelta(days=UNCONFIRMED_DAYS_MAX)
    )
    gone = list((old | unconfirmed).values_list("id", flat=True)[:AT_ONCE_MAX])
    for awaited_id in gone:
        stop(awaited_id)
    return len(gone)


def _forget(row: AwaitedOpening) -> None:
    vault.shred(row.id, _CLASS)
    row.delete()


def _told(row: AwaitedOpening, happened: str, **more: bool) -> None:
    payload = {"program": row.program, **more}
    events.record(
        happened, subject=row.id, agency=row.agency, actor="system:openings", payload=payload
    )


def _send(row: AwaitedOpening, kind: str, path: str) -> None:
    title, body = _WORDS[kind][row.language]
    base = text("LATCHSTRING_PUBLIC_URL", f"http://127.0.0.1:{text('PORT', '8000')}")
    way = "/es" if row.language == "es" else ""
    program = programs.load_program(row.program).name[row.language]
    place = {"data_class": _CLASS, "subject": row.id, "field": _FIELD}
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    EmailMessage(
        subject=title.format(program=program),
        body=body.format(program=program, link=f"{base}{way}{path}") + "\n",
        to=[vault.open_text(row.email_sealed, **place)],
        headers={"Message-ID": f"<{row.id}.{kind}@{host}>"},
    ).send()
