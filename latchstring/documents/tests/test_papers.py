"""Papers: whatever a stranger sends, what is shown is clean, and what cannot be shown is said."""

import hashlib
import io
import random
import zlib

import pikepdf
import pillow_heif
import pytest
from PIL import Image

from latchstring.documents import checks, inspect, sniff, store
from latchstring.documents import door as documents
from latchstring.documents.models import Upload
from latchstring.kernel.errors import Conflict, Invalid
from latchstring.people import door as people
from latchstring.people.models import Agency

ANA = {"first_name": "Ana", "last_name": "Baca", "birth_date": "1988-05-02"}
GPS = b"35.0844"


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path):
    settings.STORAGE = tmp_path


@pytest.fixture
def household(db):
    Agency.objects.create(slug="nm-dfa", state="NM", names={"en": "D"}, phone="1", brand="nm")
    account = people.Account.objects.create_user("ana@example.test", "correct horse battery")
    return people.make_household("nm-dfa", account, identity=ANA)


def photo(form="JPEG", size=(40, 20), **how):
    image = Image.new("RGB", size, "red")
    image.paste("blue", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, form, **how)
    return out.getvalue()


def exif(orientation=1):
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010E] = "<script>alert(1)</script>"
    tags.get_ifd(0x8825)[1] = "N"
    tags.get_ifd(0x8825)[29] = GPS.decode()
    return tags.tobytes()


def pdf(pages=1, **save):
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(200, 300))
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    out = io.BytesIO()
    document.save(out, **save)
    return out.getvalue()


def png_saying(width, height):
    def chunk(kind, body):
        return (
            len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")
        )

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def give(household, raw, name="lease.jpg", **more):
    return documents.give(household, "lease", [(name, io.BytesIO(raw))], "account:x", **more)


def looked_over(household, raw):
    document = give(household, raw)
    documents.inspect_document(document.id)
    return documents.of_household(household.id)[-1].uploads[0]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "wrong_type"),
        (b"GIF89a" + b"\0" * 40, "wrong_type"),
        (b"PK\x03\x04" + b"\0" * 40, "wrong_type"),
        (b"<html><script>alert(1)</script>", "wrong_type"),
        (b"MZ\x90\0" + b"\0" * 40, "wrong_type"),
        (b"\xff\xd8\xff" + b"\0" * (20 * 1024 * 1024), "too_large"),
    ],
)
def test_what_is_no_paper_is_refused_at_once_and_nothing_is_kept(household, raw, code):
    with pytest.raises(documents.NotAPaper) as wrong:
        give(household, raw)
    assert wrong.value.fields == {"files": code}
    assert documents.refusal_words(code)
    assert documents.of_household(household.id) == []
    assert not store.folder().exists() or not list(store.folder().glob("*/*"))


def heic():
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 64), "green")).save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "raw",
    [photo(), photo("PNG"), photo("WEBP"), heic(), pdf(), photo() + b"<?php echo 1; ?>"],
    ids=["jpeg", "png", "webp", "heic", "pdf", "jpeg-with-php"],
)
def test_every_kind_we_take_becomes_a_clean_page(household, raw):
    upload = looked_over(household, raw)
    assert (upload.state, upload.pages) == ("ready", (1,))
    shown = documents.page(upload.id, 1)
    assert shown.media_type in (sniff.PNG, sniff.JPEG)
    assert b"<?php" not in shown.bytes


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (png_saying(65_000, 65_000), "too_large"),
        (photo()[:60], "damaged"),
        (png_saying(100, 100)[:50], "damaged"),
        (b"%PDF-1.7\n" + b"x" * 500, "damaged"),
        (pdf(encryption=pikepdf.Encryption(owner="o", user="secret")), "locked"),
        (pdf(pages=61), "too_many_pages"),
        (b"RIFF\0\0\0\0WEBPVP8 " + b"\0" * 99, "damaged"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 200, "damaged"),
        (b"%PDF-1.7\nPK\x03\x04<html><script>", "damaged"),
    ],
    ids=["flood", "cut", "cut-png", "junk", "locked", "long", "webp", "heic", "polyglot"],
)
def test_a_file_that_cannot_be_shown_says_what_to_do_and_blocks_nobody(household, raw, problem):
    upload = looked_over(household, raw)
    assert (upload.state, upload.problem) == ("problem", problem)
    assert upload.words
    with pytest.raises(documents.NoSuchDocument):
        documents.page(upload.id, 1)


