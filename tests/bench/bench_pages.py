"""Every page of portal and desk at the server, and question pages as a browser gets them.

At the server: the whole stack of middleware against the real database of a demo with a few hundred
cases; the median of LOOKS, pages taking turns. On the wire: Chromium and the real server process.
"""

import statistics
import time
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any

from playwright.sync_api import sync_playwright

from tests.bench.stage import stage
from tests.bench.table import Row, row
from tests.journeys.conftest import ARGUMENTS, CHROMIUM

HOUSEHOLDS, LOOKS = 240, 30


def bench() -> Iterator[Row]:
    """Yield the slowest and heaviest pages of each side, and both views of a question page."""
    held = stage(HOUSEHOLDS)
    # Only now: these need the stage's database.
    pages, scope = import_module("tests.pages"), import_module("latchstring.kernel.scope")
    scope.enter(scope.EVERY_AGENCY)
    draft = _draft()
    shown = list(pages.every_page(draft))
    taken: dict[str, list[float]] = {page.path: [] for page in shown}
    bytes_of: dict[str, int] = {}
    for _ in range(LOOKS):
        for page in shown:
            began = time.perf_counter()
            answer = page.client.get(page.path)
            taken[page.path].append(1000 * (time.perf_counter() - began))
            bytes_of[page.path] = len(answer.content)
    medians = {path: statistics.median(times) for path, times in taken.items()}
    for who, on_the_desk, goal in (("resident", False, "<= 25 ms"), ("desk", True, "<= 50 ms")):
        own = [page.path for page in shown if page.on_the_desk == on_the_desk]
        middle = statistics.median(medians[path] for path in own)
        yield row(f"{who} pages at the server ({len(own)}), the middle one", middle, "ms")
        for path in sorted(own, key=medians.__getitem__, reverse=True)[:3]:
            best = min(taken[path])
            yield row(
                f"  of the slowest: {_named(path)}", medians[path], "ms", goal=goal, least=best
            )
        heavy = max(own, key=bytes_of.__getitem__)
        yield row(f"  the heaviest: {_named(heavy)}", bytes_of[heavy] / 1000, "kB", goal="<= 60 kB")
    scope.enter(scope.EVERY_AGENCY)
    asking = next(page for page in shown if "<slug:step>" in page.route)
    yield from _in_a_browser(held.stack.url, asking)


def _named(path: str) -> str:
    """A page's address without the references and ids of one case."""
    return "/".join("*" if any(c.isdigit() for c in part) else part for part in path.split("/"))


def _draft() -> Any:
    names = ("stories", "load", "population")
    stories, load, population = (import_module(f"latchstring.demo.{name}") for name in names)
    clock = import_module("latchstring.kernel.clock")
    seed = time.time_ns() % 100_000
    home = next(population.homes(load.counties(), 1, seed, clock.today() - timedelta(days=40)))
    return stories.fill_in(home, f"pages{seed}@resident.example")


def _in_a_browser(url: str, page: Any) -> Iterator[Row]:
    """Load a question page twice in one browser: what each look asks for and what comes."""
    cookie = page.client.cookies["sessionid"].value
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = chromium.new_context()
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": url}])
        for view, goal, most in (("first", "<= 40 kB", "<= 5"), ("next", "<= 8 kB", "<= 5")):
            requests, came = _loaded(context, url + page.path)
            yield row(f"question page, {view} view", came / 1000, "kB", goal=goal)
            yield row(f"question page, {view} view", requests, "requests", goal=most)
        chromium.close()


def _loaded(context: Any, address: str) -> tuple[int, int]:
    """Return the requests that reached the network and the bytes that came, heads included."""
    tab = context.new_page()
    wire = context.new_cdp_session(tab)
    wire.send("Network.enable")
    sizes: list[int] = []
    wire.on("Network.loadingFinished", lambda told: sizes.append(int(told["encodedDataLength"])))
    answer = tab.goto(address, wait_until="networkidle")
    if answer is None or answer.status != 200:
        raise AssertionError(f"{address}: {answer and answer.status}")
    tab.close()
    asked = [size for size in sizes if size]  # nothing comes for what the browser kept
    return len(asked), sum(asked)
