"""The desk's front page: each role goes on to its own work."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from latchstring.people import door as people
from latchstring.web.who import who_may

# In this order: whose work cannot wait goes first for a person with two roles.
HOME = (
    ("case.work", "desk:queue"),
    ("decision.approve", "desk:approvals"),
    ("batch.prepare", "desk:payments"),
    ("audit.see", "desk:audit"),
    ("insight.see", "desk:figures"),
)


@who_may("staff:desk.enter")
def landing(request: HttpRequest) -> HttpResponse:
    """Go to the page of the first role held; say so plainly where there is none yet."""
    for act, page in HOME:
        if people.may(request.user, act)[0]:
            return redirect(page)
    return render(request, "desk/landing.html")
