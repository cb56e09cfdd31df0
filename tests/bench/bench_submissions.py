"""Submissions a second: the last page posted by people who are signed in, over real HTTP.

Each answer is a receipt that is looked up in the database at once: signed, and every case open.
The forms (PDF), letters and first steps of the cases are jobs: once with the worker held still,
once with it running. The floor beside it is what the same database commits in the same minute.
"""

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module

import httpx
import psycopg

from tests.bench.stage import stage
from tests.bench.table import Row, row

HOUSEHOLDS, EACH, AT_ONCE = 240, 150, 12
WARM = 30  # posted before anything is timed: a web process learns its statements once a day
FLOOR_SECONDS = 2.0


@dataclass(frozen=True)
class Ready:
    """Somebody signed in, with everything answered."""

    path: str
    cookies: dict[str, str]
    application: str
    programs: int


def bench() -> Iterator[Row]:
    """Yield the floor, the client's own cost, and both ways of submitting."""
    held = stage(HOUSEHOLDS)
    url = held.stack.url
    people = _prepared(WARM + 2 * EACH)
    warm, people = people[:WARM], people[WARM:]
    floors = {count: _commits(count) for count in (1, 8, 32)}
    for count, rate in floors.items():
        yield row(f"floor: one-row commits, {count} at once", rate, "/s")
    five = _commits(8, statements=5)
    yield row("floor: transactions of five statements, 8 at once", five, "/s")
    began, cpu = time.perf_counter(), time.process_time()
    _at_once([lambda http: http.get(f"{url}/healthz").raise_for_status()] * EACH)
    taken = time.perf_counter() - began
    own = 100 * (time.process_time() - cpu) / taken
    yield row(
        "client against /healthz (its own cost)", EACH / taken, "/s", f"{own:.0f} % of a core"
    )
    with held.workers_held():
        _submitted(url, warm)
        stopped, middle = _submitted(url, people[:EACH])
    against = "transactions of five statements"
    yield row("submissions, worker held", stopped, "/s", against, stopped / five, ">= 50 /s")
    yield row("submission, worker held, median", middle * 1000, "ms")
    busy, middle = _submitted(url, people[EACH:])
    yield row("submissions, worker running", busy, "/s", against, busy / five, ">= 25 /s")
    yield row("submission, worker running, median", middle * 1000, "ms")


def _prepared(count: int) -> list[Ready]:
    """Let households fill in their applications and sign in; none of it is timed."""
    # Only now: these need the stage's database.
    stories, load, population, door, clock, scope, client, csrf = (
        import_module(name)
        for name in (
            "latchstring.demo.stories",
            "latchstring.demo.load",
            "latchstring.demo.population",
            "latchstring.people.door",
            "latchstring.kernel.clock",
            "latchstring.kernel.scope",
            "django.test",
            "django.middleware.csrf",
        )
    )
    scope.enter(scope.EVERY_AGENCY)
    run, born_by = str(time.time_ns()), clock.today() - timedelta(days=40)
    found = []
    for home in population.homes(load.counties(), count, int(run) % 10_000, born_by):
        application = stories.fill_in(home, f"bench{run}-{home.number}@resident.example")
        browser = client.Client()
        browser.force_login(door.Account.objects.get(id=application.account))
        session = browser.session  # as of somebody who has looked at pages for a while
        session["since"] = session["seen"] = time.time()
        session.save()
        cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
        cookies["csrftoken"] = csrf._get_new_csrf_string()
        found.append(
            Ready(
                f"/nm/applications/{application.reference}/review/",
                cookies,
                str(application.id),
                application.programs.count(),
            )
        )
    return found


def _submitted(url: str, people: list[Ready]) -> tuple[float, float]:
    """Post them all, a bounded number at once; return how many a second, and the median wait."""
    database = import_module("django.conf").settings.DATABASE_URL
    local, waits = threading.local(), []

    def post(one: Ready) -> Callable[[httpx.Client], None]:
        def act(http: httpx.Client) -> None:
            began = time.perf_counter()
            form = {"name": "Bench Resident", "agree": "yes"}
            answer = http.post(
                url + one.path,
                data=form | {"csrfmiddlewaretoken": one.cookies["csrftoken"]},
                headers={"Cookie": "; ".join(f"{k}={v}" for k, v in one.cookies.items())},
            )
            waits.append(time.perf_counter() - began)
            if answer.status_code != 302 or not answer.headers["location"].endswith("/status/"):
                raise AssertionError(f"{answer.status_code} {answer.text[:300]}")
            if not hasattr(local, "connection"):
                local.connection = psycopg.connect(database, autocommit=True)
            receipt = local.connection.execute(_RECEIPT, [one.application] * 2).fetchone()
            if receipt != (True, one.programs):
                raise AssertionError(f"{one.path}: signed and cases {receipt}")

        return act

    began = time.perf_counter()
    _at_once([post(one) for one in people])
    return len(people) / (time.perf_counter() - began), statistics.median(waits)


_RECEIPT = """
SELECT EXISTS (SELECT FROM applications_signature s JOIN applications_application a
               ON a.id = s.application_id WHERE a.id = %s AND a.submitted_at IS NOT NULL),
       (SELECT count(*) FROM cases_case WHERE application = %s)
"""


def _at_once(acts: list[Callable[[httpx.Client], object]]) -> None:
    """Do acts with AT_ONCE clients, each over a connection that it keeps."""
    local = threading.local()

    def do(act: Callable[[httpx.Client], object]) -> None:
        if not hasattr(local, "http"):
            local.http = httpx.Client(timeout=30, trust_env=False, verify=False)  # plain http
        act(local.http)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in [pool.submit(do, act) for act in acts]:
            done.result()


def _commits(connections: int, statements: int = 1) -> float:
    """Return transactions a second, each of so many one-row inserts, for a bounded while."""
    database = import_module("django.conf").settings.DATABASE_URL
    with psycopg.connect(database, autocommit=True) as setup:
        setup.execute("CREATE TABLE IF NOT EXISTS bench_floor (id uuid DEFAULT gen_random_uuid())")
    end = time.perf_counter() + FLOOR_SECONDS

    def commit(_: int) -> int:
        count = 0
        with psycopg.connect(database) as connection:
            while time.perf_counter() < end:
                for _statement in range(statements):
                    connection.execute("INSERT INTO bench_floor DEFAULT VALUES", prepare=True)
                connection.commit()
                count += 1
        return count

    with ThreadPoolExecutor(connections) as pool:
        total = sum(pool.map(commit, range(connections)))
    with psycopg.connect(database, autocommit=True) as setup:
        setup.execute("DROP TABLE bench_floor")
    return total / FLOOR_SECONDS
