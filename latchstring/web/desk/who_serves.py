"""Which other office the resident was told of, what they answered and chose, in one line."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from latchstring.applications import door as applications
from latchstring.cases import door as cases
from latchstring.programs import door as programs


def who_serves(case: cases.Case) -> str:
    """Say it of a case's application; empty where no other office was named."""
    try:
        told = applications.application_by_id(case.application).routing
    except applications.NoSuchApplication:
        return ""  # a case that came another way
    language = get_language() or "en"
    named = [(programs.grantee(id), id) for id in told.get("named", ())]
    if not named:
        return ""
    offices = ", ".join(other.name[language] if other else id for other, id in named)
    line = [_("Told of another office for this address: %(offices)s.") % {"offices": offices}]
    words = {"yes": _("Yes"), "no": _("No"), "unsure": _("I am not sure")}
    for id, answer in told.get("answered", {}).items():
        asked = programs.place_question(id)
        line.append(f"{asked.words[language] if asked else id} {words.get(answer, answer)}.")
    chose = {"here": _("Chose to apply here."), "there": _("Chose to ask that office.")}
    return " ".join([*line, chose.get(told.get("chose", ""), "")]).strip()
