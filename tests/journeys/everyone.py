"""Looks at every page as everyone must be able to use it, and keeps what is wrong with each.

Every page is asked by the checker of access at two widths, and looked at on a screen at 400 %
(320 px). With LATCHSTRING_EVERY_LOOK also: more space between letters, doubled text, mirrored, with
longer words, in high contrast, without motion, on paper. The routes that must have been seen come
from the URL resolver.
"""

import os
import re
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import BrowserContext, Page, Response, TimeoutError

EVERY_LOOK = bool(os.environ.get("LATCHSTRING_EVERY_LOOK"))
LOOKS = Path(__file__).with_name("looks.js").read_text()
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
EMPTY = """form => { for (const one of form.elements) {
    if (one.matches("[type=checkbox], [type=radio]")) one.checked = false;
    else if (one.matches("input:enabled:not([type=hidden], [type=file]), select, textarea"))
        one.value = "";
} }"""
WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
ZOOMED = {"width": 320, "height": 256}  # 1280 by 1024 at 400 %
SHEET = {"width": 720, "height": 960}
SPANISH = re.compile(r"^/es(?=/)")

# Nothing is shown at these: they only take what a form posts, and send the person on.
POST_ONLY = {
    "portal:member_remove",
    "portal:income_remove",
    "portal:paper_remove",
    "desk:assign",
    "desk:ask",
    "desk:cancel_request",
    "desk:accept",
    "desk:refuse",
    "desk:go_on",
    "desk:prepare_approval",
    "desk:prepare_denial",
    "desk:look_at",
    "desk:interview",
    "desk:set_amount",
    "desk:note",
    "desk:name_payee",
    "desk:give_account",
    "desk:approve",
    "desk:send_back",
    "desk:pay_again",
    "desk:open_batch",
    "desk:seal_batch",
    "desk:release_batch",
    "desk:settle_doubt",
    "desk:put_back",
    "desk:leave_out",
    "desk:run_again",
    "desk:report_worked",
    "desk:walk_trail",
    "stay",
}
# What these send is no page of ours: a picture, a PDF, a file, a word for a machine, a way on.
NO_PAGE = {
    "healthz": "JSON for a supervisor",
    "readyz": "JSON for a supervisor",
    "metrics": "figures for a machine",
    "after_sign_in": "sends on",
    "portal:serves": "sends on: to a question, to another office, or to the account",
    "portal:form": "a tagged PDF; its tags are held by the journey of the whole way",
    "portal:packet_pdf": "a tagged PDF of the page that is looked at",
    "portal:paper": "a picture",
    "portal:uploads": "a file's pieces, sent by the script of a page that is looked at",
    "portal:upload": "a file's pieces, sent by the script of a page that is looked at",
    "desk:landing": "sends on: every role has a page of its own",
    "desk:packet_pdf": "a tagged PDF of the page that is looked at",
    "desk:paper_page": "a picture",
    "desk:batch_file": "a NACHA file",
    "desk:figures_csv": "a CSV file",
    "mfa_download_recovery_codes": "a text file",
    "account_confirm_login_code": "sends on: signing in by a code is off",
    "account_set_password": "sends on: every account has a password",
}


def named_routes() -> set[str]:
    """Every name that the resolver knows, with its namespace."""
    found: set[str] = set()

    def walk(patterns: list[URLPattern | URLResolver], space: str) -> None:
        for one in patterns:
            if isinstance(one, URLResolver):
                inner = f"{one.namespace}:" if one.namespace else ""
                walk(one.url_patterns, space + inner)
            else:
                assert one.name, f"{one.pattern} has no name"
                found.add(space + one.name)

    walk(get_resolver().url_patterns, "")
    return found


def route_of(path: str) -> str:
    """The name of the route that answers a path, whatever its language."""
    try:
        return resolve(SPANISH.sub("", urlsplit(path).path)).view_name
    except Resolver404:
        return ""


