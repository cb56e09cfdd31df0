"""The parts of the design: all shown, in two languages, and a checker of access is content."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, sync_playwright

WEB = Path(__file__).resolve().parents[1]
PARTS = sorted(p.stem for p in (WEB / "templates" / "components").glob("*.html"))
PAGES = {"en": "/components/", "es": "/es/components/"}
WIDTHS = (360, 1280)
# Classes the component page cannot wear: the desk's stylesheet, a door's name, the demo's note.
ELSEWHERE = {
    "desk-columns",
    "desk-next",
    "desk-urgent",
    "ls-brand__agency",
    "ls-columns--small",
    "ls-demo",
}
# Fragments that fill a page's own data into classes and parts that the component page shows.
BUILT_OF_PARTS = {
    "account/_field.html",
    "desk/parts/criteria.html",
    "desk/parts/field.html",
    "desk/parts/lines.html",
    "desk/parts/payments.html",
    "desk/parts/put_down.html",
    "desk/parts/reason.html",
    "desk/parts/refusal.html",
    "portal/_closed.html",
    "portal/_fields.html",
    "portal/_other_version.html",
    "portal/_outlook.html",
    "portal/_packet.html",
    "portal/_page.html",
    "portal/_status.html",
}


@pytest.fixture
def pages(db: None, client: Client) -> dict[str, str]:
    """The page as each language gets it."""
    return {language: client.get(path).content.decode() for language, path in PAGES.items()}


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A browser for one test: while it is open Django may not use the database."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield opened
        opened.close()


def standing_alone(html: str, folder: Path, name: str) -> str:
    """Write a page with its stylesheet and pictures beside it; return its address."""

    def local(match: re.Match[str]) -> str:
        return (WEB / "static").as_uri() + "/" + re.sub(r"\.[0-9a-f]{12}(?=\.)", "", match[1])

    file = folder / f"{name}.html"
    file.write_text(re.sub(r"/static/([\w./-]+)", local, html))
    return file.as_uri()


def test_every_part_is_on_the_page(client: Client, db: None) -> None:
    response = client.get("/components/")
    used = {t.name.removesuffix(".html").split("/")[-1] for t in response.templates if t.name}
    assert set(PARTS) - used == set()


def test_every_class_that_a_page_wears_is_on_the_page(pages: dict[str, str]) -> None:
    lists = re.findall(r'class="([^"]*)"', pages["en"])
    shown = {name for several in lists for name in several.split()}
    worn: dict[str, str] = {}
    for file in (WEB / "templates").rglob("*.html"):
        text = re.sub(r"{% (url|include|static)[^%]*%}", "", file.read_text())
        for name in re.findall(r"(?<![\w/.-])((?:ls|desk)-[a-z_]+(?:-[a-z_]+|--[a-z]+)*)", text):
            worn[name] = file.name
    missing = {name: file for name, file in worn.items() if name not in shown | ELSEWHERE}
    assert not missing, f"worn by pages and not on the component page: {missing}"
    assert set(worn) >= ELSEWHERE, "named as shown elsewhere, and no page wears it"


def test_a_part_that_lives_outside_the_parts_is_known_here() -> None:
    folder = WEB / "templates"
    found = {f"desk/parts/{file.name}" for file in (folder / "desk" / "parts").glob("*")}
    for room in ("portal", "account"):
        found |= {f"{room}/{file.name}" for file in (folder / room).glob("_*")}
    assert found == BUILT_OF_PARTS, "show a new part on the component page, or name it here"


@pytest.mark.parametrize("part", PARTS)
def test_every_part_names_its_context(part: str) -> None:
    text = (WEB / "templates" / "components" / f"{part}.html").read_text()
    assert text.startswith(("{% comment %}", "{#")), part


def test_no_part_brings_style_or_script_of_its_own(pages: dict[str, str]) -> None:
    for html in pages.values():
        assert not re.search(r"<style|<script|\sstyle=|\son[a-z]+=", html)


def test_columns_are_drawn_with_points_in_every_language(pages: dict[str, str]) -> None:
    for html in pages.values():
        heights = re.findall(r'<rect [^>]*height="([^"]+)"', html)
        assert len(heights) == 14
        assert max(float(height) for height in heights) == 78.0


def test_ids_are_used_once(pages: dict[str, str]) -> None:
    for html in pages.values():
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids)), sorted({i for i in ids if ids.count(i) > 1})


def test_hints_and_errors_belong_to_their_input(pages: dict[str, str]) -> None:
    for html in pages.values():
        ids = set(re.findall(r'\sid="([^"]+)"', html))
        named = set(re.findall(r'aria-describedby="([^"]+)"', html))
        wanted = {one for several in named for one in several.split()}
        assert {"id_w_rent_hint", "id_w_rent_error", "id_w_court_error"} <= wanted
        assert wanted <= ids
        assert set(re.findall(r'href="#(id_\w+)"', html)) <= ids


def test_the_spanish_page_has_no_english_frame_words(pages: dict[str, str]) -> None:
    shown = re.sub(r"<[^>]+>", "\n", pages["es"])
    english = {
        "Skip to the main part",
        "Why do we ask?",
        "Something needs another look",
        "Still open",
        "Parts of the design",
        "Questions",
        "Likely",
        "Comes later",
    }
    assert {line.strip() for line in shown.splitlines()} & english == set()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", PAGES)
def test_a_checker_of_access_finds_nothing(
    pages: dict[str, str], browser: Browser, tmp_path: Path, language: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(standing_alone(pages[language], tmp_path, language))
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = Axe().run(page).response["violations"]
    assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found] == []
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"the page is {wide} px wider than the screen"
    page.close()


def test_the_checker_can_fail(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<html><body><input></body></html>")
    assert Axe().run(page).response["violations"]
    page.close()
