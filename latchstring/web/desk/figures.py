"""The director's page: applications, decisions and dollars as they happen."""

import csv
import hashlib
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from latchstring.audit import door as audit
from latchstring.insight import door as insight
from latchstring.kernel import clock, money
from latchstring.programs import door as programs
from latchstring.web.desk.kindly import is_fragment
from latchstring.web.desk.words import county_name, program_name
from latchstring.web.who import who_may

DAYS_SHOWN = 30


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise


def _window(request: HttpRequest) -> dict[str, Any]:
    """The window, county and program asked for; thirty days to today by default."""
    today = clock.today()
    until = _day(request.GET.get("until", ""), today)
    since = _day(request.GET.get("since", ""), until - timedelta(days=DAYS_SHOWN - 1))
    county = request.GET.get("county", "")
    return {
        "since": min(since, until),
        "until": max(since, until),
        "county": county if county in programs.counties() else "",
        "program": request.GET.get("program", "")[:40],
    }


@who_may("staff:insight.see")
@require_safe
@clock.frozen()
def figures(request: HttpRequest) -> HttpResponse:
    """Show the figures. htmx asks for the live part alone: nothing happened, nothing is sent."""
    agency = request.staff.agency_id  # type: ignore[attr-defined]
    window = _window(request)
    said = f"{insight.pulse(agency)} {clock.today()} {sorted(window.items())}"
    mark = hashlib.sha256(said.encode()).hexdigest()[:32]
    query = request.GET.copy()
    query.pop("mark", None)
    shown = {"mark": mark, "query": query.urlencode()}
    if not is_fragment(request):
        shown |= _everything(request, agency, window)
        response = render(request, "desk/figures.html", shown)
        patch_vary_headers(response, ["HX-Request"])
        return response
    if request.GET.get("mark") == mark:
        return HttpResponse(status=204)  # htmx leaves the page as it is, and looks less often
    if request.headers.get("If-None-Match") == f'"{mark}"':
        response = HttpResponseNotModified()
    else:
        response = render(request, "desk/figures_live.html", shown | _live(agency, window))
    response["ETag"] = f'"{mark}"'
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["HX-Request"])
    return response


def _everything(request: HttpRequest, agency: str, window: dict[str, Any]) -> dict[str, Any]:
    state = request.staff.agency.state  # type: ignore[attr-defined]
    return _live(agency, window) | {
        "counties": sorted(
            ((fips, found["name"]) for fips, found in programs.counties(state).items()),
            key=lambda pair: pair[1],
        ),
        "programs": [(slug, program_name(slug)) for slug in insight.programs(agency)],
        "cell_min": insight.CELL_MIN,
    }


def _live(agency: str, window: dict[str, Any]) -> dict[str, Any]:
    seen = insight.dashboard(agency, **window)
    return {
        "window": window,
        "seen": seen,
        "at": clock.now(),
        "by_county": [(fips, county_name(fips), row) for fips, row in seen.counties.items()],
        "days": list(seen.days.items()),
        "charts": _charts(seen),
        "funnel": _funnel(seen.funnel),
        "stages": [(stage, seen.stages.get(stage)) for stage in insight.STAGES],
    }


def _charts(seen: insight.Dashboard) -> list[dict[str, Any]]:
    """One chart per question: label and value per day, in order."""
    asked = (
        ("applications", _("Applications each day"), False),
        ("decisions", _("Decisions each day"), False),
        ("obligated_cents", _("Dollars promised each day"), True),
        ("paid_cents", _("Dollars paid each day"), True),
    )
    return [
        _chart(title, [(day, getattr(row, column)) for day, row in seen.days.items()], in_dollars)
        for column, title, in_dollars in asked
    ]


def _chart(title: str, points: list[tuple[date, int]], in_dollars: bool) -> dict[str, Any]:
    """Columns in a 400 by 110 picture; what was taken back that day is drawn as nothing."""
    most = max((value for _day, value in points), default=0)
    wide = 400 / max(len(points), 1)
    total = sum(value for _day, value in points)
    bars = []
    for place, (day, value) in enumerate(points):
        high = round(80 * max(value, 0) / most, 1) if most else 0
        if high:
            bars.append(
                {
                    "x": f"{place * wide:.1f}",
                    "y": f"{94 - high:.1f}",
                    "width": f"{max(wide - 1, 1):.1f}",
                    "height": f"{high:.1f}",
                    "label": f"{day:%b} {day.day}: {_shown(value, in_dollars)}",
                }
            )
    return {
        "title": title,
        "bars": bars,
        "most_shown": _shown(most, in_dollars),
        "summary": _("%(title)s: %(total)s in all, %(most)s on the busiest day")
        % {
            "title": title,
            "total": _shown(total, in_dollars),
            "most": _shown(most, in_dollars),
        },
    }


def _shown(value: int, in_dollars: bool) -> str:
    return money.shown(value) if in_dollars else f"{value:,}"


def _funnel(funnel: insight.Funnel) -> list[dict[str, Any]]:
    steps = (
        ("begun", _("Begun")),
        ("submitted", _("Signed and sent")),
        ("determined", _("Looked at by the rules")),
        ("decided", _("Decided")),
        ("approved", _("Approved")),
        ("paid", _("Paid")),
    )
    return [
        {
            "label": label,
            "count": getattr(funnel, step),
            "percent": round(100 * getattr(funnel, step) / funnel.begun) if funnel.begun else 0,
        }
        for step, label in steps
    ]


@who_may("staff:insight.see")
@require_safe
def figures_csv(request: HttpRequest) -> HttpResponse:
    """Download the figures by county or by day; `public=1` hides groups of fewer than eleven."""
    agency = request.staff.agency_id  # type: ignore[attr-defined]
    window = _window(request)
    public = request.GET.get("public") == "1"
    by_day = request.GET.get("by") == "day" and not public
    audit.record(
        "figures.downloaded",
        agency=agency,
        actor=request.user.actor,  # type: ignore[union-attr]
        object_type="figures",
        object_id="public" if public else "desk",
        purpose="report",
    )
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"{agency}-{'day' if by_day else 'county'}-{window['since']}-{window['until']}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    out = csv.writer(response)
    columns = ("applications", "approved", "denied", "obligated_dollars", "paid_dollars")
    out.writerow(["day" if by_day else "county", *columns])
    if by_day:
        for day, row in insight.by_day(agency, **window).items():
            out.writerow([day.isoformat(), *_cells(row)])
        return response
    window.pop("county")
    counties = insight.by_county(agency, **window)
    shown = insight.publishable(counties) if public else counties
    for fips, kept in sorted(shown.items()):
        out.writerow([county_name(fips), *(_cells(kept) if kept else ["<11"] * len(columns))])
    return response


def _cells(row: insight.Figures) -> list[str]:
    counts = [str(row.applications), str(row.approved), str(row.denied)]
    return counts + [str(money.dollars(cents)) for cents in (row.obligated_cents, row.paid_cents)]
