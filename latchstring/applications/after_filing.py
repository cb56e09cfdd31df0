"""After filing: what was open when an application was filed early is answered for the same case.

The signature stands over the answers it was given for: a page that was answered by then stays as
it was signed. `Application.asked_later` names the others; pages that their answers bring count too.
"""

from latchstring.applications.errors import AlreadySubmitted
from latchstring.applications.models import Application, UnitMember
from latchstring.applications.sign_and_submit import attest, pin_unit
from latchstring.applications.steps import Interview, Step
from latchstring.kernel import events


def may_answer(application: Application, step: Step) -> bool:
    """Say whether a page may be answered: until it is signed, and after that what was left open."""
    if application.submitted_at is None:
        return True
    later = application.asked_later
    return bool(later) and (step.open or step.shows is not None or step.id in later)


def refuse_signed(application: Application, step: Step) -> None:
    """Raise AlreadySubmitted for a page whose answer was signed."""
    if not may_answer(application, step):
        raise AlreadySubmitted()


def tell_the_cases(application: Application, page: str, actor: str) -> None:
    """Record what was told after filing: who joined the unit, what was attested, and the event."""
    if page not in application.asked_later:
        application.asked_later = [*application.asked_later, page]
        application.save(update_fields=["asked_later"])
    interview = Interview(application)
    said = [key for key in application.attested if key in interview.views]
    attest(interview, actor, [key for key in said if interview.views[key].source == "stated"])
    pin_unit(interview)
    events.record(
        "application.answered.v1",
        subject=application.id,
        agency=application.agency,
        actor=actor,
        payload={"page": page},
    )


def unit_of(application: Application, program: str) -> list[str]:
    """Return the ids of the people in a program's unit, as signed and as told since."""
    rows = UnitMember.objects.filter(application=application, program=program)
    return [str(person) for person in rows.order_by("id").values_list("person", flat=True)]
