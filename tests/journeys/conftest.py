"""The stage for journeys: the whole demo as real processes, and a real browser.

One stack per session, in a home of its own, with no population: what a journey sees, it did itself.
With LATCHSTRING_PICTURES (`make pictures`) every screen is kept under out/journeys, at 360 and 1280
px; without, the last one of a journey that failed is.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.processes import free_port

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "out" / "journeys"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PICTURES = bool(os.environ.get("LATCHSTRING_PICTURES"))
WIDTHS = (360, 1280)


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remember whether a journey failed, so that its people can keep what they saw last."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@dataclass
class Stack:
    """The running demo: where its parts are."""

    home: Path
    url: str
    services: dict[str, Any]
    secrets: dict[str, str]

    @property
    def mail(self) -> str:
        return self.services["services"]["mail"]["url"]

    def messages(self, to: str) -> list[dict[str, Any]]:
        return httpx.get(f"{self.mail}/api/messages", params={"to": to}).json()["messages"]

    def wait_for_mail(self, to: str, containing: str, seconds: float = 40) -> dict[str, Any]:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for message in reversed(self.messages(to)):
                if containing.lower() in (message["subject"] + message["text"]).lower():
                    return message
            time.sleep(0.5)
        subjects = [m["subject"] for m in self.messages(to)]
        raise AssertionError(f"no mail to {to} with {containing!r}; there were {subjects}")

    def admin(self, name: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Speak to a stand-in as its administrator (`tax`, `human_services`, `bank`)."""
        url = self.services["services"][name]["url"]
        token = self.secrets["admin"]
        answer = httpx.post(
            f"{url}{path}", json=body, headers={"Authorization": f"Bearer {token}"}, timeout=10
        )
        answer.raise_for_status()
        return answer.json()


def running(home: Path, port: int) -> Stack:
    """Return the demo that runs in a home."""
    return Stack(
        home,
        f"http://127.0.0.1:{port}",
        json.loads((home / "run" / "services.json").read_text()),
        json.loads((home / "keys" / "standins.json").read_text()),
    )


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The demo, started as a person would and stopped as a person would.

    `JOURNEY_HOME` and `JOURNEY_PORT` name one that runs already, while a journey is being written.
    """
    if "JOURNEY_HOME" in os.environ:
        yield running(Path(os.environ["JOURNEY_HOME"]), int(os.environ["JOURNEY_PORT"]))
        return
    home = tmp_path_factory.mktemp("home")
    port = free_port()
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("LATCHSTRING", "DATABASE_URL", "PYTEST"))
    } | {"LATCHSTRING_HOME": str(home), "PORT": str(port)}
    log = (home / "demo.out").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "latchstring.command", "demo", "--households", "0"],
        env=environment,
        cwd=ROOT,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + 120
        while True:
            if process.poll() is not None or time.monotonic() > end:
                raise AssertionError((home / "demo.out").read_text()[-3000:])
            try:
                if httpx.get(f"{url}/readyz", timeout=2).status_code == 200:
                    break
            except httpx.HTTPError:
                pass
            time.sleep(0.5)
        yield running(home, port)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


class Camera:
    """Takes each screen at both widths, once per name, where pictures are wanted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.png"):
            old.unlink()

    def take(self, page: Page, name: str) -> None:
        if not PICTURES:
            return
        self.count += 1
        size = page.viewport_size
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
            page.screenshot(
                path=self.folder / f"{self.count:02d}-{stem}-{width}.png", full_page=True
            )
        if size:
            page.set_viewport_size(size)
