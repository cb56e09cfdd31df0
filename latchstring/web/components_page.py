"""The page that shows every part of the design, in both languages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from latchstring.web.who import who_may


@who_may("anyone")
def components(request: HttpRequest) -> HttpResponse:
    """Show every component with realistic words."""
    return render(request, "components_page.html")
