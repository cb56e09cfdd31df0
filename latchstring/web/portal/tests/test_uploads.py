"""Files over a broken line as any tus 1.0.0 client sends them, and the form that names them."""

import base64
import uuid

import pytest
from django.core.cache import cache
from django.test import Client

from latchstring.documents import door as documents
from latchstring.documents.models import Sending
from latchstring.kernel import limits
from latchstring.people import door as people
from latchstring.people.models import Agency
from latchstring.web.portal.tests.test_whole_way import photo, signed_up, started

TUS = {"HTTP_TUS_RESUMABLE": "1.0.0"}
BYTES = "application/offset+octet-stream"
UPLOADS = "/nm/uploads/"


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path):
    settings.STORAGE = tmp_path
    cache.clear()


@pytest.fixture
def resident(db):
    for slug, state in (("nm-dfa", "NM"), ("wy-dfs", "WY")):
        Agency.objects.create(
            slug=slug, state=state, names={"en": "A", "es": "A"}, phone="1", brand=state.lower()
        )
    browser = Client()
    browser.overview = started(browser)
    return browser


def begun(browser, size, name="mi contrato ñ.jpg", at=UPLOADS, **more):
    return browser.post(
        at,
        **TUS,
        HTTP_UPLOAD_LENGTH=str(size),
        HTTP_UPLOAD_METADATA=f"filename {base64.b64encode(name.encode()).decode()},filetype eA==",
        **more,
    )


def patch(browser, place, offset, raw, kind=BYTES, **more):
    headers = {**TUS, "HTTP_UPLOAD_OFFSET": str(offset), **more}
    return browser.generic("PATCH", place, raw, content_type=kind, **headers)


def household():
    return people.household_of(people.Account.objects.get(email="ana@example.test"), "nm-dfa")


def test_created_sent_in_two_parts_asked_and_given_with_the_form(resident):
    raw = photo().getvalue()
    made = begun(resident, len(raw))
    place = made["Location"]
    assert made.status_code == 201 and place.startswith(UPLOADS) and made["Upload-Expires"]
    first = patch(resident, place, 0, raw[:200])
    assert (first.status_code, first["Upload-Offset"]) == (204, "200")
    head = resident.head(place, **TUS)
    assert (head["Upload-Offset"], head["Upload-Length"]) == ("200", str(len(raw)))
    assert head["Cache-Control"] == "no-store" and head["Upload-Given"] == "no"
    assert patch(resident, place, 200, raw[200:])["Upload-Offset"] == str(len(raw))
    page = f"{resident.overview}papers-renter/"
    sent = place.rstrip("/").rsplit("/", 1)[1]
    for _ in range(2):  # the answer was lost, the form is sent again
        done = resident.post(page, {"kind": "lease", "sent": [sent]})
        assert done.status_code == 302
    (paper,) = documents.of_household(household().id)
    assert (paper.kind, [u.name for u in paper.uploads]) == ("lease", ["mi contrato ñ.jpg"])
    assert resident.head(place, **TUS)["Upload-Given"] == "yes"


def test_what_is_possible_here_is_said(resident):
    answer = resident.options(UPLOADS)
    assert answer["Tus-Version"] == "1.0.0" and "creation" in answer["Tus-Extension"]
    assert answer["Tus-Max-Size"] == str(limits.UPLOAD_BYTES_MAX)


def test_wrong_offset_kind_version_size_and_method_have_their_codes(resident):
    raw = photo().getvalue()
    place = begun(resident, len(raw))["Location"]
    patch(resident, place, 0, raw[:100])
    wrong = patch(resident, place, 0, raw)
    assert (wrong.status_code, wrong["Upload-Offset"]) == (409, "100")
    assert patch(resident, place, 100, raw, "application/json").status_code == 415
    assert patch(resident, place, "-1", raw).status_code == 400
    assert patch(resident, place, 100, raw, HTTP_TUS_RESUMABLE="0.2.2").status_code == 412
    old = resident.head(place)
    assert (old.status_code, old["Tus-Version"]) == (412, "1.0.0")
    assert begun(resident, limits.UPLOAD_BYTES_MAX + 1).status_code == 413
    assert begun(resident, "many").status_code == 400
    assert resident.get(place, **TUS).status_code == 405
    assert resident.head(place, **TUS)["Upload-Offset"] == "100"


def test_a_post_may_stand_for_a_patch_where_a_network_allows_none(resident):
    raw = photo().getvalue()
    place = begun(resident, len(raw))["Location"]
    answer = resident.generic(
        "POST",
        place,
        raw,
        content_type=BYTES,
        **TUS,
        HTTP_UPLOAD_OFFSET="0",
        HTTP_X_HTTP_METHOD_OVERRIDE="PATCH",
    )
    assert answer["Upload-Offset"] == str(len(raw))


def test_refusals_are_kind_words_in_the_language_of_the_address(resident):
    english = begun(resident, limits.UPLOAD_BYTES_MAX + 1).content.decode()
    spanish = begun(resident, limits.UPLOAD_BYTES_MAX + 1, at=f"/es{UPLOADS}").content.decode()
    assert "Please take a smaller photo." in english and "Tome una foto" in spanish
    place = begun(resident, 400_000)["Location"]
    answer = patch(resident, place, 0, b"MZ" * 200_000)
    assert answer.status_code == 422 and "another kind of file" in answer.content.decode()


def test_neither_another_person_nor_another_door_nor_a_guess_finds_it(resident):
    raw = photo().getvalue()
    place = begun(resident, len(raw))["Location"]
    patch(resident, place, 0, raw)
    eve = Client()
    signed_up(eve, email="eve@example.test")
    for browser, at in (
        (eve, place),
        (resident, place.replace("/nm/", "/wy/")),
        (resident, f"{UPLOADS}{uuid.uuid4()}/"),
    ):
        assert browser.head(at, **TUS).status_code == 404
        assert patch(browser, at, 0, raw).status_code == 404
    assert Client().head(place, **TUS).status_code == 302
    for sent in (str(uuid.uuid4()), "../../etc/passwd"):
        page = resident.post(f"{resident.overview}papers-renter/", {"sent": sent, "kind": "lease"})
        assert page.status_code == 422 and "choose the photo again" in page.content.decode()
    assert documents.of_household(household().id) == []


def test_pieces_need_the_forms_token(resident):
    place = begun(resident, 100)["Location"]
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = resident.cookies
    assert patch(strict, place, 0, b"x" * 100).status_code == 403
    assert begun(strict, 100).status_code == 403
    token = strict.get(f"{resident.overview}papers-renter/").context["csrf_token"]
    assert patch(strict, place, 0, b"x" * 10, HTTP_X_CSRFTOKEN=str(token)).status_code == 204
    assert Sending.objects.count() == 1


def test_the_paper_page_has_what_the_script_needs_and_says_what_to_do_without_it(resident):
    page = resident.get(f"{resident.overview}papers-renter/").content.decode()
    assert f'data-uploads="{UPLOADS}"' in page and "js/sending." in page
    assert 'role="status"' in page and "<progress" in page and "If the connection breaks" in page
    assert " on" not in "".join(part.split(">")[0] for part in page.split("<script")[1:])
    spanish = resident.get(f"/es{resident.overview}papers-renter/").content.decode()
    assert 'data-uploads="/es/nm/uploads/"' in spanish and "Detener el envío" in spanish