def test_place_and_hidden_text_are_dropped_and_the_picture_stands_upright(household):
    raw = photo(exif=exif(orientation=6))
    assert b"<script>" in raw
    upload = looked_over(household, raw)
    shown = documents.page(upload.id, 1).bytes
    image = Image.open(io.BytesIO(shown))
    assert image.size == (20, 40)  # turned a quarter
    assert image.getpixel((10, 5))[2] > 200  # what was left is on top
    assert b"<script>" not in shown and GPS not in shown and not image.getexif()


def test_the_sandbox_can_open_no_file_and_no_socket(tmp_path, monkeypatch):
    source = inspect._SANDBOX.read_text().replace(
        "            pages = [picture(raw, kind, pixels_max)]",
        "            import socket; socket.socket()",
    )
    spoilt = tmp_path / "spoilt.py"
    spoilt.write_text(source.replace("import sys\n", "import sys\nimport socket\n", 1))
    monkeypatch.setattr(inspect, "_SANDBOX", spoilt)
    assert inspect.decoded(photo(), "image/jpeg") == ("damaged", [])
    spoilt.write_text(source.replace("import socket; socket.socket()", "open('/etc/hostname')"))
    assert inspect.decoded(photo(), "image/jpeg") == ("damaged", [])
    monkeypatch.undo()
    assert inspect.decoded(photo(), "image/jpeg")[0] == ""


@pytest.mark.parametrize("seed", range(12))
def test_a_file_with_bytes_turned_is_clean_or_said_to_be_damaged(seed):
    chance = random.Random(seed)
    kind, raw = chance.choice(
        [(sniff.JPEG, photo()), (sniff.PNG, photo("PNG")), (sniff.PDF, pdf()), (sniff.HEIC, heic())]
    )
    spoilt = bytearray(raw)
    for _ in range(chance.randint(1, 30)):
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    problem, pages = inspect.decoded(bytes(spoilt), kind)
    assert bool(problem) != bool(pages)
    assert all(sniff.media_type(page[:32]) in (sniff.PNG, sniff.JPEG) for page in pages)


def test_bytes_and_names_lie_sealed_and_the_hash_is_of_what_was_sent(household):
    raw = photo()
    document = give(household, raw, name="Ana Baca lease.jpg")
    upload = document.uploads.get()
    on_disk = store.path_of(upload.id, store.ORIGINAL).read_bytes()
    assert raw not in on_disk and b"JFIF" not in on_disk
    assert b"Ana" not in bytes(upload.name_sealed)
    assert upload.sha256 == hashlib.sha256(raw).hexdigest()
    assert documents.of_household(household.id)[0].uploads[0].name == "Ana Baca lease.jpg"


def test_a_lease_documents_the_rent_until_it_is_refused(household):
    document = give(household, photo(), proves=["rent_documented"])
    fact = people.facts(household)["rent_documented"]
    assert fact.value is True and fact.evidence.reference == str(document.id)
    with pytest.raises(Invalid):
        documents.refuse(document.id, "  ", "account:worker")
    documents.refuse(document.id, "The last page is missing.", "account:worker")
    assert people.facts(household)["rent_documented"].value is False
    assert documents.of_household(household.id)[0].refused_reason == "The last page is missing."


def test_a_removed_paper_leaves_the_list_but_an_accepted_one_stays(household):
    first = give(household, photo(), proves=["rent_documented"])
    second = give(household, photo(size=(30, 20)))
    documents.remove(first.id, "account:x")
    assert people.facts(household)["rent_documented"].value is False
    documents.accept(second.id, "account:worker")
    with pytest.raises(Conflict):
        documents.remove(second.id, "account:x")
    assert [paper.id for paper in documents.of_household(household.id)] == [second.id]


def test_inspecting_twice_changes_nothing(household):
    document = give(household, photo())
    first = documents.inspect(document.uploads.get().id)
    assert documents.inspect(first.id).inspected_at == first.inspected_at


def test_too_many_files_are_refused(household, monkeypatch):
    monkeypatch.setattr("latchstring.kernel.limits.UPLOADS_PER_APPLICATION_MAX", 1)
    give(household, photo())
    with pytest.raises(documents.TooManyPapers):
        give(household, photo(size=(30, 20)))


def test_orphans_are_found(household):
    document = give(household, photo())
    assert checks.rows_without_a_file() == [] == checks.files_without_a_row(older_than_seconds=-5)
    upload = Upload.objects.get(document=document)
    store.keep("nm-dfa", document.id, document.id, store.ORIGINAL, b"nobody's")
    assert len(checks.files_without_a_row(older_than_seconds=-5)) == 1
    store.path_of(upload.id, store.ORIGINAL).unlink()
    assert checks.rows_without_a_file() == [upload.id]
