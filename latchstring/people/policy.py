"""Who may do what, and why not. Roles are rows; what a role may do is this one table."""

import uuid
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from latchstring.kernel import clock, kept
from latchstring.kernel.errors import NotAllowed, NotFound
from latchstring.kernel.find import find
from latchstring.people.models import Account, RoleGrant, StaffMember

MAY: dict[str, frozenset[str]] = {
    "case.see": frozenset({"caseworker", "approver", "auditor"}),
    "case.work": frozenset({"caseworker"}),
    "case.decide": frozenset({"caseworker"}),
    "decision.approve": frozenset({"approver"}),
    "document.see": frozenset({"caseworker", "approver", "auditor"}),
    "payments.see": frozenset({"payments_officer", "auditor"}),
    "batch.prepare": frozenset({"payments_officer"}),
    "batch.release": frozenset({"payments_officer"}),
    "funds.see": frozenset({"payments_officer", "director", "auditor", "approver"}),
    "insight.see": frozenset({"director", "auditor", "program_manager"}),
    "audit.see": frozenset({"auditor"}),
    "program.edit": frozenset({"program_manager"}),
    "standing.see": frozenset({"director", "program_manager", "payments_officer"}),
    "job.run_again": frozenset({"director", "program_manager"}),
    "clock.turn": frozenset({"program_manager", "director"}),
    "desk.enter": frozenset(
        {
            "caseworker",
            "approver",
            "payments_officer",
            "director",
            "auditor",
            "program_manager",
        }
    ),
}

# Duties that one person may not hold together, whoever grants them (incompatible roles).
INCOMPATIBLE = (
    frozenset({"caseworker", "payments_officer"}),
    frozenset({"approver", "payments_officer"}),
    frozenset({"auditor", "caseworker"}),
    frozenset({"auditor", "approver"}),
    frozenset({"auditor", "payments_officer"}),
)


def staff_of(account: Account) -> StaffMember | None:
    """Return the staff member behind an account, if it is one."""
    if not getattr(account, "is_authenticated", False):
        return None
    key, store = ("staff", account.pk), _store()
    if key not in store:
        store[key] = next(iter(find(_staff, account.pk)), None)
    found: StaffMember | None = store[key]
    return found


def _staff(account_id: uuid.UUID) -> QuerySet[StaffMember]:
    rows = StaffMember.objects.filter(account=account_id)
    return rows.select_related("agency", "office")


def _grants(staff: StaffMember) -> list[RoleGrant]:
    key, store = ("grants", staff.pk), _store()
    if key not in store:
        today = clock.today()
        rows = staff.grants.filter(valid_from__lte=today)
        store[key] = list(rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today)))
    found: list[RoleGrant] = store[key]
    return found


def _store() -> dict[Any, Any]:
    """What a request has read of roles; in a transaction they are read again, each time.

    A verb that decides reads them under its lock: a role taken away a moment ago counts.
    """
    return {} if connection.in_atomic_block else kept.store()


def roles_of(account: Account) -> set[str]:
    """Return the roles an account holds today."""
    staff = staff_of(account)
    return {grant.role for grant in _grants(staff)} if staff else set()


def may(
    account: Account, act: str, *, agency: str | None = None, county: str | None = None
) -> tuple[bool, str]:
    """Answer whether an account may do an act, and if not, why, in plain words."""
    staff = staff_of(account)
    if staff is None:
        return False, "Only staff can do this."
    if agency is not None and staff.agency_id != agency:
        return False, "This belongs to another agency."
    able = [grant for grant in _grants(staff) if grant.role in MAY[act]]
    if not able:
        needed = ", ".join(sorted(MAY[act])).replace("_", " ")
        return False, f"Your role does not include this. It takes: {needed}."
    reach = [_reach(staff, grant) for grant in able]
    if county and not any(one is None or county in one for one in reach):
        return False, "Your role and office do not cover this county."
    return True, ""


def _reach(staff: StaffMember, grant: RoleGrant) -> set[str] | None:
    """Return where a grant reaches: its own counties within the office's; None for every county."""
    limits = [set(given) for given in (grant.counties, _served(staff)) if given]
    return set.intersection(*limits) if limits else None


def _served(staff: StaffMember) -> list[str]:
    return list(staff.office.counties) if staff.office else []


def counties_of(account: Account, act: str) -> set[str] | None:
    """Return the counties in which an account may do an act; None when it is every county."""
    staff = staff_of(account)
    if staff is None:
        return set()
    reach = [_reach(staff, grant) for grant in _grants(staff) if grant.role in MAY[act]]
    if any(one is None for one in reach):
        return None
    return {county for one in reach if one for county in one}


def require(
    account: Account, act: str, *, agency: str | None = None, county: str | None = None
) -> StaffMember:
    """Return the staff member when they may; NotFound across agencies, NotAllowed within."""
    allowed, why_not = may(account, act, agency=agency, county=county)
    staff = staff_of(account)
    if allowed and staff is not None:
        return staff
    if staff is not None and agency is not None and staff.agency_id != agency:
        raise NotFound()
    raise NotAllowed(why_not)
