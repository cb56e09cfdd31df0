"""A refusal is shown where it happened, with what was typed kept."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest

from latchstring.kernel import errors

_STATUS = ((errors.NotAllowed, 403), (errors.Conflict, 409), (errors.Unavailable, 503))


def carried_out(form: forms.Form, verb: Callable[..., Any], *given: Any, **named: Any) -> bool:
    """Call a verb once; put its refusal on the form and return False.

    `form.status` is the HTTP status to show the page with. NotFound passes through: whoever asked
    about a thing they may not know of is told nothing.
    """
    try:
        verb(*given, **named)
    except errors.NotFound:
        raise
    except errors.LatchstringError as problem:
        refuse(form, problem)
        return False
    return True


def refuse(form: forms.Form, problem: errors.LatchstringError) -> None:
    """Put a refusal on a form: each field's own message beside it, the rest on top."""
    form.is_valid()  # add_error needs cleaned data
    known = getattr(problem, "fields", {})
    for field, message in known.items():
        form.add_error(field if field in form.fields else None, message)
    if not known or not set(known) <= set(form.fields):
        form.add_error(None, problem.message)
    form.status = next(  # type: ignore[attr-defined]
        (status for kind, status in _STATUS if isinstance(problem, kind)), 422
    )


def status_of(*shown: forms.Form | None) -> int:
    """Return the status of a page that shows these forms: 200 unless one was refused."""
    for form in shown:
        if form is not None and form.is_bound and form.errors:
            return int(getattr(form, "status", 422))
    return 200


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page, and not a person for the whole."""
    return request.headers.get("HX-Request") == "true"
