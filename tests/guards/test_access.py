"""Who may use which address: one checked-in table, held against every view and every role.

`access.csv` has a row per route and audience. A route without a row fails; so does a view that
answers somebody the table does not name. Objects in the addresses do not exist here: a person who
may use the view gets 404 (or a page), one who may not gets 403 or the sign-in.
"""

import csv
import re
import uuid
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from latchstring.people import door as people
from latchstring.people.models import Agency

TABLE = Path(__file__).with_name("access.csv")
METHODS = ("get", "post", "put", "patch", "delete")
ROLES = tuple(
    role for role in sorted(set().union(*people.MAY.values())) if role in people.MAY["desk.enter"]
)
# Library views that decide for themselves (allauth): anyone, or a signed-in account.
LIBRARY = "library"


def walk(patterns, prefix=""):
    """Every route with its view: (route, view)."""
    for item in patterns:
        route = prefix + _plain(str(item.pattern))
        if isinstance(item, URLResolver):
            yield from walk(item.url_patterns, route)
        elif isinstance(item, URLPattern):
            yield route, item.callback


def _plain(pattern: str) -> str:
    if pattern == "en/" or pattern == "/":
        return ""
    pattern = pattern.replace("^", "").replace("$", "").replace("\\Z", "")
    return re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", pattern)


def routes():
    found = {}
    for route, view in walk(get_resolver().url_patterns):
        found[route] = view
    return found


def table():
    with TABLE.open(newline="") as file:
        return {row["route"]: row["who_may"] for row in csv.DictReader(file)}


def audience(view) -> str:
    return getattr(view, "who_may", LIBRARY)


def test_every_route_has_its_row_and_every_row_its_route():
    actual = {route: audience(view) for route, view in routes().items()}
    missing = [f"{route},{who}" for route, who in sorted(actual.items()) if route not in table()]
    gone = sorted(set(table()) - set(actual))
    assert not missing, "routes without a row in access.csv:\n" + "\n".join(missing)
    assert not gone, f"rows without a route: {gone}"
    wrong = {r: (actual[r], who) for r, who in table().items() if actual[r] != who}
    assert not wrong, wrong


def test_only_the_account_library_decides_for_itself():
    own = [route for route, who in table().items() if who == LIBRARY]
    assert all(route.startswith("account/") for route in own), own


def address(route: str) -> str:
    def value(match: re.Match) -> str:
        kind, _, name = match.group(1).rpartition(":")
        if kind == "uuid":
            return str(uuid.UUID(int=7))
        if kind == "int":
            return "1"
        return {"state": "nm", "language": "en"}.get(name, "zzz")

    return "/" + re.sub(r"<([^>]+)>", value, route)


@pytest.fixture
def clients(db):
    """A client per principal: nobody, a resident, each role, and a caseworker of another agency."""
    for slug, state in (("nm-dfa", "NM"), ("wy-dfs", "WY")):
        Agency.objects.create(
            slug=slug, state=state, names={"en": slug, "es": slug}, phone="1", brand=state.lower()
        )
    cast = {"anonymous": Client(raise_request_exception=False)}
    for name in ("resident", *ROLES, "elsewhere"):
        account = people.Account.objects.create_user(f"{name}@example.test", "x" * 12)
        EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
        if name != "resident":
            staff = people.hire(account, "wy-dfs" if name == "elsewhere" else "nm-dfa", name)
            role = "caseworker" if name == "elsewhere" else name
            people.grant_role(staff, role, granted_by="system:test")
        client = Client(raise_request_exception=False)
        client.force_login(account)
        cast[name] = client
    return cast


def expected_refusal(who: str, principal: str) -> str | None:
    """`sign-in` or `forbidden` where the principal may not; None where it may."""
    kind, _, act = who.partition(":")
    if kind == "anyone":
        return None
    if principal == "anonymous":
        return "sign-in"
    if kind == "resident":
        return None
    role = "caseworker" if principal == "elsewhere" else principal
    return None if role in people.MAY[act] else "forbidden"


def outcome(response) -> str | None:
    if response.status_code == 302 and "/account/login/" in response["Location"]:
        return "sign-in"
    if response.status_code == 403:
        return "forbidden"
    return None


def test_every_route_by_every_method_answers_only_its_audience(clients, settings):
    settings.SECOND_FACTOR_WAIVED = True
    wrong = []
    for route, who in table().items():
        if who == LIBRARY:
            continue
        for principal, client in clients.items():
            for method in METHODS:
                response = getattr(client, method)(address(route))
                seen, wanted = outcome(response), expected_refusal(who, principal)
                if response.status_code >= 500 and response.status_code != 503:
                    wrong.append(f"{method} {route} as {principal}: {response.status_code}")
                elif wanted and seen != wanted:
                    wrong.append(
                        f"{method} {route} as {principal}: {response.status_code}, not {wanted}"
                    )
                elif not wanted and seen == "sign-in":
                    wrong.append(f"{method} {route} as {principal}: sent to sign in")
    assert not wrong, "\n".join(wrong[:40])


def test_staff_without_a_second_factor_get_no_further(clients, settings):
    settings.SECOND_FACTOR_WAIVED = False
    response = clients["caseworker"].get("/desk/")
    assert response.status_code == 302 and "2fa" in response["Location"]


def test_a_change_needs_the_forms_token(db):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/nm/").status_code == 403
