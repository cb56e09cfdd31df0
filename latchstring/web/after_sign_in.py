"""Where a person goes on after signing in: staff to their desk, residents to their applications."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from latchstring.people import door as people
from latchstring.web.who import who_may


@who_may("resident")
def after_sign_in(request: HttpRequest) -> HttpResponse:
    """Send staff to the desk and residents to the door they came through."""
    if people.staff_of(request.user):
        return redirect("/desk/")
    language = "/es" if request.user.language == "es" else ""
    return redirect(f"{language}/{request.session.get('state', 'nm')}/home/")
