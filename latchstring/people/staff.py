"""Hiring and roles: a grant that would unite duties that must stay apart is refused."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from latchstring.audit import door as audit
from latchstring.kernel import clock, kept, transactions
from latchstring.kernel.errors import Conflict
from latchstring.kernel.find import find
from latchstring.kernel.ids import id_from
from latchstring.people.models import Account, Agency, RoleGrant, StaffMember
from latchstring.people.policy import INCOMPATIBLE, roles_of


def hire(account: Account, agency: str, display_name: str) -> StaffMember:
    """Make an account a staff member of an agency (once)."""
    staff, _ = StaffMember.objects.get_or_create(
        account=account, defaults={"agency_id": agency, "display_name": display_name}
    )
    return staff


def grant_role(
    staff: StaffMember,
    role: str,
    *,
    granted_by: str,
    counties: Iterable[str] = (),
    valid_from: date | None = None,
) -> RoleGrant:
    """Give a role; Conflict when it may not be held together with one already held."""
    with transactions.verb():
        StaffMember.objects.select_for_update().get(id=staff.id)
        held = roles_of(staff.account) | {role}
        clash = next((pair for pair in INCOMPATIBLE if pair <= held and role in pair), None)
        if clash:
            raise Conflict(
                f"One person may not be {' and '.join(sorted(clash))}.".replace("_", " ")
            )
        grant = RoleGrant.objects.create(
            staff=staff,
            role=role,
            counties=list(counties),
            valid_from=valid_from or clock.today(),
            granted_by=granted_by,
        )
        audit.record(
            "role.granted",
            agency=staff.agency_id,
            actor=granted_by,
            object_type="staff",
            object_id=staff.id,
            detail={"role": role},
        )
    return grant


def display_name(actor: str) -> str:
    """Say who an actor string is; see `display_names`."""
    return display_names([actor])[actor]


def display_names(actors: Iterable[str]) -> dict[str, str]:
    """Say who actor strings are, for staff and receipts: a name, an agency's part, a policy."""
    asked = set(actors)
    accounts = {actor: id_from(actor.partition(":")[2]) for actor in asked}
    named = {actor: id for actor, id in accounts.items() if id and actor.startswith("account:")}
    rows = StaffMember.objects.filter(account_id__in=named.values()) if named else ()
    staff = {row.account_id: row.display_name for row in rows}
    return {
        actor: staff.get(named[actor], "the resident") if actor in named else _part(actor)
        for actor in asked
    }


def _part(actor: str) -> str:
    kind, _, rest = actor.partition(":")
    if kind == "policy":
        return f"the rules ({rest})"
    known = {"authorisation": "the standing authorisation", "account": actor}
    return known.get(kind, "the system")


def agency(slug: str) -> Agency:
    """Return an agency by its slug, read once in a request or verb."""
    store = kept.store()
    found: Agency | None = store.get(("agency", slug))
    if found is None:
        found = store["agency", slug] = Agency.objects.get(slug=slug)
    return found


def agency_of_state(state: str) -> Agency | None:
    """Return the agency whose door a state's residents come through (two-letter code)."""
    for found in find(_of_state, state.upper()):
        kept.store()["agency", found.slug] = found
        return found
    return None


def _of_state(state: str) -> QuerySet[Agency]:
    return Agency.objects.filter(state=state).order_by("slug")[:1]
