"""What must hold of cases, as queries that return the rows that offend (none is right)."""

from typing import Any

from django.db.models import Q

from latchstring.cases.advance import needs_follow_up, open_checks
from latchstring.cases.determine import replay
from latchstring.cases.models import Case, Decision, Determination
from latchstring.cases.status import code_of
from latchstring.kernel import clock


def cases_without_next_step() -> list[dict[str, Any]]:
    """I2: open cases that nobody and nothing will move, whatever their age."""
    waiting = Decision.objects.filter(approved_at__isnull=True, returned_at__isnull=True)
    rows = Case.objects.filter(stage="approval").exclude(id__in=waiting.values("case_id"))
    return [dict(row) for row in rows.values("id", "agency", "reference", "stage")]


def cases_verifying_for_nothing() -> list[tuple[Any, str]]:
    """Return (id, agency) of cases that verify while no question is open: the sweeper's work."""
    rows = Case.objects.filter(stage="verifying").order_by("filed_at", "id")
    return [(case.id, case.agency) for case in rows[:2_000] if not open_checks(case.id)][:500]


def cases_settled_but_open() -> list[tuple[Any, str]]:
    """Return (id, agency) of cases in payment that have nothing left to pay, or nothing begun."""
    rows = Case.objects.filter(stage="payment").order_by("filed_at", "id")[:2_000]
    return [(case.id, case.agency) for case in rows if needs_follow_up(case)]


def one_person_decided() -> list[dict[str, Any]]:
    """I8: decisions whose preparer and approver are one (the database refuses them too)."""
    rows = [
        row
        for row in Decision.objects.exclude(approved_by="")
        if row.prepared_by == row.approved_by
    ]
    return [{"id": row.id, "agency": row.agency} for row in rows]


def machine_denials() -> list[dict[str, Any]]:
    """Return denials that were prepared or approved by anything but a person (never allowed)."""
    rows = Decision.objects.filter(kind="deny").exclude(
        Q(prepared_by__startswith="account:")
        & (Q(approved_by="") | Q(approved_by__startswith="account:"))
    )
    return [dict(row) for row in rows.values("id", "agency", "prepared_by", "approved_by")]


def decisions_on_old_facts() -> list[dict[str, Any]]:
    """I11: determinations behind an approved decision that do not replay to the same bytes."""
    rows = Determination.objects.filter(decision__approved_at__isnull=False)
    return [
        {"id": row.id, "agency": row.agency, "case": row.case_id}
        for row in rows.order_by("id").iterator(chunk_size=500)
        if not replay(row).same
    ]


def status_disagrees() -> list[dict[str, Any]]:
    """I13: cases whose status for the resident is not the one that the staff's stage implies."""
    allowed = {
        "verifying": {"verifying", "agency_down", "request"},
        "review": {"review", "request"},
        "approval": {"approval"},
        "payment": {"payment", "no_account", "with_bank", "returned"},
        "closed": {"paid", "denied", "withdrawn"},
    }
    return [
        {"id": case.id, "agency": case.agency, "stage": case.stage}
        for case in Case.objects.order_by("id").iterator(chunk_size=500)
        if code_of(case)[0] not in allowed[case.stage]
    ]


def requests_overdue() -> list[dict[str, Any]]:
    """Return open requests whose day has passed: a caseworker calls, nobody is denied for it."""
    rows = Case.objects.filter(
        requests__answered_at__isnull=True,
        requests__cancelled_at__isnull=True,
        requests__answer_by__lt=clock.today(),
    ).exclude(stage="closed")
    return [dict(row) for row in rows.values("id", "agency", "reference").distinct()]


CHECKS = {
    "I2 cases without a next step": cases_without_next_step,
    "I8 one person decided": one_person_decided,
    "I11 determinations that do not replay": decisions_on_old_facts,
    "I13 status told differs from status kept": status_disagrees,
    "machine denials": machine_denials,
}
