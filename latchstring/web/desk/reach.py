"""How far a staff member's roles reach: which counties an act covers."""

from latchstring.kernel import clock
from latchstring.people import door as people


def counties_within(staff: people.StaffMember, act: str) -> list[str] | None:
    """Return the counties in which a staff member may do an act; None for the whole agency."""
    today = clock.today()
    reach: set[str] = set()
    for grant in staff.grants.all():
        ended = grant.valid_to is not None and grant.valid_to <= today
        if grant.role not in people.MAY[act] or grant.valid_from > today or ended:
            continue
        if not grant.counties:
            return None
        reach |= set(grant.counties)
    return sorted(reach)
