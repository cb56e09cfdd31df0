"""Which version of a program is in force, whether a round is open, and who signed for machines."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import yaml
from django.db.models import Q, QuerySet

from latchstring.audit import door as audit
from latchstring.kernel import clock, events, transactions
from latchstring.kernel.errors import Conflict, Invalid
from latchstring.kernel.find import find
from latchstring.people import door as people
from latchstring.programs import rounds, tables
from latchstring.programs.document import LANGUAGES, Program, prepared, shipped
from latchstring.programs.errors import UnknownProgram
from latchstring.programs.households import cases_of, mismatches
from latchstring.programs.models import (
    KeptTable,
    KeptVersion,
    PublishedVersion,
    RoundAct,
    StandingAuthorisation,
)
from latchstring.programs.reading import read_text
from latchstring.programs.rounds import Act, Round


@cache
def program_by_hash(version: str) -> Program:
    """Return the program version with that SHA-256, as it was read when it was pinned.

    A file that still says the same is used; otherwise the text that was kept. UnknownProgram when
    there is neither.
    """
    found = shipped(version)
    if found is not None:
        return found
    kept = KeptVersion.objects.filter(version=version).first()
    if kept is None:
        raise UnknownProgram("There is no program version with that hash.")
    return prepared(read_text(kept.text, f"version {version[:12]} of {kept.program}"))


def pin(program: Program) -> str:
    """Keep the whole text of a version that somebody relies on from now; returns its hash."""
    KeptVersion.objects.get_or_create(
        version=program.version,
        defaults={
            "program": program.slug,
            "text": _yaml(program.document),
            "kept_at": clock.now(),
        },
    )
    return program.version


def keep_tables(program: Program) -> dict[str, str]:
    """Keep the tables that a program looks into as they are today; table -> SHA-256."""
    digests = {name: tables.digest(name) for name in program.table_names}
    rows = KeptTable.objects.filter(digest__in=digests.values())
    kept = set(rows.values_list("digest", flat=True))
    for name, digest in digests.items():
        if digest not in kept:
            declaration, figures = tables.texts(name)
            KeptTable.objects.get_or_create(
                digest=digest,
                defaults={
                    "name": name,
                    "declaration": _yaml(declaration),
                    "figures": figures,
                    "kept_at": clock.now(),
                },
            )
    return digests


def program_as_then(version: str, digests: Mapping[str, str]) -> Program:
    """Return a program version over the tables with those SHA-256, whatever the catalog says now.

    `digests`: table -> SHA-256, as `keep_tables` returned them; a table that is not among them is
    today's. UnknownProgram when one of them was never kept.
    """
    return _as_then(version, tuple(sorted(digests.items())))


@cache
def _as_then(version: str, digests: tuple[tuple[str, str], ...]) -> Program:
    program = program_by_hash(version)
    others = [(name, digest) for name, digest in digests if digest != tables.digest(name)]
    return program.with_tables({n: _kept_table(n, d) for n, d in others}) if others else program


def _kept_table(name: str, digest: str) -> tables.Table:
    row = KeptTable.objects.filter(digest=digest, name=name).first()
    if row is None:
        raise UnknownProgram(f"The table {name} was not kept as {digest[:12]}.")
    declaration = read_text(row.declaration, f"table {name} as {digest[:12]}")
    return tables.from_texts(name, declaration, row.figures)


def _yaml(document: Mapping[str, Any]) -> str:
    return yaml.safe_dump(_plain(document), allow_unicode=True, sort_keys=False)


def _plain(value: Any) -> Any:
    """Return a document as plain mappings and lists, which is what YAML writes."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def in_force(program: str, on: date) -> str | None:
    """Return the hash of the version in force on a day; None where none was published by then."""
    row = (
        PublishedVersion.objects.filter(
            program=program, effective_from__lte=on, withdrawn_at__isnull=True
        )
        .order_by("-effective_from", "-published_at")
        .first()
    )
    return row.version if row else None


def publish(
    program: str, version: str, *, agency: str, effective_from: date, actor: str
) -> PublishedVersion:
    """Put a version in force from a day. Publishing it again changes nothing."""
    with transactions.verb() as moment:
        pin(program_by_hash(version))
        row, fresh = PublishedVersion.objects.get_or_create(
            program=program,
            version=version,
            defaults={
                "agency": agency,
                "effective_from": effective_from,
                "published_at": moment,
                "published_by": actor,
            },
        )
        if fresh:
            _written_down("program.published", row, actor)
    return row


def publish_checked(program: Program, *, first_day: date | None, actor: str) -> PublishedVersion:
    """Publish a version for its agency; refused while its own test households fail.

    `first_day` is the day it takes effect: by default the document's own. Conflict when that day
    is past and another version was in force on it: a decision may rest on that one.
    """
    if program.draft:
        raise Invalid(f"{program.slug} is a draft. Take `draft: true` out of it first.")
    if not cases_of(program.slug):
        raise Invalid(f"{program.slug} has no test households. Write some beside it first.")
    _run_by_the_state(program)
    wrong = list(mismatches(program))
    if wrong:
        raise Invalid(f"{len(wrong)} test households come out otherwise. First: {wrong[0]}")
    first = first_day or program.effective_from
    standing = in_force(program.slug, first)
    if standing not in (None, program.version) and first < clock.today():
        raise Conflict(
            f"{first} is past, and another version was in force. Choose a day from today."
        )
    return publish(
        program.slug,
        program.version,
        agency=str(program.document["agency"]),
        effective_from=first,
        actor=actor,
    )


