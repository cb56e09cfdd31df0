"""The ledger as it stands: a trial balance that adds up to nothing, and the audit chain's state."""

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from latchstring.audit import door as audit
from latchstring.insight import door as insight
from latchstring.web.desk.words import Names
from latchstring.web.who import who_may


@who_may("staff:funds.see")
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """Show every account of every award with debits, credits and balance."""
    agency = request.staff.agency_id  # type: ignore[attr-defined]
    rows = insight.trial_balance(agency)
    return render(
        request,
        "desk/ledger.html",
        {
            "awards": [
                (award, list(accounts)) for award, accounts in groupby(rows, lambda r: r["award"])
            ],
            "debits": sum(row["debit_cents"] for row in rows),
            "credits": sum(row["credit_cents"] for row in rows),
            "difference": sum(row["balance_cents"] for row in rows),
            "allocations": insight.allocations(agency),
        },
    )


def _trail(request: HttpRequest, **more: Any) -> HttpResponse:
    text = request.GET.get("q", "")
    entries = insight.trail(request.staff.agency_id, text)  # type: ignore[attr-defined]
    context = {
        "q": text,
        "entries": Names().into(entries, "actor"),
        "head": insight.trail_head(),
    }
    return render(request, "desk/trail.html", context | more)


@who_may("staff:audit.see")
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """Show the latest entries of the trail and the head of its chain."""
    return _trail(request)


@who_may("staff:audit.see")
@require_POST
def walk_trail(request: HttpRequest) -> HttpResponse:
    """Walk the whole chain now, recompute every hash, and say what was found."""
    return _trail(request, walk=audit.verify())
