"""A draft gives way to two: one for some of its programs, one for the others.

Which programs an application is for never changes, so that what is signed is what was seen.
"""

from datetime import datetime

from latchstring.applications.models import Application, ApplicationProgram
from latchstring.kernel.ids import new_id
from latchstring.kernel.references import new_reference

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


def give_way(held: Application, slugs: set[str], moment: datetime) -> Application:
    """Return the draft for these programs; the draft for the others is made beside it."""
    every = {row.program for row in held.programs.all()}
    _copy(held, every - slugs)
    held.withdrawn_at = moment
    held.save(update_fields=["withdrawn_at"])
    return _copy(held, every & slugs)


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


def went_on_as(held: Application) -> Application | None:
    """Return the draft (or what became of it) that was gone on with when this one gave way."""
    if held.withdrawn_at is None:
        return held
    rows = Application.objects.filter(household=held.household, began_at=held.began_at)
    return rows.filter(withdrawn_at__isnull=True).order_by("-id").first()
