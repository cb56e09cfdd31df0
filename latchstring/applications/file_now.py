"""File now: a program that must take an application with little more than a name takes it so.

SNAP is filed with name, address and signature, and its clock starts that day (7 CFR
273.2(c)(1)); what is still open is asked afterwards. Programs name those pages in `file_with`.
"""

import uuid

from latchstring.applications.errors import NotReady
from latchstring.applications.models import Application
from latchstring.applications.steps import Interview
from latchstring.applications.two_drafts import give_way, went_on_as
from latchstring.kernel import transactions
from latchstring.programs import door as programs


def may_file_now(interview: Interview) -> list[programs.Program]:
    """Return the programs that take the application as it stands, though pages are open."""
    if interview.application.submitted_at is not None:
        return []
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

    The draft gives way to that one and a draft for the others. Done again it returns the same one;
    NotReady where no program can be filed yet.
    """
    with transactions.verb() as moment:
        held = Application.objects.select_for_update().get(id=application_id)
        interview = Interview(held)
        if held.withdrawn_at is not None:  # a button pressed twice
            held = went_on_as(held) or held
        early = {program.slug for program in may_file_now(interview)}
        if held.submitted_at is not None or len(early) == len(interview.versions):
            return held
        if not early:
            raise NotReady([step.id for step in interview.steps if step.open])
        return give_way(held, early, moment)
