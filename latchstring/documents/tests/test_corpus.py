"""Files as phones and scanners make them, and as strangers twist them, family by family.

Whatever comes: no failure of ours, nothing of it in what is shown, and one kind sentence on what
to do, in both languages. The corpus is made here, byte by byte; each file goes to the sandbox.
"""

import gzip
import hashlib
import io
import random
import time
import zipfile
import zlib

import pikepdf
import pillow_heif
import pytest
from django.utils import translation
from PIL import Image, ImageDraw

from latchstring.documents import door as documents
from latchstring.documents import inspect, sniff, store
from latchstring.documents.tests.test_papers import (  # noqa: F401 - fixtures
    exif,
    give,
    household,
    own_storage,
    png_saying,
)
from latchstring.documents.words import PROBLEMS, REFUSALS

CANARY = b"CANARY-7f3a-alert(1)"
SECONDS_MAX = 20
CORNERS = ("red", "lime", "blue", "white")  # of the upright picture, clockwise from the top left
UNTURNED = {  # how a camera stores what its tag then turns upright
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def sheet(size=(120, 80), mode="RGB"):
    """A picture whose four corners tell which way is up."""
    image = Image.new("RGB", size)
    draw, (w, h) = ImageDraw.Draw(image), size
    for colour, (x, y) in zip(
        CORNERS, ((0, 0), (w // 2, 0), (w // 2, h // 2), (0, h // 2)), strict=True
    ):
        draw.rectangle((x, y, x + w // 2, y + h // 2), fill=colour)
    return image.convert(mode)


def corners(raw):
    image = Image.open(io.BytesIO(raw)).convert("RGB")
    w, h = image.size
    names = {"red": (255, 0, 0), "lime": (0, 255, 0), "blue": (0, 0, 255), "white": (255,) * 3}
    places = (
        (w // 8, h // 8),
        (7 * w // 8, h // 8),
        (7 * w // 8, 7 * h // 8),
        (w // 8, 7 * h // 8),
    )
    return tuple(
        min(
            names, key=lambda name: sum(abs(a - b) for a, b in zip(names[name], pixel, strict=True))
        )
        for pixel in map(image.getpixel, places)
    )


def saved(image, form, **how):
    out = io.BytesIO()
    image.save(out, form, **how)
    return out.getvalue()


def heic(image, **how):
    out = io.BytesIO()
    pillow_heif.from_pillow(image).save(out, **how)
    return out.getvalue()


def pdf(pages=1, size=(200, 300), change=None, **save):
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=size)
    if change:
        change(document)
    out = io.BytesIO()
    document.save(out, **save)
    return out.getvalue()


def clean(raw, kind=None):
    """Decode as the worker does; return the pages, after looking that they are clean."""
    began = time.monotonic()
    problem, pages = inspect.decoded(raw, kind or sniff.media_type(raw[:32]))
    assert time.monotonic() - began < SECONDS_MAX
    assert bool(problem) != bool(pages)
    assert not problem or problem in PROBLEMS, problem
    for page in pages:
        assert sniff.media_type(page[:32]) in (sniff.PNG, sniff.JPEG)
        assert CANARY not in page and b"Exif" not in page and b"35.0844" not in page
        assert not Image.open(io.BytesIO(page)).getexif()
    return problem, pages


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_held_any_way_is_shown_upright_and_says_nothing_of_where(orientation):
    turn = UNTURNED[orientation]
    stored = sheet() if turn is None else sheet().transpose(turn)
    _problem, (page,) = clean(saved(stored, "JPEG", quality=95, exif=exif(orientation)))
    assert corners(page) == CORNERS and Image.open(io.BytesIO(page)).size == (120, 80)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_an_iphones_photo_is_shown_upright(orientation):
    """HEIC: the box in the file turns it, and the EXIF tag beside it must not turn it again."""
    pillow_heif.register_heif_opener()
    turn = UNTURNED[orientation]
    stored = sheet() if turn is None else sheet().transpose(turn)
    raw = saved(stored, "HEIF", exif=exif(orientation), quality=95)
    assert (b"irot" in raw) == (orientation != 1) and b"Exif" in raw
    _problem, (page,) = clean(raw)
    assert corners(page) == CORNERS


REAL = {
    "jpeg": lambda: saved(sheet(), "JPEG"),
    "jpeg-grey": lambda: saved(sheet(mode="L"), "JPEG"),
    "jpeg-print": lambda: saved(sheet(mode="CMYK"), "JPEG"),
    "jpeg-progressive": lambda: saved(sheet(), "JPEG", progressive=True),
    "png-clear": lambda: saved(sheet(mode="RGBA"), "PNG"),
    "png-palette": lambda: saved(sheet(mode="P"), "PNG", transparency=0),
    "png-fax": lambda: saved(sheet(mode="1"), "PNG"),
    "png-16-bit": lambda: saved(Image.new("I;16", (120, 80), 40_000), "PNG"),
    "webp": lambda: saved(sheet(), "WEBP"),
    "webp-lossless": lambda: saved(sheet(), "WEBP", lossless=True),
    "webp-moving": lambda: saved(sheet(), "WEBP", save_all=True, append_images=[sheet()]),
    "heic": lambda: heic(sheet()),
    "heic-3-mpx": lambda: heic(Image.new("RGB", (2_016, 1_512), "white"), quality=30),
    "jpeg-48-mpx": lambda: saved(Image.new("L", (8_000, 6_000), 255), "JPEG"),
    "pdf-image-per-page": lambda: saved(sheet(), "PDF", save_all=True, append_images=[sheet()] * 4),
    "pdf-60-pages": lambda: pdf(pages=60),
    "pdf-poster": lambda: pdf(size=(14_400, 14_400)),
}


@pytest.mark.parametrize("name", REAL)
def test_what_phones_and_scanners_make_is_taken(name):
    problem, pages = clean(REAL[name]())
    assert problem == ""
    assert len(pages) == {"pdf-60-pages": 60, "pdf-image-per-page": 5}.get(name, 1)
    assert all(max(Image.open(io.BytesIO(page)).size) <= 2_200 for page in pages)


def _action(name, **more):
    def change(document):
        document.Root.OpenAction = document.make_indirect(
            pikepdf.Dictionary(S=pikepdf.Name(f"/{name}"), **more)
        )

    return lambda: pdf(change=change)


def _attached(document):
    document.attachments["run.exe"] = b"MZ" + CANARY


def _form(document):
    field = pikepdf.Dictionary(FT=pikepdf.Name.Tx, T="f", V=CANARY.decode())
    xfa = document.make_stream(b"<xdp>" + CANARY + b"</xdp>")
    document.Root.AcroForm = pikepdf.Dictionary(Fields=[field], XFA=xfa)


def _round(document):
    document.Root.Pages.Kids.append(document.Root.Pages)


def _many(document):
    for _ in range(30_000):
        document.make_indirect(pikepdf.Dictionary(A=1))
    document.Root.Many = pikepdf.Array(
        [document.make_indirect(pikepdf.Dictionary(A=n)) for n in range(30_000)]
    )


def _filtered(name):
    def change(document):
        picture = document.make_stream(
            random.Random(5).randbytes(4_000),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=9_999,
            Height=9_999,
            BitsPerComponent=8 if name == "JPXDecode" else 1,
            ColorSpace=pikepdf.Name.DeviceGray,
            Filter=pikepdf.Name(f"/{name}"),
        )
        page = document.pages[0]
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=picture))
        page.Contents = document.make_stream(b"200 0 0 300 0 0 cm /I Do")

    return lambda: pdf(change=change)


def _zip(name="word/document.xml", body=b"<w/>"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, body)
    return out.getvalue()


def _text_bomb():
    """A PNG whose comment unpacks to 60 MB."""
    body = b"Comment\0\0" + zlib.compress(b"A" * 60_000_000, 9)
    chunk = len(body).to_bytes(4, "big") + b"zTXt" + body
    chunk += zlib.crc32(b"zTXt" + body).to_bytes(4, "big")
    raw = saved(sheet(), "PNG")
    return raw[:33] + chunk + raw[33:]


def _jpeg_saying(width, height):
    raw = bytearray(saved(sheet(), "JPEG"))
    place = raw.index(b"\xff\xc0") + 5
    raw[place : place + 4] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return bytes(raw)


TWISTED = {
    "pdf-and-zip": lambda: pdf() + _zip(body=CANARY),
    "pdf-and-html": lambda: b"%PDF-1.7\n<html><script>" + CANARY + pdf()[9:],
    "jpeg-and-php": lambda: saved(sheet(), "JPEG") + b"<?php " + CANARY,
    "jpeg-comment": lambda: saved(sheet(), "JPEG", comment=CANARY),
    "png-and-zip": lambda: saved(sheet(), "PNG") + _zip(body=CANARY),
    "png-text-bomb": _text_bomb,
    "png-flood": lambda: png_saying(65_000, 65_000),
    "jpeg-flood": lambda: _jpeg_saying(65_000, 65_000),
    "pdf-javascript": _action("JavaScript", JS=CANARY.decode()),
    "pdf-launch": _action("Launch", F="/bin/sh"),
    "pdf-goes-elsewhere": _action("URI", URI="http://127.0.0.1:1/"),
    "pdf-attached": lambda: pdf(change=_attached),
    "pdf-form": lambda: pdf(change=_form),
    "pdf-round": lambda: pdf(change=_round),
    "pdf-objects": lambda: pdf(change=_many),
    "pdf-jbig2": _filtered("JBIG2Decode"),
    "pdf-jpx": _filtered("JPXDecode"),
    "pdf-thread": lambda: pdf(size=(3, 14_400)),
    "pdf-61": lambda: pdf(pages=61),
    "pdf-locked": lambda: pdf(encryption=pikepdf.Encryption(owner="o", user="secret")),
    "jpeg-virus-test": lambda: saved(sheet(), "JPEG") + b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + CANARY,
    "heic-box-bomb": lambda: b"\0\0\0\x18ftypheic" + b"\0" * 8 + b"\xff\xff\xff\xffmeta" * 900,
    "webp-size-lie": lambda: b"RIFF\xff\xff\xff\xffWEBPVP8X" + b"\xff" * 64,
}
SAID = {
    "png-flood": "too_large",
    "jpeg-flood": "too_large",
    "pdf-61": "too_many_pages",
    "pdf-locked": "locked",
    "heic-box-bomb": "damaged",
}


@pytest.mark.parametrize("name", TWISTED)
def test_what_strangers_twist_is_clean_or_kindly_said(name):
    problem, _pages = clean(TWISTED[name]())
    if name in SAID:
        assert problem == SAID[name]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIC", "PDF"])
def test_a_file_that_ends_early_is_said_to_be_damaged_or_shown_clean(form):
    raw = heic(sheet()) if form == "HEIC" else saved(sheet(), form)
    for share in (0.3, 0.95):
        clean(raw[: max(40, int(len(raw) * share))])


OTHERS = {
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='" + CANARY + b"'/>",
    "gif-and-js": b"GIF89a=1;" + CANARY,
    "docx": _zip(),
    "zip-bomb": _zip(body=b"\0" * 5_000_000),
    "zip-link": _zip(name="../../etc/passwd"),
    "gzip": gzip.compress(b"\0" * 1_000_000),
    "tiff": b"II*\0" + b"\0" * 60,
    "bmp": b"BM" + b"\0" * 60,
    "avif": b"\0\0\0\x20ftypavif" + b"\0" * 60,
    "mp4": b"\0\0\0\x20ftypisom" + b"\0" * 60,
    "html": b"<!doctype html><script>" + CANARY,
    "program": b"\x7fELF" + b"\0" * 60,
    "virus-test": b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR",
    "blank-first": b"\n\n" + b"%PDF-1.7",
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_kinds_of_file_are_refused_before_anything_opens_them(household, name):  # noqa: F811
    for called in ("lease.jpg", "lease.pdf"):
        with pytest.raises(documents.NotAPaper) as wrong:
            give(household, OTHERS[name], name=called)
        assert wrong.value.fields == {"files": "wrong_type"}
    assert documents.of_household(household.id) == []


def test_the_name_says_nothing_the_bytes_do(household):  # noqa: F811
    document = give(household, saved(sheet(), "PNG"), name="lease.pdf.exe")
    documents.inspect_document(document.id)
    assert documents.of_household(household.id)[0].uploads[0].state == "ready"


@pytest.mark.parametrize(
    "name",
    [
        "..%2f..%2fetc%2fpasswd",
        "../../x.jpg",
        "a\0b.jpg",
        "\u202egpj.exe",
        "ñ" * 4_096,
        "🏠📄.heic",
        "",
    ],
)
def test_any_name_is_only_words(household, name):  # noqa: F811
    raw = saved(sheet(), "JPEG")
    document = give(household, raw, name=name)
    (upload,) = documents.of_household(household.id)[0].uploads
    assert upload.name == name[:200]
    assert document.uploads.get().sha256 == hashlib.sha256(raw).hexdigest()
    assert [p.name for p in store.folder().glob("*/*")] == [f"{upload.id}.{store.ORIGINAL}"]


def test_several_photos_are_one_paper_in_their_order(household):  # noqa: F811
    raws = [saved(sheet(size=(120, 80 + n)), "JPEG") for n in range(4)]
    files = [(f"page {n}.jpg", io.BytesIO(raw)) for n, raw in enumerate(raws)]
    document = documents.give(household, "lease", files, "account:x")
    documents.inspect_document(document.id)
    (paper,) = documents.of_household(household.id)
    assert [u.name for u in paper.uploads] == [f"page {n}.jpg" for n in range(4)]
    heights = [Image.open(io.BytesIO(documents.page(u.id, 1).bytes)).height for u in paper.uploads]
    assert heights == [80, 81, 82, 83]
    for upload in paper.uploads:
        for number in (0, 2, -1):
            with pytest.raises(documents.NoSuchDocument):
                documents.page(upload.id, number)


@pytest.mark.parametrize("code", [*PROBLEMS, *REFUSALS])
def test_what_to_do_is_said_in_both_languages(code):
    said = {}
    for language in ("en", "es"):
        with translation.override(language):
            said[language] = (
                documents.problem_words(code) if code in PROBLEMS else documents.refusal_words(code)
            )
    assert said["en"] != said["es"] and all(text.endswith(".") for text in said.values())
    assert all(len(text.split()) <= 32 for text in said.values())
