"""Begin: an application is opened for one or more programs, with what the screener heard."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from latchstring.applications.answer import work_out
from latchstring.applications.models import Application, ApplicationProgram
from latchstring.applications.open_now import refuse_closed
from latchstring.applications.steps import Interview
from latchstring.kernel import clock, events, transactions
from latchstring.kernel.errors import Invalid
from latchstring.kernel.ids import new_id
from latchstring.kernel.references import new_reference
from latchstring.people import door as people
from latchstring.programs import door as programs
from latchstring.programs import publication


def begin(
    household: people.Household,
    account: people.Account,
    program_slugs: Sequence[str],
    language: str,
    heard: Mapping[str, Any] | None = None,
    routing: Mapping[str, Any] | None = None,
) -> Application:
    """Open a draft pinned to the versions in force, or return the draft that is open already.

    `heard` are the screener's facts (texts, numbers, yes or no), kept as stated where the
    household has not said otherwise; `routing` is which other office was named and what was chosen.
    NotOpen where a program takes no applications today.
    """
    asked = sorted(set(program_slugs))
    if not asked:
        raise Invalid("Choose at least one program.")
    if not set(asked) <= {program.slug for program in programs.programs()}:
        raise Invalid("One of these programs cannot be applied for here.")
    with transactions.verb() as moment:
        found = _open_draft(household, asked)
        if found is None:
            found = Application.objects.create(
                id=new_id(),
                agency=household.agency_id,
                reference=new_reference(household.agency_id[:2].upper()),
                household=household.id,
                account=account.id,
                language=language,
                began_at=moment,
                saved_at=moment,
                routing=dict(routing or {}),
            )
            for slug in asked:
                ApplicationProgram.objects.create(
                    agency=found.agency,
                    application=found,
                    program=slug,
                    version=_version_today(slug),
                )
            events.record(
                "application.begun.v1",
                subject=found.id,
                agency=found.agency,
                actor=account.actor,
                payload={"household": household.id, "programs": asked},
            )
        elif routing:
            found.routing = dict(routing)
            found.save(update_fields=["routing"])
        _carry_over(household, found, heard or {}, account.actor)
        interview = Interview(found)
        refuse_closed(interview.versions, interview.for_rules)
    return found


def _open_draft(household: people.Household, asked: list[str]) -> Application | None:
    rows = Application.objects.filter(
        household=household.id, submitted_at__isnull=True, withdrawn_at__isnull=True
    )
    for row in rows.order_by("began_at"):
        if [p.program for p in row.programs.order_by("program")] == asked:
            return row
    return None


def _version_today(slug: str) -> str:
    today = clock.today()
    return publication.in_force(slug, today) or publication.pin(programs.load_program(slug, today))


def _carry_over(
    household: people.Household, draft: Application, heard: Mapping[str, Any], actor: str
) -> None:
    """Keep what was heard and is not known yet, and what the lists of people say already."""
    interview = Interview(draft)
    typed = {}
    for key, value in heard.items():
        definition = programs.dictionary().get(key)
        if definition is not None and key not in interview.views and value is not None:
            typed[key] = Decimal(str(value)) if definition.type == "money" else value
    people.state_facts(household, typed, actor=actor, again_since=draft.began_at)
    read = {key for program in interview.versions for key in program.readers}
    if "months_assisted" in read - interview.views.keys():
        people.state_fact(household, "months_assisted", 0, actor=actor, source="system")
    work_out(household, actor)
