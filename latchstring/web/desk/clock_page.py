"""The demo's clock: turn business time forward and watch deadlines, settlements and letters."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from latchstring.audit import door as audit
from latchstring.kernel import clock, transactions
from latchstring.kernel.errors import NotFound
from latchstring.web.who import who_may

STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}


class _Turn(forms.Form):
    by = forms.ChoiceField(choices=[(step, step) for step in STEPS])


@who_may("staff:clock.turn")
@require_http_methods(["GET", "HEAD", "POST"])
def clock_page(request: HttpRequest) -> HttpResponse:
    """Show and turn the business clock. Only in the demo; anywhere else it is not there."""
    if not settings.DEMO:
        raise NotFound()
    form = _Turn(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transactions.verb():
            clock.turn(STEPS[form.cleaned_data["by"]])
            audit.record(
                "clock.turned",
                agency=request.staff.agency_id,  # type: ignore[attr-defined]
                actor=request.user.actor,  # type: ignore[union-attr]
                object_type="clock",
                object_id=form.cleaned_data["by"],
            )
        messages.success(request, _("The clock was turned. Due work starts within a minute."))
        return redirect("desk:clock")
    return render(request, "desk/clock.html", {"now": clock.now(), "steps": STEPS, "form": form})
