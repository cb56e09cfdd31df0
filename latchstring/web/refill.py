"""Put words back into a form of a page that is rendered already, whatever form it is."""

import re
from collections.abc import Mapping, Sequence
from html import escape, unescape

Words = Mapping[str, Sequence[str]]
_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_NAME = re.compile(r'<(?:input|select|textarea)\b[^>]*?\sname="([^"]*)"')
_INPUT = re.compile(r"<input\b([^>]*)>")
_SELECT = re.compile(r"(<select\b([^>]*)>)(.*?)(</select>)", re.DOTALL)
_OPTION = re.compile(r"<option\b([^>]*)>")
_AREA = re.compile(r"(<textarea\b([^>]*)>)(.*?)(</textarea>)", re.DOTALL)
_MAIN = re.compile(r"<main\b[^>]*>\s*<div\b[^>]*>")
PLACE = "kept-words"  # the form's id, for a link that leads to it
_LEFT_ALONE = {"hidden", "password", "file", "submit", "button"}


def refilled(page: str, path: str, action: str, words: Words, notice: str) -> str:
    """Return a page with the notice first and the words in the form that leads to `action`.

    `path` is the page's own: where a form without an address leads. A form inside a closed
    `<details>` is opened. A page without such a form comes back with the notice alone left out.
    """
    found = _the_form(page, path, action, words)
    if found is None:
        return page
    start, end = found.span(2)
    page = page[:start] + _filled(page[start:end], words) + page[end:]
    page = f'{page[: found.start()]}<form id="{PLACE}"{page[found.start() + 5 :]}'
    page = _opened(page, found.start())
    return _MAIN.sub(lambda main: main.group(0) + notice, page, count=1)


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'(?:^|\s){name}="([^"]*)"', tag)
    return unescape(found.group(1)) if found else ""


def _the_form(page: str, path: str, action: str, words: Words) -> re.Match[str] | None:
    """Return the form to that address which asks for most of the words."""
    best, most = None, 0
    for form in _FORM.finditer(page):
        leads = _attribute(form.group(1), "action").split("?")[0] or path
        shared = len(set(_NAME.findall(form.group(2))) & set(words))
        if leads == action and shared > most:
            best, most = form, shared
    return best


def _filled(form: str, words: Words) -> str:
    form = _INPUT.sub(lambda tag: _input(tag, words), form)
    form = _SELECT.sub(lambda tag: _select(tag, words), form)
    return _AREA.sub(lambda tag: _area(tag, words), form)


def _input(tag: re.Match[str], words: Words) -> str:
    inside = tag.group(1)
    name, kind = _attribute(inside, "name"), _attribute(inside, "type") or "text"
    if not name or kind in _LEFT_ALONE:
        return tag.group(0)
    if kind in ("radio", "checkbox"):
        inside = re.sub(r'\schecked(="[^"]*")?', "", inside)
        chosen = (_attribute(inside, "value") or "on") in words.get(name, ())
        return f"<input{inside}{' checked' if chosen else ''}>"
    if name not in words:
        return tag.group(0)
    inside = re.sub(r'\svalue="[^"]*"', "", inside)
    return f'<input{inside} value="{escape(words[name][-1])}">'


def _select(tag: re.Match[str], words: Words) -> str:
    name = _attribute(tag.group(2), "name")
    if name not in words:
        return tag.group(0)

    def option(one: re.Match[str]) -> str:
        inside = re.sub(r'\sselected(="[^"]*")?', "", one.group(1))
        chosen = _attribute(inside, "value") in words[name]
        return f"<option{inside}{' selected' if chosen else ''}>"

    return tag.group(1) + _OPTION.sub(option, tag.group(3)) + tag.group(4)


def _area(tag: re.Match[str], words: Words) -> str:
    name = _attribute(tag.group(2), "name")
    if name not in words:
        return tag.group(0)
    return f"{tag.group(1)}\n{escape(words[name][-1])}{tag.group(4)}"


def _opened(page: str, place: int) -> str:
    """Open the details around a place, so that the words are seen."""
    begin = page.rfind("<details", 0, place)
    if begin < 0 or page.rfind("</details>", 0, place) > begin:
        return page
    end = page.index(">", begin)
    if " open" in page[begin:end]:
        return page
    return f"{page[:end]} open{page[end:]}"
