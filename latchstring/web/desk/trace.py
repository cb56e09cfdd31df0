"""The auditor's page: pick a payment, walk it up to the award and down to the evidence."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from latchstring.audit import door as audit
from latchstring.cases import door as cases
from latchstring.insight import door as insight
from latchstring.programs import door as programs
from latchstring.programs import publication
from latchstring.web.desk.words import Names
from latchstring.web.who import who_may

PEOPLE = ("prepared_by", "approved_by", "released_by", "made_by", "actor", "sealed_by", "given_by",
          "recorded_by", "opened_by")  # fmt: skip


@who_may("staff:audit.see")
@require_safe
def payments_found(request: HttpRequest) -> HttpResponse:
    """Find a payment by what an auditor has in hand; the latest where nothing is asked."""
    text = request.GET.get("q", "")
    found = insight.payment_search(request.staff.agency_id, text)  # type: ignore[attr-defined]
    return render(request, "desk/audit.html", {"q": text, "found": found})


@who_may("staff:audit.see")
@require_safe
def trace(request: HttpRequest, payment_id: uuid.UUID) -> HttpResponse:
    """Show a payment's whole chain. Looking is written in the trail."""
    agency = request.staff.agency_id  # type: ignore[attr-defined]
    chain = insight.trace_payment(agency, payment_id)
    audit.saw(
        "payment",
        object_id=payment_id,
        agency=agency,
        actor=request.user.actor,  # type: ignore[union-attr]
        household=chain.case["household"] if chain.case else None,
        purpose="audit",
    )
    return render(request, "desk/trace.html", _named(chain))


def _named(chain: insight.Trace) -> dict[str, Any]:
    names = Names()
    lists = (chain.postings, chain.documents, chain.looks, chain.facts)
    singles = (chain.payment, chain.batch, chain.obligation, chain.decision)
    for rows in (*lists, [row for row in singles if row]):
        for row in rows:
            names.into([row], *(column for column in PEOPLE if column in row))
    if chain.case:
        program = publication.program_by_hash(chain.case["version"])
        for row in chain.facts:
            row["words"] = programs.fact_words(program, row["key"]).replace("_", " ")
    return {
        "chain": chain,
        "twin": cases.tell(chain.determination["id"], get_language() or "en")
        if chain.determination
        else None,
    }
