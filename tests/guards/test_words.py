"""What a resident sees stands in both languages: a missing word fails here."""

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from latchstring.programs.reading import read_yaml

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "latchstring"
RESIDENT_TEMPLATES = ("account", "mfa", "portal", "components", "errors")
# Where Python says words to residents. Staff's words (desk) are English for now.
RESIDENT_CODE = (
    *("applications", "documents", "insight/packet.py"),
    *("web/portal", "web/accounts", "web/frame.py"),
)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}
PLACE = re.compile(r"%\((\w+)\)s|\{(\w+)\}")


def _words(text: str) -> set[str]:
    found = extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS)
    said = set()
    for _line, message, _comments, _context in found:
        said |= set(message) if isinstance(message, tuple) else {message}
    return said - {"", None}


def _templates() -> list[Path]:
    folder = PACKAGE / "web" / "templates"
    files = [folder / "base.html", *folder.glob("*.html")]
    for name in RESIDENT_TEMPLATES:
        files += (folder / name).rglob("*.html")
    return [file for file in files if file.name != "base_desk.html"]


def _code() -> list[Path]:
    files: list[Path] = []
    for place in RESIDENT_CODE:
        path = PACKAGE / place
        files += [path] if path.is_file() else path.rglob("*.py")
    return [file for file in files if "tests" not in file.parts]


def said() -> set[str]:
    """Every message that the frame says to a resident."""
    words: set[str] = set()
    for file in _templates():
        words |= _words(templatize(file.read_text(), origin=str(file)))
    for file in _code():
        words |= _words(file.read_text())
    return words


def spanish() -> dict[str, str]:
    with (PACKAGE / "locale/es/LC_MESSAGES/django.po").open("rb") as file:
        catalog = read_po(file)
    found = {}
    for message in catalog:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        for one, text in zip(ids, texts, strict=False):
            found[one] = "" if message.fuzzy else text
    return found


def test_every_word_a_resident_sees_is_in_spanish():
    known = spanish()
    missing = sorted(word for word in said() if not known.get(word))
    assert not missing, "\n".join(missing)


def test_the_places_for_names_and_numbers_are_the_same():
    wrong = [
        word
        for word, text in spanish().items()
        if word
        and {m.groups() for m in PLACE.finditer(word)} - {m.groups() for m in PLACE.finditer(text)}
    ]
    assert not wrong, wrong


def test_the_guard_finds_words_at_all():
    assert len(said()) > 150
    assert "Sign in" in said()


def _pairs(value, where):
    if isinstance(value, Mapping):
        if isinstance(value.get("en"), str):
            yield where, value["en"], value.get("es")
        for key, inner in value.items():
            yield from _pairs(inner, f"{where}.{key}")
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for number, inner in enumerate(value):
            yield from _pairs(inner, f"{where}[{number}]")


def test_every_text_of_the_catalog_stands_in_both_languages():
    wrong = []
    for file in (ROOT / "catalog").rglob("*.yaml"):
        for where, english, other in _pairs(read_yaml(file), file.name):
            places = {m.groups() for m in PLACE.finditer(english)}
            if not other or places != {m.groups() for m in PLACE.finditer(str(other))}:
                wrong.append(f"{where}: {english[:60]}")
    assert not wrong, "\n".join(wrong)


def test_sentences_are_short_enough_to_read_aloud():
    """Nobody should have to read a sentence of more than thirty words (6th to 8th grade)."""
    long = []
    for file in (ROOT / "catalog" / "questions").glob("*.yaml"):
        for where, english, _other in _pairs(read_yaml(file), file.name):
            for sentence in re.split(r"(?<=[.!?])\s", english):
                if len(sentence.split()) > 30:
                    long.append(f"{where}: {sentence}")
    assert not long, "\n".join(long)
