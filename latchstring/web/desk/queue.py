"""The caseworker's queue: by harm to the household first, then by the law's day."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from latchstring.insight import door as insight
from latchstring.kernel import clock
from latchstring.people import door as people
from latchstring.programs import door as programs
from latchstring.web.desk.forms import STAGE_CHOICES, QueueFilters
from latchstring.web.desk.next_step import next_step
from latchstring.web.desk.words import program_name
from latchstring.web.who import who_may


@who_may("staff:case.see")
@require_safe
@clock.frozen()  # one moment for every "due in 3 days" on the page
def queue(request: HttpRequest) -> HttpResponse:
    """Show a page of open cases with the next best action of each."""
    staff = request.staff  # type: ignore[attr-defined]
    asked = QueueFilters(request.GET).asked()
    mine = asked.pop("mine", False)
    page = _page(request.GET.get("page", ""))
    covered = people.counties_of(request.user, "case.see")
    reach = None if covered is None else sorted(covered)
    found = insight.queue(
        staff.agency_id, counties=reach, staff=staff.id if mine else None, page=page, **asked
    )
    today = clock.today()
    for row in found:
        row["next"] = next_step(row, today)
        row["age"] = (clock.now() - row["filed_at"]).days
    count = found[0]["found"] if found else 0
    kept = request.GET.copy()
    kept.pop("page", None)
    return render(
        request,
        "desk/queue.html",
        {
            "rows": found,
            "count": count,
            "page": page,
            "pages": max(1, -(-count // insight.PAGE_ROWS)),
            "filters": asked | {"mine": mine},
            "query": kept.urlencode(),
            "stages": STAGE_CHOICES,
            "programs": [(slug, program_name(slug)) for slug in insight.programs(staff.agency_id)],
            "counties": sorted(
                (
                    (fips, county["name"])
                    for fips, county in programs.counties(staff.agency.state).items()
                    if reach is None or fips in reach
                ),
                key=lambda pair: pair[1],
            ),
        },
    )


def _page(text: str) -> int:
    return int(text) if text.isdecimal() and 0 < int(text) < 10_000 else 1
