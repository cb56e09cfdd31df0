"""File now: a program that must take an application with little more than a name takes it so.

SNAP is filed with name, address and signature, and its clock starts that day (7 CFR
273.2(c)(1)); what is still open is asked afterwards. Programs name those pages in `file_with`.
"""

import uuid

from latchstring.applications.errors import NotReady
from latchstring.applications.models import Application, ApplicationProgram
from latchstring.applications.steps import Interview
from latchstring.kernel import transactions
from latchstring.kernel.ids import new_id
from latchstring.kernel.references import new_reference
from latchstring.programs import door as programs


def may_file_now(interview: Interview) -> list[programs.Program]:
    """Return the programs that take the application as it stands, though pages are open."""
    if not any(step.open for step in interview.steps):
        return []
    return [p for p in interview.versions if p.document.get("file_with") and not _needed(interview)]


def _needed(interview: Interview) -> list[str]:
    """Return the open pages without which not even such a program can be filed."""
    pages = {page for p in interview.versions for page in p.document.get("file_with", ())}
    if "address" in pages:
        pages.add("county")  # where a ZIP code lies in several, it says who serves the address
    return [step.id for step in interview.steps if step.open and step.id in pages]


def set_apart(application_id: uuid.UUID) -> Application:
    """Return the application to sign as it stands: the programs that take it so, on their own.

    Which programs an application is for never changes, so the draft gives way to two: the one to
    sign, and a draft for the others. Done again it returns the same one; NotReady where no program
    can be filed yet.
    """
    with transactions.verb() as moment:
        held = Application.objects.select_for_update().get(id=application_id)
        interview = Interview(held)
        if held.withdrawn_at is not None:
            return _filed_before(held, interview)
        early = {program.slug for program in may_file_now(interview)}
        if held.submitted_at is not None or len(early) == len(interview.versions):
            return held
        if not early:
            raise NotReady([step.id for step in interview.steps if step.open])
        _copy(held, {program.slug for program in interview.versions} - early)
        held.withdrawn_at = moment
        held.save(update_fields=["withdrawn_at"])
        return _copy(held, early)


def _copy(held: Application, slugs: set[str]) -> Application:
    """Make an application for some of the programs, with their versions and all that is known."""
    found = Application.objects.create(
        id=new_id(),
        reference=new_reference(held.agency[:2].upper()),
        **{name: getattr(held, name) for name in _SHARED},
    )
    ApplicationProgram.objects.bulk_create(
        ApplicationProgram(
            agency=held.agency, application=found, program=row.program, version=row.version
        )
        for row in held.programs.filter(program__in=slugs)
    )
    return found


_SHARED = (
    "agency",
    "household",
    "account",
    "language",
    "began_at",
    "saved_at",
    "skipped",
    "attested",
    "routing",
)


def _filed_before(held: Application, interview: Interview) -> Application:
    """Find what was set apart from this draft: a button pressed twice."""
    twins = Application.objects.filter(
        household=held.household, began_at=held.began_at, submitted_at__isnull=False
    )
    found = twins.exclude(id=held.id).first()
    if found is None:
        raise NotReady([step.id for step in interview.steps if step.open])
    return found
