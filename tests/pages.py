"""Every page of portal and desk, from the addresses themselves, with what they show filled in.

What is shown is found in the database the caller is connected to: a resident who has submitted, a
resident in the middle of an interview, a case with everything that a case can have.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client

from latchstring.applications import door as applications
from latchstring.demo import cast, hire
from latchstring.people import door as people
from tests.guards.test_access import audience, routes

# The richest of what there is: every object of a page belongs to one case.
_RICHEST = """
SELECT c.reference AS reference, c.application, c.household, c.id AS case_id,
  (SELECT a.account FROM applications_application a WHERE a.id = c.application) AS account,
  (SELECT a.reference FROM applications_application a WHERE a.id = c.application) AS submitted,
  (SELECT d.id FROM cases_decision d WHERE d.case_id = c.id LIMIT 1) AS decision_id,
  (SELECT y.id FROM payments_disbursement y WHERE y.case = c.id LIMIT 1) AS payment_id,
  (SELECT y.batch_id FROM payments_disbursement y WHERE y.case = c.id LIMIT 1) AS batch_id,
  (SELECT n.id FROM notices_notice n WHERE n.case = c.id LIMIT 1) AS notice_id,
  (SELECT u.id FROM documents_upload u JOIN documents_document d ON d.id = u.document_id
   WHERE d.household = c.household AND u.pages > 0 AND d.removed_at IS NULL LIMIT 1) AS upload_id
FROM cases_case c WHERE c.agency = 'nm-dfa'
ORDER BY (SELECT count(*) FROM payments_disbursement y WHERE y.case = c.id) > 0 DESC,
  (SELECT count(*) FROM documents_document d WHERE d.household = c.household) > 0 DESC,
  c.filed_at LIMIT 1
"""


@dataclass(frozen=True)
class Page:
    """A page that somebody may read: its route, one address of it, and a client who may."""

    route: str
    path: str
    client: Client

    @property
    def on_the_desk(self) -> bool:
        """Whether staff read it."""
        return self.route.startswith("desk/")


def richest() -> dict[str, Any]:
    """Return the objects of the case that has the most to show."""
    with connection.cursor() as cursor:
        cursor.execute(_RICHEST)
        found = cursor.fetchone()
        assert found and cursor.description, "there is no case to show"
        return dict(zip((column.name for column in cursor.description), found, strict=True))


def signed_in(account: people.Account) -> Client:
    """Return a client who takes packed pages, as browsers do."""
    client = Client(headers={"accept-encoding": "gzip"})
    client.force_login(account)
    return client


def every_page(draft: applications.Application) -> Iterator[Page]:
    """Yield every page that answers a look with 200; `draft` is an interview under way."""
    known = richest()
    here = [part for part in cast.STAFF if part.agency == "nm-dfa"]
    roles = {role: signed_in(hire.account_of(role)) for part in here for role in part.roles}
    submitted = signed_in(people.Account.objects.get(id=known["account"]))
    asking = signed_in(people.Account.objects.get(id=draft.account))
    nobody = Client(headers={"accept-encoding": "gzip"})
    nobody.post("/nm/", {"needs": ["rent"]})
    interview = applications.Interview(draft)
    own = {
        "person_id": interview.members[-1].person_id,
        "source_id": interview.sums.lines[0].id,
        "program": draft.programs.get().program,
    }
    for route, view in sorted(routes().items()):
        kind, _, act = audience(view).partition(":")
        if kind == "staff":
            role = min(people.MAY[act] & roles.keys())
            candidates = [(roles[role], known)]
        elif kind == "resident":
            steps = [step.id for step in interview.steps] if "<slug:step>" in route else [""]
            candidates = [
                (asking, own | {"reference": draft.reference, "step": step}) for step in steps
            ] + [(submitted, known | own | {"reference": known["submitted"]})]
        elif kind == "anyone":
            candidates = [(nobody, own)]
        else:
            continue  # the account library's own
        for client, objects in candidates:
            path = _address(route, objects)
            if path and client.get(path).status_code == 200:
                yield Page(route, path, client)
                if "<slug:step>" not in route:
                    break


def _address(route: str, known: Mapping[str, Any]) -> str:
    """Return an address of a route; nothing where there is no such object."""
    values = {"state": "nm", "number": 1, "question": "renting", **known}
    names = re.findall(r"<(?:\w+:)?(\w+)>", route)
    if any(values.get(name) is None for name in names):
        return ""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(values[match.group(1)]), route)
