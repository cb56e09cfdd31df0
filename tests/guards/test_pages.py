"""Every page of portal and desk: how much goes over the wire, and that it asks the database as
often for many of a thing as for few.

No time is taken here (that is tests/bench/bench_pages.py): statements and bytes do not depend on
how busy the machine is. The sizes are those that a browser is sent.
"""

import gzip
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from latchstring.cases import door as cases
from latchstring.cases.tests.scene import STATED
from latchstring.demo import hire, load, stories
from latchstring.demo.paper import picture
from latchstring.demo.population import homes
from latchstring.documents import door as documents
from latchstring.kernel import clock, scope
from latchstring.notices import door as notices
from latchstring.people import door as people
from latchstring.web.assets import PREFIX, assets
from tests import pages

FIRST_VIEW_BYTES, NEXT_VIEW_BYTES, DESK_BYTES = 40_000, 8_000, 60_000
PAPER_BYTES = 60_000  # a PDF brings its letters with it
STATEMENTS = 45
MORE = 4
FOR_MACHINES = ("healthz", "readyz", "metrics")  # no person waits for these


@pytest.fixture
def world(own_database, settings):
    """One household that got help, one in the middle of its interview."""
    settings.SECOND_FACTOR_WAIVED = True
    scope.enter(scope.EVERY_AGENCY)
    load.load(0)
    population = homes(load.counties(), 40, 7, clock.today() - timedelta(days=40))
    large = [home for home in population if len(home.people) > 1 and home.lease]
    draft = stories.fill_in(large[0], "draft@resident.example")
    _helped(large[1])
    return draft, large


def _helped(home):
    application = stories.apply(home, f"helped{home.number}@resident.example")
    (case,) = cases.cases_of_application(application)
    household = people.household_by_id(case.household)
    actor = hire.account_of("caseworker").actor
    people.state_facts(household, STATED, actor=actor, source="staff")
    for paper in documents.of_household(household.id):
        documents.inspect(paper.uploads[0].id)
    cases.note(case.id, "Called once.", actor)
    cases.determine(case.id)
    decision = cases.prepare_approval(case.id, actor)
    cases.approve(decision.id, hire.account_of("approver").actor)
    cases.follow_payments(case.id)
    return case


def _more(draft, large):
    """More of everything: cases, people, incomes, papers, letters, notes, requests."""
    known = pages.richest()
    casey = hire.account_of("caseworker")
    (case,) = cases.cases_of_household(known["household"])
    for home in large[2 : 2 + MORE]:
        _helped(home)
    given = people.household_by_id(known["household"]), f"account:{known['account']}"
    under_way = people.household_by_id(draft.household), f"account:{draft.account}"
    head = people.members(under_way[0])[0].person_id
    for place in range(MORE):
        for household, actor in (under_way, given):
            lease = [("lease.jpg", picture("Lease", [f"Page {place}"]))]
            documents.give(household, "lease", lease, actor)
            who = large[0].people[0].identity() | {"ssn": f"90012{place:04d}"}
            people.add_member(household, who, "other", actor)
        people.add_income(under_way[0], head, "job", Decimal(100 + place), "monthly", under_way[1])
        notices.write(
            *(household.id, None, case.id, "received", "en", f"more:{place}", "Title", "Words"),
            agency=case.agency,
        )
        cases.note(case.id, f"Called, attempt {place}.", casey.actor)


def _looked_at(page: pages.Page) -> tuple[list[str], int]:
    """Return the statements of a page and its bytes as sent."""
    asked: list[str] = []

    def listen(execute, sql, parameters, many, context):
        asked.append(sql)
        return execute(sql, parameters, many, context)

    connection.ensure_connection()
    with connection.execute_wrapper(listen):
        size = len(page.client.get(page.path).content)
    return asked, size


def _measured(draft) -> dict[str, tuple[list[str], int]]:
    """Look at each page, by its route (questions by their address). Finding it was a look too."""
    found = {
        page.path if "<slug:step>" in page.route else page.route: _looked_at(page)
        for page in pages.every_page(draft)
        if page.route not in FOR_MACHINES
    }
    scope.enter(scope.EVERY_AGENCY)
    return found


def test_pages_stay_small_and_ask_no_oftener_for_more(world):
    draft, large = world
    few = _measured(draft)
    _more(draft, large)
    many = _measured(draft)
    assert len(few) > 45, sorted(few)
    heavy = {page: size for page, (_, size) in many.items() if size > _most(page)}
    assert not heavy, heavy
    talkative = {page: len(asked) for page, (asked, _) in many.items() if len(asked) > STATEMENTS}
    assert not talkative, talkative
    grown = {
        page: (len(few[page][0]), len(asked))
        for page, (asked, _) in many.items()
        if page in few and len(asked) > len(few[page][0])
    }
    assert not grown, grown
    files = sum(len(file.packed or file.plain) for file in _files_of(draft))
    for page, (_, size) in many.items():
        if page.startswith("/nm/applications/"):
            assert size <= NEXT_VIEW_BYTES and size + files <= FIRST_VIEW_BYTES, (page, size, files)


def _most(page):
    """How many bytes a page may be, or a paper that somebody chose to download."""
    if page.endswith(".pdf"):
        return PAPER_BYTES
    return DESK_BYTES if page.startswith("desk/") else FIRST_VIEW_BYTES


def _files_of(draft):
    """The files that a question page asks for: few, and not the one that polls."""
    account = people.Account.objects.get(id=draft.account)
    page = pages.signed_in(account).get(f"/nm/applications/{draft.reference}/renting/")
    scope.enter(scope.EVERY_AGENCY)
    html = gzip.decompress(page.content).decode()
    names = set(re.findall(rf'(?:href|src)="{PREFIX}([^"]+)"', html))
    assert len(names) + 1 <= 5 and not [name for name in names if "htmx" in name], names
    return [assets()[name] for name in names]
