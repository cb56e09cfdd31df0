"""Who may use a page. Every view names it; a guard test walks every URL and asks.

@who_may("anyone")              no sign-in
@who_may("resident")            a signed-in account (staff too: they are people)
@who_may("staff:case.see")      a staff member whose roles include the act, second factor done
"""

import functools
from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from latchstring.people import door as people
from latchstring.web.kept_words import sign_in_first

View = Callable[..., HttpResponse]


def who_may(who: str) -> Callable[[View], View]:
    """Let only these people use a view. An unknown act fails when the module is imported."""
    kind, _, act = who.partition(":")
    if kind not in ("anyone", "resident", "staff") or (kind == "staff" and act not in people.MAY):
        raise ValueError(f"who_may({who!r}): no such audience or act")

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if kind != "anyone" and not request.user.is_authenticated:
                return sign_in_first(request)
            if kind == "staff":
                people.require(request.user, act)
                if not _second_factor_done(request):
                    return redirect("mfa_index")
            return view(request, *args, **kwargs)

        guarded.who_may = who  # type: ignore[attr-defined]
        return guarded

    return decorate


def _second_factor_done(request: HttpRequest) -> bool:
    """Staff sign in with a second factor; only the demo may waive it, and says so."""
    return settings.SECOND_FACTOR_WAIVED or is_mfa_enabled(request.user)