def _run_by_the_state(program: Program) -> None:
    """Refuse an agency that is not the one of the program's state: applications go to that one."""
    own, named = people.agency_of_state(program.state), program.document["agency"]
    if own is None:
        raise Invalid(f"There is no agency of {program.state} yet, so nobody could apply.")
    if named != own.slug:
        raise Invalid(
            f"There is no agency {named} in {program.state}. Write `agency: {own.slug}`; who runs "
            "the program in people's words is `administered_by`."
        )


def withdraw(program: str, version: str, *, actor: str) -> PublishedVersion:
    """Take back a version before its first day. Again changes nothing.

    Conflict once it has been in force: then a new version mends it.
    """
    rows = list(PublishedVersion.objects.filter(program=program, version__startswith=version))
    if len(rows) != 1:
        raise Invalid(f"{len(rows)} published versions of {program} begin with {version}.")
    row = rows[0]
    if row.withdrawn_at is None:
        if row.effective_from <= clock.today():
            raise Conflict(
                f"It is in force since {row.effective_from}. Publish a version that mends it."
            )
        with transactions.verb() as moment:
            row.withdrawn_at = moment
            row.save(update_fields=["withdrawn_at"])
            _written_down("program.withdrawn", row, actor)
    return row


def _written_down(action: str, row: PublishedVersion, actor: str) -> None:
    audit.record(
        action,
        agency=row.agency,
        actor=actor,
        object_type="program_version",
        object_id=row.id,
        detail={"program": row.program, "version": row.version, "from": str(row.effective_from)},
    )


def published() -> list[PublishedVersion]:
    """Return every published version, by program and first day."""
    return list(PublishedVersion.objects.order_by("program", "effective_from", "published_at"))


def round_on(program: Program, day: date) -> Round:
    """Return how a program stands on a day: by its document, then by its administrators' acts."""
    return rounds.round_on(program, day, acts_of(program.slug))


def acts_of(slug: str) -> list[Act]:
    """Return what administrators opened, paused and closed, in the order in which they did."""
    return [Act(row.act, row.from_day, row.until, row.note) for row in find(_acts, slug)]


def _acts(slug: str) -> QuerySet[RoundAct]:
    return RoundAct.objects.filter(program=slug).order_by("recorded_at", "id")


def change_round(
    program: Program,
    act: str,
    *,
    actor: str,
    note: Mapping[str, str],
    from_day: date | None = None,
    until: date | None = None,
) -> RoundAct:
    """Open, pause or close a program from a day (today); the latest act that has begun counts.

    `until` is an opening's last day, or the day on which a pause is over. Invalid for an act that
    is none, a day that is past, an end before its beginning, or a note that lacks a language.
    """
    first = from_day or clock.today()
    if act not in rounds.ACTS:
        raise Invalid(f"{act} is nothing one does to a round: {', '.join(rounds.ACTS)}.")
    if first < clock.today():
        raise Invalid(f"{first} is past. Choose a day from today.")
    if until is not None and (act == rounds.CLOSE or until < first):
        raise Invalid("An end comes on or after the first day, and a closing has none.")
    if not all(note.get(language, "").strip() for language in LANGUAGES):
        raise Invalid(f"Say why in each language: {', '.join(LANGUAGES)}.")
    return _change_round(program, Act(act, first, until, dict(note)), actor)


def _change_round(program: Program, act: Act, actor: str) -> RoundAct:
    with transactions.verb() as moment:
        row = RoundAct.objects.create(
            agency=str(program.document["agency"]),
            program=program.slug,
            act=act.act,
            from_day=act.from_day,
            until=act.until,
            note=act.note,
            actor=actor,
            recorded_at=moment,
        )
        told = {"program": row.program, "act": row.act, "from": str(row.from_day)}
        audit.record(
            "program.round",
            agency=row.agency,
            actor=actor,
            object_type="program_round",
            object_id=row.id,
            detail={**told, "until": str(row.until or ""), **row.note},
        )
        events.record(
            "program.round.v1", subject=row.id, agency=row.agency, actor=actor, payload=told
        )
    return row


def standing_authorisation(program: str, on: date) -> StandingAuthorisation | None:
    """Return the authorisation under which the rules may decide alone on a day."""
    rows = StandingAuthorisation.objects.filter(program=program, valid_from__lte=on)
    return rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on)).first()


def open_first_round(program: Program, *, opens_on: date, actor: str) -> None:
    """Open a program, without an end; where somebody did already, nothing is changed."""
    if not acts_of(program.slug):
        why = {"en": "The first round is open.", "es": "La primera ronda está abierta."}
        _change_round(program, Act(rounds.OPENED, opens_on, None, why), actor)


def sign_standing_authorisation(
    program: str,
    *,
    agency: str,
    up_to_cents: int,
    first_signer: str,
    second_signer: str,
    valid_from: date,
    text: str,
) -> StandingAuthorisation:
    """Let the rules approve alone up to an amount. Two people sign; the database sees to it."""
    known = standing_authorisation(program, clock.today())
    return known or StandingAuthorisation.objects.create(
        agency=agency,
        program=program,
        up_to_cents=up_to_cents,
        first_signer=first_signer,
        second_signer=second_signer,
        valid_from=valid_from,
        text=text,
    )