class Eyes:
    """Whoever looks: what was seen in which language, and what was wrong, by kind of look."""

    def __init__(self, origin: str, *, every_look: bool = EVERY_LOOK) -> None:
        self.origin, self.every_look = origin, every_look
        self.seen: dict[str, set[str]] = defaultdict(set)
        self.wrong: dict[str, list[str]] = defaultdict(list)
        self.looked = 0

    def visit(self, page: Page, path: str, name: str = "", *, status: int = 200) -> None:
        """Open a page in each language it has, and look at it. The desk speaks English."""
        for prefix in ("",) if path.startswith("/desk/") else ("", "/es"):
            self.look(page, name or path, page.goto(prefix + path), status)

    def look(
        self, page: Page, name: str, answer: Response | None = None, status: int = 200
    ) -> None:
        """Look at the page that is open. It stands still from then on: it must be left."""
        self.looked += 1
        path = urlsplit(page.url).path
        language = "es" if SPANISH.match(path) else "en"
        where = f"[{language}] {name} ({path})"
        if answer is not None and answer.status != status:
            self.wrong["answers"].append(f"{where}: {answer.status}")
        if status == 200:
            self.seen[route_of(path)].add(language)
        page.set_viewport_size(WIDE)
        page.evaluate(AXE_SCRIPT)
        page.evaluate(LOOKS)
        self._ask(page, where, "axe", AXE)
        if self.every_look:
            self._ask(page, where, "twice")
        page.set_viewport_size(PHONE)
        self._ask(page, where, "axe", AXE)
        self._ask(page, where, "tooSmall")
        if self.every_look and language == "en":  # its own words or direction: one language does
            self._ask(page, where, "mirrored")
            self._ask(page, where, "longer")
        page.set_viewport_size(ZOOMED)
        self._ask(page, where, "sticksOut")
        if self.every_look:
            self._ask(page, where, "spaced")
            if language == "en":
                self._without_colour_motion_or_screen(page, where, path)
        page.set_viewport_size(WIDE)

    def _without_colour_motion_or_screen(self, page: Page, where: str, path: str) -> None:
        page.emulate_media(forced_colors="active", reduced_motion="reduce")
        self._ask(page, where, "withoutEdge")
        self._ask(page, where, "moving")
        page.emulate_media(forced_colors="none", reduced_motion="no-preference")
        if not path.startswith("/desk/"):
            page.set_viewport_size(SHEET)
            page.emulate_media(media="print")
            self._ask(page, where, "onPaper")
            page.emulate_media(media="screen")

    def _ask(self, page: Page, where: str, kind: str, given: Any = None) -> None:
        for one in page.evaluate(f"given => looks.{kind}(given)", given):
            width = page.viewport_size["width"] if page.viewport_size else 0
            self.wrong[kind].append(f"{where} at {width}: {one}")

    def sends_nothing(self, page: Page, path: str, name: str) -> None:
        """Send the form of the open page empty, in each language, and look at what is said."""
        for prefix in ("", "/es"):
            if prefix:
                page.goto(prefix + path)
            form = page.locator("main form[method=post]").filter(
                has=page.locator("input:not([type=hidden]), select, textarea")
            )
            form.first.evaluate(EMPTY)
            form.first.locator("button:not([type=button])").first.click()
            try:
                page.locator("main [role=alert]").first.wait_for(state="attached")
            except TimeoutError:
                self.wrong["answers"].append(f"{prefix}{path}: nothing was said of an empty form")
            self.look(page, f"{name}, sent empty")

    def shows_a_page(self, context: BrowserContext, html: str, name: str) -> None:
        """Look at a page that only a breakdown brings, as the templates make it."""
        page = context.new_page()
        language = "/es" if '<html lang="es"' in html else ""
        address = f"{self.origin}{language}/account/inactive/{name}/"
        page.route(
            address, lambda route: route.fulfill(status=503, body=html, content_type="text/html")
        )
        self.look(page, f"error page {name}", page.goto(address), status=503)
        page.close()
