"""One payment, walked up to the federal award and down to the evidence."""

import uuid
from dataclasses import dataclass

from latchstring.insight import queries
from latchstring.insight.read import Row, first, rows
from latchstring.kernel.errors import NotFound


@dataclass(frozen=True)
class Trace:
    """The whole chain of one disbursement, each part as the rows the verbs wrote.

    Upwards: payment -> obligation -> sources (allocation and award). Downwards: payment -> batch
    and the bank's reports; obligation -> decision -> determination -> facts, documents, checks.
    A part that is missing is None or empty and is shown as missing: that is a finding.
    """

    payment: Row
    batch: Row | None
    reports: list[Row]
    obligation: Row | None
    sources: list[Row]
    postings: list[Row]
    case: Row | None
    decision: Row | None
    determination: Row | None
    facts: list[Row]
    documents: list[Row]
    checks: list[Row]
    looks: list[Row]

    @property
    def gaps(self) -> list[str]:
        """Name every link of the chain that does not hold, so that nobody has to look for it."""
        found = []
        if self.obligation is None:
            found.append("no_obligation")
        elif (
            sum(source["amount_cents"] for source in self.sources)
            != self.obligation["amount_cents"]
        ):
            found.append("sources_do_not_add_up")
        if self.obligation and self.payment["amount_cents"] != self.obligation["amount_cents"]:
            found.append("paid_other_than_obligated")
        if self.decision is None:
            found.append("no_decision")
        elif not self.decision["approved_at"]:
            found.append("not_approved")
        elif self.decision["approved_by"] == self.decision["prepared_by"]:
            found.append("one_person_decided")
        if self.determination is None:
            found.append("no_determination")
        elif self.determination["outcome"] != "eligible":
            found.append("paid_but_not_eligible")
        if self.payment["trace"] and self.batch is None:
            found.append("no_batch")
        return found


def trace_payment(agency: str, payment_id: uuid.UUID) -> Trace:
    """Return the chain of a disbursement of an agency; NotFound for any other."""
    payment = first(queries.PAYMENT, agency=agency, id=payment_id)
    if payment is None:
        raise NotFound()
    obligation = first(queries.TRACE_OBLIGATION, agency=agency, id=payment["obligation_id"])
    case = first(queries.TRACE_CASE, agency=agency, id=payment["case_id"])
    decision = determination = None
    if obligation:
        line = obligation["decision_line"]
        decision = first(queries.TRACE_DECISION, agency=agency, id=line)
    if decision:
        determination = first(
            queries.TRACE_DETERMINATION, agency=agency, id=decision["determination_id"]
        )
    household = case["household"] if case else None
    seen = [str(payment_id)] + ([str(case["id"])] if case else [])
    return Trace(
        payment=payment,
        batch=first(queries.BATCHES, agency=agency, id=payment["batch_id"])
        if payment["batch_id"]
        else None,
        reports=rows(queries.REPORTS, agency=agency, trace=payment["trace"])
        if payment["trace"]
        else [],
        obligation=obligation,
        sources=rows(queries.TRACE_SOURCES, agency=agency, id=payment["obligation_id"]),
        postings=rows(queries.TRACE_POSTINGS, agency=agency, id=payment["obligation_id"]),
        case=case,
        decision=decision,
        determination=determination,
        facts=rows(
            queries.TRACE_FACTS,
            agency=agency,
            household=household,
            at=determination["made_at"],
        )
        if determination
        else [],
        documents=rows(queries.TRACE_DOCUMENTS, agency=agency, household=household),
        checks=rows(queries.TRACE_CHECKS, agency=agency, id=payment["case_id"]),
        looks=rows(queries.LOOKS, agency=agency, household=household, ids=seen),
    )
